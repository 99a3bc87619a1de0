from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from scorer import AnswerScorer, Question
from scorer.errors import InputError, ScorerError
from scorer.records import Claim
from scorer.text import sentences

FILLER = "Bananas are yellow. The train to Vienna leaves at noon."


def coverage(scorer: AnswerScorer, answer: str) -> list[float]:
    return [claim.coverage for claim in scorer.score(answer, question="q7x2").claims]


def test_the_samples_are_ranked(scorer: AnswerScorer, strong: str, partial: str, off_topic: str) -> None:
    best, half, none = (scorer.score(each, question="q7x2") for each in (strong, partial, off_topic))
    assert best.score > half.score + 0.1 > none.score + 0.2
    assert len(none.missing) == len(none.claims)
    assert none.unsupported == none.sentences
    assert [span.text for span in best.unsupported] == ["So I would look for a balance."]


def test_a_report_is_whole(scorer: AnswerScorer, partial: str) -> None:
    report = scorer.score(partial, question="q7x2", source="a.txt")
    assert report.score == pytest.approx(sum(c.weight * c.credit for c in report.claims), abs=1e-4)
    assert report.interval[0] <= report.score <= report.interval[1]
    assert sum(claim.weight for claim in report.claims) == pytest.approx(1.0, abs=1e-4)
    assert report.matrix.shape == (len(report.claims), len(report.sentences))
    assert report.matrix.dtype == np.float32
    assert [claim.gain for claim in report.missing] == sorted((c.gain for c in report.missing), reverse=True)
    assert report.contradicted == ()
    for claim in report.claims:
        assert (claim.evidence is None) == (claim.verdict == "missing")
        if claim.evidence is not None:
            assert partial[claim.evidence.start : claim.evidence.end] == claim.evidence.text
            assert claim.evidence in report.sentences
        assert claim.contradiction is not None
        assert 0.0 <= claim.contradiction <= 1.0
    keys = [part.split(":", 1)[0] for part in report.signature.split("|")]
    assert keys == ["scorer", "model", "entailment", "calibration", "claims", "question"]


def test_without_the_second_look(partial: str) -> None:
    report = AnswerScorer(contradiction=False).score(partial, question="q7x2")
    assert {claim.contradiction for claim in report.claims} == {None}
    assert "|entailment:none|" in report.signature
    assert report.flags == ()
    assert AnswerScorer(contradiction=False).score("", question="q7x2").claims[0].contradiction is None


DENIALS = [
    ("Vaccines cause autism in children.", "It is a myth that vaccines cause autism in children."),
    ("The drug reduces pain.", "The drug does not reduce pain."),
    ("Water boils at 100 degrees.", "Water never boils at 100 degrees."),
]


@pytest.mark.parametrize(("claim", "denial"), DENIALS)
def test_a_denial_is_told_from_a_paraphrase(scorer: AnswerScorer, claim: str, denial: str) -> None:
    (verdict,) = scorer.score(denial, claims=[claim]).claims
    assert verdict.verdict == "contradicted"
    assert verdict.credit == 0.0
    assert verdict.reason == f"sentence 1 says the opposite: ‘{denial}’"
    (both,) = scorer.score(f"{claim} {denial}", claims=[claim]).claims
    assert both.verdict == "contradicted"
    assert both.reason == f"sentence 2 says the opposite: ‘{denial}’; sentence 1 says it: ‘{claim}’"
    (agreed,) = scorer.score(claim, claims=[claim]).claims
    assert agreed.verdict == "covered"
    assert agreed.reason == f"matched ‘{claim}’ (sentence 1)"


def test_the_reference_itself(scorer: AnswerScorer, reference: str) -> None:
    report = scorer.score(reference, question="q7x2")
    assert report.score >= 0.95
    assert {claim.verdict for claim in report.claims} == {"covered"}


@pytest.mark.parametrize(
    ("claim", "restated"),
    [
        ("Smallpox was declared eradicated in 1980.", "In 1980, smallpox was declared eradicated."),
        ("There is a risk of misuse.", "There is a risk of misuse, of course."),
        ("New oceanic crust forms at mid-ocean ridges.", "At mid-ocean ridges, new oceanic crust forms."),
    ],
)
def test_almost_the_same_words_are_no_denial(scorer: AnswerScorer, claim: str, restated: str) -> None:
    (verdict,) = scorer.score(restated, claims=[claim]).claims
    assert verdict.verdict == "covered"


@pytest.mark.parametrize("reference", ["Paris.", "???", "In sum, it works.", "😀", "x" * 3000, "- a\n- b", "3.5"])
def test_any_reference_as_its_own_answer(scorer: AnswerScorer, reference: str) -> None:
    assert scorer.score(reference, references=[reference]).score >= 0.95


@pytest.mark.parametrize("answer", ["", " \n\t", "\ufeff \r\n"])
def test_a_blank_answer(scorer: AnswerScorer, answer: str) -> None:
    report = scorer.score(answer.replace("\ufeff", ""), question="q7x2")
    assert (report.score, report.interval, report.unsupported) == (0.0, (0.0, 0.0), ())
    assert {claim.verdict for claim in report.claims} == {"missing"}
    assert report.matrix.shape == (len(report.claims), 0)


def test_repeating_and_reordering_change_nothing(scorer: AnswerScorer, strong: str) -> None:
    pieces = [span.text for span in sentences(strong)]
    shuffled = random.Random(0).sample(pieces, len(pieces))  # noqa: S311  no secret
    base = coverage(scorer, "\n\n".join(pieces))
    assert coverage(scorer, "\n\n".join(shuffled)) == base
    assert coverage(scorer, "\n\n".join(pieces + shuffled)) == base


def test_more_text_never_takes_coverage_away(scorer: AnswerScorer, strong: str) -> None:
    base, more = coverage(scorer, strong), coverage(scorer, f"{strong}\n\n{FILLER}")
    assert all(b >= a for a, b in zip(base, more, strict=True))
    report = scorer.score(f"{strong}\n\n{FILLER}", question="q7x2")
    assert [span.text for span in report.unsupported][-2:] == [span.text for span in sentences(FILLER)]


EDGE_CASES = [
    ("another script", "开源模型加速创新，但也带来滥用的风险。"),
    ("right to left", "النماذج المفتوحة تسرع الابتكار."),
    ("emoji only", "😀😀😀 🎉"),
    ("NUL", "Open models\0 help.\0"),
    ("zero width", "Open\u200b models\u200d help.\ufeff"),
    ("control characters", "Open \x1b[31mmodels\x07 help."),
    ("punctuation only", "?!… ---"),
    ("one character", "a"),
    ("one long word", "a" * 50_000),
    ("one long sentence", "open models help people " * 2_000),
    ("many sentences", "Models help. " * 3_000),
    ("HTML", "<p>Open <b>models</b> help.</p><script>alert(1)</script>"),
    ("CRLF", "Open models help.\r\n\r\nThey cost money.\r\n"),
]


@pytest.mark.parametrize("answer", [pytest.param(text, id=name) for name, text in EDGE_CASES])
def test_edge_cases_give_a_report(scorer: AnswerScorer, answer: str) -> None:
    report = scorer.score(answer, question="q7x2")
    assert 0.0 <= report.score <= 0.35
    assert all(answer[span.start : span.end] == span.text for span in report.sentences)
    assert not np.isnan(report.matrix).any()


BAD_REQUESTS: list[tuple[dict[str, Any], str]] = [
    ({"answer": "a"}, "nothing given to score against; give one of question, references, claims"),
    ({"answer": "a", "question": "q7x2", "claims": ["b"]}, "question and claims given"),
    ({"answer": None, "question": "q7x2"}, "the answer is NoneType, not text"),
    ({"answer": "a", "question": "nope"}, "no question 'nope'"),
    ({"answer": "a", "references": []}, "references is empty"),
    ({"answer": "a", "references": "text"}, r"references must be a list of texts; write references=\["),
    ({"answer": "a", "references": ["b", " "]}, "the reference answer is blank"),
    ({"answer": "a", "claims": [" "]}, "there are no claims"),
    ({"answer": "a", "claims": [1]}, "claims must be a list of texts"),
    ({"answer": "a", "question": Question(id="x", text="?")}, "question 'x' has no reference and no claims"),
    ({"answer": "a", "question": "q7x2", "referenc": 1}, "unknown key 'referenc'; known: answer, claims"),
    ({"answer": "x" * 1_000_001, "question": "q7x2"}, "1,000,001 characters, the limit is 1,000,000; shorten"),
    ({"answer": "\ud800", "question": "q7x2"}, "not valid text at character 0"),
]


@pytest.mark.parametrize(("request_", "message"), BAD_REQUESTS)
def test_bad_requests(scorer: AnswerScorer, request_: dict[str, Any], message: str) -> None:
    good = {"answer": "a", "question": "q7x2"}
    with pytest.raises(InputError, match=f"^request 1: .*{message}"):
        scorer.score_many([good, request_])
    first, second = scorer.score_many([request_, good], errors="return")
    assert isinstance(first, ScorerError)
    assert not isinstance(second, ScorerError)


def test_how_errors_are_handled_must_be_known(scorer: AnswerScorer) -> None:
    with pytest.raises(InputError, match="errors='ignore' is unknown"):
        scorer.score_many([], errors="ignore")  # type: ignore[call-overload]


def test_many_answers_are_the_same_as_one_by_one(scorer: AnswerScorer, strong: str, partial: str) -> None:
    long = " ".join([strong] * 50)  # longer than what is encoded together
    requests: list[dict[str, Any]] = [
        {"answer": strong, "question": "q7x2"},
        {"answer": "", "question": "q7x2"},
        {"answer": long, "question": "q7x2"},
        {"answer": partial, "references": [strong, partial], "question_text": "Why?", "source": "p"},
        {"answer": partial, "claims": ["Deepfakes are a risk.", "Costs are high."]},
    ]
    together = [report.to_dict() for report in scorer.score_many(requests)]
    backwards = [report.to_dict() for report in scorer.score_many(requests[::-1])][::-1]
    alone = [scorer.score(**request).to_dict() for request in requests]
    assert together == backwards == alone
    assert scorer.score_many([]) == []


def test_the_best_covered_alternative_counts(scorer: AnswerScorer, partial: str) -> None:
    report = scorer.score(partial, references=["Bananas are yellow.", partial, "Trains are late."])
    assert report.reference == 1
    assert "scored against reference 2 of 3, the best covered" in report.flags
    assert report.score >= 0.95


def test_claims_are_used_as_given(scorer: AnswerScorer) -> None:
    report = scorer.score(
        "Deepfakes are a risk.", claims=["In sum, deepfakes are a risk.", "My experience as a judge."]
    )
    assert [claim.text for claim in report.claims] == ["In sum, deepfakes are a risk.", "My experience as a judge."]
    assert [claim.weight for claim in report.claims] == [0.5, 0.5]
    assert "claims:given" in report.signature


def test_authored_claims_and_weights_win(scorer: AnswerScorer) -> None:
    question = Question("x", "Why?", ("Ignored.",), (Claim("Costs fall.", 0.75), Claim("Bananas are yellow.", 0.25)))
    report = scorer.score("Costs fall.", question=question)
    assert [claim.weight for claim in report.claims] == [0.75, 0.25]
    assert report.score == pytest.approx(0.75, abs=0.05)
    assert "claims:authored" in report.signature


def test_the_signature_follows_the_question(scorer: AnswerScorer) -> None:
    signatures = {
        scorer.score("a", references=[text], question_text=asked).signature
        for text, asked in (("One.", ""), ("Two.", ""), ("One.", "Why?"))
    }
    assert len(signatures) == 3


def test_restating_the_question_is_flagged(scorer: AnswerScorer) -> None:
    question = (
        "Analyze the potential benefits and challenges of making large language model weights publicly available."
    )
    assert scorer.score(question, question="q7x2").flags == ("mostly restates the question",)
    assert scorer.score("Innovation speeds up.", question="q7x2").flags == ()
