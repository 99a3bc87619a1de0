from __future__ import annotations

import numpy as np
import pytest

from scorer import AnswerScorer
from scorer.evaluate import Observations, calibration_error, denial_auc, figures, observe
from scorer.evidence import FEATURES
from scorer.labelled import LabelledAnswer, LabelledSet


def claim_set() -> Observations:
    """Four answers of two groups, two claims each."""
    return Observations(
        name="c",
        has_claims=True,
        claims=("c",) * 12,
        names=FEATURES,
        features=np.zeros((12, len(FEATURES))),
        quoted=np.zeros(12, dtype=bool),
        weights=np.full(12, 0.5),
        answer=np.repeat(np.arange(6), 2),
        alternative=np.zeros(12, dtype=np.int64),
        verdicts=np.array((["covered"] * 3 + ["missing", "contradicted", "missing"]) * 2),
        grades=np.zeros(6),
        labels=np.array([""] * 6),
        groups=np.array(["g"] * 3 + ["h"] * 3),
    )


def test_claim_figures_by_hand() -> None:
    seen = claim_set()
    assert figures(seen, seen.covered.astype(float)) == {"auc": 1.0, "r": pytest.approx(1.0)}
    assert figures(seen, -seen.covered.astype(float)) == {"auc": 0.0, "r": pytest.approx(-1.0)}
    assert denial_auc(seen, np.array([0, 0, 0, 0.1, 0.9, 0.2] * 2)) == 1.0
    assert figures(seen, np.array([0.9, 0.8, 0.1, 0.7, 0.2, 0.3] * 2))["auc"] == pytest.approx(6 / 9)


def test_grading_figures_by_hand_take_the_best_alternative() -> None:
    seen = Observations(
        name="g",
        has_claims=False,
        claims=("c",) * 8,
        names=FEATURES,
        features=np.zeros((8, len(FEATURES))),
        quoted=np.zeros(8, dtype=bool),
        weights=np.array([0.5, 0.5, 1, 1, 1, 1, 1, 1]),
        answer=np.array([0, 0, 0, 1, 1, 2, 2, 2]),
        alternative=np.array([0, 0, 1, 0, 1, 0, 1, 2]),
        verdicts=np.zeros(0, dtype=np.str_),
        grades=np.array([1.0, 0.5, 0.0]),
        labels=np.array(["", "", ""]),
        groups=np.array(["g"] * 3),
    )
    values = np.array([1.0, 0.6, 0.2, 0.1, 0.5, 0.2, 0.1, 0.0])
    assert seen.scores(values).tolist() == [0.8, 0.5, 0.2]
    assert denial_auc(seen, values) is None
    assert figures(seen, values) == {"r": pytest.approx(1.0), "rho": pytest.approx(1.0)}


@pytest.mark.parametrize(
    ("probability", "labels", "error"),
    [
        ([0.05, 0.95], [False, True], 0.05),
        ([0.5] * 4, [True, False, True, False], 0.0),
        ([1.0, 1.0], [False, False], 1.0),
    ],
)
def test_calibration_error(probability: list[float], labels: list[bool], error: float) -> None:
    assert calibration_error(np.array(probability), np.array(labels)) == pytest.approx(error)


def test_observations_give_the_scores_of_the_reports(scorer: AnswerScorer) -> None:
    rows = (
        LabelledAnswer("1", "g", "Why?", "Costs fall. Scrutiny rises.", references=("Costs fall.", "It is. So it is.")),
        LabelledAnswer("2", "g", "Why?", "Bananas.", references=("Costs fall.",), grade=1.0),
    )
    seen = observe(LabelledSet("s", {}, rows), scorer, scorer.gatherer)
    assert seen.alternative.tolist() == [0, 1, 1, 0]
    probability = scorer.calibration.second.probabilities(seen.features, scorer.gatherer.features, seen.quoted)
    expected = [scorer.score(**row.request()).score for row in rows]
    assert seen.scores(probability).tolist() == pytest.approx(expected, abs=1e-4)
