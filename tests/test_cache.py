from __future__ import annotations

import pickle
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from scorer.cache import Cache

VALUE = [["Costs fall."], ["A", "B"]]


def test_what_was_put_is_found_by_another_process_too(tmp_path: Path) -> None:
    assert Cache(tmp_path).get("a") is None
    Cache(tmp_path).put("a", VALUE)
    assert Cache(tmp_path).get("a") == VALUE
    code = f"from pathlib import Path; from scorer.cache import Cache; print(Cache(Path({str(tmp_path)!r})).get('a'))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout.decode().strip() == str(
        VALUE
    )
    assert Cache(tmp_path).size()[0] == 1
    assert Cache(tmp_path).clear() == 1
    assert Cache(tmp_path).get("a") is None


def test_looking_at_no_cache_makes_none(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "none")
    assert (cache.size(), cache.clear()) == ((0, 0), 0)
    assert not cache.folder.exists()


def test_eight_threads_that_write_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: Cache(tmp_path).put(f"key {i % 10}", [i % 10]), range(80)))
    assert [Cache(tmp_path).get(f"key {i}") for i in range(10)] == [[i] for i in range(10)]


@pytest.mark.parametrize("damage", [b"", b"no database at all" * 100])
def test_a_damaged_database_is_no_cache(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "cache.db").write_bytes(damage)
    cache = Cache(tmp_path)
    cache.put("a", VALUE)
    assert cache.get("a") in (None, VALUE)


def test_a_folder_that_cannot_be_is_no_cache(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = Cache(tmp_path / "file")
    cache.put("a", VALUE)
    assert (cache.get("a"), cache.size()) == (None, (0, 0))


def test_nothing_is_unpickled(tmp_path: Path) -> None:
    Cache(tmp_path).put("a", VALUE)
    with sqlite3.connect(tmp_path / "cache.db") as database:
        database.execute("UPDATE Cache SET mode = 4, value = ?", (pickle.dumps(VALUE),))
    assert Cache(tmp_path).get("a") is None
