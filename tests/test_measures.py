from __future__ import annotations

import numpy as np
import pytest

from scorer.baselines import BASELINES, baseline
from scorer.cli.evaluate import _BASELINES
from scorer.evaluate import observe
from scorer.labelled import LabelledAnswer, LabelledSet
from scorer.measures import FIGURES, Results, measure, paired
from scorer.pipeline import AnswerScorer


def claims(value: list[float], groups: int = 2) -> Results:
    """Four answers with two claims each, the first of them covered, the last denied."""
    true = np.array([1, 0, 1, 1, 1, 0, 0, 0], dtype=bool)
    denied = np.array([0, 0, 0, 0, 0, 0, 0, 1], dtype=bool)
    answer = np.repeat(np.arange(4), 2)
    return Results(
        name="c",
        has_claims=True,
        value=np.array(value),
        denial=denied.astype(float),
        true=true,
        denied=denied,
        labels=np.where(true, "covered", "missing"),
        predicted=np.where(np.array(value) > 0.5, "covered", "missing"),
        grades=np.zeros(0),
        weights=np.full(8, 0.5),
        answer=answer,
        group=answer % groups,
    )


def grades(value: list[float]) -> Results:
    labels = np.array(["correct", "incorrect", "contradictory", "correct"])
    return Results(
        name="g",
        has_claims=False,
        value=np.array(value),
        denial=None,
        true=labels == "correct",
        denied=labels == "contradictory",
        labels=labels,
        predicted=np.array(["covered", "missing", "contradicted", "missing"]),
        grades=np.array([1.0, 0.4, 0.0, 0.8]),
        weights=np.ones(4),
        answer=np.arange(4),
        group=np.zeros(4, dtype=np.int64),
    )


PERFECT = [1.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("roc_auc", PERFECT, 1.0),
        ("roc_auc", [0.5] * 8, 0.5),
        ("average_precision", PERFECT, 1.0),
        ("average_precision", [0.5] * 8, 0.5),
        ("f1", PERFECT, 1.0),
        ("f1", [1.0] * 8, 2 * 4 / (8 + 4)),
        ("calibration_error", PERFECT, 0.0),
        ("calibration_error", [1.0] * 8, 0.5),
        ("contradicted_auc", PERFECT, 1.0),
    ],
)
def test_claim_figures(name: str, value: list[float], expected: float) -> None:
    assert FIGURES[name](claims(value)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("pearson", 1.0),
        ("spearman", 1.0),
        ("rmse", 0.1),
        ("roc_auc", 1.0),
        ("macro_f1", (2 / 3 + 2 / 3 + 1) / 3),
        ("contradicted_auc", None),
    ],
)
def test_grade_figures(name: str, expected: float | None) -> None:
    assert FIGURES[name](grades([0.9, 0.3, -0.1, 0.7])) == pytest.approx(expected)


def test_r_is_within_groups() -> None:
    """Three answers in each of two groups; in both the order is right, whatever the groups' levels."""
    answer = np.arange(6)
    share = np.array([0.0, 1.0, 1.0, 0.0, 0.0, 1.0])
    value = share * 0.2 + np.repeat([0.7, 0.1], 3)
    found = Results(
        "c",
        True,
        value,
        None,
        share > 0.5,
        share > 2,
        np.array([""] * 6),
        None,
        np.zeros(0),
        np.ones(6),
        answer,
        answer // 3,
    )
    assert FIGURES["group_r"](found) == pytest.approx(1.0)


def test_intervals_hold_the_figure_and_shrink_with_more_groups() -> None:
    rng = np.random.default_rng(0)

    def width(groups: int) -> float:
        answer = np.arange(2 * groups)
        true = rng.uniform(size=2 * groups) < 0.5
        value = true * 0.3 + rng.uniform(size=2 * groups)
        labels = np.where(true, "covered", "missing")
        found = Results(
            "c", True, value, None, true, ~true, labels, None, np.zeros(0), np.ones(len(true)), answer, answer // 2
        )
        auc = measure(found)["roc_auc"]
        assert auc.low <= auc.value <= auc.high
        return auc.high - auc.low

    assert width(400) < 0.6 * width(40)


def test_one_group_is_resampled_by_its_answers() -> None:
    found = measure(claims([0.9, 0.2, 0.3, 0.8, 0.7, 0.6, 0.1, 0.4], groups=1))["roc_auc"]
    assert found.low < found.value < found.high


def test_baselines_prefer_the_same_words(scorer: AnswerScorer) -> None:
    row = LabelledAnswer(
        "1", "g", "", "Costs fall. Bananas are yellow.", ("Costs fall.", "Kings rule."), ("covered", "missing")
    )
    labelled = LabelledSet("s", {}, (row,))
    seen = observe(labelled, scorer, scorer.gatherer)
    for name in BASELINES:
        first, second = baseline(name, labelled, seen)
        assert first > second, name
    assert BASELINES == _BASELINES


@pytest.mark.parametrize(
    ("changes", "units", "low", "high", "p_value"),
    [
        ([0.1, 0.1, 0.1], ["a", "b", "c"], 0.1, 0.1, 0.001),
        ([0.0, 0.0], ["a", "b"], 0.0, 0.0, 1.0),
        ([0.1, -0.1], ["a", "b"], -0.1, 0.1, 1.0),
        ([0.1, -0.1], ["a", "a"], -0.1, 0.1, 1.0),
        ([0.1, 0.3, -0.1, 0.1], ["a", "a", "b", "b"], 0.0, 0.2, 0.5),  # whole units are drawn
        ([0.1], ["a"], 0.1, 0.1, None),
    ],
)
def test_paired(changes: list[float], units: list[str], low: float, high: float, p_value: float | None) -> None:
    found = paired(np.array(changes), units)
    assert found == paired(np.array(changes), units)
    assert found.difference.value == pytest.approx(np.mean(changes))
    assert (found.difference.low, found.difference.high) == pytest.approx((low, high))
    assert found.p_value == (None if p_value is None else pytest.approx(p_value, abs=0.05))
