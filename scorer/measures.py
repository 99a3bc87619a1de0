"""Agreement with people in the usual figures, each with a bootstrap interval."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scorer.calibration import Calibration
from scorer.evaluate import Observations, calibration_error, correlation_within_groups

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Indices = NDArray[np.int64]

# The figures of each kind of set, in the order of the table.
CLAIM_FIGURES = ("roc_auc", "average_precision", "f1", "calibration_error", "group_r", "contradicted_auc")
GRADE_FIGURES = ("pearson", "spearman", "rmse", "roc_auc", "macro_f1", "contradicted_auc")


@dataclass(frozen=True)
class Interval:
    """A figure and its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Paired:
    """A mean difference with its 95 % interval, and the probability `p_value` of one as far from 0 without a cause.

    `p_value` is None where there is one thing only to draw from. `resamples` were drawn with `seed`.
    """

    difference: Interval
    p_value: float | None
    resamples: int
    seed: int


@dataclass(frozen=True, eq=False)
class Results:
    """What a scorer said of a labelled set beside what people said: n items in m groups.

    Items are claims, or answers of a graded set. `value` (n,) is the probability or any other measure of coverage,
    `denial` (n,) that of a denial (None: nobody looked); `true` (n,) says which are covered or correct, `denied`
    (n,) which people called contradicted. `predicted` (n,) is the verdict, None where `value` is no probability.
    `grades` (n,) are human grades, empty for claims. `answer` (n,) and `group` (n,) say where an item belongs.
    """

    name: str
    has_claims: bool
    value: Floats
    denial: Floats | None
    true: Bools
    denied: Bools
    labels: NDArray[np.str_]
    predicted: NDArray[np.str_] | None
    grades: Floats
    weights: Floats
    answer: Indices
    group: Indices

    def sample(self, items: Indices, answer: Indices, group: Indices) -> Results:
        """Some items, with repetition, as the items of `answer` and `group`."""
        return replace(
            self,
            value=self.value[items],
            denial=None if self.denial is None else self.denial[items],
            true=self.true[items],
            denied=self.denied[items],
            labels=self.labels[items],
            predicted=None if self.predicted is None else self.predicted[items],
            grades=self.grades[items] if len(self.grades) else self.grades,
            weights=self.weights[items],
            answer=answer,
            group=group,
        )


def results(seen: Observations, calibration: Calibration) -> Results:
    """What the calibrated scorer says of a set; its second look's part only where that was taken."""
    looked = calibration.denial.features[-1] in seen.names
    model = calibration.second if looked else calibration.first
    covered = model.probabilities(seen.features, seen.names, seen.quoted)
    denial = calibration.denial.probabilities(seen.features, seen.names) if looked else None
    if denial is not None:
        covered = calibration.undenied(covered, denial, seen.quoted)
    value = covered if seen.has_claims else seen.scores(covered)
    against = denial if denial is None or seen.has_claims else seen.answer_denials(denial)
    verdict = np.where(value >= model.covered, "covered", np.where(value < model.missing, "missing", "partial"))
    if against is not None:
        verdict = np.where(against >= calibration.contradicted, "contradicted", verdict)
    return _results(seen, value, against, verdict)


def baseline_results(seen: Observations, values: Floats) -> Results:
    """What a baseline says, one value a claim: no verdicts, no denials."""
    return _results(seen, values if seen.has_claims else seen.scores(values), None, None)


def _results(seen: Observations, value: Floats, denial: Floats | None, verdict: NDArray[np.str_] | None) -> Results:
    _, group = np.unique(seen.groups, return_inverse=True)
    claims = seen.has_claims
    return Results(
        name=seen.name,
        has_claims=claims,
        value=value,
        denial=denial,
        true=seen.covered if claims else seen.labels == "correct",
        denied=seen.contradicted,
        labels=seen.verdicts if claims else seen.labels,
        predicted=verdict,
        grades=np.zeros(0) if claims else seen.grades,
        weights=seen.weights if claims else np.ones(len(value)),
        answer=seen.answer if claims else np.arange(len(value)),
        group=group[seen.answer] if claims else group,
    )


def measure(found: Results, resamples: int = 300, seed: int = 0) -> dict[str, Interval]:
    """The figures of a set that can be had, with percentile bootstrap intervals (Efron 1979).

    Whole groups are drawn; answers, where there is one group only.
    """
    values = {name: FIGURES[name](found) for name in (CLAIM_FIGURES if found.has_claims else GRADE_FIGURES)}
    values = {name: value for name, value in values.items() if value is not None}
    random = np.random.default_rng(seed)
    unit = found.group if len(np.unique(found.group)) > 1 else found.answer
    members = np.split(np.argsort(unit, kind="stable"), np.cumsum(np.bincount(unit))[:-1])
    members = [each for each in members if len(each)]
    drawn: dict[str, list[float]] = {name: [] for name in values}
    for _ in range(resamples if len(members) > 1 else 0):
        sample = _resample(found, members, random.integers(len(members), size=len(members)))
        for name in values:
            value = FIGURES[name](sample)
            if value is not None:
                drawn[name].append(value)
    return {name: _interval(float(value or 0.0), drawn[name]) for name, value in values.items()}


def paired(changes: Floats, units: Sequence[str], resamples: int = 2000, seed: int = 0) -> Paired:
    """The mean of `changes` (n,), one an answer, by the paired bootstrap (Koehn 2004).

    Whole `units` (n,), such as questions, are drawn, since answers to one err together; answers, where there is one
    unit only. The p-value is two-sided: twice the smaller share of resamples on either side of 0.
    """
    _, unit = np.unique(np.array(units), return_inverse=True)
    unit = unit if unit.any() else np.arange(len(changes))
    sums, counts = np.bincount(unit, changes), np.bincount(unit)
    if len(sums) < 2:
        return Paired(_interval(float(changes.mean()), ()), None, 0, seed)
    drawn = np.random.default_rng(seed).integers(len(sums), size=(resamples, len(sums)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    # The sums of the same numbers in another order differ in their last digits.
    means = np.round(means, 9)
    tail = (1 + min(int((means <= 0).sum()), int((means >= 0).sum()))) / (resamples + 1)
    return Paired(_interval(float(changes.mean()), means.tolist()), round(min(1.0, 2.0 * tail), 4), resamples, seed)


def _resample(found: Results, members: Sequence[Indices], chosen: Indices) -> Results:
    items = np.concatenate([members[i] for i in chosen])
    copy = np.repeat(np.arange(len(chosen)), [len(members[i]) for i in chosen])
    # A group drawn twice is two groups, and its answers are two answers each.
    answer = found.answer[items] + copy * (int(found.answer.max()) + 1)
    _, answer = np.unique(answer, return_inverse=True)
    several = len(np.unique(found.group)) > 1
    return found.sample(items, answer, copy if several else found.group[items])


def _interval(value: float, drawn: Sequence[float]) -> Interval:
    low, high = np.quantile(drawn, (0.025, 0.975)) if len(drawn) > 1 else (value, value)
    return Interval(round(value, 4), round(float(low), 4), round(float(high), 4))


def _roc_auc(found: Results) -> float | None:
    return _auc(found.true, found.value) if found.has_claims or (found.labels != "").all() else None


def _auc(true: Bools, value: Floats) -> float | None:
    from sklearn.metrics import roc_auc_score

    return None if true.all() or not true.any() else float(roc_auc_score(true, value))


def _average_precision(found: Results) -> float | None:
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(found.true, found.value)) if found.true.any() else None


def _f1(found: Results) -> float | None:
    if found.predicted is None:
        return None
    said = found.predicted == "covered"
    right = int((said & found.true).sum())
    return 2.0 * right / max(1, int(said.sum()) + int(found.true.sum()))


def _calibration_error(found: Results) -> float | None:
    return None if found.predicted is None else calibration_error(found.value, found.true)


def _group_r(found: Results) -> float | None:
    """Mean over groups of Pearson's r between answers' mean values and their shares of covered claims."""
    weight = np.bincount(found.answer, found.weights)
    value = np.bincount(found.answer, found.value * found.weights) / weight
    share = np.bincount(found.answer, found.true * found.weights) / weight
    group = np.zeros(len(weight), dtype=np.int64)
    group[found.answer] = found.group
    return correlation_within_groups(value, share, group)


def _contradicted_auc(found: Results) -> float | None:
    return None if found.denial is None else _auc(found.denied, found.denial)


def _pearson(found: Results) -> float | None:
    constant = found.value.std() < 1e-9 or found.grades.std() < 1e-9
    return None if constant else float(np.corrcoef(found.value, found.grades)[0, 1])


def _spearman(found: Results) -> float | None:
    from scipy.stats import spearmanr

    constant = found.value.std() < 1e-9 or found.grades.std() < 1e-9
    return None if constant else float(spearmanr(found.value, found.grades).statistic)


def _rmse(found: Results) -> float | None:
    return None if found.predicted is None else float(np.sqrt(((found.value - found.grades) ** 2).mean()))


def _macro_f1(found: Results) -> float | None:
    """Mean F1 over the labels; covered answers are called correct, contradicted ones contradictory."""
    from sklearn.metrics import f1_score

    if found.predicted is None or not (found.labels != "").all():
        return None
    names = {"covered": "correct", "contradicted": "contradictory"}
    said = [names.get(str(verdict), "incorrect") for verdict in found.predicted]
    return float(f1_score(found.labels, said, labels=sorted(set(found.labels)), average="macro", zero_division=0.0))


FIGURES: dict[str, Callable[[Results], float | None]] = {
    "roc_auc": _roc_auc,
    "average_precision": _average_precision,
    "f1": _f1,
    "calibration_error": _calibration_error,
    "group_r": _group_r,
    "contradicted_auc": _contradicted_auc,
    "pearson": _pearson,
    "spearman": _spearman,
    "rmse": _rmse,
    "macro_f1": _macro_f1,
}
