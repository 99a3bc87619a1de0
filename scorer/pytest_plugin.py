"""A pytest plugin: the session fixture `answer_scorer`, for tests of what answers cover.

It costs nothing where it is not used: no option, no hook, and the model loads at the first assertion. Under
pytest-xdist each worker that uses it loads its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import pytest

from scorer.errors import InputError

if TYPE_CHECKING:
    from scorer.pipeline import AnswerScorer
    from scorer.records import ClaimVerdict, Question, ScoreReport


class AnswerAssertions:
    """Assertions on answers, with the scorer that `make` returns when the first of them is made.

    For another bank, model or calibration override the fixture: `AnswerAssertions(lambda: AnswerScorer(bank=…))`.
    """

    def __init__(self, make: Callable[[], AnswerScorer]) -> None:
        self._make = make
        self._made: AnswerScorer | None = None

    @property
    def scorer(self) -> AnswerScorer:
        """The scorer, loaded when it is first asked for. Raises ModelError where it is not usable."""
        if self._made is None:
            self._made = self._make()
        return self._made

    def assert_covers(
        self,
        answer: str,
        *,
        question: str | Question | None = None,
        references: Sequence[str] | None = None,
        claims: Sequence[str] | None = None,
        question_text: str = "",
        min_score: float | None = None,
        must_cover: Sequence[str] = (),
        must_not_contradict: bool = False,
    ) -> ScoreReport:
        """Score `answer` as `AnswerScorer.score` does, and return the report if it holds what is asked of it.

        It must score at least `min_score` (0..1), cover each claim in `must_cover` (its text, or a part that only one
        claim has, in any case), and with `must_not_contradict` deny none. Raises AssertionError with a line a
        claim where it does not, and InputError where nothing is asked, `min_score` is not in 0..1, a claim is not one
        of the question's, or the scorer does not look for denials that it must exclude.
        """
        __tracebackhide__ = True
        if min_score is None and not must_cover and not must_not_contradict:
            raise InputError("nothing is asserted; give min_score, must_cover or must_not_contradict")
        if isinstance(must_cover, str):
            raise InputError("must_cover is a text; give a list of claims")
        if min_score is not None and not 0.0 <= min_score <= 1.0:
            raise InputError(f"min_score is {min_score:g}; give a number from 0 to 1")
        against = {"question": question, "references": references, "claims": claims, "question_text": question_text}
        report = self.scorer.score(answer, **against)  # type: ignore[arg-type]
        if must_not_contradict and any(claim.contradiction is None for claim in report.claims):
            raise InputError("must_not_contradict needs the second look; make the scorer with contradiction=True")
        required = [_claim(report, text) for text in must_cover]
        problems = _problems(report, min_score, required, must_not_contradict)
        if problems:
            raise AssertionError("\n".join([*problems, *self._lines(report, required)]))
        return report

    def _lines(self, report: ScoreReport, required: Sequence[ClaimVerdict]) -> list[str]:
        limits = self.scorer.thresholds
        lines = []
        for claim in report.claims:
            if claim.verdict == "contradicted":
                judged = f"✗ denied {claim.contradiction:.2f} ≥ {limits.contradicted:.2f}"
            elif claim.verdict == "covered":
                judged = f"✓ {claim.coverage:.2f} ≥ {limits.covered:.2f}"
            else:
                judged = f"✗ {claim.coverage:.2f} < {limits.covered:.2f}"
            mark = "required: " if any(claim is each for each in required) else ""
            lines += [f"  {judged}  {mark}{' '.join(claim.text.split())}", f"      {claim.reason}"]
        return lines


def _problems(
    report: ScoreReport, min_score: float | None, required: Sequence[ClaimVerdict], must_not_contradict: bool
) -> list[str]:
    found = []
    if min_score is not None and report.score < min_score:
        found.append(f"the answer scores {report.score:.4f}, below {min_score:g}")
    lost = [claim for claim in required if claim.verdict != "covered"]
    if lost:
        found.append(f"{len(lost)} of {len(required)} required claims not covered")
    if must_not_contradict and report.contradicted:
        found.append(f"the answer denies {len(report.contradicted)} of {len(report.claims)} claims")
    return found


def _claim(report: ScoreReport, text: str) -> ClaimVerdict:
    """The claim with this text, or the only one that contains it."""
    wanted = " ".join(text.split()).casefold()
    texts = [" ".join(claim.text.split()).casefold() for claim in report.claims]
    chosen = [i for i, each in enumerate(texts) if each == wanted] or [i for i, e in enumerate(texts) if wanted in e]
    if len(chosen) != 1 or not wanted:
        raise InputError(
            f"must_cover: {len(chosen)} of the {len(texts)} claims contain {text!r}; give the text of one, as "
            "`score-answer bank show ID` prints it"
        )
    return report.claims[chosen[0]]


@pytest.fixture(scope="session")
def answer_scorer() -> Any:
    """Assertions on what an answer covers: `answer_scorer.assert_covers(answer, question="q7x2", min_score=0.6)`."""
    from scorer import AnswerScorer

    return AnswerAssertions(AnswerScorer)
