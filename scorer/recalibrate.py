"""Fitting the calibration on labelled sets, and measuring it on each set without having seen it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scorer.calibration import (
    Calibration,
    Coverage,
    Logistic,
    choose_thresholds,
    fit_claim_correlation,
    fit_logistic,
)
from scorer.entailment import Entailment
from scorer.errors import InputError
from scorer.evaluate import Observations, calibration_error, denial_auc, figures, observe
from scorer.evidence import FEATURES
from scorer.labelled import LabelledSet
from scorer.pipeline import AnswerScorer

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

# Each stays only where removing it costs on sets that the fit did not see (models/README.md has the figures).
FIRST_FEATURES = ("late_interaction", "word_recall")
SECOND_FEATURES = (*FIRST_FEATURES, "entailment")
DENIAL_FEATURES = ("stance", "marked_contradiction")
# Of the claims that an answer covers, at most this share is called contradicted, on any set.
FALSE_ALARMS = 0.0075
# What a set's answers weigh when they are held against claims of another group, where they cover nothing; as they are
# they weigh 1. Without them an answer to another question is taken for a weak answer to this one.
_ELSEWHERE = 0.1
Table = dict[str, dict[str, dict[str, float]]]


@dataclass(frozen=True)
class Sets:
    """Labelled sets by what they are for.

    Coverage and denial are fitted on `fitted`, denial on `denials` as well; the threshold for denials is chosen on
    `fitted` and `alarms`; `measured` teaches nothing. `elsewhere` are answers of fitted sets held against claims of
    another group, under the names of their sets: coverage is fitted on them too.
    """

    fitted: Sequence[Observations]
    denials: Sequence[Observations] = ()
    alarms: Sequence[Observations] = ()
    measured: Sequence[Observations] = ()
    elsewhere: Sequence[Observations] = ()

    def all(self) -> list[Observations]:
        """Every set once, by its name."""
        every = (*self.fitted, *self.denials, *self.alarms, *self.measured)
        return list({seen.name: seen for seen in reversed(every)}.values())[::-1]


def recalibrate(
    labelled: Mapping[str, Sequence[LabelledSet]],
    scorer: AnswerScorer,
    unseen: Mapping[str, Entailment],
    progress: Callable[[str], None],
) -> tuple[Calibration, str]:
    """Fit and measure: the calibration, and the table of figures as Markdown.

    `labelled` has the fields of `Sets` as keys. `unseen` names sets that the scorer's own second look was trained on,
    and gives for each one that did not see it: only its readings are like those of a new set. Where no set has a
    denial to learn from, the scorer's own model of denials is kept. Raises InputError where there are fewer than two
    sets to fit on, or none with claims, or where `unseen` names a set that is not there.
    """
    fitted = labelled["fitted"]
    if len(fitted) < 2 or not any(each.has_claims for each in fitted):
        raise InputError(f"{len(fitted)} labelled sets to fit on; give at least two, one of them with claims")
    foreign = set(unseen) - {each.name for sets in labelled.values() for each in sets}
    if foreign:
        raise InputError(f"no set {sorted(foreign)[0]!r} to read with other adapters; name a set that is given")
    known: dict[str, Observations] = {}

    def observed(each: LabelledSet) -> Observations:
        entailment = unseen.get(each.name, scorer.gatherer.entailment)
        return observe(each, scorer, replace(scorer.gatherer, entailment=entailment))

    for each in (one for sets in labelled.values() for one in sets):
        if each.name not in known:
            progress(f"{each.name}: {len(each.rows)} answers")
            known[each.name] = observed(each)
    others = [other for each in fitted if (other := held_elsewhere(each)) is not None]
    progress(f"held against other questions: {sum(len(other.rows) for other in others)} answers")
    sets = Sets(
        **{use: [known[each.name] for each in chosen] for use, chosen in labelled.items()},
        elsewhere=[observed(other) for other in others],
    )
    origin = replace(scorer.calibration, model=scorer.gatherer.encoder.signature, entailment=scorer.gatherer.second)
    calibration = fit(sets, origin, chance_support(others, scorer))
    table = leave_one_set_out(sets, calibration)
    hashes = {use: {n: d for each in chosen for n, d in each.hashes.items()} for use, chosen in labelled.items()}
    provenance = {
        "fitted_on": hashes["fitted"],
        "denial_fitted_on": hashes["fitted"] | hashes.get("denials", {}),
        "held_out": "every set in turn, whole; groups are never split",
        "read_with": {name: entailment.signature for name, entailment in unseen.items()},
        "metrics": {
            name: {signal: {key: round(value, 4) for key, value in found.items()} for signal, found in rows.items()}
            for name, rows in table.items()
        },
    }
    return replace(calibration, provenance=provenance), as_markdown(table)


def _examples(seen: Observations) -> tuple[Floats, Bools, Bools]:
    """What one set teaches: features, covered, contradicted.

    A claim is an example; of a graded set, an answer beside its best reference is one.
    """
    if seen.has_claims:
        return seen.features, seen.covered, seen.contradicted
    answers, means = seen.alternative_means(seen.features)
    strength = means[:, [seen.names.index(name) for name in FIRST_FEATURES]].sum(axis=1)
    order = np.lexsort((-strength, answers))
    best = order[np.unique(answers[order], return_index=True)[1]]
    chosen = answers[best]
    return means[best], seen.grades[chosen] >= 1.0, seen.contradicted[chosen]


def _fit(
    sets: Sequence[Observations], names: Sequence[str], denial: bool, elsewhere: Sequence[Observations] = ()
) -> Logistic:
    """Fit on several sets, each with the same total weight, so that no set's size decides."""
    weighed = [*((seen, 1.0) for seen in sets), *((seen, _ELSEWHERE) for seen in elsewhere)]
    examples = [(seen, weight, *_examples(seen)) for seen, weight in weighed]
    coefficients, intercept = fit_logistic(
        np.concatenate([found[:, [seen.names.index(name) for name in names]] for seen, _, found, _, _ in examples]),
        np.concatenate([contradicted if denial else covered for *_, covered, contradicted in examples]),
        np.concatenate([np.full(len(found), weight / len(found)) for _, weight, found, _, _ in examples]),
    )
    return Logistic(tuple(names), tuple(round(float(value), 6) for value in coefficients), round(intercept, 6))


def _held_out(sets: Sets, seen: Observations, names: Sequence[str]) -> Floats:
    """Coverage probabilities (n,) of a set's claims, by a model that was fitted without the set."""
    fitted = _fit(_without(sets.fitted, seen), names, denial=False, elsewhere=_without(sets.elsewhere, seen))
    model = Coverage(fitted, covered=0.5, missing=0.5, claim_correlation=0.0)
    return model.probabilities(seen.features, seen.names, seen.quoted)


def _without(sets: Sequence[Observations], seen: Observations) -> list[Observations]:
    return [other for other in sets if other.name != seen.name]


def fit(sets: Sets, origin: Calibration, support: float) -> Calibration:
    """Fit the calibration, with thresholds and claim correlation chosen on predictions for sets it did not see.

    `origin` names the encoder and the second look, and lends its model of denials where no set has one.
    """
    found = replace(
        origin,
        first=_fit_coverage(sets, FIRST_FEATURES),
        second=_fit_coverage(sets, SECOND_FEATURES),
        support=support,
    )
    teachers = list({seen.name: seen for seen in (*sets.fitted, *sets.denials)}.values())
    if not any(seen.contradicted.any() for seen in teachers):
        return found
    return replace(found, denial=_fit(teachers, DENIAL_FEATURES, denial=True), contradicted=_alarm_threshold(sets))


def _fit_coverage(sets: Sets, names: Sequence[str]) -> Coverage:
    with_claims = [seen for seen in sets.fitted if seen.has_claims]
    probability = [_held_out(sets, seen, names) for seen in with_claims]
    covered, missing = choose_thresholds(
        np.concatenate(probability),
        np.concatenate([seen.covered for seen in with_claims]),
        np.concatenate([np.full(len(seen.covered), 1.0 / len(seen.covered)) for seen in with_claims]),
    )
    # The largest: an interval that is right on one set and too wide on another is better than one too narrow on it.
    correlation = max(
        fit_claim_correlation(each, seen.covered, seen.answer)
        for each, seen in zip(probability, with_claims, strict=True)
    )
    model = _fit(sets.fitted, names, denial=False, elsewhere=sets.elsewhere)
    return Coverage(model, covered, missing, round(correlation, 4))


def _alarm_threshold(sets: Sets) -> float:
    """The lowest probability of denial from .5 on, of two decimals, at which no set has more than FALSE_ALARMS.

    Those are covered claims, and correct answers of a graded set, that are called denied. `alarms` are judged by a
    model that was fitted without them, each fitted set by models that were fitted without the groups that they judge.
    """
    teachers = list({seen.name: seen for seen in (*sets.fitted, *sets.denials)}.values())
    highest = 0.49
    for seen in {each.name: each for each in (*sets.fitted, *sets.alarms)}.values():
        folds = 5 if seen.name in {each.name for each in teachers} else 1
        probability = _held_out_denial(teachers, seen, folds)
        if seen.has_claims:
            innocent = probability[seen.covered]
        else:
            innocent = seen.answer_denials(probability)[seen.grades >= 1.0]
        if len(innocent):
            highest = max(highest, float(np.quantile(innocent, 1.0 - FALSE_ALARMS)))
    return round(min(0.99, float(np.floor(highest * 100.0)) / 100.0 + 0.01), 2)


def _held_out_denial(teachers: Sequence[Observations], seen: Observations, folds: int) -> Floats:
    """Probabilities of denial (n,) of the claims of a set, by models that saw none of their groups.

    The groups are dealt into `folds`; one of a single fold is judged by the other sets. 0 where there is no denial to
    learn from.
    """
    _, group = np.unique(seen.groups, return_inverse=True)
    fold = (group % folds)[seen.answer]
    probability = np.zeros(len(fold))
    for each in np.unique(fold):
        own = fold == each
        known = _without(teachers, seen) + ([seen.part(~own)] if not own.all() else [])
        if any(other.contradicted.any() for other in known):
            model = _fit(known, DENIAL_FEATURES, denial=True)
            probability[own] = model.probabilities(seen.features[own], seen.names)
    return probability


def chance_support(others: Sequence[LabelledSet], scorer: AnswerScorer, quantile: float = 0.95) -> float:
    """The cosine that a sentence reaches by chance: a quantile of its best cosine with claims of another group.

    `others` are sets as from `held_elsewhere`, of which those with claims count.
    """
    requests = [row.request() for other in others if other.has_claims for row in other.rows]
    if not requests:
        raise InputError("no set has claims of two groups; give one that has, to measure chance on")
    gatherer = replace(scorer.gatherer, entailment=None)
    gathered = gatherer.gather(scorer.tasks(requests))
    best = np.concatenate([each.cosines.max(axis=0) for row in gathered for each in row])
    return round(float(np.quantile(best, quantile)), 4)


def held_elsewhere(labelled: LabelledSet) -> LabelledSet | None:
    """Answers of a set beside the claims or references of another group, of which they cover nothing.

    Each is held against the row half the set away, where that belongs to another group; about 500 answers, evenly
    spaced. None where no row has one.
    """
    rows = []
    for i in range(0, len(labelled.rows), max(1, len(labelled.rows) // 500)):
        own, other = labelled.rows[i], labelled.rows[(i + len(labelled.rows) // 2) % len(labelled.rows)]
        if other.group != own.group:
            nothing = ("missing",) * len(other.verdicts)
            rows.append(replace(other, answer=own.answer, verdicts=nothing, grade=0.0, label="incorrect"))
    return replace(labelled, rows=tuple(rows)) if rows else None


def leave_one_set_out(sets: Sets, origin: Calibration) -> Table:
    """Figures of every signal and of the calibration fitted without the set: {set: {signal: figures}}.

    "second look" is the coverage before a likely denial is taken from it, "both" after that, with the threshold of
    `origin`.
    """
    table = {}
    for seen in sets.all():
        rows = {name: figures(seen, seen.column(name)) for name in FEATURES}
        looks = {"first look": FIRST_FEATURES, "second look": SECOND_FEATURES}
        found = {look: _held_out(sets, seen, names) for look, names in looks.items()}
        teachers = _without((*sets.fitted, *sets.denials), seen)
        if any(other.contradicted.any() for other in teachers):
            denial = _fit(teachers, DENIAL_FEATURES, denial=True).probabilities(seen.features, seen.names)
            found["both"] = origin.undenied(found["second look"], denial, seen.quoted)
            auc = denial_auc(seen, denial)
            rows |= {"denial": {"auc": auc}} if auc is not None else {}
        for look, values in found.items():
            rows[look] = figures(seen, values)
            if seen.has_claims:
                rows[look]["ece"] = calibration_error(values, seen.covered)
        table[seen.name] = rows
    return table


def as_markdown(table: Table) -> str:
    """The figures as a Markdown table: a row a set, a column a signal."""
    signals = list(dict.fromkeys(signal for rows in table.values() for signal in rows))
    lines = [f"| set | {' | '.join(name.replace('_', ' ') for name in signals)} |", "| --- " * (len(signals) + 1) + "|"]
    for name, rows in table.items():
        cells = [", ".join(f"{key} {value:.3f}" for key, value in rows.get(signal, {}).items()) for signal in signals]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)
