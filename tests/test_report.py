from __future__ import annotations

import json
import re
from collections import Counter

import jsonschema
import pytest
from click import unstyle
from rich.cells import cell_len

from scorer import AnswerScorer, ScoreReport
from scorer.cli.compare import _EXTENSIONS as COMPARED_EXTENSIONS
from scorer.cli.compare import _FORMATS as COMPARED_FORMATS
from scorer.cli.score import _EXTENSIONS, _FORMATS
from scorer.report import FORMATS, comparison, render
from scorer.report.render import to_json
from scorer.report.terminal import to_terminal
from scorer.report.wording import MARKS, points, printable
from tests.conftest import ROOT

SCHEMA = json.loads((ROOT / "scorer/report/report.schema.json").read_text())


@pytest.fixture(scope="module")
def reports(scorer: AnswerScorer, strong: str, partial: str, off_topic: str) -> list[ScoreReport]:
    bank = [scorer.score(each, question="q7x2", source="a.txt") for each in (strong, partial, off_topic, "")]
    nasty = "Open *models* | <script>alert(1)</script> \x1b[31mred\x07\n# Heading `code`"
    return [*bank, scorer.score(nasty, references=["Open models `x` | help."], source="na|sty\x1b[0m.txt")]


def test_json_follows_the_schema(reports: list[ScoreReport]) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    document = json.loads(render(reports, "json"))
    jsonschema.validate(document, SCHEMA)
    assert document == to_json(reports)


def test_the_schema_refuses_what_is_not_a_report(reports: list[ScoreReport]) -> None:
    changes: list[dict[str, object]] = [{"score": 1.5}, {"extra": 1}, {"claims": []}, {"signature": "none"}]
    for change in changes:
        document = {"schema_version": 1, "reports": [{**reports[0].to_dict(), **change}]}
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(document, SCHEMA)


def test_jsonl_is_a_report_a_line(reports: list[ScoreReport]) -> None:
    lines = render(reports, "jsonl").splitlines()
    assert [json.loads(line) for line in lines] == to_json(reports)["reports"]


@pytest.mark.parametrize("width", [40, 80, 120])
def test_text_holds_the_facts_in_order_and_in_width(reports: list[ScoreReport], width: int) -> None:
    report = reports[1]
    text = render([report], "text", width=width)
    order = [f"Score {report.score:.2f}", "Not covered, what would raise", "Claims:", report.signature]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert places[0] == 0
    flat = " ".join(text.split())
    for claim in report.claims:
        assert " ".join(claim.text.split()) in flat
        shown = claim.contradiction if claim.verdict == "contradicted" else claim.coverage
        assert f"{shown:.2f} {claim.verdict}" in flat
    assert all(len(line) <= width for line in text.splitlines() if line != report.signature)


def test_what_would_help_most(scorer: AnswerScorer) -> None:
    """Points of 100, the most helpful claim first; a sentence that costs is named where that was asked for."""
    claims = ["The drug reduces pain.", "The drug is cheap.", "Nurses like it."]
    answer = "The drug reduces pain. The drug does not reduce pain. The drug is cheap."
    report = AnswerScorer(leave_out=True).score(answer, claims=claims)
    assert [claim.gain for claim in report.helpful] == sorted((c.gain for c in report.helpful), reverse=True)
    (costly,) = report.harmful
    for text in (render([report], "text"), render([report], "markdown").replace("\\", "")):
        for claim in report.helpful:
            assert f"+{100 * claim.gain:.0f} points" in text
        assert f"+{100 * costly[1]:.0f} points: {costly[0].text}" in text
    assert "Without this sentence" not in render([scorer.score(answer, claims=claims)], "text")


@pytest.mark.parametrize(
    ("gain", "shown"), [(0.07, "+7 points"), (0.0051, "+1 point"), (0.0049, "+0.5 points"), (0.0, "+0.0 points")]
)
def test_points(gain: float, shown: str) -> None:
    assert points(gain) == shown


def test_nothing_from_an_answer_reaches_the_terminal_or_the_page_raw(reports: list[ScoreReport]) -> None:
    assert "\x1b" not in render(reports, "text") + render(reports, "markdown")
    markdown = render(reports[-1:], "markdown")
    assert "<script>" not in markdown
    rows = [line for line in markdown.splitlines() if line.startswith("| ")]
    assert all(line.replace("\\|", "").count("|") == 5 for line in rows)


def test_formats_of_the_command_line_are_those_of_the_reports() -> None:
    assert comparison.FORMATS == COMPARED_FORMATS
    assert set(COMPARED_EXTENSIONS.values()) == set(comparison.FORMATS)
    assert FORMATS == _FORMATS
    assert set(_EXTENSIONS.values()) == set(FORMATS)


@pytest.mark.parametrize("width", [20, 60, 80, 120, 300])
def test_the_terminal_shows_the_facts_of_the_json_in_its_width(reports: list[ScoreReport], width: int) -> None:
    for report in reports:
        drawn = to_terminal([report], width)
        plain = unstyle(drawn)
        flat = "".join(plain.split())
        facts = [f"Score {report.score:.2f}", f"interval {report.interval[0]:.2f} to {report.interval[1]:.2f}"]
        facts += [report.question, printable(report.source), report.signature, *report.flags]
        facts += [printable(span.text) for span in report.unsupported]
        for claim in report.claims:
            facts += [claim.text, claim.reason, f"coverage {claim.coverage:.2f}", f"denial {claim.contradiction:.2f}"]
            facts += [f"weight {claim.weight:.2f}", f"margin {claim.margin:.2f}"]
            facts += [points(claim.gain)] if claim.verdict != "covered" else []
        facts += [f"{n} {v}" for v, n in Counter(claim.verdict for claim in report.claims).items()]
        assert [fact for fact in facts if "".join(printable(fact).split()) not in flat] == []
        lines = [line for line in plain.splitlines() if line != report.signature]
        assert max(map(cell_len, lines)) <= max(40, min(width, 120))


def test_the_terminal_shows_the_worst_first_and_marks_the_evidence(reports: list[ScoreReport]) -> None:
    report = reports[1]
    plain = unstyle(to_terminal([report], 100))
    titles = [line.split(" (")[0] for line in plain.splitlines() if re.fullmatch(r"[A-Z][a-z ]+ \(\d+\)", line)]
    assert titles == ["Missing", "Partly covered", "Covered"]
    shown = "".join(plain[plain.index("The answer") :].split())
    for number, claim in enumerate(report.claims, start=1):
        cited = f"[{number}{MARKS[claim.verdict]}]"
        assert (cited in shown) == (claim.evidence is not None)


def test_nothing_from_an_answer_steers_the_terminal(reports: list[ScoreReport]) -> None:
    """Beside colours, which rich writes, no control character."""
    for report in reports:
        rest = re.sub(r"\x1b\[[0-9;]*m", "", to_terminal([report], 80))
        assert [c for c in rest if not c.isprintable() and c != "\n"] == []
        assert "\x1b[31mred" not in to_terminal([report], 80)
