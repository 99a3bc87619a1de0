"""Relations between an answer and its changed versions."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from scorer.bank import QuestionBank
from scorer.calibration import Calibration
from scorer.cli import main
from scorer.errors import InputError
from scorer.files import bundled
from scorer.pipeline import AnswerScorer
from scorer.selftest import RELATIONS, Outcome, Subject, selftest, subjects, table

QUESTION = """\
Instruction: Why do bridges have expansion joints?

Context: Engineering.

A bridge grows longer on hot days, because steel expands when it is heated. Expansion joints leave room of 5 centimetres
for that growth. Without them the deck would push against its supports and buckle.

easy
medium
medium
"""
STRONG = """\
Metal takes up more space when the temperature goes up, so a structure is longer in summer than in winter.
The gaps in the road are there to give it that space. If there were none, the road would press on its supports and bend.
"""


@pytest.fixture
def bank(tmp_path: Path) -> QuestionBank:
    (tmp_path / "joints.txt").write_text(QUESTION, encoding="utf-8")
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers/joints--strong.txt").write_text(STRONG, encoding="utf-8")
    return QuestionBank(tmp_path)


def test_subjects(bank: QuestionBank, scorer: AnswerScorer) -> None:
    (subject,) = subjects(bank, bank.ids(), scorer.gatherer.rarity)
    assert list(subject.answers) == ["reference", "strong"]
    assert subject.answers["strong"] == STRONG
    assert list(subject.others) == ["background"]
    with pytest.raises(InputError, match="no question 'other'"):
        subjects(bank, ["other"], scorer.gatherer.rarity)


def test_the_rest_of_the_bank_answers_something_else(bank: QuestionBank, scorer: AnswerScorer) -> None:
    (bank.path / "more.txt").write_text(QUESTION, encoding="utf-8")
    (subject,) = subjects(bank, ["joints"], scorer.gatherer.rarity)
    assert list(subject.others) == ["background", "more"]


def test_an_empty_bank_is_not_passed(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["selftest", "--bank", str(tmp_path)])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no question of" in result.stderr


def probes(subject: Subject, relation: str) -> int:
    claims = ["Expansion joints leave room of 5 centimetres for that growth.", "The deck would buckle."]
    (found,) = (each for each in RELATIONS if each.name == relation)
    return len(list(found.probes(subject, claims)))


@pytest.mark.parametrize(
    ("relation", "cases"),
    [("reference", 1), ("blank", 2), ("repeated", 2), ("denied score", 4), ("numbers", 1), ("paraphrase", 2)],
)
def test_every_relation_has_cases(bank: QuestionBank, scorer: AnswerScorer, relation: str, cases: int) -> None:
    (subject,) = subjects(bank, bank.ids(), scorer.gatherer.rarity)
    assert probes(subject, relation) == cases
    assert all(probes(subject, each.name) for each in RELATIONS)


def test_a_scorer_that_gives_marks_for_nothing_fails(bank: QuestionBank, scorer: AnswerScorer, tmp_path: Path) -> None:
    honest = Calibration.load(bundled("models") / "calibration.json")
    model = replace(honest.first.model, intercept=honest.first.model.intercept + 9.0)
    file = tmp_path / "generous.json"
    replace(honest, first=replace(honest.first, model=model)).save(file)
    generous = AnswerScorer(calibration=file, contradiction=False)
    chosen = subjects(bank, bank.ids(), scorer.gatherer.rarity)
    failed = {each.relation for each in selftest(generous, chosen, lambda _: None) if not each.holds}
    assert failed >= {"other question", "question echoed", "denied score", "denied flags"}
    assert not failed & {"blank", "repeated", "line ends"}


@pytest.mark.parametrize(
    ("worst", "cases", "failed", "holds", "line"),
    [
        (0.02, 3, 0, True, "pass"),
        (0.0201, 3, 1, False, "FAIL  nothing changes; worst: q1 half"),
        (None, 0, 0, True, "pass"),
    ],
)
def test_table(worst: float | None, cases: int, failed: int, holds: bool, line: str) -> None:
    outcome = Outcome("repeated", "nothing changes", 0.02, cases, failed, worst, "q1 half" if cases else "")
    assert outcome.holds is holds
    assert table([outcome]).splitlines()[1].endswith(line)
    assert table([outcome]).splitlines()[-1] == f"1 relations, {int(not holds)} broken; {cases} cases, {failed} failed"


def test_command(bank: QuestionBank) -> None:
    result = CliRunner().invoke(main, ["selftest", "--bank", str(bank.path), "--format", "json"])
    outcomes = json.loads(result.stdout)
    assert [each["relation"] for each in outcomes] == [relation.name for relation in RELATIONS]
    assert result.exit_code == (0 if all(each["holds"] for each in outcomes) else 1)
    assert result.stderr == "joints\n"


def test_command_with_an_unknown_question(bank: QuestionBank) -> None:
    result = CliRunner().invoke(main, ["selftest", "--bank", str(bank.path), "--question", "nope"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no question 'nope'" in result.stderr
