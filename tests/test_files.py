from pathlib import Path

import pytest

from scorer.errors import InputError, ModelError
from scorer.files import bundled, read_text


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
