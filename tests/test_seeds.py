"""The shipped bank: whole, and labelled against the claims that it has."""

from __future__ import annotations

from collections import Counter

import pytest

from scorer import QuestionBank
from scorer.bank import short_id
from scorer.claims import claims_of
from scorer.files import bundled, measured
from scorer.kept import KeptPoints
from scorer.labelled import read_rows
from scorer.lexicon import Rarity
from scorer.records import Question

SEEDS = bundled("seeds")
BANK = QuestionBank(SEEDS)
QUESTIONS = list(BANK)
ROWS = read_rows(SEEDS / "labels.jsonl")


def test_topics_and_levels() -> None:
    assert len(QUESTIONS) >= 24
    cells = Counter((question.topic, question.level) for question in QUESTIONS if question.topic)
    assert len({topic for topic, _ in cells}) == 9
    assert set(cells.values()) == {1}
    assert {level for _, level in cells} == {"easy", "medium", "hard"}


@pytest.mark.parametrize("question", QUESTIONS, ids=BANK.ids())
def test_a_question(question: Question) -> None:
    assert question.id in ("q7x2", short_id(question.text))
    assert 120 <= len(question.references[0].split()) <= 400
    samples = {file.stem.split("--")[1]: file for file in (SEEDS / "answers").glob(f"{question.id}--*.txt")}
    assert set(samples) >= {"strong", "partial", "wrong", "off"}
    rows = {row.id.split("/")[1]: row for row in ROWS if row.group == question.id}
    assert {name: row.answer for name, row in rows.items()} == {
        name: file.read_text(encoding="utf-8") for name, file in samples.items()
    }
    (split,) = claims_of(question, Rarity.load(measured("word_counts.json")), KeptPoints().of)
    for row in rows.values():
        assert (row.question, row.claims) == (question.text, tuple(claim.text for claim in split.claims))


def test_ids_of_texts_that_collide() -> None:
    first = short_id("Why?")
    assert short_id("Why?", {first}) != first == short_id(" Why?\n")
