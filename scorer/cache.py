"""What is dear to compute and the same for ever, kept in the user's cache folder: content-addressed, bounded, JSON.

The library is diskcache: safe under parallel processes, the least recently stored dropped first. Nothing depends on it:
where the folder cannot be used, or an entry is damaged, the value is computed again. Importing this takes 0.04 s, so it
is imported where a value is not known otherwise.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

from diskcache import Cache as Store
from diskcache import Disk, Timeout
from platformdirs import user_cache_path

# Bytes on disk; a reference's points take half a kilobyte.
SIZE_LIMIT = 64 * 2**20
# Seconds to wait for another process that writes; computing again is hardly slower.
_PATIENCE = 1.0
_UNUSABLE = (OSError, sqlite3.Error, Timeout, ValueError, zlib.error)
_PICKLE = 4


class _NoPickles(Disk):  # type: ignore[misc]
    """Values as they are; what somebody pickled in their place is not read."""

    def fetch(self, mode: int, filename: str | None, value: Any, read: bool) -> Any:
        return None if mode == _PICKLE else super().fetch(mode, filename, value, read)


class Cache:
    """Values of JSON's types by text keys, in `folder` (None: the user's cache folder)."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = user_cache_path("score-answer") if folder is None else folder
        self._store: Store | None = None

    def get(self, key: str) -> Any:
        """The value under `key`; None where there is none or it cannot be read."""
        with suppress(*_UNUSABLE):
            data = self._opened().get(key)
            return json.loads(zlib.decompress(data)) if isinstance(data, bytes) else None
        return None

    def put(self, key: str, value: Any) -> None:
        """Keep `value` under `key`, if that can be done."""
        with suppress(*_UNUSABLE):
            self._opened().set(key, zlib.compress(json.dumps(value).encode()))

    def clear(self) -> int:
        """Forget all entries; returns how many there were."""
        with suppress(*_UNUSABLE):
            return int(self._opened().clear()) if self._exists() else 0
        return 0

    def size(self) -> tuple[int, int]:
        """Entries, and bytes on disk."""
        with suppress(*_UNUSABLE):
            if self._exists():
                return len(self._opened()), int(self._opened().volume())
        return 0, 0

    def _exists(self) -> bool:
        return (self.folder / "cache.db").is_file()

    def _opened(self) -> Store:
        if self._store is None:
            self._store = Store(str(self.folder), disk=_NoPickles, size_limit=SIZE_LIMIT, timeout=_PATIENCE)
        return self._store
