"""Both looks at an answer, in one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from scorer import AnswerScorer
from scorer.encoder import Encoder, Encoding
from scorer.encoder.base import Memory
from scorer.evidence import FEATURES
from scorer.second_look import FEATURES as SECOND_FEATURES

CLAIMS = ["Open weights help research.", "Rules prevent misuse."]
HEAP = (
    "of the research help a weights by open in misuse because rules the prevent than and it were them of to an the "
    "misuse for research which as open at weights she is a with rules on had"
)
SENTENCE = "Open weights are a great help to all the people who do research at a university."


class Counting:
    """The real encoder, and the texts that it was given."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.signature = encoder.signature
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        self.texts += texts
        return self._encoder.encode(texts)


def test_without_a_second_look(scorer: AnswerScorer) -> None:
    once = replace(scorer.gatherer, entailment=None)
    assert (once.features, once.second) == (FEATURES, "none")
    assert scorer.gatherer.features == FEATURES + SECOND_FEATURES
    tasks = scorer.tasks([{"answer": SENTENCE, "claims": CLAIMS}])
    ((first,),), ((both,),) = list(once.gather(tasks)), list(scorer.gatherer.gather(tasks))
    assert (first.features == both.features[:, : len(FEATURES)]).all()
    assert (first.cosines == both.cosines).all()


def test_a_heap_is_evidence_of_nothing(scorer: AnswerScorer) -> None:
    """Neither before nor after a sentence does it change what that one says, and places stay those of all sentences."""
    texts = [SENTENCE, f"{SENTENCE}\n\n{HEAP}", f"{HEAP}\n\n{SENTENCE}", HEAP]
    tasks = scorer.tasks([{"answer": text, "claims": CLAIMS} for text in texts])
    assert [sorted(task.heaps) for task in tasks] == [[], [1], [0], [0]]
    (alone,), (before,), (after,), (nothing,) = scorer.gatherer.gather(tasks)
    for other, place in ((before, 0), (after, 1)):
        assert (other.features == alone.features).all()
        assert other.supporting.tolist() == [place, place]
        assert (other.cosines[:, place] == alone.cosines[:, 0]).all()
        assert not other.cosines[:, 1 - place].any()
    assert not nothing.features.any()


def test_a_heap_is_named(scorer: AnswerScorer) -> None:
    report = scorer.score(f"{HEAP}\n\n{SENTENCE}", claims=CLAIMS)
    assert report.flags == ("no language: 1 of 2 sentences are no words in an order, and count for nothing",)
    assert [span.text for span in report.unsupported] == [HEAP]
    assert report.claims[0].reason.endswith("(sentence 2)")
    heap = scorer.score(HEAP, claims=CLAIMS)
    assert (heap.score, heap.interval, {claim.verdict for claim in heap.claims}) == (0.0, (0.0, 0.0), {"missing"})
    assert {claim.reason for claim in heap.claims} == {"no sentence of the answer is language"}


@pytest.mark.parametrize("text", ["Das Modell hilft der Forschung und den Schulen.", "开放权重有助于研究。"])
def test_another_language_is_named(scorer: AnswerScorer, text: str) -> None:
    assert scorer.score(text, claims=CLAIMS).flags == ("not English: the model and the calibration know English only",)


def test_windows_are_those_of_the_second_look(scorer: AnswerScorer) -> None:
    tasks = scorer.tasks([{"answer": f"{HEAP}\n\n{SENTENCE}", "claims": CLAIMS}, {"answer": "", "claims": CLAIMS}])
    (windows,) = scorer.gatherer.windows(tasks)
    assert windows.texts == tuple((claim, (SENTENCE,)) for claim in CLAIMS)
    assert windows.places.tolist() == np.array([[1, -1], [1, -1]]).tolist()


def test_claims_are_encoded_once_for_many_answers(scorer: AnswerScorer) -> None:
    """And what is remembered says the same as what is fresh."""
    encoder = Counting(scorer.gatherer.encoder)
    gatherer = replace(scorer.gatherer, encoder=encoder, memory=Memory(2))
    claims = ["Costs fall.", "Prices drop."]
    asked = [{"answer": text, "claims": claims} for text in ("Costs fall.", "Trains are fast.", "Prices rise.")]
    found = [next(gatherer.gather(scorer.tasks([request])))[0] for request in asked]
    assert encoder.texts == ["Costs fall.", "Prices drop.", "Trains are fast.", "Prices rise."]
    for request, gathered in zip(asked, found, strict=True):
        ((alone,),) = replace(scorer.gatherer, memory=Memory(0)).gather(scorer.tasks([request]))
        assert (alone.features == gathered.features).all()


def test_a_memory_forgets_what_was_kept_longest_ago(encoder: Encoder) -> None:
    memory = Memory(2)
    known = dict(zip("abc", encoder.encode(list("abc")), strict=True))
    memory.keep({text: known[text] for text in "ab"})
    memory.keep({text: known[text] for text in "ac"})
    assert sorted(memory.find("abc")) == ["a", "c"]


def test_typographic_quotation_marks_change_no_number(scorer: AnswerScorer) -> None:
    """The tokenizer takes "isn’t" and "isn't" for different words."""
    text = "Open weights aren't \"free\". They don't help those who can't pay for a computer."
    curly = text.replace("'", "’").replace('"', "”")
    one, other = scorer.gatherer.gather(scorer.tasks([{"answer": each, "claims": CLAIMS} for each in (text, curly)]))
    assert (one[0].features == other[0].features).all()
    assert (one[0].cosines == other[0].cosines).all()
