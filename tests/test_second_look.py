from __future__ import annotations

import numpy as np
import pytest

from scorer.encoder import DEFAULT_MODEL
from scorer.entailment import Entailment
from scorer.files import bundled
from scorer.second_look import FEATURES, choose_windows, look


@pytest.mark.parametrize(
    ("sentences", "likeness", "places"),
    [
        (["a", "b", "c"], [0.1, 0.9, 0.5], [1, 2]),
        (["a"], [0.1], [0, -1]),
        (["b", "a", "a", "b"], [0.5, 0.9, 0.9, 0.5], [1, 0]),  # repetition
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
        ([1.0, 0.9], [True, False], [False, True]),
        ([1.0, 0.5], [False, False], [True, True]),
        ([1.0], [True], [False, False]),
    ],
)
def test_a_quoted_claim_is_denied_only_by_another_sentence_like_it(
    likeness: list[float], quoting: list[bool], deniable: list[bool]
) -> None:
    windows = choose_windows(["x"], ["a", "b"][: len(likeness)], np.array([likeness]), np.ones(1), np.array([quoting]))
    assert windows.deniable.tolist() == [deniable]


def test_a_look_says_who_supports_and_who_denies() -> None:
    folder = bundled("models") / DEFAULT_MODEL
    sentences = ["The drug does not reduce pain.", "Pain is reduced by the drug.", "Bananas."]
    claims = ["The drug reduces pain.", "The drug reduces pain."]
    windows = choose_windows(
        claims, sentences, np.array([[0.9, 0.8, 0.1]] * 2), np.array([1.0, 0.5]), np.zeros((2, 3), dtype=bool)
    )
    found, again = look([windows, windows], Entailment(folder, folder / "entailment.safetensors"))
    assert found.features.shape == (2, len(FEATURES))
    assert ((found.features >= 0) & (found.features <= 1)).all()
    assert (found.features == again.features).all()
    assert found.features[:, 2].tolist() == pytest.approx([2 * found.features[1, 2], found.features[1, 2]], abs=1e-5)
    assert found.features[:, 3].tolist() == [1.0, 1.0]
    assert (found.supporting.tolist(), found.denying.tolist()) == ([1, 1], [0, 0])


def test_who_denies_the_rest_rather_denies_this_one_too() -> None:
    folder = bundled("models") / DEFAULT_MODEL
    sentences = ["The drug does not reduce pain.", "Nurses like the drug."]
    claims = ["The drug reduces pain.", "Nurses like the drug."]
    likeness, quotations = np.array([[0.9, 0.2], [0.2, 0.9]]), np.zeros((2, 2), dtype=bool)
    entailment = Entailment(folder, folder / "entailment.safetensors")

    def aimed(overlap: list[float]) -> list[float]:
        windows = choose_windows(claims, sentences, likeness, np.array(overlap), quotations)
        return [float(value) for value in look([windows], entailment)[0].features[:, 2]]

    together, first, second = aimed([1.0, 1.0]), aimed([1.0, 0.0]), aimed([0.0, 1.0])
    assert first[0] > together[0] > together[1] > second[1]
    assert aimed([0.0, 0.0]) == [0.0, 0.0]
