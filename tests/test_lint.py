from __future__ import annotations

import pytest

from scorer import AnswerScorer, Question
from scorer.lint import lint
from scorer.records import Claim

GOOD = Question("good", "Why use a cache?", ("A cache lowers latency. It also takes load off the database.",))


def claims(*texts: str) -> tuple[Claim, ...]:
    return tuple(Claim(text, 1 / len(texts)) for text in texts)


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (Question("x", "Why?", ("Costs fall.",)), "only 1 claim"),
        (
            Question("x", "Cats sleep all day.", claims=claims("Cats sleep all day.", "They hunt at night.")),
            "the question alone gives away: Cats sleep all day.",
        ),
        (
            Question("x", "Why?", claims=claims("Deepfakes are a risk.", "Deepfakes are a real risk.")),
            "two claims say the same: Deepfakes are a risk. / Deepfakes are a real risk.",
        ),
        (
            Question("x", "Why?", claims=claims("word " * 151, "Costs fall.")),
            "a claim of 151 words, the model reads 150",
        ),
    ],
)
def test_errors(scorer: AnswerScorer, question: Question, message: str) -> None:
    (finding,) = lint([question], scorer)
    assert (finding.question, finding.level) == ("x", "error")
    assert finding.message.startswith(message)


def test_a_claim_that_another_reference_covers_is_a_warning(scorer: AnswerScorer) -> None:
    other = Question("other", "What else?", ("A cache lowers latency. Bananas are yellow.",))
    findings = lint([GOOD, other], scorer)
    assert {finding.level for finding in findings} == {"warning"}
    assert findings[0].message == "the reference of other covers it too: A cache lowers latency."


def test_a_claim_that_is_a_small_part_of_another_reference_is_none(scorer: AnswerScorer) -> None:
    """The other reference covers it, but it covers nothing of that one."""
    learning = (
        "Costs fall by a fifth with every doubling of output, because workers learn from each unit that they build."
    )
    one = Question("one", "What follows?", claims=claims("Costs fall.", "Demand for steel rises."))
    other = Question("other", "Why?", claims=claims(learning, "Bananas are yellow."))
    assert scorer.score(learning, question=one).claims[0].verdict == "covered"
    assert lint([one, other], scorer) == []


def test_a_good_bank_has_no_findings(scorer: AnswerScorer) -> None:
    assert lint([GOOD], scorer) == []
