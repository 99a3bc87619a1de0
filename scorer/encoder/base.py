"""What an encoder is, and what both encoders share: unit rows, pooling, windows over long texts."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Encoding:
    """One encoded text.

    `vector` is (d,) with norm 1. `tokens` is (t, d) with unit rows, without the special tokens; t may be 0.
    `offsets` is (t, 2): the characters of the text that each token stands for.
    """

    vector: Vectors
    tokens: Vectors
    offsets: NDArray[np.int32]


class Encoder(Protocol):
    """Texts to encodings; one text's encoding does not depend on the texts beside it."""

    @property
    def signature(self) -> str:
        """The model's name and the first digits of its weights' SHA-256, such as all-MiniLM-L6-v2@53aa5117."""
        ...

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode `texts`; result i belongs to text i. Repeated texts are encoded once."""
        ...


class Memory:
    """The encodings of the texts that were kept last, at most `most` of them. Safe to share between threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[str, Encoding] = OrderedDict()
        self._lock = Lock()

    def find(self, texts: Iterable[str]) -> dict[str, Encoding]:
        """Those of `texts` that are known."""
        with self._lock:
            return {text: self._kept[text] for text in texts if text in self._kept}

    def keep(self, encodings: Mapping[str, Encoding]) -> None:
        """Remember these, and forget the ones that were kept longest ago."""
        with self._lock:
            for text, encoding in encodings.items():
                self._kept[text] = encoding
                self._kept.move_to_end(text)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


def unit_rows(rows: Vectors) -> Vectors:
    """`rows` (n, d) with every row scaled to norm 1; a zero row stays zero."""
    norms = np.sqrt(np.einsum("ij,ij->i", rows, rows))[:, None]
    return np.asarray(rows / np.maximum(norms, np.float32(1e-12)), dtype=np.float32)


def starts_word(word_ids: Sequence[int | None]) -> list[bool]:
    """Whether each token begins a word, from the number of the word that each belongs to."""
    return [i == 0 or word != word_ids[i - 1] for i, word in enumerate(word_ids)]


def windows(begins: Sequence[bool], limit: int) -> list[tuple[int, int]]:
    """Cut t pieces into runs of at most `limit` pieces, between words where possible.

    `begins[i]` says whether piece i begins a word. Returns (start, end) pairs that cover 0..t in order; one
    empty window where t is 0.
    """
    total = len(begins)
    cuts = [0]
    while total - cuts[-1] > limit:
        cut = cuts[-1] + limit
        while cut > cuts[-1] + 1 and not begins[cut]:
            cut -= 1
        # A word longer than the window is cut inside.
        cuts.append(cut if cut > cuts[-1] + 1 else cuts[-1] + limit)
    return list(zip(cuts, [*cuts[1:], total], strict=True))


def batches(lengths: Sequence[int], token_budget: int) -> list[list[int]]:
    """Group indices of equal length into batches of at most `token_budget` tokens (at least one text each)."""
    by_length: dict[int, list[int]] = {}
    for index, length in enumerate(lengths):
        by_length.setdefault(length, []).append(index)
    grouped = []
    for length, members in sorted(by_length.items()):
        size = max(1, token_budget // length)
        grouped += [members[i : i + size] for i in range(0, len(members), size)]
    return grouped
