"""The score without a sentence is the score of an answer that never had it."""

from __future__ import annotations

from typing import Any

import pytest

from scorer import AnswerScorer
from scorer.text import sentences
from tests.conftest import ROOT

DENIAL = "Open models never accelerate innovation, because nobody gets access to them."


@pytest.fixture(scope="module")
def leaving_out() -> AnswerScorer:
    return AnswerScorer(leave_out=True)


def text(name: str) -> str:
    return (ROOT / f"seeds/answers/{name}.txt").read_text(encoding="utf-8")


ANSWERS: list[tuple[str, str, dict[str, Any]]] = [
    ("half an answer", text("q7x2--partial"), {"question": "q7x2"}),
    ("a denial", f"{text('q7x2--partial')} {DENIAL}", {"question": "q7x2"}),
    ("repetition", "Costs fall. Costs fall. Rules prevent misuse.", {"claims": ["Costs fall.", "Rules help."]}),
    ("two sentences", "Costs fall. Rules prevent misuse.", {"claims": ["Costs fall.", "Rules prevent misuse."]}),
    ("alternatives", "Costs fall. Rules prevent misuse.", {"references": ["Costs fall.", "Rules prevent misuse."]}),
    ("quoted and denied", "Costs fall. It is false that costs fall.", {"claims": ["Costs fall."]}),
]


@pytest.mark.parametrize(("answer", "against"), [case[1:] for case in ANSWERS], ids=[case[0] for case in ANSWERS])
@pytest.mark.parametrize("contradiction", [True, False])
def test_as_if_it_had_never_been_said(
    scorer: AnswerScorer, leaving_out: AnswerScorer, answer: str, against: dict[str, Any], contradiction: bool
) -> None:
    chosen = (
        (scorer, leaving_out)
        if contradiction
        else tuple(AnswerScorer(contradiction=False, leave_out=leave_out) for leave_out in (False, True))
    )
    pieces = [span.text for span in sentences(answer)]
    without = ["\n\n".join(pieces[:i] + pieces[i + 1 :]) for i in range(len(pieces))]
    expected = [report.score for report in chosen[0].score_many([{"answer": each, **against} for each in without])]
    report = chosen[1].score(answer, **against)
    assert report.score_without == tuple(expected)
    assert report.score == chosen[0].score(answer, **against).score


def test_a_denial_costs(leaving_out: AnswerScorer) -> None:
    """It is named with what it costs, and what is denied gains most from being made."""
    claims = ["The drug reduces pain.", "The drug is cheap."]
    report = leaving_out.score("The drug does not reduce pain. The drug is cheap.", claims=claims)
    kept = leaving_out.score("The drug reduces pain. The drug does not reduce pain.", claims=claims)
    assert [claim.text for claim in report.contradicted] == claims[:1]
    assert report.helpful[0].text == claims[0]
    assert [span.text for span, _ in kept.harmful] == ["The drug does not reduce pain."]


def test_nothing_is_left_out_unasked(scorer: AnswerScorer, partial: str) -> None:
    report = scorer.score(partial, question="q7x2")
    assert report.score_without is None
    assert report.harmful == ()
    assert {sentence["score_without"] for sentence in report.to_dict()["sentences"]} == {None}


@pytest.mark.parametrize("answer", ["", "Costs fall.", "!?"])
def test_nothing_is_left(leaving_out: AnswerScorer, answer: str) -> None:
    report = leaving_out.score(answer, claims=["Costs fall."])
    assert report.score_without == (0.0,) * len(report.sentences)
    assert len(report.to_dict()["sentences"]) == len(report.sentences)


def test_the_gain_is_what_a_quotation_adds(scorer: AnswerScorer) -> None:
    """With claims that have no word in common, the score with one of them quoted is the score with its gain."""
    claims = ["Bananas are yellow.", "Lawyers drafted a treaty in Geneva."]
    before = scorer.score("The orchestra played.", claims=claims)
    for i, claim in enumerate(claims):
        after = scorer.score(f"The orchestra played.\n\n{claim}", claims=claims)
        assert after.score == pytest.approx(before.score + before.claims[i].gain, abs=0.05)
        assert before.claims[i].gain > 0.2
