"""A scorer that loads while a page is being read, and scores one answer after another however many come at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from scorer.pipeline import AnswerScorer
from scorer.records import Question, ScoreReport


class BackgroundScorer:
    """Loads a scorer with `load` in a thread of its own, at once, and scores in that same thread.

    One thread is enough: the model uses all cores for one answer.
    """

    def __init__(self, load: Callable[[], AnswerScorer]) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="scorer")
        self.loading: Future[AnswerScorer] = self._pool.submit(load)
        self._warm: set[str] = set()
        self._warming: Future[ScoreReport] | None = None

    async def score(self, answer: str, question: Question) -> ScoreReport:
        """The report on an answer. Raises what loading raised, and what `AnswerScorer.score` does."""
        self._forget_waiting()
        return await asyncio.wrap_future(self._pool.submit(self._score, answer, question))

    def warm(self, question: Question) -> None:
        """Have the question's claims split and encoded in the background, once: its first answer need not wait then."""
        if question.id not in self._warm:
            self._warm.add(question.id)
            self._forget_waiting()
            self._warming = self._pool.submit(self._score, question.text, question)

    def close(self) -> None:
        """Score nothing more; what is being scored is finished first."""
        self._pool.shutdown(cancel_futures=True)

    def _score(self, answer: str, question: Question) -> ScoreReport:
        return self.loading.result().score(answer, question=question)

    def _forget_waiting(self) -> None:
        """Drop the preparation that has not begun: what is asked for now goes first."""
        if self._warming is not None:
            self._warming.cancel()
