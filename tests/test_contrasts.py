from __future__ import annotations

import pytest

from scorer.contrasts import negation_differs, negations, numbers_differ, numbers_in


@pytest.mark.parametrize(
    ("claim", "sentence", "differs"),
    [
        ("Costs fall.", "Costs fall a lot.", False),
        ("Costs fall.", "Costs do not fall.", True),
        ("Costs fall.", "Costs don't fall.", True),
        ("Costs fall.", "It is a myth that costs do not fall.", False),
        ("Costs fall.", "Not only do costs fall.", False),
        ("Costs never fall.", "Costs do not fall.", False),
    ],
)
def test_negation_differs(claim: str, sentence: str, differs: bool) -> None:
    assert negation_differs(claim, sentence) is differs


@pytest.mark.parametrize(
    ("text", "numbers"), [("3.5 of 12 in 1999.", {"3.5", "12", "1999"}), ("Twelve of one.", {"12"}), ("No.", set())]
)
def test_numbers(text: str, numbers: set[str]) -> None:
    assert numbers_in(text) == numbers


@pytest.mark.parametrize(
    ("claim", "sentence", "differ"),
    [
        ("It takes 30 minutes.", "It takes 90 minutes.", True),
        ("It takes 30 minutes.", "It takes 30 of 90 minutes.", False),
        ("Keep float16 weights.", "Keep float32 weights.", True),
        ("It takes three days.", "It takes 3 days.", False),
        ("It takes days.", "It takes 3 days.", False),
        ("It takes 3 days.", "It takes days.", False),
    ],
)
def test_numbers_differ(claim: str, sentence: str, differ: bool) -> None:
    assert numbers_differ(claim, sentence) is differ


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("It can't.", 1),
        ("No one said nothing.", 2),
        ("It is not only big.", 0),
        ("It is not\n only big.", 0),
        ("Cannot", 1),
        ("Note the knot.", 0),
    ],
)
def test_negations(text: str, count: int) -> None:
    assert negations(text) == count
