"""The second look at each claim: its nearest sentences of the answer, each read together with the claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scorer.contrasts import negation_differs, numbers_differ
from scorer.entailment import Entailment
from scorer.evidence import Floats
from scorer.lexicon import words
from scorer.text import straight

Bools = NDArray[np.bool_]

FEATURES = ("entailment", "stance", "marked_contradiction")

# Sentences of the answer that are read with each claim, at most.
WINDOWS = 2
# One that is less like the claim than the nearest by more than this is not read: it changes no figure.
_AS_NEAR = 0.05
# Log-odds beyond this are all the same to a person, and to the calibration.
_CERTAIN = 8.0
# A difference in `entailment` that decides which sentence is shown: log-odds of 1.6.
_CLEARLY = 0.1
# Sentences that deny nothing and that every answer starts with: one sentence says little of a stance.
_PRIOR = 16.0
# The power of a reading in a stance: many that are only likely are no denial, as in news about the same people.
_SURE = 2
# A sentence that is less like the claim than this denies something else, where another sentence quotes the claim.
_ALIKE = 0.8


@dataclass(frozen=True, eq=False)
class Windows:
    """The sentences to read with each of n claims.

    `texts` holds, for each claim, its own text and its nearest sentences, nearest first; `places` (n, WINDOWS) are
    their indices in the answer, -1 where fewer are read; `deniable` (n, WINDOWS) says which of them may deny the claim.
    """

    texts: tuple[tuple[str, tuple[str, ...]], ...]
    places: NDArray[np.int64]
    deniable: Bools
    overlap: Floats


@dataclass(frozen=True, eq=False)
class Reading:
    """What the second look found on n claims: `features` (n, len(FEATURES)), and the sentences that decided.

    `supporting` (n,) and `denying` (n,) are the indices of the sentence that speaks most for the claim and of the
    one that speaks most against it.
    """

    features: Floats
    supporting: NDArray[np.int64]
    denying: NDArray[np.int64]


def choose_windows(
    claims: Sequence[str], sentences: Sequence[str], likeness: Floats, overlap: Floats, quotations: Bools
) -> Windows:
    """The WINDOWS different sentences with the greatest `likeness` (claims, sentences) to each claim.

    `overlap` and `quotations` as in `windows_at`.
    """
    places = nearest(sentences, likeness, WINDOWS)
    return windows_at(claims, sentences, places, likeness, overlap, quotations)


def nearest(sentences: Sequence[str], likeness: Floats, most: int) -> NDArray[np.int64]:
    """The places of the different sentences most like each claim, at most `most` of them, nearest first: (n, k).

    Neither repetition nor order changes the choice: of equals, the first in the alphabet.
    """
    first = {text: i for i, text in reversed(list(enumerate(sentences)))}
    different = np.array([first[text] for text in sorted(first)])
    rank = np.arange(len(different))
    return np.array([different[np.lexsort((rank, -row[different]))[:most]] for row in likeness])


def restates(sentence: str, claim: str) -> bool:
    """Whether a sentence has all words of a claim in their order, and as many negations or an even number more.

    The model takes small additions for a denial; changed sides, other numbers and opposites never pass here.
    """
    left = iter(word.stem for word in words(sentence))
    return all(word.stem in left for word in words(claim)) and not negation_differs(claim, sentence)


def windows_at(
    claims: Sequence[str],
    sentences: Sequence[str],
    places: NDArray[np.int64],
    likeness: Floats,
    overlap: Floats,
    quotations: Bools,
) -> Windows:
    """Windows at those of `places` (n, 1 to WINDOWS), nearest first, that are about as near as the first.

    `overlap` (n,) is how far the answer speaks of each claim, 0..1.
    `quotations` (claims, sentences) marks sentences that say the claim word for word. They cannot deny it, nor can one
    that restates it, and beside a quotation a sentence can deny the claim only if it is itself very like it: otherwise
    an answer that quotes the whole reference would be held against itself.
    """
    near = np.take_along_axis(likeness, places, axis=1)
    read = near >= near[:, :1] - _AS_NEAR
    unquoted = ~np.take_along_axis(quotations, places, axis=1)
    deniable = read & unquoted & ((near >= _ALIKE) | ~np.asarray(quotations.any(axis=1))[:, None])
    chosen = [row[some].tolist() for row, some in zip(places, read, strict=True)]
    texts = tuple((claim, tuple(sentences[i] for i in row)) for claim, row in zip(claims, chosen, strict=True))
    for i, (claim, row) in enumerate(texts):
        deniable[i, : len(row)] &= [not restates(sentence, claim) for sentence in row]
    fewer = ((0, 0), (0, WINDOWS - places.shape[1]))
    return Windows(
        texts=texts,
        places=np.pad(np.where(read, places, -1), fewer, constant_values=-1),
        deniable=np.pad(deniable, fewer),
        overlap=overlap,
    )


def look(windows: Sequence[Windows], entailment: Entailment) -> list[Reading]:
    """Read the windows of several answers in one go.

    The columns of `features`, each in 0..1:

    - entailment: how sure the model is that some window says the claim: log-odds -8 to 8 as 0 to 1, the greatest;
    - stance: who denies the rest rather denies this one too. The probability that the nearest of the windows that may
      deny a claim does so, to the power of _SURE, as far as none of them says it; of that the mean over the answer's
      sentences and over _PRIOR that deny nothing. Half of it hangs on that probability for this claim;
    - marked_contradiction: that probability for this claim alone where one of the two, sentence and claim, is negated,
      or their numbers differ, otherwise 0: without such a mark a single reading is not to be trusted.

    The last two are times the claim's overlap, for a denial has to be about it, and times how far no window that may
    deny it says it.
    """
    pairs = [(straight(text), straight(claim)) for each in windows for claim, texts in each.texts for text in texts]
    logs = iter(entailment.read(pairs))
    return [_reading(each, [[next(logs) for _ in texts] for _, texts in each.texts]) for each in windows]


def _reading(windows: Windows, logs: Sequence[Sequence[Floats]]) -> Reading:
    n = len(windows.texts)
    sure, denied = np.zeros((n, WINDOWS)), np.zeros((n, WINDOWS))
    for i, row in enumerate(logs):
        for j, log in enumerate(row):
            sure[i, j], denied[i, j] = _certainty(log[0]), np.exp(log[2])
    rows, some = np.arange(n), windows.deniable.any(axis=1)
    denying = windows.deniable.argmax(axis=1)
    contradiction = np.where(some, denied[rows, denying], 0.0)
    elsewhere = np.where(some, np.where(windows.deniable, sure, 0.0).max(axis=1), 1.0)
    # The nearest sentence is shown as support unless another one is clearly better.
    lead = np.array([_CLEARLY, *[0.0] * (WINDOWS - 1)])
    supporting = (sure + lead).argmax(axis=1)
    pairs = zip(windows.texts, denying, strict=True)
    marked = np.array([_marked(claim, texts[place]) for (claim, texts), place in pairs])
    sentences = [texts[place] for (_, texts), place in zip(windows.texts, denying, strict=True)]
    stance = _stance(contradiction**_SURE * (1.0 - elsewhere), windows.overlap, sentences)
    unsaid = windows.overlap * (1.0 - elsewhere)
    columns = (sure.max(axis=1), unsaid * stance * (1.0 + contradiction) / 2.0, unsaid * contradiction * marked)
    return Reading(
        features=np.round(np.stack(columns, axis=1), 6),
        supporting=windows.places[rows, supporting],
        denying=windows.places[rows, denying],
    )


def _marked(claim: str, sentence: str) -> bool:
    return negation_differs(claim, sentence) or numbers_differ(claim, sentence)


def _stance(denial: Floats, overlap: Floats, sentences: Sequence[str]) -> float:
    """Mean over sentences of how far each denies the claims (n,) that it was read with, 0..1; _PRIOR others do not.

    A sentence has one voice, however many claims it was read with: its readings err together. It weighs by its greatest
    overlap with a claim, squared, and so does each of its claims in what it says.
    """
    _, owner = np.unique(np.array(sentences), return_inverse=True)
    weights = np.maximum(overlap, 0.0) ** 2
    total = np.bincount(owner, weights)
    voice = np.bincount(owner, weights * denial) / np.maximum(total, 1e-12)
    loudness = np.zeros(len(total))
    np.maximum.at(loudness, owner, weights)
    return float((loudness * voice).sum() / (loudness.sum() + _PRIOR))


def _certainty(log_probability: float) -> float:
    """Log-odds of a probability, -8 to 8 as 0 to 1."""
    probability = min(max(float(np.exp(log_probability)), 1e-9), 1.0 - 1e-9)
    odds = float(np.log(probability / (1.0 - probability)))
    return min(max(odds / (2.0 * _CERTAIN) + 0.5, 0.0), 1.0)
