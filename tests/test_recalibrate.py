from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from safetensors.numpy import load_file, save_file

from scorer import AnswerScorer
from scorer.cli import main
from scorer.encoder import DEFAULT_MODEL
from scorer.entailment import Entailment
from scorer.errors import InputError
from scorer.files import bundled
from scorer.labelled import LabelledAnswer, LabelledSet
from scorer.recalibrate import held_elsewhere, recalibrate

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


def denials(name: str) -> LabelledSet:
    """Each fact denied, or left alone."""
    rows = []
    for topic, facts in FACTS.items():
        for i, fact in enumerate(facts):
            said = f"It is not true that {fact.lower()}" if i % 2 else fact.replace(".", " indeed.")
            verdict = "contradicted" if i % 2 else "covered"
            rows.append(LabelledAnswer(f"{topic}{i}", topic, "", said, (fact,), (verdict,)))
    return LabelledSet(name, {f"{name}.jsonl": "2" * 64}, tuple(rows))


def test_answers_held_elsewhere_cover_nothing_of_another_group() -> None:
    (labelled, _) = claim_sets()
    found = held_elsewhere(labelled)
    assert found is not None
    assert found.name == labelled.name
    for row, own in zip(found.rows, labelled.rows, strict=True):
        assert row.answer == own.answer
        assert row.group != own.group
        assert row.claims == tuple(FACTS[row.group])
        assert set(row.verdicts) == {"missing"}


def test_graded_answers_held_elsewhere_earn_nothing() -> None:
    rows = tuple(LabelledAnswer(g, g, "", g, references=(f"All about {g}.",), grade=1.0, label="correct") for g in "ab")
    found = held_elsewhere(LabelledSet("graded", {}, rows))
    assert found is not None
    assert [(row.answer, row.references[0], row.grade) for row in found.rows] == [
        ("a", "All about b.", 0.0),
        ("b", "All about a.", 0.0),
    ]


def test_a_set_of_one_group_is_held_against_nothing() -> None:
    (labelled, _) = claim_sets()
    alone = LabelledSet("alone", {}, tuple(row for row in labelled.rows if row.group == "cats"))
    assert held_elsewhere(alone) is None


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
    sets = {"fitted": claim_sets(), "denials": [denials("denied"), denials("refused")], "measured": [graded]}
    found, table = recalibrate(sets, scorer, {}, progress.append)
    assert progress == [
        "one: 12 answers",
        "two: 12 answers",
        "denied: 12 answers",
        "refused: 12 answers",
        "graded: 3 answers",
        "held against other questions: 24 answers",
    ]
    assert (found.model, found.entailment) == (scorer.gatherer.encoder.signature, scorer.gatherer.second)
    for look in (found.first, found.second):
        assert look.model.coefficients[0] > 0
        assert 0 < look.missing <= look.covered < 1
    assert 0 < found.contradicted < 1
    assert set(found.provenance["fitted_on"]) == {"one.jsonl", "two.jsonl"}
    metrics = found.provenance["metrics"]
    assert metrics["one"]["second look"]["auc"] > 0.95
    assert metrics["graded"]["second look"]["r"] > 0.8
    assert set(found.provenance["denial_fitted_on"]) == {*("one.jsonl", "two.jsonl", "denied.jsonl", "refused.jsonl")}
    assert metrics["refused"]["denial"]["auc"] > 0.9
    assert "| one | auc" in table


def test_too_little_to_fit_on(scorer: AnswerScorer) -> None:
    with pytest.raises(InputError, match="1 labelled sets to fit on; give at least two"):
        recalibrate({"fitted": claim_sets()[:1]}, scorer, {}, print)


def test_a_set_that_alone_has_denials(scorer: AnswerScorer) -> None:
    one, two = claim_sets()
    rows = tuple(replace(row, verdicts=("contradicted", *row.verdicts[1:])) for row in one.rows)
    found, _ = recalibrate({"fitted": [replace(one, rows=rows), two]}, scorer, {}, print)
    assert 0.5 <= found.contradicted < 1


def test_without_denials_the_model_of_denials_is_kept(scorer: AnswerScorer) -> None:
    found, _ = recalibrate({"fitted": claim_sets()}, scorer, {}, print)
    assert (found.denial, found.contradicted) == (scorer.calibration.denial, scorer.calibration.contradicted)


def test_sets_that_the_second_look_was_trained_on(scorer: AnswerScorer, tmp_path: Path) -> None:
    """They are read by another one; what it finds, and which it was, shows in the calibration."""
    folder = bundled("models") / DEFAULT_MODEL
    learnt = load_file(folder / "entailment.safetensors")
    blunted = {name: array * np.float16(0.5) if name.endswith("lora_B") else array for name, array in learnt.items()}
    save_file(blunted, tmp_path / "other.safetensors")
    other = Entailment(folder, tmp_path / "other.safetensors")
    sets = {"fitted": claim_sets()}
    found, _ = recalibrate(sets, scorer, {"one": other}, print)
    same, _ = recalibrate(sets, scorer, {}, print)
    assert found.provenance["read_with"] == {"one": other.signature}
    assert found.second.model != same.second.model
    assert found.first == same.first
    with pytest.raises(InputError, match="no set 'three'"):
        recalibrate(sets, scorer, {"three": other}, print)


def test_unseen_needs_names_and_a_file() -> None:
    result = CliRunner().invoke(main, ["calibrate", "a.jsonl", "-o", "x.json", "--unseen", "argkp"])
    assert result.exit_code == 2
    assert "'argkp' is not of the form SETS=FILE" in result.stderr
