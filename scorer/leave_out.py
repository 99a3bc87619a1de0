"""The evidence that an answer would give without one of its sentences, from what was encoded of the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scorer import evidence
from scorer.encoder import Encoding
from scorer.evidence import ClaimWords, Floats, Match
from scorer.second_look import WINDOWS, Windows, nearest, windows_at

Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Looked:
    """What the first look at an answer found: n claims, their words and encodings, and s sentences.

    `likeness` and `quotations` are (n, s), as `evidence.by_sentence` and `evidence.quotations` give them; `stems`
    holds the stems of each sentence.
    """

    claims: Sequence[str]
    words: Sequence[ClaimWords]
    encodings: Sequence[Encoding]
    sentences: Sequence[str]
    stems: Sequence[frozenset[str]]
    found: Match
    likeness: Floats
    quotations: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Without:
    """The first look's `features` (n, f) and `quoted` (n,) without the sentence at `place`, and what to read then."""

    place: int
    features: Floats
    quoted: NDArray[np.bool_]
    windows: Windows


@dataclass(frozen=True, eq=False)
class _Best:
    """Of each row of values (r, s): the greatest, its place, and the greatest in any other place."""

    value: Floats
    place: Indices
    second: Floats

    def without(self, place: int) -> Floats:
        """The greatest of each row (r, 1) once the column `place` is left out."""
        return np.where(self.place == place, self.second, self.value)[:, None]


def leave_out(looked: Looked) -> list[Without]:
    """The evidence without each sentence that it depends on; every other one can go, and nothing changes.

    Exact, for every feature is a maximum over sentences, tokens or words: the greatest elsewhere takes its place. The
    second look reads each claim's WINDOWS nearest sentences, so it needs one sentence more for each claim; reading
    it with the claim encodes nothing of the answer again. Which sentences are language is taken from the whole answer.
    """
    cosines, tokens = _best(looked.found.cosines), [_best(each) for each in looked.found.tokens]
    places = nearest(looked.sentences, looked.likeness, WINDOWS + 1)
    wanted = frozenset(stem for claim in looked.words for stem in claim.stems)
    used = [stems & wanted for stems in looked.stems]
    times = Counter(stem for stems in used for stem in stems)
    found = []
    for place in _decisive([cosines, *tokens], places, used, times, looked):
        kept = frozenset(stem for stem, n in times.items() if n > (stem in used[place]))
        match = Match(cosines.without(place), tuple(each.without(place) for each in tokens))
        features = evidence.features(looked.words, looked.encodings, match, kept)
        quotations = looked.quotations.copy()
        quotations[:, place] = False
        left = np.array([[p for p in row if p != place][: places.shape[1] - 1] for row in places])
        overlap = features[:, evidence.FEATURES.index("late_interaction")]
        windows = windows_at(looked.claims, looked.sentences, left, looked.likeness, overlap, quotations)
        found.append(Without(place, features, np.asarray(quotations.any(axis=1)), windows))
    return found


def _decisive(
    best: Sequence[_Best], places: Indices, used: Sequence[frozenset[str]], times: Counter[str], looked: Looked
) -> list[int]:
    """The sentences that some evidence rests on; not one of several that say the same."""
    chosen = {int(place) for each in best for place in each.place[each.second < each.value]}
    chosen |= {int(place) for place in places[:, :WINDOWS].ravel()}
    chosen |= {i for i, stems in enumerate(used) if any(times[stem] == 1 for stem in stems)}
    chosen |= {int(place) for place in np.flatnonzero(looked.quotations.any(axis=0))}
    repeated = Counter(looked.sentences)
    return sorted(place for place in chosen if repeated[looked.sentences[place]] == 1)


def _best(values: Floats) -> _Best:
    place = np.asarray(values.argmax(axis=1))
    rows = np.arange(len(values))
    others = values.copy()
    others[rows, place] = -np.inf
    return _Best(values[rows, place], place, others.max(axis=1))
