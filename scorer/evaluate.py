"""How well values of claims agree with people: the evidence in labelled sets, and figures on it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scorer.gather import Gatherer
from scorer.labelled import LabelledSet
from scorer.pipeline import AnswerScorer

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Indices = NDArray[np.int64]


_BY_CLAIM = ("features", "quoted", "weights", "answer", "alternative")


@dataclass(frozen=True, eq=False)
class Observations:
    """A labelled set as numbers: n claims of the alternatives of m answers.

    `claims` (n,) are their texts; `features` (n, f) has columns called `names`; `quoted` (n,), `weights` (n,);
    `answer` (n,) and `alternative` (n,) say whose claim each is. `verdicts` (n,) holds the labels of a claim set;
    `grades` (m,) and `labels` (m,) those of a graded one, 1 for an answer that was called correct. `groups` (m,)
    names each answer's group.
    """

    name: str
    has_claims: bool
    claims: tuple[str, ...]
    names: tuple[str, ...]
    features: Floats
    quoted: Bools
    weights: Floats
    answer: Indices
    alternative: Indices
    verdicts: NDArray[np.str_]
    grades: Floats
    labels: NDArray[np.str_]
    groups: NDArray[np.str_]

    @property
    def covered(self) -> Bools:
        """(n,): the claims that people called covered."""
        return np.asarray(self.verdicts == "covered")

    @property
    def contradicted(self) -> Bools:
        """(n,): the claims that people called contradicted; of a graded set (m,), the answers."""
        return np.asarray(self.verdicts == "contradicted" if self.has_claims else self.labels == "contradictory")

    def part(self, chosen: Bools) -> Observations:
        """Only the `chosen` (n,) claims; the answers, m as before, need not be whole."""
        return replace(
            self,
            claims=tuple(claim for claim, kept in zip(self.claims, chosen, strict=True) if kept),
            verdicts=self.verdicts[chosen] if self.has_claims else self.verdicts,
            **{name: getattr(self, name)[chosen] for name in _BY_CLAIM},
        )

    def column(self, name: str) -> Floats:
        """(n,): one feature."""
        return self.features[:, self.names.index(name)]

    def scores(self, values: Floats) -> Floats:
        """(m,): each answer's weighted mean of its claims' `values` (n,), of the alternative where it is greatest."""
        answers, means = self.alternative_means(values[:, None])
        best = np.full(len(self.groups), -np.inf)
        np.maximum.at(best, answers, means[:, 0])
        return best

    def answer_denials(self, denials: Floats) -> Floats:
        """(m,): as `scores`, of the alternative with the least: who agrees with one reference contradicts none."""
        return -self.scores(-denials)

    def alternative_means(self, values: Floats) -> tuple[Indices, Floats]:
        """Weighted means of the claims' `values` (n, f) for each of the k alternatives: whose answer (k,), (k, f)."""
        key = self.answer * (int(self.alternative.max()) + 1) + self.alternative
        _, first, index = np.unique(key, return_index=True, return_inverse=True)
        weight = np.bincount(index, self.weights)
        means = [np.bincount(index, column * self.weights) / weight for column in values.T]
        return self.answer[first], np.stack(means, axis=1)


def observe(labelled: LabelledSet, scorer: AnswerScorer, gatherer: Gatherer) -> Observations:
    """Gather the evidence in every answer of a set, with the scorer's own gatherer or another one."""
    gathered = list(gatherer.gather(scorer.tasks([row.request() for row in labelled.rows])))
    parts = [(i, j, each) for i, row in enumerate(gathered) for j, each in enumerate(row)]
    sizes = [len(each.claims) for _, _, each in parts]
    return Observations(
        name=labelled.name,
        has_claims=labelled.has_claims,
        claims=tuple(claim.text for _, _, each in parts for claim in each.claims),
        names=gatherer.features,
        features=np.concatenate([each.features for _, _, each in parts]),
        quoted=np.concatenate([each.quoted for _, _, each in parts]),
        weights=np.array([claim.weight for _, _, each in parts for claim in each.claims]),
        answer=np.repeat([i for i, _, _ in parts], sizes),
        alternative=np.repeat([j for _, j, _ in parts], sizes),
        verdicts=np.array([verdict for row in labelled.rows for verdict in row.verdicts], dtype=np.str_),
        grades=np.array([row.grade for row in labelled.rows]),
        labels=np.array([row.label for row in labelled.rows]),
        groups=np.array([row.group for row in labelled.rows]),
    )


def figures(seen: Observations, values: Floats) -> dict[str, float]:
    """How well `values` (n,), one a claim, agree with the labels.

    Claim sets: `auc` of covered claims against the rest, and `r`, the mean over groups of Pearson's r between an
    answer's mean value and its share of covered claims (left out with fewer than two groups to average).
    Graded sets: `auc` of correct answers where the set labels them, otherwise Pearson's `r` and Spearman's `rho`
    with the grade.
    """
    from scipy.stats import spearmanr
    from sklearn.metrics import roc_auc_score

    scores = seen.scores(values)
    if seen.has_claims:
        found = {"auc": float(roc_auc_score(seen.covered, values))}
        within = correlation_within_groups(scores, seen.scores(seen.covered.astype(float)), seen.groups)
        return found if within is None else {**found, "r": within}
    if (seen.labels != "").all():
        return {"auc": float(roc_auc_score(seen.labels == "correct", scores))}
    rank = float(spearmanr(scores, seen.grades).statistic)
    return {"r": float(np.corrcoef(scores, seen.grades)[0, 1]), "rho": rank}


def denial_auc(seen: Observations, denial: Floats) -> float | None:
    """AUC of contradicted claims (of a graded set: contradictory answers) against the rest; None without both.

    `denial` (n,) is one value a claim.
    """
    from sklearn.metrics import roc_auc_score

    if seen.contradicted.all() or not seen.contradicted.any():
        return None
    return float(roc_auc_score(seen.contradicted, denial if seen.has_claims else seen.answer_denials(denial)))


def correlation_within_groups(a: Floats, b: Floats, groups: NDArray[np.str_] | Indices) -> float | None:
    """Mean over groups of Pearson's r; groups where either side is constant say nothing and are left out."""
    found = []
    for group in np.unique(groups):
        x, y = a[groups == group], b[groups == group]
        if len(x) > 2 and x.std() > 1e-9 and y.std() > 1e-9:
            found.append(float(np.corrcoef(x, y)[0, 1]))
    return float(np.mean(found)) if len(found) > 1 else None


def calibration_error(probability: Floats, labels: Bools, bins: int = 10) -> float:
    """Expected calibration error: mean over equal-width bins, by size, of |mean probability - share true|, 0..1."""
    index = np.minimum((probability * bins).astype(int), bins - 1)
    gaps = np.bincount(index, probability - labels, minlength=bins)
    return float(np.abs(gaps).sum() / len(labels))
