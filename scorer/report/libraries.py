"""Libraries that only an extra installs, imported when they are first used."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from scorer.errors import LibraryError


def need(library: str, extra: str, purpose: str) -> Any:
    """The module `library`. Raises LibraryError naming `purpose` and the extra that brings it where it is missing."""
    try:
        return import_module(library)
    except ModuleNotFoundError as error:
        message = f'{purpose} needs {library}, which is not installed; pip install "score-answer[{extra}]"'
        raise LibraryError(message) from error
