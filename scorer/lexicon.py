"""Words, their stems, and how rare each one is in English at large."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scorer.errors import ModelError

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True)
class Word:
    """A word of a text: its characters `start:end`, and its stem in lower case."""

    start: int
    end: int
    stem: str


def words(text: str) -> list[Word]:
    """The words of `text` in order, stemmed with Snowball's English stemmer; punctuation and symbols are left out."""
    from Stemmer import Stemmer

    matches = list(_WORD.finditer(text))
    found = Stemmer("english").stemWords([match.group().lower().replace("’", "'") for match in matches])
    return [Word(match.start(), match.end(), stem) for match, stem in zip(matches, found, strict=True)]


def stems(text: str) -> frozenset[str]:
    """The different stems of the words of `text`."""
    return frozenset(word.stem for word in words(text))


@dataclass(frozen=True)
class Rarity:
    """Document frequencies of stems, counted once on general English and never on the texts being scored."""

    documents: int
    counts: Mapping[str, int]

    @classmethod
    def load(cls, file: Path) -> Rarity:
        """Read a table written by `models/count_words.py`. Raises ModelError where it is missing or damaged."""
        try:
            table = json.loads(file.read_bytes())
            return cls(table["documents"], table["counts"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(f"{file} is missing or damaged ({error}); reinstall score-answer") from error

    def idf(self, stem: str) -> float:
        """Inverse document frequency, ln((N + 1) / (n + 0.5)), > 0; greatest for a stem that was never seen."""
        return math.log((self.documents + 1) / (self.counts.get(stem, 0) + 0.5))

    def is_content(self, stem: str) -> bool:
        """Whether the stem carries meaning of its own: it stands in fewer than 3 in 100 sentences of English."""
        return self.counts.get(stem, 0) < 0.03 * self.documents
