"""The application: pages, interface, static files, errors, and the guard around all of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

from jinja2 import Environment
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates
from starlette.types import ASGIApp

from scorer import __version__
from scorer.errors import ModelError, ScorerError
from scorer.practice import charts
from scorer.practice.api import Api
from scorer.practice.history import History
from scorer.practice.pages import Pages
from scorer.practice.scoring import BackgroundScorer
from scorer.practice.security import Guard
from scorer.records import Question
from scorer.report.html import environment

# What the framework says of itself, and what a person is told instead.
_PHRASES = {status.phrase for status in HTTPStatus}
_PLAIN = {404: "there is no such page", 405: "this address takes no request of that kind"}


def make_app(questions: Sequence[Question], history: History, scorer: BackgroundScorer) -> ASGIApp:
    """The application over these questions. It closes `scorer` when it is shut down."""
    templates = Jinja2Templates(env=_environment())
    known = {question.id: question for question in questions}

    @asynccontextmanager
    async def closing(app: Starlette) -> AsyncIterator[None]:
        del app
        yield
        scorer.close()

    def http_error(request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            raise TypeError from error
        message = _PLAIN.get(error.status_code, error.detail) if error.detail in _PHRASES else error.detail
        return _problem(templates, request, error.status_code, message, error.headers)

    def scorer_error(request: Request, error: Exception) -> Response:
        return _problem(templates, request, 503 if isinstance(error, ModelError) else 422, str(error), None)

    static = StaticFiles(directory=Path(__file__).parent / "static", packages=[("scorer.report", "static")])
    app = Starlette(
        routes=[
            *Pages(known, history, scorer, templates).routes(),
            *Api(known, scorer).routes(),
            Mount("/static", static),
        ],
        exception_handlers={HTTPException: http_error, ScorerError: scorer_error},
        lifespan=closing,
    )
    return Guard(app)


def _problem(
    templates: Jinja2Templates, request: Request, status: int, message: str, headers: Mapping[str, str] | None
) -> Response:
    """An error as a page, or as JSON below `/api`."""
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": message}, status, headers)
    context = {"message": message}
    return templates.TemplateResponse(request, "problem.html", context, status_code=status, headers=headers)


def _environment() -> Environment:
    """The report's templates and those of the pages, which also know how these write numbers and dates."""
    found = environment("scorer.practice")
    found.globals |= {"version": __version__, "drawing": charts}
    found.filters |= {"clock": _clock, "day": _day, "signed": _signed, "more": _more}
    return found


def _clock(seconds: int) -> str:
    """Seconds as minutes and seconds, such as 4:05."""
    return f"{seconds // 60}:{seconds % 60:02d}"


def _day(moment: datetime) -> str:
    """A moment in this computer's time zone, such as 3 May 2026, 14:05."""
    local = moment.astimezone()
    return f"{local.day} {local:%b %Y, %H:%M}"


def _signed(number: float) -> str:
    """A difference of scores, such as +0.05 or −0.12; ±0.00 where it rounds to nothing."""
    return f"{_sign(round(number, 2))}{abs(number):.2f}"


def _more(number: int) -> str:
    """A difference of counts, such as +5 or −12."""
    return f"{_sign(number)}{abs(number)}"


def _sign(number: float) -> str:
    return "+" if number > 0 else "−" if number < 0 else "±"
