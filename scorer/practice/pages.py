"""The pages: choose or draw a question, answer it, see what the answer covers, look back."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from scorer.bank import select
from scorer.errors import InputError
from scorer.practice.charts import charts
from scorer.practice.history import Attempt, History
from scorer.practice.requests import LONGEST_ANSWER, answer_of, form_of, number_of, seconds_of
from scorer.practice.scoring import BackgroundScorer
from scorer.practice.views import view_of
from scorer.records import Question

_SEE_OTHER = 303
_FILTERS = ("level", "topic", "search")


@dataclass(frozen=True)
class Standing:
    """How one stands with a question: how many tries, and the last and the best score of those that are scored."""

    question: Question
    tries: int
    last: float | None
    best: float | None


class Pages:
    """Answers the requests of a browser. Those that change something are POSTs, and lead on to a page by a redirect."""

    def __init__(
        self,
        questions: Mapping[str, Question],
        history: History,
        scorer: BackgroundScorer,
        templates: Jinja2Templates,
    ) -> None:
        self._questions = questions
        self._history = history
        self._scorer = scorer
        self._templates = templates

    def routes(self) -> list[Route]:
        """What is served."""
        return [
            Route("/", self.index),
            Route("/draw", self.draw),
            Route("/questions/{id}", self.question, methods=["GET"]),
            Route("/questions/{id}", self.submit, methods=["POST"]),
            Route("/attempts/{number}", self.attempt),
            Route("/attempts/{number}/delete", self.delete, methods=["POST"]),
            Route("/history", self.history),
            Route("/history/export", self.export),
            Route("/history/delete", self.delete_all, methods=["POST"]),
        ]

    def index(self, request: Request) -> Response:
        """The questions that a level, a topic and words choose."""
        chosen = _chosen(request)
        questions = list(self._questions.values())
        scale = max((question.levels for question in questions), key=len, default=())
        return self._templates.TemplateResponse(
            request,
            "index.html",
            {
                "standings": _standings(select(questions, **chosen), self._history.all()),
                "chosen": chosen,
                "levels": [level for level in scale if any(question.level == level for question in questions)],
                "topics": sorted({question.topic for question in questions if question.topic}),
            },
        )

    def draw(self, request: Request) -> Response:
        """Leads to one of the chosen questions at random, among those that were tried least."""
        standings = _standings(select(self._questions.values(), **_chosen(request)), self._history.all())
        if not standings:
            return RedirectResponse(f"/?{request.url.query}", _SEE_OTHER)
        least = min(standing.tries for standing in standings)
        drawn = secrets.choice([standing.question for standing in standings if standing.tries == least])
        return RedirectResponse(f"/questions/{drawn.id}", _SEE_OTHER)

    def question(self, request: Request) -> Response:
        """A question and a form for its answer, filled in from the attempt `from`; its reference if asked for."""
        question = self._known(request)
        self._scorer.warm(question)
        tries = self._history.all(question.id)
        number = number_of(request.query_params.get("from", ""))
        context = {
            "question": question,
            "tries": tries[::-1],
            "answer": next((each.answer for each in tries if each.id == number), ""),
            "longest": LONGEST_ANSWER,
            "shown": request.query_params.get("reference") == "shown",
        }
        return self._templates.TemplateResponse(request, "question.html", context)

    async def submit(self, request: Request) -> Response:
        """Keeps an answer before anything else, so that nothing that goes wrong later loses it."""
        question = self._known(request)
        form = await form_of(request)
        answer = answer_of(form.get("answer", "").replace("\r\n", "\n").replace("\r", "\n"))
        if not answer.strip():
            raise HTTPException(422, "the answer is blank; go back and write one")
        seconds = seconds_of(form.get("seconds", ""))
        number = await run_in_threadpool(self._history.add, question, answer, seconds)
        return RedirectResponse(f"/attempts/{number}", _SEE_OTHER)

    async def attempt(self, request: Request) -> Response:
        """What an answer covers; it is scored when this is first asked for."""
        attempt = await run_in_threadpool(self._attempt, request)
        question = self._questions.get(attempt.question)
        if attempt.report is None:
            if question is None:
                raise InputError(
                    f"question {attempt.question!r} is not in the bank any more; put it back to have this scored"
                )
            report = await self._scorer.score(attempt.answer, question)
            await run_in_threadpool(self._history.keep_report, attempt.id, report.to_dict())
            attempt = await run_in_threadpool(self._attempt, request)
        tries = await run_in_threadpool(self._history.all, attempt.question)
        last = next((each for each in reversed(tries) if each.id < attempt.id and each.report is not None), None)
        context = {
            "attempt": attempt,
            "view": view_of(attempt, last),
            "question": question,
            "shown": request.query_params.get("reference") == "shown",
        }
        return self._templates.TemplateResponse(request, "attempt.html", context)

    def history(self, request: Request) -> Response:
        """All attempts, the last one first, and progress per topic."""
        attempts = self._history.all()
        context = {"attempts": attempts[::-1], "charts": charts(attempts), "file": str(self._history.file)}
        return self._templates.TemplateResponse(request, "history.html", context)

    def export(self, request: Request) -> Response:
        """The whole history as JSON Lines."""
        del request
        rows = "".join(json.dumps(each.to_row(), ensure_ascii=False) + "\n" for each in self._history.all())
        named = {"Content-Disposition": 'attachment; filename="practice.jsonl"'}
        return Response(rows, media_type="application/jsonl", headers=named)

    def delete(self, request: Request) -> Response:
        """Deletes one attempt."""
        self._history.delete(self._attempt(request).id)
        return RedirectResponse("/history", _SEE_OTHER)

    def delete_all(self, request: Request) -> Response:
        """Deletes all attempts."""
        del request
        self._history.delete()
        return RedirectResponse("/history", _SEE_OTHER)

    def _known(self, request: Request) -> Question:
        question = self._questions.get(request.path_params["id"])
        if question is None:
            raise HTTPException(404, "there is no such question")
        return question

    def _attempt(self, request: Request) -> Attempt:
        number = number_of(request.path_params["number"])
        attempt = None if number is None else self._history.get(number)
        if attempt is None:
            raise HTTPException(404, "there is no such try; it may have been deleted")
        return attempt


def _chosen(request: Request) -> dict[str, str]:
    return {name: request.query_params.get(name, "") for name in _FILTERS}


def _standings(questions: Sequence[Question], attempts: Sequence[Attempt]) -> list[Standing]:
    found = []
    for question in questions:
        tries = [attempt for attempt in attempts if attempt.question == question.id]
        scores = [attempt.score for attempt in tries if attempt.score is not None]
        found.append(Standing(question, len(tries), scores[-1] if scores else None, max(scores) if scores else None))
    return found
