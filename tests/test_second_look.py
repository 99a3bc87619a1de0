from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from scorer.encoder import DEFAULT_MODEL
from scorer.entailment import Entailment
from scorer.files import bundled
from scorer.second_look import FEATURES, choose_windows, look, restates


@pytest.mark.parametrize(
    ("sentences", "likeness", "places"),
    [
        (["a", "b", "c"], [0.1, 0.9, 0.87], [1, 2]),
        (["a", "b", "c"], [0.1, 0.9, 0.84], [1, -1]),  # the second is too far behind
        (["a"], [0.1], [0, -1]),
        (["b", "a", "a", "b"], [0.87, 0.9, 0.9, 0.87], [1, 0]),  # repetition
        (["c", "a", "b"], [0.5, 0.5, 0.5], [1, 2]),  # equals, whatever their order
    ],
)
def test_windows(sentences: list[str], likeness: list[float], places: list[int]) -> None:
    windows = choose_windows(
        ["x"], sentences, np.array([likeness]), np.ones(1), np.zeros((1, len(sentences)), dtype=bool)
    )
    assert windows.places.tolist() == [places]
    assert windows.texts == (("x", tuple(sentences[i] for i in places if i >= 0)),)


@pytest.mark.parametrize(
    ("likeness", "quoting", "deniable"),
    [
        ([1.0, 0.5], [True, False], [False, False]),
        ([1.0, 0.97], [True, False], [False, True]),
        ([0.81, 0.79], [True, False], [False, False]),
        ([0.81, 0.79], [False, False], [True, True]),
        ([1.0, 0.5], [False, False], [True, False]),
        ([1.0], [True], [False, False]),
    ],
)
def test_a_quoted_claim_is_denied_only_by_another_sentence_like_it(
    likeness: list[float], quoting: list[bool], deniable: list[bool]
) -> None:
    windows = choose_windows(["x"], ["a", "b"][: len(likeness)], np.array([likeness]), np.ones(1), np.array([quoting]))
    assert windows.deniable.tolist() == [deniable]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("A block adds its input to its output, so that gradients flow unchanged.", True),
        ("Every block adds its own input to its output.", False),
        ("It is a myth that a block adds its input to its output.", False),
        ("It is not a myth that a block adds its input to its output.", True),
        ("A block adds its output to its input.", False),
        ("A block subtracts its input from its output.", False),
    ],
)
def test_what_restates_a_claim(sentence: str, found: bool) -> None:
    assert restates(sentence, "A block adds its input to its output.") is found


def test_a_look_says_who_supports_and_who_denies() -> None:
    folder = bundled("models") / DEFAULT_MODEL
    sentences = ["The drug does not reduce pain.", "Pain is reduced by the drug.", "Bananas."]
    claims = ["The drug reduces pain.", "The drug reduces pain."]
    windows = choose_windows(
        claims, sentences, np.array([[0.9, 0.88, 0.1]] * 2), np.array([1.0, 0.5]), np.zeros((2, 3), dtype=bool)
    )
    found, again = look([windows, windows], Entailment(folder, folder / "entailment.safetensors"))
    assert found.features.shape == (2, len(FEATURES))
    assert ((found.features >= 0) & (found.features <= 1)).all()
    assert (found.features == again.features).all()
    for name in ("stance", "marked_contradiction"):
        first, second = found.features[:, FEATURES.index(name)].tolist()
        assert first > 0
        assert first == pytest.approx(2 * second, abs=1e-5)
    assert (found.supporting.tolist(), found.denying.tolist()) == ([1, 1], [0, 0])


Columns = dict[str, list[float]]


def columns(claims: list[str], sentences: list[str], likeness: list[list[float]], **given: Any) -> Columns:
    """The features of each claim by name; `quoting` and `overlap` may be given."""
    folder = bundled("models") / DEFAULT_MODEL
    shape = (len(claims), len(sentences))
    quotations = np.array(given.get("quoting", np.zeros(shape)), dtype=bool)
    overlap = np.array(given.get("overlap", np.ones(len(claims))))
    windows = choose_windows(claims, sentences, np.array(likeness), overlap, quotations)
    (found,) = look([windows], Entailment(folder, folder / "entailment.safetensors"))
    return dict(zip(FEATURES, found.features.T.tolist(), strict=True))


def test_who_denies_the_rest_rather_denies_this_one_too() -> None:
    sentences = ["The drug does not reduce pain.", "Nurses do not like the drug."]
    claims = ["The drug reduces pain.", "Nurses like the drug."]

    def stance(overlap: list[float]) -> list[float]:
        return columns(claims, sentences, [[0.9, 0.2], [0.2, 0.9]], overlap=overlap)["stance"]

    together, first, second = stance([1.0, 1.0]), stance([1.0, 0.0]), stance([0.0, 1.0])
    assert together[0] > first[0] > first[1] == 0.0
    assert together[1] > second[1] > second[0] == 0.0
    assert stance([0.0, 0.0]) == [0.0, 0.0]


@pytest.mark.parametrize(
    ("sentence", "counts"),
    [
        ("The drug does not reduce pain in 30 minutes.", True),
        ("The drug reduces pain in 90 minutes.", True),
        ("The drug makes pain worse in 30 minutes.", False),
        ("The drug makes pain worse.", False),
    ],
)
def test_a_single_reading_counts_only_beside_a_negation_or_another_number(sentence: str, counts: bool) -> None:
    found = columns(["The drug reduces pain in 30 minutes."], [sentence], [[0.9]])
    assert found["stance"][0] > 0.0
    assert (found["marked_contradiction"][0] > 0.0) == counts


@pytest.mark.parametrize(("quoting", "denied"), [([1, 0, 0], True), ([1, 1, 0], False), ([1, 1, 1], False)])
def test_the_nearest_sentence_that_may_deny_a_claim_decides(quoting: list[int], denied: bool) -> None:
    sentences = ["The drug reduces pain.", "The drug does not reduce pain.", "Bananas never grow here."]
    found = columns(["The drug reduces pain."], sentences, [[1.0, 0.97, 0.1]], quoting=[quoting])
    assert (found["marked_contradiction"][0] > 0.5) == denied
