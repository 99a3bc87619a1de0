from __future__ import annotations

import json

import jsonschema
import pytest

from scorer import AnswerScorer, ScoreReport
from scorer.cli.compare import _EXTENSIONS as COMPARED_EXTENSIONS
from scorer.cli.compare import _FORMATS as COMPARED_FORMATS
from scorer.cli.score import _EXTENSIONS, _FORMATS
from scorer.report import FORMATS, comparison, render
from scorer.report.render import to_json
from scorer.report.wording import points
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
