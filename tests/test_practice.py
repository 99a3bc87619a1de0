"""The page and the interface without a browser: what is served to whom, and what is kept."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from starlette.testclient import TestClient

from scorer import AnswerScorer, Question, QuestionBank
from scorer.errors import InputError
from scorer.practice.app import make_app
from scorer.practice.charts import HEIGHT, WIDTH, charts
from scorer.practice.history import Attempt, History
from scorer.practice.requests import LONGEST_ANSWER
from scorer.practice.scoring import BackgroundScorer
from scorer.practice.views import view_of
from scorer.records import Claim
from tests.test_report import SCHEMA

HOME = "http://127.0.0.1:8017"
REPORT = {**SCHEMA, **SCHEMA["$defs"]["report"]}
HOSTILE = "</textarea><script>alert(1)</script> {{ 7 * 7 }} Open models speed up research. \"' onload=x"


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "data" / "practice.sqlite3")


@pytest.fixture
def client(history: History, scorer: AnswerScorer) -> Iterator[TestClient]:
    app = make_app(list(QuestionBank()), history, BackgroundScorer(lambda: scorer))
    with TestClient(app, base_url=HOME, follow_redirects=True) as found:
        yield found


def test_a_round(client: TestClient, history: History, scorer: AnswerScorer, partial: str, strong: str) -> None:
    question = client.get("/questions/q7x2")
    assert "As we delve into the implications" not in question.text
    assert "As we delve into the implications" in client.get("/questions/q7x2?reference=shown").text
    client.post("/questions/q7x2", data={"answer": partial, "seconds": "65"})
    second = client.post("/questions/q7x2", data={"answer": strong.replace("\n", "\r\n")})
    expected = [scorer.score(text, question="q7x2").to_dict() for text in (partial, strong)]
    kept = history.all()
    assert [(each.answer, each.report, each.seconds) for each in kept] == [
        (partial, expected[0], 65),
        (strong, expected[1], None),
    ]
    assert f'<p class="big">{expected[1]["score"]:.2f}</p>' in second.text
    assert "As we delve into the implications" not in second.text
    assert f"{expected[1]['score'] - expected[0]['score']:+.2f}" in second.text
    page = client.get("/history").text
    assert all(f"/attempts/{each.id}" in page for each in kept)
    assert partial[:30] in client.get(f"/questions/q7x2?from={kept[0].id}").text
    exported = [json.loads(line) for line in client.get("/history/export").text.splitlines()]
    assert [row["report"] for row in exported] == expected
    client.post(f"/attempts/{kept[0].id}/delete")
    assert [each.id for each in history.all()] == [kept[1].id]
    client.post("/history/delete")
    assert history.all() == []
    assert partial[:40].encode() not in history.file.read_bytes()


def test_choosing_and_drawing(client: TestClient) -> None:
    listed = client.get("/", params={"topic": "data", "level": "easy"}).text
    (only,) = re.findall(r'href="/questions/(\w+)"', listed)
    assert client.get("/draw", params={"topic": "data", "level": "easy"}).url.path == f"/questions/{only}"
    assert "No question is like that" in client.get("/draw", params={"search": "no such words"}).text
    assert client.get("/", params={"topic": "cooking"}).status_code == 422


def test_drawing_prefers_what_was_not_tried(client: TestClient, history: History) -> None:
    easy = [question for question in QuestionBank() if question.level == "easy"]
    for question in easy[1:]:
        history.add(question, "An answer.", None)
    assert client.get("/draw?level=easy").url.path == f"/questions/{easy[0].id}"


def test_everything_is_escaped(client: TestClient) -> None:
    pages = [client.post("/questions/q7x2", data={"answer": HOSTILE})]
    pages += [client.get(path) for path in ("/questions/q7x2?from=1", "/history", "/?search=<script>alert(1)")]
    pages += [client.get("/questions/<script>alert(1)")]
    for page in pages:
        assert "<script>alert" not in page.text
        assert len(re.findall(r"<script", page.text)) == 1
        assert not re.search(r"""<[^>]+\s(on\w+|style)\s*=|<style|javascript:""", page.text)
    assert "{{ 7 * 7 }}" in pages[0].text


PATHS = ["/", "/history", "/questions/q7x2", "/nowhere", "/api/openapi.json", "/static/style.css", "/static/none.css"]


@pytest.mark.parametrize("path", PATHS)
def test_every_response_forbids_what_the_page_does_not_need(client: TestClient, path: str) -> None:
    policy = client.get(path).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert client.get(path).headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:9000"}, 200),
        ({"Origin": HOME}, 200),
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
        ({"Host": "127.0.0.1:8017@evil.example"}, 403),
        ({"Host": ""}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://localhost:8017"}, 403),
        ({"Origin": "https://127.0.0.1:8017"}, 403),
        ({"Origin": "http://127.0.0.1:9000"}, 403),
    ],
)
def test_only_this_computer_and_this_page(
    client: TestClient, history: History, headers: dict[str, str], status: int
) -> None:
    assert client.get("/", headers=headers).status_code == status
    posted = client.post("/questions/q7x2", data={"answer": "Costs fall."}, headers=headers, follow_redirects=False)
    assert posted.status_code == (303 if status == 200 else 403)
    assert len(history.all()) == (status == 200)


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b"answer=Costs+fall.", "application/x-www-form-urlencoded", 200),
        (b"answer=" + b"%F0%9F%99%82" * LONGEST_ANSWER, "application/x-www-form-urlencoded", 200),
        (b"answer=" + b"a" * (LONGEST_ANSWER + 1), "application/x-www-form-urlencoded", 422),
        (b"a" * 1_000_000, "application/x-www-form-urlencoded", 413),
        (b"answer=+%0A", "application/x-www-form-urlencoded", 422),
        (b"other=1", "application/x-www-form-urlencoded", 422),
        (b"answer=%FF", "application/x-www-form-urlencoded", 400),
        (b"answer=\xff", "application/x-www-form-urlencoded", 400),
        (b"&" * 50 + b"a=b" * 50, "application/x-www-form-urlencoded", 400),
        (b"answer=Costs+fall.", "text/plain", 415),
    ],
)
def test_what_a_form_may_say(client: TestClient, history: History, body: bytes, media_type: str, status: int) -> None:
    done = client.post("/questions/q7x2", content=body, headers={"Content-Type": media_type})
    assert (done.status_code, len(history.all())) == (status, status == 200)


@pytest.mark.parametrize("path", ["/attempts/1", "/attempts/x", "/attempts/" + "9" * 5000, "/questions/nope", "/x"])
def test_what_is_not_there(client: TestClient, path: str) -> None:
    done = client.get(path)
    assert (done.status_code, "That did not work" in done.text) == (404, True)


def test_the_interface_answers_as_the_contract_says(client: TestClient, scorer: AnswerScorer, partial: str) -> None:
    done = client.post("/api/score", json={"question": "q7x2", "answer": partial})
    jsonschema.validate(done.json(), REPORT)
    assert done.json() == scorer.score(partial, question="q7x2").to_dict()
    assert {each["id"] for each in client.get("/api/questions").json()} == set(QuestionBank().ids())


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[" * 100_000, 400),
        (b"\xff", 400),
        (b"[]", 422),
        (b'{"question": "q7x2"}', 422),
        (b'{"question": "q7x2", "answer": null}', 422),
        (b'{"question": "q7x2", "answer": "a", "more": 1}', 422),
        (b'{"question": "q7x2", "answer": "\\ud800"}', 422),
        (b'{"question": "../q7x2\\ud800", "answer": "a"}', 404),
        (b'{"question": "q7x2", "answer": "' + b"a" * (LONGEST_ANSWER + 1) + b'"}', 422),
        (b'{"question": "q7x2", "answer": "' + b"a" * 1_000_000 + b'"}', 413),
        (b'{"question": "q7x2", "answer": ""}', 200),
        (b'{"question": "q7x2", "answer": "a\\u0000b"}', 200),
    ],
)
def test_what_the_interface_refuses(client: TestClient, body: bytes, status: int) -> None:
    done = client.post("/api/score", content=body, headers={"Content-Type": "application/json"})
    assert done.status_code == status
    assert status == 200 or list(done.json()) == ["error"]


class _Served:
    """The application behind the host that is asked for: schemathesis calls it by another name."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            others = [(name, value) for name, value in scope["headers"] if name != b"host"]
            scope = {**scope, "headers": [*others, (b"host", b"127.0.0.1:8017")]}
        await self._app(scope, receive, send)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_the_interface_does_what_its_description_says(
    history: History, scorer: AnswerScorer, mode: GenerationMode
) -> None:
    loaded = BackgroundScorer(lambda: scorer)
    app = _Served(make_app(list(QuestionBank()), history, loaded))
    described = schemathesis.openapi.from_asgi("/api/openapi.json", app)
    operations = [described["/api/score"]["POST"]]
    operations += [described["/api/questions"]["GET"]] if mode is GenerationMode.POSITIVE else []
    for operation in operations:

        @given(operation.as_strategy(generation_mode=mode))
        @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        def check(case: Any) -> None:
            case.call_and_validate(timeout=300)

        check()
    loaded.close()


def test_many_at_once_are_all_scored_and_kept(history: History, scorer: AnswerScorer) -> None:
    """Fifty submissions by fifty threads: each gets its own report, as if it had been alone."""
    points = ("Costs fall.", "Scrutiny rises.", "Bananas are yellow.")
    questions = [Question(f"q{i}", "Why?", claims=(Claim(point, 1.0),)) for i, point in enumerate(points)]
    answers = [(questions[i % 3], f"Costs fall by {i} a day. Bananas are green.") for i in range(50)]
    app = make_app(questions, history, BackgroundScorer(lambda: scorer))

    with TestClient(app, base_url=HOME, follow_redirects=True) as client:

        def submit(each: tuple[Question, str]) -> int:
            question, answer = each
            return client.post(f"/questions/{question.id}", data={"answer": answer}).status_code

        with ThreadPoolExecutor(max_workers=50) as pool:
            assert list(pool.map(submit, answers)) == [200] * 50
    kept = {each.answer: each.report for each in history.all()}
    assert len(kept) == 50
    for question, answer in answers[::3]:
        assert kept[answer] == scorer.score(answer, question=question).to_dict()
    assert all(report is not None and report["answer"] == answer for answer, report in kept.items())


def test_an_answer_that_was_not_scored_yet_is_scored_later(client: TestClient, history: History) -> None:
    """As after a crash between the two."""
    number = history.add(QuestionBank().get("q7x2"), "Open models speed up research.", None)
    assert "not scored yet" in client.get("/history").text
    assert client.get(f"/attempts/{number}").status_code == 200
    found = history.get(number)
    assert found is not None
    assert found.report is not None


def test_an_answer_to_a_question_that_is_gone(client: TestClient, history: History) -> None:
    number = history.add(Question("gone", "Why?"), "So.", None)
    done = client.get(f"/attempts/{number}")
    assert (done.status_code, "not in the bank any more" in done.text) == (422, True)


def test_scoring_is_asked_for_while_the_model_loads(scorer: AnswerScorer) -> None:
    def fail() -> AnswerScorer:
        raise InputError("no model")

    question = QuestionBank().get("q7x2")
    loaded = BackgroundScorer(lambda: scorer)
    loaded.warm(question)
    report = asyncio.run(loaded.score("Costs fall.", question))
    assert report.to_dict() == scorer.score("Costs fall.", question=question).to_dict()
    loaded.close()
    failed = BackgroundScorer(fail)
    with pytest.raises(InputError, match="no model"):
        asyncio.run(failed.score("Costs fall.", question))
    failed.close()


def test_what_a_page_shows_of_a_report(history: History, scorer: AnswerScorer, strong: str) -> None:
    question = QuestionBank().get("q7x2")
    attempts = []
    for answer in ("Costs fall.", strong, strong):
        number = history.add(question, answer, None)
        history.keep_report(number, scorer.score(answer, question=question).to_dict())
        found = history.get(number)
        assert found is not None
        attempts.append(found)
    view = view_of(attempts[1], attempts[0])
    report = scorer.score(strong, question=question)
    assert "".join(piece.text for piece in view.pieces) == strong
    assert sorted(point.number for _, points in view.groups for point in points) == list(
        range(1, len(report.claims) + 1)
    )
    assert [point.claim.text for point in dict(view.groups)["missing"]] == [claim.text for claim in report.missing]
    gains = [point.claim.gain for point in view.advice]
    assert gains == sorted(gains, reverse=True)
    assert view.since is not None
    assert view.since.difference == pytest.approx(report.score - scorer.score("Costs fall.", question=question).score)
    before = scorer.score("Costs fall.", question=question).claims
    changed = [now.text for was, now in zip(before, report.claims, strict=True) if was.verdict != now.verdict]
    assert sorted(change.text for change in view.since.changes) == sorted(changed)
    same = view_of(attempts[2], attempts[1]).since
    assert same is not None
    assert (same.comparable, same.difference, same.words, same.changes) == (True, 0.0, 0, ())


def test_tries_scored_by_another_scorer_are_not_compared(history: History, scorer: AnswerScorer) -> None:
    question = QuestionBank().get("q7x2")
    report = scorer.score("Costs fall.", question=question).to_dict()
    numbers = [history.add(question, "Costs fall.", None) for _ in range(2)]
    history.keep_report(numbers[0], {**report, "signature": "scorer:0.0.1"})
    history.keep_report(numbers[1], report)
    first, second = history.all()
    since = view_of(second, first).since
    assert since is not None
    assert not since.comparable


def test_charts_stay_inside_their_frames(history: History) -> None:
    scores = [0.0, 1.0, 0.5] * 10
    for topic in ("data", ""):
        for score in scores:
            number = history.add(Question("q", "Why?", topic=topic), "So.", None)
            history.keep_report(number, {"score": score})
    history.add(Question("q", "Why?", topic="unscored"), "So.", None)
    data, other = charts(history.all())
    assert (data.topic, other.topic, data.count, data.best, data.last) == ("data", "", 30, 1.0, 0.5)
    assert all(0 <= dot.x <= WIDTH and 0 <= dot.y <= HEIGHT for dot in data.dots)
    assert [dot.attempt.score for dot in data.dots] == scores[-20:]


def test_a_history_is_private_and_says_what_is_wrong_with_it(tmp_path: Path, history: History) -> None:
    assert history.file.stat().st_mode & 0o077 == 0
    damaged, later = tmp_path / "damaged", tmp_path / "later"
    damaged.write_text("no database" * 100)
    with pytest.raises(InputError, match=r"damaged: file is not a database; move it away"):
        History(damaged)
    import sqlite3

    connection = sqlite3.connect(later)
    connection.execute("PRAGMA user_version = 9")
    connection.close()
    with pytest.raises(InputError, match=r"later was written by a later version \(format 9, this one knows 1\)"):
        History(later)
    with pytest.raises(InputError, match=r"cannot be written: .*; name another with --history"):
        History(damaged / "inside")


def test_ids_of_deleted_attempts_are_not_given_again(history: History) -> None:
    question = Question("q", "Why?")
    first = history.add(question, "a", None)
    history.delete(first)
    assert history.add(question, "b", None) > first
    assert isinstance(history.all()[0], Attempt)
