"""Texts changed in known ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer import variations as v
from scorer.lexicon import Rarity
from scorer.text import sentences

TEXT = 'Open weights help research. They carry risks, and "nobody" knows them all. Rules don\'t stop misuse.'


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (v.repeated, f"{TEXT}\n\n{TEXT}"),
        (v.spaced, TEXT.replace(" ", "  ")),
        (v.curly, TEXT.replace("'", "’").replace('"', "”")),
        (lambda text: v.carriage_returns(text.replace(" and", "\nand")), TEXT.replace(" and", "\r\nand")),
        (lambda text: v.without(text, {0, 2}), 'They carry risks, and "nobody" knows them all.'),
    ],
)
def test_changes(change: Callable[[str], str], expected: str) -> None:
    assert change(TEXT) == expected


@given(st.lists(st.sampled_from(["risk", "of", "models", "Weights", "help."]), min_size=1), st.integers(0, 5))
def test_shuffling_keeps_the_words(words: list[str], seed: int) -> None:
    text = " ".join(words)
    assert Counter(v.shuffled(text, seed).split()) == Counter(words)
    assert Counter(v.shuffled_within(text, seed).split()) == Counter(words)


def test_reordered() -> None:
    assert [s.text for s in sentences(v.reordered(TEXT))] == [s.text for s in reversed(sentences(TEXT))]


def test_heaped(rarity: Rarity) -> None:
    assert v.heaped("The weights of a model are open.", rarity) == "weights model open"


@pytest.mark.parametrize(
    ("claim", "no", "never", "fails"),
    [
        (
            "The drug reduces pain.",
            "The drug does not reduce pain.",
            "The drug never reduces pain.",
            "The drug fails to reduce pain.",
        ),
        (
            "Rules can help people.",
            "Rules can not help people.",
            "Rules can never help people.",
            "Rules can by no means help people.",
        ),
        ("It does not help.", None, None, None),
        ("Growth of the economy", None, None, None),
    ],
)
def test_negations(claim: str, no: str | None, never: str | None, fails: str | None) -> None:
    found = v.with_not(claim), v.with_never(claim), v.failing(claim)
    assert tuple(text and text.replace("never can", "can never") for text in found) == (no, never, fails)


def test_what_cannot_be_negated_is_called_false() -> None:
    assert v.negated(["It does not help."], v.with_not) == "It is false that it does not help."


@pytest.mark.parametrize(
    ("claim", "expected"),
    [("It has 3 parts.", "It has 7 parts."), ("In 1990, 2.5 %", "In 5444, 6.9 %"), ("No number here.", None)],
)
def test_other_numbers(claim: str, expected: str | None) -> None:
    assert v.other_numbers(claim) == expected


@given(st.integers(0, 10**9))
def test_other_numbers_differ_in_every_digit(number: int) -> None:
    changed = v.other_numbers(f"{number}")
    assert changed is not None
    assert all(a != b for a, b in zip(str(number), changed, strict=True))


def test_padding_only_adds_words() -> None:
    padded = v.padded(TEXT)
    assert not Counter(TEXT.split()) - Counter(padded.split())
    assert len(padded.split()) > len(TEXT.split())


def test_sentences_stay_apart() -> None:
    text = "Defences:\n- least privilege\n- rate limits\n- a person's approval"
    found = [span.text for span in sentences(text)]
    assert [span.text for span in sentences(v.reordered(text))] == found[::-1]
    assert [span.text for span in sentences(v.without(text, {1}))] == [found[0], *found[2:]]
