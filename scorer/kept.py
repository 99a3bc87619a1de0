"""The points of references, kept after the first parse, so that a known reference needs no parser.

Points of the shipped bank's references come with the package, in files under `models/points/`; those of other
references are kept in the user's cache. Either way they are found by a hash of the splitter's version and the text, and
hold what the splitter would say again: losing them changes nothing but the time of the next run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from scorer.files import bundled
from scorer.records import Span
from scorer.splitter import VERSION, Point, Splitter

if TYPE_CHECKING:
    from scorer.cache import Cache

Texts = list[list[str]]
# References whose points are in memory, about 4 KB each: in a file of answers each may have one of its own.
_REMEMBERED = 1_000


class KeptPoints:
    """Finds the points of a reference's sentences, or has them parsed and keeps them. Safe to share between threads.

    `folder` is where new ones are kept (None: the user's cache folder). The parser is loaded when a reference
    is met that is not kept; `load_parser` says how.
    """

    def __init__(self, folder: Path | None = None, load_parser: Callable[[], Splitter] = Splitter) -> None:
        self._folder = folder
        self._load_parser = load_parser
        self._parser: Splitter | None = None
        self._cache: Cache | None = None
        self._known: dict[str, Texts] = {}
        self._lock = Lock()

    def of(self, sentences: Sequence[Span]) -> list[list[Point]]:
        """The points of each sentence. Raises ModelError where they must be parsed and no parser is installed."""
        key = points_key(sentences)
        with self._lock:
            known = self._known.pop(key, None)
            if known is None:
                n = len(sentences)
                known = _shipped(key, n) or self._kept(key, n) or self._parse(key, sentences)
            self._known[key] = known
            if len(self._known) > _REMEMBERED:
                del self._known[next(iter(self._known))]
        # Only texts are kept: the same sentences may stand elsewhere in another reference.
        return [[Point(t, span) for t in texts] for span, texts in zip(sentences, known, strict=True)]

    def _kept(self, key: str, sentences: int) -> Texts | None:
        return _texts(self._opened().get(key), sentences)

    def _parse(self, key: str, sentences: Sequence[Span]) -> Texts:
        if self._parser is None:
            self._parser = self._load_parser()
        texts = [[point.text for point in each] for each in self._parser.points(sentences)]
        self._opened().put(key, texts)
        return texts

    def _opened(self) -> Cache:
        if self._cache is None:
            from scorer.cache import Cache

            self._cache = Cache(self._folder)
        return self._cache


def points_key(sentences: Sequence[Span]) -> str:
    """What the points of a reference's sentences are kept under."""
    content = json.dumps([VERSION, [span.text for span in sentences]])
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def _shipped(key: str, sentences: int) -> Texts | None:
    try:
        return _texts(json.loads((bundled("models") / "points" / f"{key}.json").read_bytes()), sentences)
    except (OSError, ValueError):
        return None  # not there, or damaged: parsing says the same again


def _texts(found: Any, sentences: int) -> Texts | None:
    """`found`, if it is a list of texts for each of so many sentences."""
    if not isinstance(found, list) or len(found) != sentences:
        return None
    whole = all(isinstance(each, list) and each and all(isinstance(text, str) for text in each) for each in found)
    return found if whole else None
