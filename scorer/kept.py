"""The points of references, kept after the first parse, so that a known reference needs no parser.

Points of the shipped bank's references come with the package, under `models/points/`; those of other references
are kept in the user's cache folder. Either way a file is named after a hash of the splitter's version and the
text, and holds what the splitter would say again: deleting it changes nothing but the time of the next run.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from scorer.files import bundled
from scorer.records import Span
from scorer.splitter import VERSION, Point, Splitter

Texts = list[list[str]]


class KeptPoints:
    """Finds the points of a reference's sentences, or has them parsed and keeps them.

    `folder` is where new ones are kept (None: the user's cache folder). The parser is loaded when a reference
    is met that is not kept; `load_parser` says how.
    """

    def __init__(self, folder: Path | None = None, load_parser: Callable[[], Splitter] = Splitter) -> None:
        self._folder = folder
        self._load_parser = load_parser
        self._parser: Splitter | None = None
        self._known: dict[str, Texts] = {}

    def of(self, sentences: Sequence[Span]) -> list[list[Point]]:
        """The points of each sentence. Raises ModelError where they must be parsed and no parser is installed."""
        key = _key(sentences)
        if key not in self._known:
            self._known[key] = self._read(key, len(sentences)) or self._parse(key, sentences)
        # Only texts are kept: the same sentences may stand elsewhere in another reference.
        return [[Point(t, span) for t in texts] for span, texts in zip(sentences, self._known[key], strict=True)]

    def _read(self, key: str, sentences: int) -> Texts | None:
        for folder in (bundled("models") / "points", self._cache()):
            try:
                kept = json.loads((folder / f"{key}.json").read_bytes())
                found = [[str(text) for text in texts] for texts in kept["points"]]
            except (OSError, ValueError, KeyError, TypeError):
                continue  # not there, or damaged: parsing says the same again
            if len(found) == sentences:
                return found
        return None

    def _parse(self, key: str, sentences: Sequence[Span]) -> Texts:
        if self._parser is None:
            self._parser = self._load_parser()
        texts = [[point.text for point in each] for each in self._parser.points(sentences)]
        _write(self._cache() / f"{key}.json", {"splitter": VERSION, "points": texts})
        return texts

    def _cache(self) -> Path:
        if self._folder is None:
            from platformdirs import user_cache_path

            self._folder = user_cache_path("score-answer") / "points"
        return self._folder


def _key(sentences: Sequence[Span]) -> str:
    content = json.dumps([VERSION, [span.text for span in sentences]])
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def _write(file: Path, entry: dict[str, Any]) -> None:
    """Write it whole or not at all; a folder that cannot be written to only means parsing again next time."""
    partial = file.with_suffix(f".{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(json.dumps(entry, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        partial.replace(file)
    except OSError:
        with suppress(OSError):
            partial.unlink()
