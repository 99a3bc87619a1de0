from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from scorer import AnswerScorer
from scorer.cases import Case
from scorer.errors import InputError
from scorer.records import Verdict
from scorer.regression import Comparison, compare, failures, score_cases, verify
from scorer.report.comparison import FORMATS, differences_text, render_comparison
from scorer.runs import Judgement, Run, Scored

SIGNATURE = {"scorer": "0.1.0", "calibration": "one", "question": "q@1"}


def claim(verdict: Verdict, coverage: float, denial: float | None = 0.1, text: str = "Costs fall.") -> Judgement:
    return Judgement(text, 0.5, verdict, coverage, denial, f"matched ‘{text}’ \x1b|")


def answer(name: str, score: float, *claims: Judgement, **signature: str) -> Scored:
    return Scored(name, name.split("--", maxsplit=1)[0], score, {**SIGNATURE, **signature}, claims)


def run(*answers: Scored, source: str = "r.json") -> Run:
    return Run(source, {each.name: each for each in answers})


COVERED = claim("covered", 0.7)
FLIPS: list[tuple[Judgement, Judgement, bool, bool]] = [
    (COVERED, claim("covered", 0.9), False, False),
    (COVERED, claim("missing", 0.2), True, True),
    (COVERED, claim("partial", 0.69), True, True),
    (COVERED, claim("partial", 0.6901), True, False),  # less than what is printed
    (COVERED, claim("contradicted", 0.7, 0.9), True, True),
    (COVERED, claim("contradicted", 0.7, 0.1099), True, False),
    (claim("covered", 0.7, None), claim("contradicted", 0.7, 0.9), True, True),
    (claim("partial", 0.5), claim("missing", 0.2), True, False),
    (claim("missing", 0.2), COVERED, True, False),
]


@pytest.mark.parametrize(("old", "new", "flips", "lost"), FLIPS)
def test_flips(old: Judgement, new: Judgement, flips: bool, lost: bool) -> None:
    """At an equal score, too."""
    found = compare(run(answer("a", 0.5, old)), run(answer("a", 0.5, new)), {})
    assert (bool(found.flips), bool(found.lost)) == (flips, lost)
    assert bool(failures(found, run(answer("a", 0.5, new)), 0.0, {})) == lost


@pytest.mark.parametrize(
    ("old", "new", "tolerance", "minimum", "kinds"),
    [
        (0.5, 0.5, 0.0, 0.5, []),
        (0.5, 0.49, 0.01, 0.0, []),
        (0.5, 0.4899, 0.01, 0.0, ["fallen"]),
        (0.5, 0.9, 0.0, 0.95, ["low"]),
        (0.5, 0.1, 0.01, 0.2, ["fallen", "low"]),
    ],
)
def test_scores_and_minimums(old: float, new: float, tolerance: float, minimum: float, kinds: list[str]) -> None:
    after = run(answer("a", new, COVERED))
    found = compare(run(answer("a", old, COVERED)), after, {})
    assert [each.kind for each in failures(found, after, tolerance, {"a": minimum})] == kinds


def test_new_removed_and_reworded_are_no_regressions() -> None:
    old = run(answer("a", 0.5, COVERED, claim("covered", 0.7, text="Gone.")), answer("b", 0.5, COVERED))
    new = run(answer("a", 0.5, COVERED, COVERED), answer("c", 0.1, COVERED))
    found = compare(old, new, {})
    assert (found.added, found.removed, dict(found.reworded), found.flips) == (("c",), ("b",), {"a": 2}, ())
    assert failures(found, new, 0.0, {}) == []
    text = render_comparison(found, [], "text")
    assert "New answers, not compared: c" in text
    assert "Removed answers, not compared: b" in text
    assert "In one of the two only, not compared: 2 claims of 1 answer" in text


def test_nothing_in_common_is_no_comparison() -> None:
    with pytest.raises(InputError, match=r"x \(1 answers\) and y \(1 answers\) have no answer in common"):
        compare(run(answer("a", 0.5, COVERED), source="x"), run(answer("b", 0.5, COVERED), source="y"), {})


def test_what_differs_in_the_signature() -> None:
    old, new = run(answer("a", 0.5, COVERED)), run(answer("a", 0.5, COVERED, calibration="two", extra="x"))
    assert compare(old, old, {}).comparable
    found = compare(old, new, {})
    assert [(each.key, each.old, each.new) for each in found.signature] == [
        ("calibration", "one", "two"),
        ("extra", None, "x"),
    ]
    assert "calibration: one → two" in render_comparison(found, [], "text")


def test_groups() -> None:
    names = [f"q{i}--{j}" for i in range(4) for j in range(3)]
    old = run(*(answer(name, 0.5, COVERED) for name in names))
    new = run(*(answer(name, 0.4 if name.startswith("q1") else 0.5, COVERED) for name in names))
    found = compare(old, new, {"q1": "hard", "q2": "easy"})
    groups = {(group.kind, group.name): group for group in found.groups}
    assert list(groups)[:3] == [("all", ""), ("level", "easy"), ("level", "hard")]
    assert groups["all", ""].change.difference.value == pytest.approx(-0.025)
    assert groups["level", "hard"].answers == 3
    alone = render_comparison(compare(run(old.answers["q1--0"]), run(new.answers["q1--0"]), {}), [], "text")
    assert " 1 answer  -0.1000" in alone
    assert groups["question", "q1"].change.difference.high == pytest.approx(-0.1)
    assert groups["question", "q2"].change.p_value == 1.0
    assert found == compare(old, new, {"q1": "hard", "q2": "easy"})


@pytest.fixture(scope="module")
def nasty() -> Comparison:
    """Everything at once, with text that a terminal, a page or XML could stumble over."""
    text = "<script>alert(1)</script> | *x* \x1b[31m ]]> &"
    old = run(answer("a--\x07", 0.5, claim("covered", 0.7, text=text)), answer("b", 0.5, COVERED), source="o\x1b")
    new = run(answer("a--\x07", 0.1, claim("missing", 0.1, text=text)), answer("c", 0.5, COVERED), calibration_run())
    return compare(old, new, {})


def calibration_run() -> Scored:
    return answer("d", 0.5, COVERED, calibration="two")


@pytest.mark.parametrize("form", FORMATS)
def test_views(nasty: Comparison, form: str) -> None:
    failed = failures(nasty, run(answer("a--\x07", 0.1, COVERED)), 0.01, {})
    assert [each.kind for each in failed] == ["lost", "fallen"]
    text = render_comparison(nasty, failed, form)
    assert text.endswith("\n")
    assert render_comparison(nasty, failed, form) == text
    if form == "json":
        document = json.loads(text)
        assert [flip["lost"] for flip in document["flips"]] == [True]
        assert document["groups"][0]["change"]["seed"] == 0
        assert [each["kind"] for each in document["failures"]] == ["lost", "fallen"]
        return
    assert "\x1b" not in text + render_comparison(nasty, [], form)
    assert "\x07" not in text
    assert form == "text" or "<script>" not in text
    if form == "junit":
        suite = ElementTree.fromstring(text)[0]  # noqa: S314  written by the line above
        assert {key: suite.get(key) for key in ("tests", "failures", "skipped")} == {
            "tests": "4", "failures": "1", "skipped": "3",
        }  # fmt: skip
        assert "before: matched" in str(suite[0][0].text)


@pytest.fixture(scope="module")
def stored(scorer: AnswerScorer, partial: str) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = [
        {"answer": partial, "question": "q7x2"},
        {"answer": "Costs fall.", "claims": ["Costs fall.", "Rules help."]},
    ]
    return json.loads(json.dumps([report.to_dict() for report in scorer.score_many(answers)]))  # type: ignore[no-any-return]


def verified(scorer: AnswerScorer, stored: list[dict[str, Any]], **against: Any) -> list[str]:
    asked: list[tuple[bool, bool]] = []

    def make(contradiction: bool, leave_out: bool) -> AnswerScorer:
        asked.append((contradiction, leave_out))
        return scorer

    found = verify(stored, "r.json", against, make)
    assert asked == [(True, False)]
    return differences_text(found).splitlines()


def test_a_true_result_is_verified(scorer: AnswerScorer, stored: list[dict[str, Any]]) -> None:
    assert verified(scorer, stored) == []
    older = [{key: value for key, value in report.items() if key != "sentences"} for report in stored]
    assert verified(scorer, older) == []


def test_each_change_is_named(scorer: AnswerScorer, stored: list[dict[str, Any]]) -> None:
    def changed(**parts: Any) -> list[str]:
        return verified(scorer, [{**stored[0], **parts}])

    first = stored[0]["claims"][0]
    assert changed(score=0.9) == [f"r.json, report 1: score is {stored[0]['score']}, stored is 0.9"]
    claims = [{**first, "coverage": 0.9}, *stored[0]["claims"][1:]]
    assert changed(claims=claims) == [f"r.json, report 1: claims[0].coverage is {first['coverage']}, stored is 0.9"]
    (line,) = changed(signature=stored[0]["signature"].replace("calibration:", "calibration:x"))
    assert "report 1: signature calibration is" in line
    assert any("claims is" in line for line in changed(claims=claims[1:]))
    assert changed(flags=["none"]) == ['r.json, report 1: flags is [], stored is ["none"]']
    shorter = {key: value for key, value in stored[0].items() if key != "interval"}
    assert "interval is" in verified(scorer, [shorter])[0]
    assert any("score" in line for line in changed(answer="Costs fall."))


def test_what_cannot_be_verified(scorer: AnswerScorer, stored: list[dict[str, Any]]) -> None:
    against_files = scorer.score("Costs fall.", references=["Costs fall."], question_text="Why?").to_dict()
    with pytest.raises(InputError, match="report 1 was scored against files; give them again with --reference"):
        verify([against_files], "r.json", {}, lambda *_: scorer)
    assert verified(scorer, [against_files], references=["Costs fall."], question_text="Why?") == []
    assert verified(scorer, [against_files], references=["Costs fall."])[0].startswith(
        "r.json, report 1: signature question is"
    )
    with pytest.raises(InputError, match="does not hold its answer; only results"):
        verify([{**stored[0], "answer": None}], "r.json", {}, lambda *_: scorer)
    with pytest.raises(InputError, match="no question 'nope'"):
        verify([{**stored[0], "question": "nope"}], "r.json", {}, lambda *_: scorer)


def test_cases_are_scored_in_order(scorer: AnswerScorer, strong: str) -> None:
    cases = [Case(f"c{i}", {"answer": strong[: 200 + i], "claims": ["Open models help."]}) for i in range(21)]
    said: list[str] = []
    found = score_cases(scorer, cases, "here", said.append)
    assert (list(found.answers), said) == ([case.name for case in cases], ["20 of 21 answers", "21 of 21 answers"])
    alone = scorer.score(strong[:220], claims=["Open models help."])
    assert found.answers["c20"].score == alone.score
    with pytest.raises(InputError, match="unknown key 'x'"):
        score_cases(scorer, [replace(cases[0], request={"answer": "a", "x": 1})], "here", said.append)
