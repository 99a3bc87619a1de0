"""Where the package's own folders are, and reading and writing the files that a person names."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from scorer.errors import InputError, ModelError

# Characters of an answer that are read unless a caller asks for more.
LARGEST_ANSWER = 1_000_000


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


def read_bytes(file: Path | str) -> bytes:
    """All of `file`, or of standard input where it is '-'. Raises InputError naming the file and why."""
    if str(file) == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}; check the name and its permissions") from error


def read_text(file: Path | str) -> str:
    """The text of a UTF-8 file (a byte-order mark is dropped), or of standard input where it is '-'.

    Raises InputError, with the line of the first byte that is not UTF-8.
    """
    data = read_bytes(file)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(f"{file}, line {line}: not UTF-8 (byte {data[error.start]:#04x}); save it as UTF-8") from error


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
