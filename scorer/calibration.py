"""Features to probabilities: fitted with scikit-learn, applied with NumPy."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer.errors import ModelError
from scorer.files import write_text

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

# A claim said in the reference's own words is covered, whatever annotators made of such cases (they call .89 to
# 1.00 of them covered); the rest is left for a misunderstanding.
QUOTED = 0.99
# From here on a denial is likelier than not, and takes from the coverage.
DOUBT = 0.5


@dataclass(frozen=True)
class Logistic:
    """A logistic model: P = 1 / (1 + exp(-(features . coefficients + intercept)))."""

    features: tuple[str, ...]
    coefficients: tuple[float, ...]
    intercept: float

    def probabilities(self, columns: Floats, names: Sequence[str]) -> Floats:
        """(n,), 0..1, rounded to 4 decimals, from `columns` (n, f) called `names`.

        Raises ModelError where a feature that was fitted is not among `names`.
        """
        unknown = [name for name in self.features if name not in names]
        if unknown:
            raise ModelError(
                f"the calibration uses the features {', '.join(unknown)}, this version has {', '.join(names)}; "
                "write it anew with: score-answer calibrate"
            )
        chosen = columns[:, [list(names).index(name) for name in self.features]]
        log_odds = chosen @ np.array(self.coefficients) + self.intercept
        return np.asarray(np.round(1.0 / (1.0 + np.exp(-log_odds)), 4))


@dataclass(frozen=True)
class Coverage:
    """A model of "a person would call this claim covered".

    `covered` and `missing` are the thresholds on the probability, `claim_correlation` is how strongly one answer's
    claims err together, 0..1.
    """

    model: Logistic
    covered: float
    missing: float
    claim_correlation: float

    def probabilities(self, columns: Floats, names: Sequence[str], quoted: Bools) -> Floats:
        """As Logistic.probabilities; `quoted` (n,) marks claims that the answer states word for word."""
        probability = self.model.probabilities(columns, names)
        return np.asarray(np.where(quoted, np.maximum(probability, QUOTED), probability))


@dataclass(frozen=True)
class Calibration:
    """All that turns features into probabilities and verdicts.

    `first` needs only the first look's features, `second` those of both looks, and `denial` gives the probability
    that the answer contradicts a claim, which it does from `contradicted` on. `support` is the cosine below which
    a sentence of the answer matches nothing. `model` and `entailment` name what the features were made with.
    `provenance` says what it was fitted on and measured at, and plays no part in any number.
    """

    model: str
    entailment: str
    first: Coverage
    second: Coverage
    denial: Logistic
    contradicted: float
    support: float
    provenance: dict[str, Any] = field(default_factory=dict, compare=False)

    def undenied(self, coverage: Floats, denial: Floats, quoted: Bools) -> Floats:
        """`coverage` (n,) as far as it outlasts the probability of `denial` (n,); rounded to 4 decimals.

        Whole up to DOUBT, nothing from `contradicted` on and in proportion between, so that no small change of an
        answer makes its score jump. What is `quoted` (n,) stands whole until then: it is said, whatever else is.
        """
        doubtful = (self.contradicted - denial) / max(self.contradicted - DOUBT, 1e-9)
        left = np.where(quoted, denial < self.contradicted, np.clip(doubtful, 0.0, 1.0))
        return np.asarray(np.round(coverage * left, 4))

    @property
    def signature(self) -> str:
        """The first digits of a hash over all that its probabilities depend on."""
        numbers = {name: value for name, value in asdict(self).items() if name != "provenance"}
        return hashlib.sha256(json.dumps(numbers, sort_keys=True).encode()).hexdigest()[:8]

    @classmethod
    def load(cls, file: Path) -> Calibration:
        """Read a calibration. Raises ModelError where the file is missing, damaged or not a calibration."""
        try:
            entries = json.loads(file.read_bytes())
            found = cls(
                model=str(entries["model"]),
                entailment=str(entries["entailment"]),
                first=_coverage(entries["first"]),
                second=_coverage(entries["second"]),
                denial=_logistic(entries["denial"]),
                contradicted=float(entries["contradicted"]),
                support=float(entries["support"]),
                provenance=dict(entries.get("provenance", {})),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(f"{file} is no calibration ({error!r}); write one with: score-answer calibrate") from error
        for each in (found.first.model, found.second.model, found.denial):
            if len(each.features) != len(each.coefficients):
                raise ModelError(
                    f"{file} has {len(each.features)} features but {len(each.coefficients)} coefficients; "
                    "write it anew with: score-answer calibrate"
                )
        return found

    def save(self, file: Path) -> None:
        """Write it as JSON, stable under version control. Raises InputError where the file cannot be written."""
        write_text(file, json.dumps(asdict(self), indent=2) + "\n")


def _logistic(entries: dict[str, Any]) -> Logistic:
    return Logistic(
        tuple(entries["features"]), tuple(float(v) for v in entries["coefficients"]), float(entries["intercept"])
    )


def _coverage(entries: dict[str, Any]) -> Coverage:
    return Coverage(
        _logistic(entries["model"]),
        *(float(entries[name]) for name in ("covered", "missing", "claim_correlation")),
    )


def fit_logistic(features: Floats, labels: Bools, weights: Floats) -> tuple[Floats, float]:
    """Fit P(label | features) by logistic regression: coefficients (f,) and intercept.

    `features` is (n, f), `labels` (n,), `weights` (n,) > 0. Coefficients are for the features as given; inside,
    columns are standardised so that the penalty treats them alike.
    """
    from sklearn.linear_model import LogisticRegression

    mean, scale = features.mean(axis=0), features.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    model = LogisticRegression(C=1.0).fit((features - mean) / scale, labels, sample_weight=weights / weights.mean())
    coefficients = model.coef_[0] / scale
    return coefficients, float(model.intercept_[0] - (coefficients * mean).sum())


def choose_thresholds(probability: Floats, labels: Bools, weights: Floats) -> tuple[float, float]:
    """The thresholds (covered, missing) on held-out probabilities (n,).

    `covered` is the lowest value at and above which at least 3 in 4 claims are truly covered; `missing` the
    highest below which at least 9 in 10 are not: a person who is told "missing" should be able to rely on it. Both
    are rounded to 2 decimals; `missing` never exceeds `covered`.
    """
    candidates = np.round(np.arange(0.05, 0.96, 0.01), 2)

    def share_covered(chosen: Bools) -> float:
        return float((weights * labels)[chosen].sum() / max(weights[chosen].sum(), 1e-12))

    above = [t for t in candidates if share_covered(probability >= t) >= 0.75]
    below = [t for t in candidates if share_covered(probability < t) <= 0.1]
    covered = float(min(above, default=0.95))
    return covered, float(min(max(below, default=0.05), covered))


def fit_claim_correlation(probability: Floats, labels: Bools, answers: NDArray[np.int64]) -> float:
    """How strongly the claims of one answer err together: the intraclass correlation of their standardised errors.

    `probability`, `labels` and `answers` (the index of each claim's answer) are (n,). 0 where they err
    independently; clipped to 0..1. The estimator is the mean product of two errors of the same answer (Pearson's
    pairwise form of the intraclass correlation).
    """
    spread = np.sqrt(np.maximum(probability * (1.0 - probability), 1e-6))
    error = (labels - probability) / spread
    _, index = np.unique(answers, return_inverse=True)
    count, total, squares = np.bincount(index), np.bincount(index, error), np.bincount(index, error**2)
    pairs = float((count * (count - 1)).sum())
    if pairs == 0:
        return 0.0
    together = float((total**2 - squares).sum()) / pairs
    return float(np.clip(together / float((error**2).mean()), 0.0, 1.0))
