"""Probabilities and weights to verdicts and a score. Nothing here knows a word or a vector."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scorer.records import Verdict

Floats = NDArray[np.float64]


def verdict_of(
    probability: float, covered: float, missing: float, denial: float | None = None, contradicted: float = 1.0
) -> tuple[Verdict, float]:
    """The verdict for one coverage probability, and its margin: the distance to the nearest threshold, rounded.

    `contradicted` where the probability of a `denial` (None: nobody looked) reaches its own threshold, and then the
    margin is the distance to that; otherwise `covered` at or above the upper threshold, `missing` below the lower
    one, `partial` between.
    """
    if denial is not None and denial >= contradicted:
        return "contradicted", round(denial - contradicted, 4)
    nearest = [abs(probability - covered), abs(probability - missing)]
    margin = round(min(nearest if denial is None else [*nearest, contradicted - denial]), 4)
    if probability >= covered:
        return "covered", margin
    return ("missing", margin) if probability < missing else ("partial", margin)


def weighted_score(credit: Floats, weights: Floats) -> float:
    """Mean of the claims' credit (n,), 0..1, with weights (n,) that sum to 1; rounded to 4 decimals."""
    return round(float(np.clip(credit @ weights, 0.0, 1.0)), 4)


def score_interval(credit: Floats, weights: Floats, correlation: float) -> tuple[float, float]:
    """The 95 % interval of the share of the claims, by weight, that a person would call covered.

    Each claim is a coin with its own probability; `correlation` (0..1) is that of two coins of one answer. The
    variance of the weighted sum is then exact, the interval its normal approximation, clipped to 0..1.
    """
    spread = weights * np.sqrt(credit * (1.0 - credit))
    independent = float((spread**2).sum())
    variance = independent + correlation * (float(spread.sum()) ** 2 - independent)
    mean, half = float(credit @ weights), 1.96 * float(np.sqrt(max(variance, 0.0)))
    return round(max(0.0, mean - half), 4), round(min(1.0, mean + half), 4)
