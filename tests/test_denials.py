"""The generator of denials that the second look was trained on."""

from __future__ import annotations

import importlib
import random

import pytest
from spacy.language import Language

from scorer.splitter import load_parser

pytest.importorskip("lemminflect")

denials = importlib.import_module("denials")
rewording = importlib.import_module("rewording")


@pytest.fixture(scope="module")
def parse() -> Language:
    return load_parser()


TABLE: list[tuple[str, str, set[str]]] = [
    ("opposite", "The price increased.", {"The price decreased.", "The price reduced."}),
    ("other_quantity", "All birds sing.", {"Few birds sing.", "Hardly any birds sing."}),
    ("swapped", "The virus attacks the cell.", {"The cell attacks the virus."}),
    ("swapped", "Iron is heavier than wood.", {"Wood is heavier than iron."}),
    ("not_only", "She plays the piano and the flute.", {"She plays not only the piano but also the flute."}),
    ("negated", "The drug does not reduce pain.", {"The drug reduces pain."}),
    ("negated", "Some men sleep.", set()),
    ("swapped", "The girls saw the boy.", set()),
    ("swapped", "The roots grow below the leaves.", {"The leaves grow below the roots."}),
    ("other_quantity", "It takes days.", {"It takes decades.", "It takes minutes.", "It takes months."}),
]


@pytest.mark.parametrize(("rule", "sentence", "expected"), TABLE)
def test_rules(parse: Language, rule: str, sentence: str, expected: set[str]) -> None:
    found = {getattr(denials, rule)(parse(sentence), random.Random(seed)) for seed in range(20)}  # noqa: S311
    assert found - {None} == expected


def test_pairs_are_the_same_for_a_seed() -> None:
    rows = [denials.Pair("A dog barks loudly.", "A dog barks.", "covered", "x")] * 5
    assert denials.generate(rows, 1) == denials.generate(rows, 1) != denials.generate(rows, 2)
    for pair in denials.generate(rows, 3):
        assert pair.verdict in {"covered", "contradicted"}
        assert (pair.verdict == "covered") == (pair.kind in {"harmless negation", "restated", "reworded", "passive"})


def test_restatements_keep_the_words(parse: Language) -> None:
    found = {rewording.restated(parse("The war ended in 1945."), random.Random(seed)) for seed in range(40)}  # noqa: S311
    assert {"The war ended in 1945.", "In 1945, the war ended."} < found
    assert all("the war ended" in text.lower() and "1945" in text for text in found)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Heat melts ice in spring.", "Ice is melted by heat in spring."),
        ("The court will reject the appeals.", "The appeals will be rejected by the court."),
        ("A storm destroyed houses and trees.", "Houses and trees were destroyed by a storm."),
        ("The drug does not reduce pain.", None),
        ("She bought bread.", None),
        ("It rained.", None),
    ],
)
def test_passive(parse: Language, sentence: str, expected: str | None) -> None:
    assert rewording.passive(parse(sentence), random.Random(1)) == expected  # noqa: S311


def test_rewording_changes_words_and_articles(parse: Language) -> None:
    found = {rewording.reworded(parse("A significant error happens."), random.Random(s)) for s in range(60)}  # noqa: S311
    assert "An important mistake occurs." in found
    assert rewording.reworded(parse("Paris."), random.Random(1)) is None  # noqa: S311
