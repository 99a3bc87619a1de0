"""The pairs and answers of sentences close to a claim's words."""

from __future__ import annotations

import importlib
import json
import random
from pathlib import Path
from typing import Any

import pytest

close = importlib.import_module("close")
restated = importlib.import_module("restated")
MODELS = Path(__file__).resolve().parents[1] / "models"


@pytest.fixture(scope="module")
def items() -> list[dict[str, Any]]:
    lines = (MODELS / "close-unseen.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines[:6]]


@pytest.mark.parametrize("name", ["close.jsonl", "close-unseen.jsonl"])
def test_every_claim_is_said_halved_and_denied(name: str) -> None:
    for line in (MODELS / name).read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        assert [len(item[kind]) for kind in ("close", "part", "twisted")] == [5, 1, 3]
        assert item["claim"] not in item["close"] + item["part"] + item["twisted"]


def test_no_claim_is_both_learnt_and_measured() -> None:
    claims = [
        {json.loads(line)["claim"] for line in (MODELS / name).read_text(encoding="utf-8").splitlines()}
        for name in ("close.jsonl", "close-unseen.jsonl")
    ]
    assert not claims[0] & claims[1]


def test_pairs_keep_their_verdict(items: list[dict[str, Any]]) -> None:
    found = list(close.pairs(items, random.Random(1)))  # noqa: S311
    alone = {(claim, text): verdict for claim, text, verdict in found}
    for item in items:
        for kind, verdict in (("close", "covered"), ("part", "missing"), ("twisted", "contradicted")):
            kept = [text for text in item[kind] if (item["claim"], text) in alone]
            assert all(alone[item["claim"], text] == verdict for text in kept)
    assert {verdict for *_, verdict in found} == {"covered", "missing", "contradicted"}


def test_restatements_give_pairs_alone_and_in_company() -> None:
    """Beside its six sentences and one on another claim, a claim has its own words jotted down, and two in company."""
    lines = (MODELS / "restatements-unseen.jsonl").read_text(encoding="utf-8").splitlines()
    question = {"id": "x", **json.loads(lines[0])}
    rows = list(restated.pairs([question], random.Random(1)))  # noqa: S311
    assert len(rows) == 10 * len(question["items"])
    for item in question["items"]:
        own = [row["verdicts"][0] for row in rows if row["claims"] == [item["claim"]]]
        assert {"covered", "missing", "contradicted"} == set(own)


def test_fillers_leave_every_word_in_its_order() -> None:
    text = "The old virus attacks healthy cells and the body answers with fever."
    for seed in range(5):
        (found,) = close.filled([text], random.Random(seed))  # noqa: S311
        words = iter(found.split())
        assert all(word in words for word in text.split())


def test_answers_say_what_their_verdicts_say(items: list[dict[str, Any]]) -> None:
    for row in close.answers(items, random.Random(1)):  # noqa: S311
        assert len(row["claims"]) == len(row["verdicts"])
        if row["id"].endswith("/strong"):
            assert set(row["verdicts"]) == {"covered"}
        if row["id"].endswith("/denied"):
            assert set(row["verdicts"]) == {"contradicted"}
