"""What an encoder is, and what both encoders share: unit rows, pooling, windows over long texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
