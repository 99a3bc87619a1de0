import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer.claims import given_claims, split_reference
from scorer.errors import InputError
from scorer.lexicon import Rarity

QUESTION = "What are the benefits of open models?"


def test_the_first_question_drops_what_only_frames(reference: str, rarity: Rarity) -> None:
    split = split_reference(reference, "Analyze the benefits and challenges of making models public.", rarity)
    assert {dropped.span.text.split(",")[0] for dropped in split.dropped} == {
        "As we delve into the implications of open-sourcing Large Language Models (LLMs)",
        "My experience as an AI Research Scientist",
        "In sum",
        "As we continue this conversation",
    }
    assert any(claim.text.startswith("Open-sourcing accelerates innovation") for claim in split.claims)
    for claim in split.claims:
        (span,) = claim.spans
        assert reference[span.start : span.end] == claim.text == span.text


@pytest.mark.parametrize(
    ("reference", "claims"),
    [
        ("Costs fall. Scrutiny rises.", ["Costs fall.", "Scrutiny rises."]),
        ("Let's explore this. Costs fall.", ["Costs fall."]),
        ("I will discuss two points: cost and risk. Costs fall.", ["Costs fall."]),
        ("That is a great question. Costs fall.", ["Costs fall."]),
        ("Costs fall quickly. In sum, costs fall quickly.", ["Costs fall quickly."]),
        ("Costs fall. In sum, firms must license labs.", ["Costs fall.", "In sum, firms must license labs."]),
        ("My experience as a pilot matters.", ["My experience as a pilot matters."]),
        ("Thank you for asking. Let us begin with cost.", ["Let us begin with cost."]),
        ("- cheap\n- fast", ["cheap", "fast"]),
        ("???", ["???"]),
        (" 😀 ", ["😀"]),
    ],
)
def test_split(reference: str, claims: list[str], rarity: Rarity) -> None:
    assert [claim.text for claim in split_reference(reference, QUESTION, rarity).claims] == claims


@given(st.text(min_size=1, max_size=200).filter(str.strip))
def test_a_reference_that_is_not_blank_keeps_a_claim(rarity: Rarity, reference: str) -> None:
    split = split_reference(reference, QUESTION, rarity)
    assert split.claims
    assert sum(claim.weight for claim in split.claims) == pytest.approx(1.0)
    assert all(reference[s.start : s.end] == s.text for claim in split.claims for s in claim.spans)


@pytest.mark.parametrize("reference", ["", " \n "])
def test_a_blank_reference_is_an_error(reference: str, rarity: Rarity) -> None:
    with pytest.raises(InputError, match="the reference answer is blank"):
        split_reference(reference, QUESTION, rarity)


def test_given_claims_are_used_as_they_are() -> None:
    split = given_claims(("In sum, A.", "  ", "B"))
    assert [(claim.text, claim.weight) for claim in split.claims] == [("In sum, A.", 0.5), ("B", 0.5)]
    with pytest.raises(InputError, match="there are no claims"):
        given_claims(("", " "))
