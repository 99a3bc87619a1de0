from pathlib import Path

import pytest

from scorer.errors import InputError, ModelError
from scorer.files import bundled, measured, read_text


@pytest.mark.parametrize(
    ("data", "expected"), [(b"abc", "abc"), (b"\xef\xbb\xbfabc", "abc"), ("ü\r\n".encode(), "ü\r\n"), (b"", "")]
)
def test_read_text(tmp_path: Path, data: bytes, expected: str) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    assert read_text(tmp_path / "a.txt") == expected


def test_bytes_that_are_not_utf8_are_named_with_their_line(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"one\ntwo \xff\n")
    with pytest.raises(InputError, match=r"a\.txt, line 2: not UTF-8 \(byte 0xff\); save it as UTF-8"):
        read_text(tmp_path / "a.txt")


@pytest.mark.parametrize("name", ["missing.txt", "."])
def test_what_cannot_be_read_is_an_input_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_text(tmp_path / name)


def test_bundled() -> None:
    assert (bundled("seeds") / "q7x2.txt").is_file()
    with pytest.raises(ModelError, match="reinstall"):
        bundled("no-such-folder")


MEASURED = [line.split("  ")[1] for line in (bundled("models") / "SHA256SUMS").read_text(encoding="utf-8").splitlines()]


def test_what_is_read_is_measured() -> None:
    names = {"calibration.json", "word_counts.json", "word_order.json", "background.txt"}
    assert set(MEASURED) == {*names, "all-MiniLM-L6-v2/entailment.safetensors"}


@pytest.mark.parametrize("name", MEASURED)
def test_one_changed_byte_is_refused_by_name(tmp_path: Path, name: str) -> None:
    models = tmp_path / "models"
    (models / "all-MiniLM-L6-v2").mkdir(parents=True)
    for each in (name, "SHA256SUMS"):
        (models / each).write_bytes((bundled("models") / each).read_bytes())
    assert measured(name) == bundled("models") / name
    assert measured(name, models) == models / name
    data = bytearray((models / name).read_bytes())
    data[len(data) // 2] ^= 1
    (models / name).write_bytes(data)
    with pytest.raises(ModelError, match=f"{Path(name).name} has SHA-256"):
        measured(name, models)
    (models / name).unlink()
    with pytest.raises(ModelError, match=f"{Path(name).name} cannot be read"):
        measured(name, models)


def test_a_file_that_was_never_measured(tmp_path: Path) -> None:
    (tmp_path / "SHA256SUMS").write_text("", encoding="utf-8")
    (tmp_path / "new.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, match="the one that was measured has none"):
        measured("new.json", tmp_path)
