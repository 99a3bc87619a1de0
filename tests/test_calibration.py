from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from scorer.calibration import Calibration, Coverage, Logistic, choose_thresholds, fit_claim_correlation, fit_logistic
from scorer.errors import InputError, ModelError
from scorer.evidence import FEATURES
from scorer.files import bundled
from scorer.second_look import FEATURES as SECOND

SHIPPED = bundled("models") / "calibration.json"
MODEL = Logistic(("b", "a"), (2.0, 1.0), -1.0)
SMALL = Calibration("m@1", "e", Coverage(MODEL, 0.6, 0.3, 0.1), Coverage(MODEL, 0.7, 0.2, 0.1), MODEL, 0.9, 0.3)


def test_probabilities_by_hand() -> None:
    features = np.array([[0.0, 0.0], [1.0, 0.5], [1.0, 1.0]])
    assert MODEL.probabilities(features, ("a", "b")).tolist() == [0.2689, 0.7311, 0.8808]
    found = SMALL.first.probabilities(features, ("a", "b"), np.array([False, False, True]))
    assert found.tolist() == [0.2689, 0.7311, 0.99]


def test_the_shipped_calibration_rises_with_coverage_and_falls_with_denial() -> None:
    shipped = Calibration.load(SHIPPED)
    assert set(shipped.first.model.features) <= set(FEATURES)
    assert all(value > 0 for value in shipped.first.model.coefficients)
    assert set(shipped.second.model.features) <= {*FEATURES, *SECOND}
    assert all(value > 0 for value in shipped.second.model.coefficients)
    assert set(shipped.denial.features) <= set(SECOND)
    assert all(value > 0 for value in shipped.denial.coefficients)
    for look in (shipped.first, shipped.second):
        assert 0 < look.missing <= look.covered < 1
    assert 0.5 < shipped.contradicted < 1
    assert shipped.model == "all-MiniLM-L6-v2@53aa5117"
    assert all(len(digest) == 64 for digest in shipped.provenance["fitted_on"].values())


def test_what_may_only_be_measured_is_not_in_the_fit() -> None:
    fitted_on = Calibration.load(SHIPPED).provenance["denial_fitted_on"]
    assert not [name for name in fitted_on if name.startswith(("mohler", "sick", "essays"))]


@pytest.mark.parametrize(
    ("denial", "coverage", "quoted"),
    [(0.0, 0.8, 0.8), (0.5, 0.8, 0.8), (0.6, 0.4, 0.8), (0.69, 0.04, 0.8), (0.7, 0.0, 0.0), (0.9, 0.0, 0.0)],
)
def test_a_likely_denial_takes_from_the_coverage_without_a_jump(denial: float, coverage: float, quoted: float) -> None:
    calibration = replace(SMALL, contradicted=0.7)
    found = calibration.undenied(np.array([0.8, 0.8]), np.array([denial, denial]), np.array([False, True]))
    assert found.tolist() == [coverage, quoted]


def test_save_and_load(tmp_path: Path) -> None:
    SMALL.save(tmp_path / "c.json")
    assert Calibration.load(tmp_path / "c.json") == SMALL
    with pytest.raises(InputError, match="cannot be written"):
        SMALL.save(tmp_path / "no" / "c.json")


def test_the_signature_follows_the_numbers_and_not_the_provenance() -> None:
    assert replace(SMALL, provenance={"x": 1}).signature == SMALL.signature
    assert replace(SMALL, contradicted=0.91).signature != SMALL.signature


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"model": 1}'])
def test_no_calibration(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "c.json").write_text(content)
    with pytest.raises(ModelError, match=r"c\.json is no calibration .*; write one with"):
        Calibration.load(tmp_path / "c.json")


def test_features_and_coefficients_must_agree(tmp_path: Path) -> None:
    entries = json.loads(SHIPPED.read_text())
    entries["first"]["model"]["coefficients"] = [1.0]
    (tmp_path / "c.json").write_text(json.dumps(entries))
    with pytest.raises(ModelError, match="has 2 features but 1 coefficients"):
        Calibration.load(tmp_path / "c.json")
    with pytest.raises(ModelError, match="uses the features b"):
        MODEL.probabilities(np.zeros((1, 1)), ("a",))


def test_fit_finds_the_coefficients_that_made_the_labels() -> None:
    rng = np.random.default_rng(0)
    features = rng.uniform(size=(20_000, 2))
    labels = rng.uniform(size=20_000) < 1 / (1 + np.exp(-(features @ [4.0, -2.0] - 1.0)))
    coefficients, intercept = fit_logistic(features, labels, np.ones(20_000))
    assert coefficients == pytest.approx([4.0, -2.0], abs=0.2)
    assert intercept == pytest.approx(-1.0, abs=0.2)


def test_thresholds_keep_what_they_promise() -> None:
    rng = np.random.default_rng(1)
    probability = rng.uniform(size=20_000)
    labels = rng.uniform(size=20_000) < probability
    covered, missing = choose_thresholds(probability, labels, np.ones(20_000))
    assert labels[probability >= covered].mean() >= 0.75
    assert labels[probability < missing].mean() <= 0.1
    assert [covered, missing] == pytest.approx([0.5, 0.2], abs=0.02)


@pytest.mark.parametrize("shared", [0.0, 0.3])
def test_claim_correlation(shared: float) -> None:
    rng = np.random.default_rng(2)
    answers = np.repeat(np.arange(4000), 5)
    common = rng.uniform(size=4000)[answers]
    own = rng.uniform(size=20_000)
    draw = np.where(rng.uniform(size=20_000) < np.sqrt(shared), common, own)
    found = fit_claim_correlation(np.full(20_000, 0.4), draw < 0.4, answers)
    assert found == pytest.approx(shared, abs=0.03)
    assert fit_claim_correlation(np.array([0.4, 0.4]), np.array([True, False]), np.array([0, 1])) == 0.0
