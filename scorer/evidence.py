"""Claim and answer to named features.

Every feature is in 0..1, never falls when a sentence is added to the answer, and does not see in which order or
how often the answer says something: each is a maximum over sentences, tokens or words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scorer.encoder.base import Encoding
from scorer.lexicon import Rarity, Word, words
from scorer.similarity import cosines

FEATURES = ("cosine", "plain_late_interaction", "plain_word_recall", "late_interaction", "word_recall")

# A word's best cosine with the answer's tokens is near .3 for an unrelated word and above .6 for its synonym in
# context. Chosen on a plateau: .2 to .45 and slopes of 4 to 10 lie within .01 on every labelled set.
_HALF_MATCH = 0.3
_SLOPE = 6.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ClaimWords:
    """The words of one claim, and what each counts.

    `idf` (w,) is each word's inverse document frequency. `weights` (w,) is the same with 0 for words that the
    question itself contains, since repeating the question proves nothing; a claim made of nothing else keeps all.
    """

    stems: tuple[str, ...]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    idf: Floats
    weights: Floats


def claim_words(claim: str, question_stems: frozenset[str], rarity: Rarity) -> ClaimWords:
    """Weigh the words of `claim`, given the stems of the question."""
    found: list[Word] = words(claim)
    stems = tuple(word.stem for word in found)
    idf = np.array([rarity.idf(stem) for stem in stems], dtype=np.float64)
    told = np.array([stem in question_stems for stem in stems], dtype=bool)
    return ClaimWords(
        stems=stems,
        starts=np.array([word.start for word in found], dtype=np.int64),
        ends=np.array([word.end for word in found], dtype=np.int64),
        idf=idf,
        weights=idf if told.all() else np.where(told, 0.0, idf),
    )


@dataclass(frozen=True, eq=False)
class Match:
    """What the sentences of an answer offer to each of n claims.

    `cosines` is (n, sentences); `tokens` holds one (t, sentences) array a claim: the best cosine of each of its
    tokens with any token of each sentence. Matches of different sentences of one answer are joined by `join`.
    """

    cosines: Floats
    tokens: tuple[Floats, ...]


def match(claims: Sequence[Encoding], sentences: Sequence[Encoding]) -> Match:
    """Compare every claim with every sentence (at least one of each)."""
    claim_tokens = np.concatenate([claim.tokens for claim in claims])
    best = np.zeros((len(claim_tokens), len(sentences)))
    worded = [i for i, sentence in enumerate(sentences) if len(sentence.tokens)]
    if worded and len(claim_tokens):
        starts = np.cumsum([0, *(len(sentences[i].tokens) for i in worded)])[:-1]
        similar = cosines(claim_tokens, np.concatenate([sentences[i].tokens for i in worded]))
        best[:, worded] = np.maximum.reduceat(similar, starts, axis=1)
    return Match(
        cosines=cosines(np.stack([claim.vector for claim in claims]), np.stack([s.vector for s in sentences])),
        tokens=tuple(np.split(best, np.cumsum([len(claim.tokens) for claim in claims])[:-1])),
    )


def join(parts: Sequence[Match]) -> Match:
    """The match of all sentences, from the matches of consecutive runs of them."""
    return Match(
        cosines=np.concatenate([part.cosines for part in parts], axis=1),
        tokens=tuple(np.concatenate(each, axis=1) for each in zip(*(part.tokens for part in parts), strict=True)),
    )


def features(
    claims: Sequence[ClaimWords], encodings: Sequence[Encoding], found: Match, stems: frozenset[str]
) -> Floats:
    """The features of each claim as (claims, len(FEATURES)), 0..1, rounded to 6 decimals.

    `encodings` are the claims' own, `stems` all stems of the answer. The columns, in the order of FEATURES:

    - cosine: of the best sentence, the textbook method;
    - plain_late_interaction: mean over the claim's words, weighted by IDF, of the best cosine of the word's
      tokens with any token of the answer (ColBERT's MaxSim, Khattab and Zaharia 2020, with weights);
    - plain_word_recall: share of the claim's words, weighted by IDF, that the answer contains;
    - late_interaction: as above, with each word's cosine passed through a soft threshold, and with no weight on
      words that the question gives away;
    - word_recall: as above, with no weight on words that the question gives away.
    """
    rows = []
    for i, (claim, encoding) in enumerate(zip(claims, encodings, strict=True)):
        similar = _word_similarity(claim, encoding) @ found.tokens[i].max(axis=1)
        present = np.array([stem in stems for stem in claim.stems], dtype=np.float64)
        rows.append(
            (
                found.cosines[i].max(),
                _mean(similar, claim.idf),
                _mean(present, claim.idf),
                _mean(_soft(similar), claim.weights),
                _mean(present, claim.weights),
            )
        )
    rounded: Floats = np.round(np.clip(np.array(rows), 0.0, 1.0), 6)
    return rounded


def by_sentence(claims: Sequence[ClaimWords], encodings: Sequence[Encoding], found: Match) -> Floats:
    """Late interaction of each claim with each sentence alone: (claims, sentences), 0..1, rounded to 6 decimals."""
    rows = []
    for claim, encoding, tokens in zip(claims, encodings, found.tokens, strict=True):
        weights = claim.weights / max(float(claim.weights.sum()), 1e-12)
        rows.append(weights @ _soft(_word_similarity(claim, encoding) @ tokens))
    return np.asarray(np.round(np.array(rows), 6))


def _word_similarity(claim: ClaimWords, encoding: Encoding) -> Floats:
    """(w, t): takes values of the claim's tokens to their means over each word; 0 for a word without tokens."""
    averages = np.zeros((len(claim.stems), len(encoding.tokens)))
    starts = encoding.offsets[:, 0]
    if len(claim.stems):
        owner = np.searchsorted(claim.starts, starts, side="right") - 1
        inside = np.flatnonzero((owner >= 0) & (starts < claim.ends[owner]))
        averages[owner[inside], inside] = 1.0
    return np.asarray(averages / np.maximum(averages.sum(axis=1, keepdims=True), 1.0))


def _soft(similarity: Floats) -> Floats:
    """A soft threshold on cosines: increasing, 1 at 1, a half near .3."""
    at_one = 1.0 / (1.0 + np.exp(-_SLOPE * (1.0 - _HALF_MATCH)))
    return np.asarray(1.0 / (1.0 + np.exp(-_SLOPE * (similarity - _HALF_MATCH))) / at_one, dtype=np.float64)


def _mean(values: Floats, weights: Floats) -> float:
    total = float(weights.sum())
    return float((values * weights).sum()) / total if total > 0.0 else 0.0


def quotations(wordings: Sequence[Sequence[str]], sentences: Sequence[str]) -> NDArray[np.bool_]:
    """(claims, sentences): whether a sentence says a claim in one of its `wordings`, word for word.

    A claim's wordings are its own text and the sentences that it was drawn from. Case, punctuation and endings
    aside the whole sentence must agree, so "it is false that …" is no quotation.
    """
    said = [_wording(sentence) for sentence in sentences]
    known = [{_wording(each) for each in wording} for wording in wordings]
    return np.array([[each in wording for each in said] for wording in known], dtype=bool)


def _wording(text: str) -> tuple[str, ...]:
    return tuple(word.stem for word in words(text)) or (text.strip(),)
