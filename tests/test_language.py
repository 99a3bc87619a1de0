"""Language or a heap of words."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer.errors import ModelError
from scorer.files import bundled, read_text
from scorer.language import WordOrder, heaps, is_english, tokens, word_class
from scorer.lexicon import Rarity
from scorer.text import sentences
from scorer.variations import shuffled_within
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def order() -> WordOrder:
    return WordOrder.load(bundled("models") / "word_order.json")


TEXTS = (
    "The committee decided to postpone the vote because two of its members were ill.",
    "If you heat water at the top of a mountain, it boils earlier than it does at the sea.",
    "Nobody knows why the bridge fell, although several engineers have written about it.",
)


@pytest.mark.parametrize("text", TEXTS)
def test_order_is_likelier_than_disorder(order: WordOrder, rarity: Rarity, text: str) -> None:
    words = text.rstrip(".").split()
    random.Random(1).shuffle(words)  # noqa: S311
    assert order.log_odds(text) > 0 > order.log_odds(" ".join(words))
    assert not heaps(sentences(text), order, rarity)


def test_a_heap_counts_for_nothing_and_spares_its_neighbours(order: WordOrder, rarity: Rarity) -> None:
    heap = "mountain water heat the if top you boils a at of sea earlier does it the than."
    found = sentences(f"{TEXTS[0]}\n\n{heap.capitalize()}\n\n{TEXTS[2]}")
    assert len(found) == 3
    assert heaps(found, order, rarity) == {1}


def test_people_are_rarely_taken_for_heaps(order: WordOrder, rarity: Rarity) -> None:
    lines = (ROOT / "tests/data/essays.jsonl").read_text(encoding="utf-8").splitlines()
    answers = [json.loads(line)["answer"] for line in lines]
    assert not any(heaps(sentences(answer), order, rarity) for answer in answers)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The bulb is in a closed path.", True),
        ("Das Modell ist offen, aber es gibt Risiken für alle.", False),
        ("Модель открыта для всех.", False),
        ("asdf qwer zxcv uiop", False),
        ("42", True),
        ("", True),
    ],
)
def test_english(rarity: Rarity, text: str, expected: bool) -> None:
    assert is_english(text, rarity) is expected


def test_another_language_is_no_heap(order: WordOrder, rarity: Rarity) -> None:
    text = "Das offene Modell beschleunigt Fortschritt Forschung Lehre Entwicklung Gemeinschaft Werkzeuge Missbrauch."
    assert not heaps(sentences(text), order, rarity)


@pytest.mark.parametrize(
    ("token", "expected"), [("the", "the"), ("1,000", "#"), ("running", "-ing"), ("zyx", "-"), ("be", "-")]
)
def test_classes(token: str, expected: str) -> None:
    assert word_class(token, frozenset({"the"})) == expected


def test_tokens() -> None:
    assert tokens("It's done, isn’t it?") == ["it's", "done", ",", "isn’t", "it", "?"]


@given(st.text(max_size=80))
def test_any_text_has_finite_odds(text: str) -> None:
    order = WordOrder.load(bundled("models") / "word_order.json")
    assert abs(order.log_odds(text)) < 1e4


@pytest.mark.parametrize("content", ["", "{}", '{"frequent": [], "pairs": {"a": 1}}', '{"frequent": [], "pairs": []}'])
def test_damaged_table(tmp_path: Path, content: str) -> None:
    file = tmp_path / "word_order.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match="reinstall"):
        WordOrder.load(file)


def test_shuffled_sentences_bear_one_another_out(order: WordOrder, rarity: Rarity) -> None:
    """Some are too short to be told from language by themselves, but not beside so many others."""
    for file in sorted((ROOT / "seeds" / "answers").glob("b3b2--*.txt")):
        found = sentences(shuffled_within(read_text(file), seed=1))
        assert len(heaps(found, order, rarity)) == len(found)
