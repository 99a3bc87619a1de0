"""A person's own grading scale: scores to marks, fitted on answers that the person marked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scorer.errors import InputError
from scorer.files import read_text, write_text

Floats = NDArray[np.float64]

# With fewer marked answers no curve can be told from noise.
FEWEST = 10
_FOLDS = 5


@dataclass(frozen=True)
class GradeScale:
    """A curve from scores, 0..1, to marks: the points `scores` and `marks`, straight lines between them.

    Both rise. `kind` says how it was fitted, `error` is the root mean squared error to expect on new answers, in
    marks, and `answers` how many it was fitted on.
    """

    kind: str
    scores: tuple[float, ...]
    marks: tuple[float, ...]
    error: float
    answers: int

    def mark(self, score: float) -> float:
        """The mark for a score, rounded to 2 decimals."""
        return round(float(np.interp(score, self.scores, self.marks)), 2)

    def save(self, file: Path) -> None:
        """Write it as JSON. Raises InputError where the file cannot be written."""
        write_text(file, json.dumps(asdict(self), indent=2) + "\n")

    @classmethod
    def load(cls, file: Path) -> GradeScale:
        """Read a scale. Raises InputError where the file is none."""
        try:
            entries = json.loads(read_text(file))
            found = cls(
                str(entries["kind"]),
                tuple(map(float, entries["scores"])),
                tuple(map(float, entries["marks"])),
                float(entries["error"]),
                int(entries["answers"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"{file} is no grading scale ({error!r}); write one with: score-answer calibrate --grades"
            ) from error
        if not found.scores or len(found.scores) != len(found.marks):
            raise InputError(
                f"{file} has {len(found.scores)} scores and {len(found.marks)} marks; "
                "write it anew with: score-answer calibrate --grades"
            )
        return found


def fit_grades(scores: Floats, marks: Floats, groups: Sequence[str]) -> tuple[GradeScale, dict[str, float]]:
    """The scale from `scores` (n,) to `marks` (n,), and the expected error of each kind of curve that was tried.

    Isotonic regression or a logistic curve between the lowest and the highest mark, whichever has the smaller root
    mean squared error on held-out `groups` (n,); on held-out answers where there are fewer groups than folds.
    Raises InputError for too few answers, or where all marks are the same.
    """
    if len(scores) < FEWEST:
        raise InputError(f"{len(scores)} marked answers; give at least {FEWEST} to fit a grading scale on")
    if marks.min() == marks.max():
        raise InputError(f"all {len(marks)} marks are {marks[0]:g}; give answers with different marks")
    fold = _folds(groups)
    errors = {}
    for kind in ("isotonic", "logistic"):
        held_out = np.zeros(len(marks))
        for k in range(_FOLDS):
            chosen = fold == k
            held_out[chosen] = np.interp(scores[chosen], *_curve(kind, scores[~chosen], marks[~chosen]))
        errors[kind] = float(np.sqrt(((held_out - marks) ** 2).mean()))
    best = min(errors, key=lambda kind: errors[kind])
    x, y = _curve(best, scores, marks)
    scale = GradeScale(
        best, tuple(np.round(x, 6).tolist()), tuple(np.round(y, 4).tolist()), round(errors[best], 4), len(marks)
    )
    return scale, errors


def _folds(groups: Sequence[str]) -> NDArray[np.int64]:
    """The fold of each answer; the answers of a group share one where there are enough groups."""
    names, index = np.unique(np.array(groups), return_inverse=True)
    unit = index if len(names) >= _FOLDS else np.arange(len(groups))
    order = np.random.default_rng(0).permutation(int(unit.max()) + 1)
    return np.asarray(order[unit] % _FOLDS, dtype=np.int64)


def _curve(kind: str, scores: Floats, marks: Floats) -> tuple[Floats, Floats]:
    if kind == "isotonic":
        from sklearn.isotonic import IsotonicRegression

        model = IsotonicRegression(out_of_bounds="clip").fit(scores, marks)
        return model.X_thresholds_, model.y_thresholds_
    from sklearn.linear_model import LogisticRegression

    low, high = float(marks.min()), float(marks.max())
    if low == high:
        return np.array([0.0, 1.0]), np.array([low, high])
    # A mark between the ends counts as a part of each (the logistic regression of a share).
    share = (marks - low) / (high - low)
    model = LogisticRegression(C=100.0).fit(
        np.concatenate([scores, scores])[:, None],
        np.repeat([1, 0], len(scores)),
        sample_weight=np.concatenate([share, 1.0 - share]) + 1e-9,
    )
    x = np.linspace(0.0, 1.0, 101)
    rising = max(float(model.coef_[0, 0]), 0.0)
    return x, low + (high - low) / (1.0 + np.exp(-(rising * x + float(model.intercept_[0]))))
