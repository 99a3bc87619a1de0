import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer.coverage import score_interval, verdict_of, weighted_score


@pytest.mark.parametrize(
    ("probability", "verdict", "margin"),
    [
        (0.99, "covered", 0.29),
        (0.7, "covered", 0.0),
        (0.6999, "partial", 0.0001),
        (0.3, "partial", 0.0),
        (0.2999, "missing", 0.0001),
        (0.0, "missing", 0.3),
    ],
)
def test_verdict(probability: float, verdict: str, margin: float) -> None:
    assert verdict_of(probability, covered=0.7, missing=0.3) == (verdict, margin)


@pytest.mark.parametrize(
    ("probability", "denial", "verdict", "margin"),
    [
        (0.9, 0.8, "contradicted", 0.0),
        (0.1, 0.95, "contradicted", 0.15),
        (0.9, 0.75, "covered", 0.05),
        (0.9, 0.0, "covered", 0.2),
    ],
)
def test_a_denial_wins(probability: float, denial: float, verdict: str, margin: float) -> None:
    assert verdict_of(probability, 0.7, 0.3, denial, 0.8) == (verdict, margin)


@pytest.mark.parametrize(
    ("credit", "weights", "score"),
    [([1.0], [1.0], 1.0), ([0.0, 1.0], [0.25, 0.75], 0.75), ([0.5, 0.25], [0.5, 0.5], 0.375), ([0.0], [1.0], 0.0)],
)
def test_score(credit: list[float], weights: list[float], score: float) -> None:
    assert weighted_score(np.array(credit), np.array(weights)) == score


@pytest.mark.parametrize(
    ("credit", "correlation", "interval"),
    [
        ([1.0, 0.0], 0.5, (0.5, 0.5)),
        ([0.5] * 100, 0.0, (0.402, 0.598)),
        ([0.5] * 100, 1.0, (0.0, 1.0)),
    ],
)
def test_interval(credit: list[float], correlation: float, interval: tuple[float, float]) -> None:
    weights = np.full(len(credit), 1 / len(credit))
    assert score_interval(np.array(credit), weights, correlation) == interval


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20), st.floats(0, 1))
def test_the_interval_holds_the_score(credit: list[float], correlation: float) -> None:
    weights = np.full(len(credit), 1 / len(credit))
    low, high = score_interval(np.array(credit), weights, correlation)
    assert 0 <= low <= weighted_score(np.array(credit), weights) + 1e-4
    assert weighted_score(np.array(credit), weights) - 1e-4 <= high <= 1
