from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorer.encoder import Encoder
from scorer.evidence import FEATURES, Floats, claim_words, features, join, match, quotations
from scorer.lexicon import Rarity, words

CLAIMS = [
    "Open models accelerate innovation.",
    "Training costs more than most laboratories can pay.",
    "Deepfakes are a risk.",
]
SENTENCES = [
    "Innovation speeds up when models are open.",
    "Nobody can pay for training.",
    "Bananas are yellow.",
    "Fake videos endanger us.",
    "Open models accelerate innovation.",
]


def stems(*texts: str) -> frozenset[str]:
    return frozenset(word.stem for text in texts for word in words(text))


def observe(encoder: Encoder, rarity: Rarity, claims: list[str], answer: list[str], question: str = "") -> Floats:
    encodings = encoder.encode(claims)
    weighed = [claim_words(claim, stems(question), rarity) for claim in claims]
    return features(weighed, encodings, match(encodings, encoder.encode(answer)), stems(*answer))


def test_a_claim_in_its_own_words_has_all_features_at_one(encoder: Encoder, rarity: Rarity) -> None:
    found = observe(encoder, rarity, CLAIMS, CLAIMS)
    assert found.shape == (3, len(FEATURES))
    assert np.allclose(found, 1.0, atol=1e-6)


def test_related_answers_are_nearer_than_others(encoder: Encoder, rarity: Rarity) -> None:
    near = observe(encoder, rarity, CLAIMS[:1], SENTENCES[:1])
    far = observe(encoder, rarity, CLAIMS[:1], SENTENCES[2:3])
    assert (near > far).all()


@settings(max_examples=25)
@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=5), st.sampled_from(SENTENCES))
def test_added_text_never_takes_evidence_away(encoder: Encoder, rarity: Rarity, answer: list[str], more: str) -> None:
    before, after = (observe(encoder, rarity, CLAIMS, each) for each in (answer, [more, *answer]))
    assert (after >= before).all()


@settings(max_examples=25)
@given(st.permutations(SENTENCES), st.integers(1, 3))
def test_order_and_repetition_do_not_matter(encoder: Encoder, rarity: Rarity, order: list[str], times: int) -> None:
    assert (observe(encoder, rarity, CLAIMS, order * times) == observe(encoder, rarity, CLAIMS, SENTENCES)).all()


def test_words_of_the_question_prove_nothing(encoder: Encoder, rarity: Rarity) -> None:
    question = "What happens when models are open?"
    late, recall = FEATURES.index("late_interaction"), FEATURES.index("word_recall")
    (plain,) = observe(encoder, rarity, CLAIMS[:1], [question])
    (aware,) = observe(encoder, rarity, CLAIMS[:1], [question], question)
    assert plain[recall] > 0.2
    assert aware[recall] == 0.0
    assert aware[late] < plain[late]


def test_a_claim_made_of_the_question_keeps_its_weights(rarity: Rarity) -> None:
    claim = claim_words("Open models", stems("open models"), rarity)
    assert (claim.weights == claim.idf).all()
    assert claim.weights.sum() > 0


@pytest.mark.parametrize("text", ["", "…", "😀"])
def test_a_text_without_words_has_no_lexical_evidence(encoder: Encoder, rarity: Rarity, text: str) -> None:
    (found,) = observe(encoder, rarity, [text], ["Open models."])
    assert found[1:].tolist() == [0.0, 0.0, 0.0, 0.0]


def test_matches_of_parts_join_to_the_match_of_the_whole(encoder: Encoder) -> None:
    claims, answer = encoder.encode(CLAIMS), encoder.encode(SENTENCES)
    whole = match(claims, answer)
    parts = join([match(claims, answer[:2]), match(claims, answer[2:])])
    assert np.abs(whole.cosines - parts.cosines).max() < 1e-12
    assert all(np.abs(a - b).max() < 1e-12 for a, b in zip(whole.tokens, parts.tokens, strict=True))


@pytest.mark.parametrize(
    ("claim", "sentence", "expected"),
    [
        ("Costs fall.", "costs FALL", True),
        ("Costs fall.", "Cost falls!", True),
        ("Costs fall.", "It is false that costs fall.", False),
        ("Costs fall.", "Costs do not fall.", False),
        ("Costs fall.", "Fall costs.", False),
        ("😀", "😀", True),
        ("😀", "!", False),
    ],
)
def test_quotations(claim: str, sentence: str, expected: bool) -> None:
    assert quotations([[claim], ["x"]], ["Something else.", sentence]).tolist() == [[False, expected], [False, False]]
