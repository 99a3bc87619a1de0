"""The pairs and answers of whole answers in which every sentence is labelled."""

from __future__ import annotations

import importlib
import random
from pathlib import Path
from typing import Any

import pytest

from scorer import AnswerScorer

interviews = importlib.import_module("interviews")
restated = importlib.import_module("restated")
MODELS = Path(__file__).resolve().parents[1] / "models"
QUESTION: dict[str, Any] = {
    "id": "q",
    "question": "What do leaves do?",
    "claims": [
        "Leaves turn light into sugar.",
        "Leaves let water out through small pores.",
        "Leaves fall before winter to save water.",
    ],
    "answers": {
        "strong": [["a leaf makes sugar from light", [0], []], ["Vapour leaves by its pores.", [1], []]],
        "wrong": [["Sugar from the soil is turned into light by leaves.", [], [0]], ["They're green.", [], []]],
        "mixed": [["The pores are sealed.", [], [1]], ["Water goes out through the pores all the same.", [1], []]],
    },
}


def read(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = restated.read_questions(MODELS / f"{name}.jsonl")
    return found


@pytest.mark.parametrize("name", ["interviews", "news", "interviews-unseen"])
def test_every_sentence_is_labelled_with_claims_that_are_there(name: str) -> None:
    for question in read(name):
        assert set(question["answers"]) == {"strong", "wrong", "mixed"}
        for answer in question["answers"].values():
            for text, says, denies in answer:
                assert text.strip()
                assert set(says) | set(denies) <= set(range(len(question["claims"])))
                assert not set(says) & set(denies)


def test_experts_deny_nothing() -> None:
    assert not any(denies for q in read("interviews-unseen") for _, _, denies in q["answers"]["strong"])


def test_no_question_and_no_claim_is_both_learnt_and_measured() -> None:
    learnt, measured = read("interviews") + read("news"), read("interviews-unseen")
    assert not {q["question"] for q in learnt} & {q["question"] for q in measured}
    assert not {claim for q in learnt for claim in q["claims"]} & {claim for q in measured for claim in q["claims"]}


def test_pairs_keep_their_verdict(scorer: AnswerScorer) -> None:
    found = list(interviews.pairs([QUESTION], scorer, random.Random(1)))  # noqa: S311
    verdicts = {(QUESTION["claims"].index(claim), text.lower().rstrip(" .")): verdict for claim, text, verdict in found}
    assert verdicts[0, "a leaf makes sugar from light"] == "covered"
    assert verdicts[1, "vapour leaves by its pores"] == "covered"
    assert verdicts[0, "sugar from the soil is turned into light by leaves"] == "contradicted"
    assert verdicts[1, "the pores are sealed"] == "contradicted"
    about_winter = [verdict for claim, _, verdict in found if claim == QUESTION["claims"][2]]
    assert about_winter
    assert set(about_winter) == {"missing"}


def test_what_says_a_claim_is_not_joined_with_its_denial(scorer: AnswerScorer) -> None:
    for seed in range(20):
        found = interviews.pairs([QUESTION], scorer, random.Random(seed))  # noqa: S311
        about_pores = [text for claim, text, _ in found if claim == QUESTION["claims"][1]]
        assert not any("sealed" in text and "goes out" in text for text in about_pores)


def test_passages_have_the_verdict_of_their_sentences() -> None:
    """One of two sentences or more that deny a claim or say it; one of another question's answer says neither."""
    claims, elsewhere = ["A.", "B.", "C."], [(f"Far {i}.", {0, 1}, {2}) for i in range(9)]
    sentences = [("Says one.", {0}, set[int]()), ("Denies two.", set[int](), {1}), ("Says two.", {1}, set[int]())]
    drawn = random.Random(1)  # noqa: S311
    found = {each for _ in range(300) for each in interviews._passages(claims, sentences, elsewhere, drawn)}
    assert {each for each in found if "Far" not in each[1]} == {
        ("A.", "Says one. Denies two.", "covered"),
        ("A.", "Denies two. Says two.", "missing"),
        ("A.", "Says one. Denies two. Says two.", "covered"),
        ("B.", "Says one. Denies two.", "contradicted"),
        ("C.", "Says one. Denies two.", "missing"),
        ("C.", "Denies two. Says two.", "missing"),
        ("C.", "Says one. Denies two. Says two.", "missing"),
    }
    far = [each for each in found if "Far" in each[1]]
    assert {verdict for _, _, verdict in far} == {"missing"}
    assert {len(text.split()) // 2 for _, text, _ in far} == set(range(2, 8))


def test_answers_have_the_verdicts_of_their_sentences() -> None:
    rows = list(interviews.answers([QUESTION, {**QUESTION, "id": "other"}]))
    assert [row["id"] for row in rows[:4]] == ["q/strong", "q/wrong", "q/mixed", "q/off"]
    assert [row["verdicts"] for row in rows[:4]] == [
        ["covered", "covered", "missing"],
        ["contradicted", "missing", "missing"],
        ["missing", "contradicted", "missing"],
        ["missing", "missing", "missing"],
    ]
    assert rows[0]["answer"] == "A leaf makes sugar from light. Vapour leaves by its pores."
