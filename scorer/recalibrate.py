"""Fitting the calibration on labelled sets, and measuring it on each set without having seen it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer.calibration import Calibration, choose_thresholds, fit_claim_correlation, fit_logistic
from scorer.errors import InputError
from scorer.evaluate import Observations, calibration_error, figures, observe
from scorer.evidence import FEATURES
from scorer.labelled import LabelledSet
from scorer.pipeline import AnswerScorer

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

# Left out, for they add nothing on any set that the fit did not see: the best cosine, and the two plain signals
# beside their question-aware forms (models/README.md has the figures).
FITTED_FEATURES = ("late_interaction", "word_recall")
Table = dict[str, dict[str, dict[str, float]]]


def recalibrate(
    fitted: Sequence[LabelledSet],
    measured: Sequence[LabelledSet],
    scorer: AnswerScorer,
    progress: Callable[[str], None],
) -> tuple[Calibration, str]:
    """Fit on `fitted`, measure on all: the calibration, and the table of figures as Markdown.

    Raises InputError where there are fewer than two sets to fit on, or none with claims.
    """
    if len(fitted) < 2 or not any(each.has_claims for each in fitted):
        raise InputError(f"{len(fitted)} labelled sets to fit on; give at least two, one of them with claims")
    names = {each.name for each in fitted}
    observed = []
    for each in (*fitted, *(other for other in measured if other.name not in names)):
        progress(f"{each.name}: {len(each.rows)} answers")
        observed.append(observe(each, scorer))
    own = observed[: len(fitted)]
    support = chance_support(fitted, scorer)
    table = leave_one_set_out(own, observed, scorer.encoder.signature)
    provenance = {
        "fitted_on": {name: digest for each in fitted for name, digest in each.hashes.items()},
        "held_out": "every set in turn, whole; groups are never split",
        "metrics": {
            name: {signal: {key: round(value, 4) for key, value in found.items()} for signal, found in rows.items()}
            for name, rows in table.items()
        },
    }
    return fit(own, scorer.encoder.signature, support, provenance), as_markdown(table)


def _examples(seen: Observations) -> tuple[Floats, Bools]:
    """What one set teaches: a claim is an example; of a graded set, an answer beside its best reference is one."""
    if seen.has_claims:
        return seen.features, seen.covered
    answers, means = seen.alternative_means(seen.features)
    strength = means[:, [FEATURES.index(name) for name in FITTED_FEATURES]].sum(axis=1)
    order = np.lexsort((-strength, answers))
    best = order[np.unique(answers[order], return_index=True)[1]]
    return means[best], seen.grades[answers[best]] >= 1.0


def _fit(sets: Sequence[Observations], names: Sequence[str]) -> tuple[Floats, float]:
    """Fit on several sets, each with the same total weight, so that no set's size decides."""
    examples = [_examples(seen) for seen in sets]
    columns = [FEATURES.index(name) for name in names]
    return fit_logistic(
        np.concatenate([features[:, columns] for features, _ in examples]),
        np.concatenate([labels for _, labels in examples]),
        np.concatenate([np.full(len(labels), 1.0 / len(labels)) for _, labels in examples]),
    )


def fit(fitted: Sequence[Observations], model: str, support: float, provenance: Mapping[str, Any]) -> Calibration:
    """Fit the calibration, with thresholds and claim correlation chosen on predictions for sets it did not see."""
    held_out = {}
    for seen in fitted:
        others = [other for other in fitted if other is not seen]
        held_out[seen.name] = _calibration(others, model, support, {}).probabilities(
            seen.features, FEATURES, seen.quoted
        )
    with_claims = [seen for seen in fitted if seen.has_claims]
    covered, missing = choose_thresholds(
        np.concatenate([held_out[seen.name] for seen in with_claims]),
        np.concatenate([seen.covered for seen in with_claims]),
        np.concatenate([np.full(len(seen.covered), 1.0 / len(seen.covered)) for seen in with_claims]),
    )
    # The largest: an interval that is right on one set and too wide on another is better than one too narrow on it.
    correlation = max(fit_claim_correlation(held_out[seen.name], seen.covered, seen.answer) for seen in with_claims)
    return _calibration(fitted, model, support, provenance, covered, missing, correlation)


def _calibration(
    sets: Sequence[Observations],
    model: str,
    support: float,
    provenance: Mapping[str, Any],
    covered: float = 0.5,
    missing: float = 0.5,
    correlation: float = 0.0,
) -> Calibration:
    coefficients, intercept = _fit(sets, FITTED_FEATURES)
    return Calibration(
        model=model,
        features=FITTED_FEATURES,
        coefficients=tuple(round(float(value), 6) for value in coefficients),
        intercept=round(intercept, 6),
        covered=covered,
        missing=missing,
        support=support,
        claim_correlation=round(correlation, 4),
        provenance=dict(provenance),
    )


def chance_support(sets: Sequence[LabelledSet], scorer: AnswerScorer, quantile: float = 0.95) -> float:
    """The cosine that a sentence reaches by chance: a quantile of its best cosine with claims of another group.

    Each answer of the claim sets is held against the claims of the answer half the set away, where that belongs
    to another group; at most 500 answers a set, evenly spaced.
    """
    requests = []
    for labelled in (each for each in sets if each.has_claims):
        rows = labelled.rows
        for i in range(0, len(rows), max(1, len(rows) // 500)):
            other = rows[(i + len(rows) // 2) % len(rows)]
            if other.group != rows[i].group:
                requests.append({**other.request(), "answer": rows[i].answer})
    if not requests:
        raise InputError("no set has claims of two groups; give one that has, to measure chance on")
    best = np.concatenate([each.cosines.max(axis=0) for row in scorer.gather(requests) for each in row])
    return round(float(np.quantile(best, quantile)), 4)


def leave_one_set_out(fitted: Sequence[Observations], measured: Sequence[Observations], model: str) -> Table:
    """Figures of every signal and of the calibration fitted without the set: {set: {signal: figures}}."""
    table = {}
    for seen in measured:
        rows = {name: figures(seen, seen.features[:, i]) for i, name in enumerate(FEATURES)}
        others = [other for other in fitted if other.name != seen.name]
        probability = _calibration(others, model, 0.0, {}).probabilities(seen.features, FEATURES, seen.quoted)
        rows["calibration"] = figures(seen, probability)
        if seen.has_claims:
            rows["calibration"]["ece"] = calibration_error(probability, seen.covered)
        table[seen.name] = rows
    return table


def as_markdown(table: Table) -> str:
    """The figures as a Markdown table: a row a set, a column a signal."""
    signals = [*FEATURES, "calibration"]
    lines = [f"| set | {' | '.join(name.replace('_', ' ') for name in signals)} |", "| --- " * (len(signals) + 1) + "|"]
    for name, rows in table.items():
        cells = [", ".join(f"{key} {value:.3f}" for key, value in rows[signal].items()) for signal in signals]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)
