from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from scorer.calibration import Calibration, choose_thresholds, fit_claim_correlation, fit_logistic
from scorer.errors import InputError, ModelError
from scorer.evidence import FEATURES
from scorer.files import bundled

SHIPPED = bundled("models") / "calibration.json"
SMALL = Calibration("m@1", ("b", "a"), (2.0, 1.0), -1.0, 0.6, 0.3, 0.3, 0.1)


def test_probabilities_by_hand() -> None:
    features = np.array([[0.0, 0.0], [1.0, 0.5], [1.0, 1.0]])
    found = SMALL.probabilities(features, ("a", "b"), np.array([False, False, True]))
    assert found.tolist() == [0.2689, 0.7311, 0.99]


def test_the_shipped_calibration_rises_with_every_feature() -> None:
    shipped = Calibration.load(SHIPPED)
    assert set(shipped.features) <= set(FEATURES)
    assert all(value > 0 for value in shipped.coefficients)
    assert 0 < shipped.missing <= shipped.covered < 1
    assert shipped.model == "all-MiniLM-L6-v2@53aa5117"
    assert all(len(digest) == 64 for digest in shipped.provenance["fitted_on"].values())


def test_what_may_only_be_measured_is_not_in_the_fit() -> None:
    fitted_on = Calibration.load(SHIPPED).provenance["fitted_on"]
    assert not [name for name in fitted_on if name.startswith(("mohler", "sick"))]


def test_save_and_load(tmp_path: Path) -> None:
    SMALL.save(tmp_path / "c.json")
    assert Calibration.load(tmp_path / "c.json") == SMALL
    with pytest.raises(InputError, match="cannot be written"):
        SMALL.save(tmp_path / "no" / "c.json")


def test_the_signature_follows_the_numbers_and_not_the_provenance() -> None:
    assert replace(SMALL, provenance={"x": 1}).signature == SMALL.signature
    assert replace(SMALL, intercept=-1.1).signature != SMALL.signature


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"model": 1}'])
def test_no_calibration(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "c.json").write_text(content)
    with pytest.raises(ModelError, match=r"c\.json is no calibration .*; write one with"):
        Calibration.load(tmp_path / "c.json")


def test_features_and_coefficients_must_agree(tmp_path: Path) -> None:
    entries = {**json.loads(SHIPPED.read_text()), "coefficients": [1.0]}
    (tmp_path / "c.json").write_text(json.dumps(entries))
    with pytest.raises(ModelError, match="has 2 features but 1 coefficients"):
        Calibration.load(tmp_path / "c.json")
    with pytest.raises(ModelError, match="uses the features b"):
        SMALL.probabilities(np.zeros((1, 1)), ("a",), np.array([False]))


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
