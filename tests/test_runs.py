from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer import AnswerScorer
from scorer.errors import InputError
from scorer.records import Verdict
from scorer.runs import Judgement, Run, Scored, baseline_text, read_baseline, read_reports, read_run, run_of

shares = st.floats(0.0, 1.0).map(lambda value: round(value, 4))
verdicts: st.SearchStrategy[Verdict] = st.sampled_from(["covered", "partial", "missing", "contradicted"])
judgements = st.builds(
    Judgement,
    text=st.text(min_size=1),
    weight=shares,
    verdict=verdicts,
    coverage=shares,
    contradiction=st.none() | shares,
    reason=st.text(),
)
SHARED = {"scorer": "0.1.0", "model": "m@1"}


@st.composite
def runs(draw: st.DrawFn) -> Run:
    names = draw(st.lists(st.text(min_size=1), min_size=1, max_size=3, unique=True))
    return Run(
        "r",
        {
            name: Scored(
                name,
                draw(st.text()),
                draw(shares),
                {**SHARED, "question": f"-@{i}"},
                tuple(draw(st.lists(judgements, min_size=1, max_size=3))),
            )
            for i, name in enumerate(names)
        },
    )


@given(runs())
def test_a_baseline_holds_a_run(tmp_path_factory: pytest.TempPathFactory, run: Run) -> None:
    file = tmp_path_factory.mktemp("b") / "b.json"
    text = baseline_text(run)
    file.write_text(text, encoding="utf-8", newline="")
    read = read_baseline(file)
    assert dict(read.answers) == {name: run.answers[name] for name in sorted(run.answers)}
    assert baseline_text(read) == text
    claims = sum(len(each.claims) for each in run.answers.values())
    assert sum(line.startswith('  {"contradiction"') for line in text.split("\n")) == claims


@pytest.fixture(scope="module")
def reports(scorer: AnswerScorer, strong: str) -> list[dict[str, Any]]:
    sources = ("old/a.txt", "new/a.txt", "b.1", "", "")
    return [scorer.score(strong, question="q7x2", source=source).to_dict() for source in sources]


@pytest.mark.parametrize("name", ["r.json", "r.jsonl"])
def test_results(tmp_path: Path, reports: list[dict[str, Any]], name: str) -> None:
    file = tmp_path / name
    rows = [{**report, "error": None} for report in reports]
    file.write_text(
        "".join(json.dumps(row) + "\n" for row in rows)
        if name.endswith("l")
        else json.dumps({"schema_version": 1, "reports": rows})
    )
    run = read_run(file)
    assert list(run.answers) == ["old/a.txt", "new/a.txt", "b.1", "q7x2 (1)", "q7x2 (2)"]
    assert run.answers["b.1"].score == reports[0]["score"]
    assert run.answers["b.1"].signature["question"].startswith("q7x2@")
    assert read_reports(file) == rows


def test_numbers_are_those_of_the_result(tmp_path: Path, reports: list[dict[str, Any]]) -> None:
    run = run_of(reports[:1], ["a"], "r")
    file = tmp_path / "b.json"
    file.write_text(baseline_text(run), encoding="utf-8")
    assert read_run(file).answers == run.answers


CLAIM = {"text": "c", "weight": 1.0, "verdict": "covered", "coverage": 0.9, "contradiction": None, "reason": "r"}
CASE: dict[str, Any] = {"claims": [CLAIM], "question": "q", "score": 0.9, "signature": {}}
WHOLE: dict[str, Any] = {
    "kind": "score-answer baseline", "schema_version": 1, "signature": {"scorer": "0"}, "cases": {"a": CASE},
}  # fmt: skip


def test_a_whole_baseline(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text(json.dumps(WHOLE))
    assert read_baseline(tmp_path / "b.json").answers["a"].claims[0].text == "c"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "other"}, "is no baseline; write one with: score-answer check CASES --baseline FILE --update"),
        ({"schema_version": 2}, "has schema_version 2, this program reads 1"),
        ({"cases": {}}, "is a damaged baseline: no cases"),
        ({"cases": []}, "is a damaged baseline: no cases"),
        ({"signature": None}, "is a damaged baseline"),
        ({"cases": {"a": 1}}, "case a: no scored answer"),
        ({"cases": {"a": {**CASE, "score": float("nan")}}}, "case a: no scored answer"),
        ({"cases": {"a": {**CASE, "question": "\ud800"}}}, "is not text"),
        ({"cases": {"\ud800": CASE}}, "no scored answer"),
        ({"cases": {"a": {**CASE, "score": "0.9"}}}, "case a: no scored answer"),
        ({"cases": {"a": {**CASE, "claims": []}}}, "case a: no scored answer (it has no claims)"),
        ({"cases": {"a": {**CASE, "claims": [{}]}}}, "case a: no scored answer ('verdict' is missing)"),
        ({"cases": {"a": {**CASE, "claims": [{**CLAIM, "verdict": "fine"}]}}}, "verdict 'fine'"),
        ({"cases": {"a": {**CASE, "claims": [{**CLAIM, "coverage": True}]}}}, "True is not a number in 0..1"),
    ],
)
def test_damaged_and_foreign_baselines(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    file = tmp_path / "b.json"
    file.write_text(json.dumps({**WHOLE, **change}))
    with pytest.raises(InputError) as error:
        read_baseline(file)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is no JSON"),
        ("{", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ("[]", "is neither a result nor a baseline"),
        ("{}", "has schema_version None"),
        ('{"schema_version": 1}', "holds no reports"),
        ('{"schema_version": 1, "reports": []}', "holds no reports"),
        ('{"schema_version": 1, "reports": [1]}', "holds no reports"),
        ('{"schema_version": 1, "reports": [{"error": "bad row"}]}', "report 1 failed when it was made: bad row"),
        (json.dumps({"schema_version": 1, "reports": [{**CASE, "signature": "x"}]}), "signature 'x' is not key:value|"),
        ('{"schema_version": 1, "reports": [{"score": 1}]}', "report 1 (answer): no scored answer"),
    ],
)
def test_what_is_no_result(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "r.json"
    file.write_text(content)
    with pytest.raises(InputError) as error:
        read_run(file)
    assert message in str(error.value)
