"""The HTTP interface: `POST /api/score`, the questions, and a description of both."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from scorer import __version__
from scorer.exchange import summary
from scorer.practice.requests import LONGEST_ANSWER, answer_of, body_of
from scorer.practice.scoring import BackgroundScorer
from scorer.records import Question

_FIELDS = ("answer", "question")
# What a status says of a request that was not answered.
_PROBLEMS = {
    "400": "no JSON",
    "403": "a Host or an Origin that is not this computer",
    "404": "no such question",
    "413": "larger than is read",
    "415": "no application/json",
    "422": "other than the two texts, or no text that can be scored",
    "503": "the model is not usable",
}


class Api:
    """Answers the requests below `/api`. It keeps nothing: what is scored here is in no history."""

    def __init__(self, questions: Mapping[str, Question], scorer: BackgroundScorer) -> None:
        self._questions = questions
        self._scorer = scorer

    def routes(self) -> list[Route]:
        """What is served."""
        return [
            Route("/api/score", self.score, methods=["POST"]),
            Route("/api/questions", self.questions),
            Route("/api/openapi.json", self.openapi),
        ]

    async def score(self, request: Request) -> JSONResponse:
        """The report on {"question": id, "answer": text}, as one element of "reports" in the JSON output."""
        fields = _fields(await body_of(request, "application/json"))
        question = self._questions.get(fields["question"])
        if question is None:
            raise HTTPException(404, f"no question {fields['question'][:64]!r}; /api/questions lists them")
        report = await self._scorer.score(answer_of(fields["answer"]), question)
        return JSONResponse(report.to_dict())

    def questions(self, request: Request) -> JSONResponse:
        """The questions, without their references."""
        del request
        return JSONResponse([summary(question) for question in self._questions.values()])

    def openapi(self, request: Request) -> JSONResponse:
        """What there is, as OpenAPI 3.1."""
        del request
        return JSONResponse(description(list(self._questions)))


def _fields(body: bytes) -> dict[str, str]:
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, 'the body is no JSON; send {"question": id, "answer": text}') from error
    if (
        not isinstance(fields, dict)
        or sorted(fields) != [*_FIELDS]
        or not all(isinstance(v, str) for v in fields.values())
    ):
        raise HTTPException(422, 'the body is JSON, but not {"question": id, "answer": text}; send exactly these two')
    return fields


def description(ids: list[str]) -> dict[str, Any]:
    """The OpenAPI document for a bank with these questions; reports are described as the JSON output is."""
    report, error = {"$ref": "#/components/schemas/report"}, {"$ref": "#/components/schemas/error"}
    listed = {"type": "array", "items": {"$ref": "#/components/schemas/question"}}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "score-answer",
            "version": __version__,
            "description": "What a written answer covers of a reference answer. On this computer only.",
        },
        "paths": {
            "/api/score": {
                "post": {
                    "summary": "Score an answer to a question of the bank",
                    "operationId": "score",
                    "requestBody": {"required": True, "content": _content({"$ref": "#/components/schemas/answer"})},
                    "responses": {
                        "200": {"description": "the report", "content": _content(report)},
                        **{code: {"description": why, "content": _content(error)} for code, why in _PROBLEMS.items()},
                    },
                }
            },
            "/api/questions": {
                "get": {
                    "summary": "The questions of the bank",
                    "operationId": "questions",
                    "responses": {"200": {"description": "the questions", "content": _content(listed)}},
                }
            },
        },
        "components": {"schemas": _schemas(ids)},
    }


def _content(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _schemas(ids: list[str]) -> dict[str, Any]:
    # One description serves both; only the place of its parts differs.
    schema = (files("scorer.report") / "report.schema.json").read_text(encoding="utf-8")
    parts = json.loads(schema.replace("#/$defs/", "#/components/schemas/"))["$defs"]
    text = {"type": "string"}
    question = dict.fromkeys(("id", "level", "topic", "question", "context"), text)
    own = {
        "answer": {
            "type": "object",
            "additionalProperties": False,
            "required": [*_FIELDS],
            "properties": {"question": {"enum": ids}, "answer": {"type": "string", "maxLength": LONGEST_ANSWER}},
        },
        "question": {
            "type": "object",
            "additionalProperties": False,
            "required": list(question),
            "properties": question,
        },
        "error": {
            "type": "object",
            "additionalProperties": False,
            "required": ["error"],
            "properties": {"error": text},
        },
    }
    return {**parts, **own}
