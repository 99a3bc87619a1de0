from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorer.bank import QuestionBank
from scorer.claims import claims_of, given_claims, split_reference
from scorer.errors import InputError
from scorer.kept import KeptPoints
from scorer.lexicon import Rarity
from scorer.records import Claim, Question

QUESTION = "What are the benefits of open models?"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> KeptPoints:
    return KeptPoints(tmp_path_factory.mktemp("points"))


def test_the_first_question(reference: str, rarity: Rarity, kept: KeptPoints) -> None:
    split = split_reference(reference, QuestionBank().get("q7x2").text, rarity, kept.of)
    found = [claim.text for claim in split.claims]
    framing = ("As we d", "My expe", "On one ", "However", "To navi", "In sum,", "By fost", "As we c")
    assert not [text for text in found if text.startswith(framing)]
    assert sorted(dropped.span.text[:7] for dropped in split.dropped) == sorted(framing)
    assert "A risk of misuse includes the creation of deepfakes." in found
    assert sum(text.startswith("Responsible open-sourcing includes") for text in found) == 3
    assert sum(claim.weight for claim in split.claims) == pytest.approx(1.0)
    for claim in split.claims:
        (span,) = claim.spans
        assert reference[span.start : span.end] == span.text


@pytest.mark.parametrize(
    ("reference", "claims"),
    [
        ("Costs fall. Scrutiny rises.", ["Costs fall.", "Scrutiny rises."]),
        ("Let's explore this. Costs fall.", ["Costs fall."]),
        ("I will discuss two points: cost and risk. Costs fall.", ["Costs fall."]),
        ("That is a great question. Costs fall.", ["Costs fall."]),
        ("There are many benefits. Costs fall.", ["Costs fall."]),
        ("Open models have many benefits. Costs fall.", ["Costs fall."]),
        ("Costs fall quickly. In sum, costs fall quickly.", ["Costs fall quickly."]),
        ("Costs fall. In sum, firms must license labs.", ["Costs fall.", "In sum, firms must license labs."]),
        ("My experience as a pilot matters.", ["My experience as a pilot matters."]),
        ("Thank you for asking. Let us begin with cost.", ["Let us begin with cost."]),
        ("Moreover, costs fall.", ["Costs fall."]),
        ("- cheap\n- fast", ["cheap", "fast"]),
        ("The risks are:\n- misuse\n- high cost", ["The risks are misuse", "The risks are high cost"]),
        ("Three risks:\n1. misuse\n2. It costs a lot.", ["Three risks: misuse", "It costs a lot."]),
        ("???", ["???"]),
        (" 😀 ", ["😀"]),
    ],
)
def test_split(reference: str, claims: list[str], rarity: Rarity, kept: KeptPoints) -> None:
    assert [claim.text for claim in split_reference(reference, QUESTION, rarity, kept.of).claims] == claims


@pytest.mark.parametrize(
    ("reference", "spans"),
    [
        ("Deepfakes are a risk. Costs fall. Deepfakes are a risk!", [2, 1]),
        ("Deepfakes are a risk. Deepfakes are not a risk.", [1, 1]),
        ("Long strings swing less. Short strings swing more.", [1, 1]),
        ("It takes 3 scoops of salt. It takes 4 scoops of salt.", [1, 1]),
    ],
)
def test_near_duplicates_are_one_claim_with_all_spans(
    reference: str, spans: list[int], rarity: Rarity, kept: KeptPoints
) -> None:
    split = split_reference(reference, QUESTION, rarity, kept.of)
    assert [len(claim.spans) for claim in split.claims] == spans


def test_claims_that_say_more_weigh_more(rarity: Rarity, kept: KeptPoints) -> None:
    reference = "Anybody can verify the cryptographic provenance of their weights. Sceptics disagree."
    longer, asked = split_reference(
        reference, "Are open models good, or are closed models better?", rarity, kept.of
    ).claims
    assert longer.weight > 0.6
    assert asked.weight > 0


@settings(max_examples=40)
@given(st.text(min_size=1, max_size=200).filter(str.strip))
def test_a_reference_that_is_not_blank_keeps_a_claim(rarity: Rarity, kept: KeptPoints, reference: str) -> None:
    split = split_reference(reference, QUESTION, rarity, kept.of)
    assert split.claims
    assert sum(claim.weight for claim in split.claims) == pytest.approx(1.0)
    assert all(reference[s.start : s.end] == s.text for claim in split.claims for s in claim.spans)


@pytest.mark.parametrize("reference", ["", " \n "])
def test_a_blank_reference_is_an_error(reference: str, rarity: Rarity, kept: KeptPoints) -> None:
    with pytest.raises(InputError, match="the reference answer is blank"):
        split_reference(reference, QUESTION, rarity, kept.of)


def test_authored_claims_come_first_and_references_are_alternatives(rarity: Rarity, kept: KeptPoints) -> None:
    question = Question("x", QUESTION, ("Costs fall.", "Scrutiny rises. Speed grows."))
    assert [len(split.claims) for split in claims_of(question, rarity, kept.of)] == [1, 2]
    authored = (Claim("Mine.", 1.0),)
    assert [split.claims for split in claims_of(replace(question, claims=authored), rarity, kept.of)] == [authored]


def test_given_claims_are_used_as_they_are() -> None:
    split = given_claims(("In sum, A.", "  ", "B"))
    assert [(claim.text, claim.weight) for claim in split.claims] == [("In sum, A.", 0.5), ("B", 0.5)]
    with pytest.raises(InputError, match="there are no claims"):
        given_claims(("", " "))
