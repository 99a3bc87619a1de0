"""The pairs and answers of claims that were said, denied and touched by hand."""

from __future__ import annotations

import importlib
import random
from pathlib import Path
from typing import Any

import pytest

restated = importlib.import_module("restated")
MODELS = Path(__file__).resolve().parents[1] / "models"
LEARNT = ("restatements", "close", "spoken")
VERDICTS = {"said": "covered", "denied": "contradicted", "near": "missing"}


def read(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = restated.read_questions(MODELS / f"{name}.jsonl")
    return found


@pytest.fixture(scope="module")
def questions() -> list[dict[str, Any]]:
    return read("spoken-unseen")[:2]


@pytest.mark.parametrize(
    ("name", "said", "denied", "near"), [("restatements", 2, 3, 1), ("close", 5, 3, 1), ("spoken", 3, 3, 3)]
)
@pytest.mark.parametrize("part", ["", "-unseen"])
def test_every_claim_is_said_denied_and_touched(name: str, part: str, said: int, denied: int, near: int) -> None:
    for question in read(name + part):
        for item in question["items"]:
            assert [len(item[kind]) for kind in VERDICTS] == [said, denied, near]
            assert item["claim"] not in item["said"] + item["denied"] + item["near"]


def test_no_question_and_no_claim_is_both_learnt_and_measured() -> None:
    learnt, measured = ([q for name in LEARNT for q in read(name + part)] for part in ("", "-unseen"))
    assert not {q["question"] for q in learnt} & {q["question"] for q in measured}
    assert not {i["claim"] for q in learnt for i in q["items"]} & {i["claim"] for q in measured for i in q["items"]}


def test_pairs_keep_their_verdict(questions: list[dict[str, Any]]) -> None:
    found = list(restated.pairs(questions, random.Random(1)))  # noqa: S311
    alone = {(claim, text): verdict for claim, text, verdict in found}
    for item in (item for question in questions for item in question["items"]):
        for kind, verdict in VERDICTS.items():
            for text in item[kind]:
                said = {alone.get((item["claim"], form)) for form in (text, restated.untidy(text))} - {None}
                assert said == {verdict}


def test_a_claim_has_pairs_alone_in_company_and_filled(questions: list[dict[str, Any]]) -> None:
    """Nine sentences, two on other claims, its words jotted down, one of each verdict in company, two with fillers."""
    found = list(restated.pairs(questions, random.Random(1)))  # noqa: S311
    for item in (item for question in questions for item in question["items"]):
        own = [verdict for claim, _, verdict in found if claim == item["claim"]]
        assert [own.count(verdict) for verdict in VERDICTS.values()] == [3 + 1 + 1 + 1, 3 + 1 + 1, 3 + 2 + 1]


def test_fillers_leave_every_word_in_its_order() -> None:
    text = "The old virus attacks healthy cells and the body answers with fever."
    for seed in range(5):
        (found,) = restated.filled([text], random.Random(seed))  # noqa: S311
        words = iter(found.split())
        assert all(word in words for word in text.split())


def test_answers_say_what_their_verdicts_say(questions: list[dict[str, Any]]) -> None:
    rows = list(restated.answers(questions, random.Random(1)))  # noqa: S311
    assert len(rows) == 5 * len(questions)
    for row in rows:
        assert len(row["claims"]) == len(row["verdicts"])
        expected = {"strong": {"covered"}, "denied": {"contradicted"}, "off": {"missing"}}.get(row["id"].split("/")[1])
        assert expected in (None, set(row["verdicts"]))
