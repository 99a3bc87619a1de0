from __future__ import annotations

import pytest

from scorer import AnswerScorer
from scorer.errors import InputError
from scorer.labelled import LabelledAnswer, LabelledSet
from scorer.recalibrate import recalibrate

FACTS = {
    "cats": ["Cats sleep all day.", "Cats hunt mice at night.", "Cats fear deep water.", "Cats purr when content."],
    "steel": [
        "Steel rusts in rain.",
        "Steel bends under load.",
        "Steel melts in a furnace.",
        "Steel holds up bridges.",
    ],
    "tides": ["Tides follow the moon.", "Tides rise twice a day.", "Tides move sand.", "Tides can drive turbines."],
}


def claim_sets() -> list[LabelledSet]:
    """Two sets of answers made of some of a topic's facts: what an answer contains is covered, the rest is missing."""
    sets = []
    for name, kept in (("one", 1), ("two", 2)):
        rows = []
        for topic, facts in FACTS.items():
            for start in range(len(facts)):
                said = [facts[(start + i) % len(facts)].replace(".", " indeed.") for i in range(kept)]
                verdicts = tuple("covered" if fact.replace(".", " indeed.") in said else "missing" for fact in facts)
                rows.append(LabelledAnswer(f"{topic}{start}", topic, "", " ".join(said), tuple(facts), verdicts))
        sets.append(LabelledSet(name, {f"{name}.jsonl": "0" * 64}, tuple(rows)))
    return sets


def test_fit_on_two_sets_and_measure_on_a_third(scorer: AnswerScorer) -> None:
    graded = LabelledSet(
        "graded",
        {"graded.jsonl": "1" * 64},
        tuple(
            LabelledAnswer(str(i), "cats", "", answer, references=tuple(FACTS["cats"][:2]), grade=grade)
            for i, (answer, grade) in enumerate([("Cats sleep.", 1.0), ("Trains run.", 0.0), ("Cats hunt mice.", 0.9)])
        ),
    )
    progress: list[str] = []
    found, table = recalibrate(claim_sets(), [graded], scorer, progress.append)
    assert progress == ["one: 12 answers", "two: 12 answers", "graded: 3 answers"]
    assert found.model == scorer.encoder.signature
    assert found.coefficients[0] > 0
    assert 0 < found.missing <= found.covered < 1
    assert set(found.provenance["fitted_on"]) == {"one.jsonl", "two.jsonl"}
    metrics = found.provenance["metrics"]
    assert metrics["one"]["calibration"]["auc"] > 0.95
    assert metrics["graded"]["calibration"]["r"] > 0.8
    assert "| one | auc" in table


def test_too_little_to_fit_on(scorer: AnswerScorer) -> None:
    with pytest.raises(InputError, match="1 labelled sets to fit on; give at least two"):
        recalibrate(claim_sets()[:1], [], scorer, print)
