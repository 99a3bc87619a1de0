from __future__ import annotations

import pytest

from scorer.reasons import reason
from scorer.records import Span, Verdict

TEXTS = ["It has five legs.", "It does not have legs.", "Long " * 40]
SPANS = [Span(0, len(text), text) for text in TEXTS]


@pytest.mark.parametrize(
    ("verdict", "supporting", "denying", "both", "expected"),
    [
        ("covered", 0, 0, False, "matched ‘It has five legs.’ (sentence 1)"),
        ("partial", 1, 0, False, "partly matched ‘It does not have legs.’ (sentence 2), but one of the two is negated"),
        ("missing", 0, 0, False, "closest is sentence 1, but the number differs (3 against 5): ‘It has five legs.’"),
        ("contradicted", 0, 1, False, "sentence 2 says the opposite: ‘It does not have legs.’"),
        (
            "contradicted",
            0,
            1,
            True,
            "sentence 2 says the opposite: ‘It does not have legs.’; sentence 1 says it: ‘It has five legs.’",
        ),
    ],
)
def test_reasons(verdict: Verdict, supporting: int, denying: int, both: bool, expected: str) -> None:
    assert reason(verdict, "It has 3 legs.", SPANS, supporting, denying, both) == expected


def test_long_sentences_are_shortened() -> None:
    assert reason("covered", "x", SPANS, 2, 2, False).endswith("Long…’ (sentence 3)")
