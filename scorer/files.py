"""Where the package's own folders are, and reading and writing the files that a person names."""

from __future__ import annotations

import codecs
import hashlib
import sys
from pathlib import Path

from scorer.errors import InputError, ModelError

# Characters of an answer that are read unless a caller asks for more.
LARGEST_ANSWER = 1_000_000
# Bytes of one character in UTF-8, UTF-16 and UTF-32, at most.
_LONGEST_CHARACTER = 4
# How files begin that are handed in by mistake, and byte-order marks; UTF-32's begins as UTF-16's does.
_NO_TEXT = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"PK\x03\x04", "an archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"{\\rtf", "a rich-text document"),
    (b"\x1f\x8b", "a compressed file"),
)
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)


def bundled(name: str) -> Path:
    """The folder `models` or `seeds` that came with the package.

    A wheel carries both inside the package; in a checkout they stand beside it. Raises ModelError where neither
    is there.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise ModelError(f"the folder {name}/ of the installation is missing beside {package}; reinstall score-answer")


def measured(name: str, folder: Path | None = None) -> Path:
    """A file of `models/` (None: the folder that came with the package), as it was when the scorer was measured.

    Its SHA-256 is that in the folder's `SHA256SUMS`. Raises ModelError naming the file where it is not.
    """
    folder = bundled("models") if folder is None else folder
    file = folder / name
    try:
        lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
        found = sha256(file)
    except OSError as error:
        raise ModelError(f"{error.filename} cannot be read: {error.strerror}; reinstall score-answer") from error
    expected = {entry: digest for digest, _, entry in (line.partition("  ") for line in lines)}
    if expected.get(name) != found:
        raise ModelError(
            f"{file} has SHA-256 {found[:8]}, the one that was measured has {expected.get(name, 'none')[:8]}; "
            "reinstall score-answer"
        )
    return file


def read_text(file: Path | str, most: int | None = None) -> str:
    """The text of a UTF-8 file, or of UTF-16 or UTF-32 with its byte-order mark, or of standard input where it is '-'.

    Raises InputError where it cannot be read, has more than `most` characters, or is no text: with the line of the
    first byte that is not UTF-8, with the place of a NUL, or with what kind of file it is instead.
    """
    # So many bytes are more than `most` characters, whatever they are.
    enough = None if most is None else _LONGEST_CHARACTER * (most + 1)
    data = _read_bytes(file, enough)
    kind = next((kind for mark, kind in _NO_TEXT if data.startswith(mark)), None)
    if kind is not None:
        raise InputError(f"{file} is {kind}, not text; save its text as UTF-8")
    if len(data) == enough:
        raise _too_long(f"{file} has {enough:,} bytes or more", most)
    text = _decoded(data, file)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise InputError(f"{file}, line {line}: a NUL character: no text, or UTF-16 without a mark; save it as UTF-8")
    if most is not None and len(text) > most:
        raise _too_long(f"{file} has {len(text):,} characters", most)
    return text


def _too_long(what: str, most: int | None) -> InputError:
    return InputError(f"{what}, the limit is {most:,} characters; shorten it or raise the limit (--max-characters)")


def _read_bytes(file: Path | str, most: int | None) -> bytes:
    """The first `most` bytes (None: all), so that a device or a pipe without end is not read for ever."""
    try:
        if str(file) != "-":
            with Path(file).open("rb") as stream:
                return stream.read(most)
        if sys.stdin is None:
            raise InputError("standard input is closed; name a file instead of '-'")
        return sys.stdin.buffer.read(-1 if most is None else most)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(f"{file} cannot be read: {reason}; check the name and its permissions") from error


def _decoded(data: bytes, file: Path | str) -> str:
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        name = encoding.removesuffix("-sig").upper()
        raise InputError(
            f"{file}, line {line}: not {name} (byte {data[error.start]:#04x}); save it as UTF-8"
        ) from error


def write_text(file: Path, text: str) -> None:
    """Write `text` as UTF-8. Raises InputError naming the file and why it cannot be written."""
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}; choose another file") from error


def sha256(file: Path) -> str:
    """The SHA-256 of a file in hexadecimal; releases the interpreter lock while it reads."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
