"""`check`, `compare` and `verify` as their users meet them: files in, exit codes out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.test_cli import run

PARTIAL = (ROOT / "seeds/answers/q7x2--partial.txt").read_text(encoding="utf-8")


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    folder = tmp_path / "cases"
    folder.mkdir()
    (folder / "q7x2--partial.txt").write_text(PARTIAL, encoding="utf-8")
    (folder / "q7x2--short.txt").write_text("It accelerates innovation.", encoding="utf-8")
    return folder


@pytest.fixture
def baseline(cases: Path, tmp_path: Path) -> Path:
    file = tmp_path / "baseline.json"
    done = run("check", str(cases), "--baseline", str(file), "--update")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr.endswith("baseline.json: 2 answers written\n")
    return file


def test_check_passes_and_fails(cases: Path, baseline: Path, tmp_path: Path) -> None:
    before = baseline.read_bytes()
    same = run("check", str(cases), "--baseline", str(baseline))
    assert (same.exit_code, "Comparable: the signatures agree." in same.stdout) == (0, True)
    (cases / "q7x2--partial.txt").write_text(PARTIAL[:200], encoding="utf-8")
    (cases / "q7x2--new.txt").write_text("New.", encoding="utf-8")
    outputs = [str(tmp_path / name) for name in ("r.junit.xml", "r.md", "r.json", "r.txt")]
    worse = run("check", str(cases), "--baseline", str(baseline), *(part for o in outputs for part in ("-o", o)))
    assert worse.exit_code == 1
    assert "Lost: covered before, not now" in worse.stdout
    assert "New answers, not compared: q7x2--new" in worse.stdout
    assert (tmp_path / "r.txt").read_text(encoding="utf-8") == worse.stdout
    failed = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["failures"]
    assert {each["kind"] for each in failed} == {"lost", "fallen"}
    assert {each["case"] for each in failed} == {"q7x2--partial"}
    # A fall that is allowed does not allow a point to be lost.
    lenient = run("check", str(cases), "--baseline", str(baseline), "--tolerance", "1", "--format", "json")
    assert lenient.exit_code == 1
    assert {each["kind"] for each in json.loads(lenient.stdout)["failures"]} == {"lost"}
    assert baseline.read_bytes() == before
    updated = run("check", str(cases), "--baseline", str(baseline), "--update")
    assert (updated.exit_code, "Lost: covered before" in updated.stdout) == (0, True)
    assert run("check", str(cases), "--baseline", str(baseline)).exit_code == 0


def test_minimums(cases: Path, baseline: Path, tmp_path: Path) -> None:
    check = ["check", str(cases), "--baseline", str(baseline)]
    everywhere = run(*check, "--min-score", "0.25", "--format", "json")
    assert everywhere.exit_code == 1
    assert [(f["case"], f["kind"]) for f in json.loads(everywhere.stdout)["failures"]] == [("q7x2--short", "low")]
    (tmp_path / "m.toml").write_text('[min-score]\n"q7x2--short" = 0\n', encoding="utf-8")
    assert run(*check, "--min-score", "0.25", "--minimums", str(tmp_path / "m.toml")).exit_code == 0
    assert run(*check, "--min-score", "0.25", "--update").exit_code == 1


def test_rows_and_another_scorer(tmp_path: Path) -> None:
    """Without the second look the signature differs: said, and no failure by itself."""
    rows, file = tmp_path / "c.jsonl", tmp_path / "b.json"
    rows.write_text('{"answer": "Costs fall.", "claims": ["Costs fall."]}\n', encoding="utf-8")
    assert run("check", str(rows), "--baseline", str(file), "--update").exit_code == 0
    done = run("check", str(rows), "--baseline", str(file), "--no-contradiction")
    assert (done.exit_code, "entailment: " in done.stdout) == (0, True)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "baseline.json cannot be read"),
        ("{", "baseline.json is no JSON"),
        ('{"schema_version": 1, "reports": []}', "baseline.json is no baseline; write one with"),
        ('{"schema_version": 9, "kind": "score-answer baseline"}', "has schema_version 9, this program reads 1"),
    ],
)
def test_a_baseline_that_cannot_be_used_is_no_pass(
    cases: Path, tmp_path: Path, content: str | None, message: str
) -> None:
    file = tmp_path / "baseline.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    done = run("check", str(cases), "--baseline", str(file))
    assert (done.exit_code, done.stdout, message in done.stderr) == (2, "", True)
    if content is not None:  # what is not known is not overwritten
        assert run("check", str(cases), "--baseline", str(file), "--update").exit_code == 2
        assert file.read_text(encoding="utf-8") == content


def test_a_baseline_of_other_answers_is_no_pass(cases: Path, baseline: Path) -> None:
    for file in list(cases.iterdir()):
        file.rename(cases / f"{file.stem}-renamed.txt")
    done = run("check", str(cases), "--baseline", str(baseline))
    assert (done.exit_code, "have no answer in common" in done.stderr) == (2, True)
    assert run("check", str(cases), "--baseline", str(baseline), "--update").exit_code == 0


def test_compare_and_verify(cases: Path, baseline: Path, tmp_path: Path) -> None:
    result = tmp_path / "r.json"
    answers = sorted(str(file) for file in cases.iterdir())
    assert run("--question", "q7x2", *answers, "-o", str(result)).exit_code == 0
    same = run("compare", str(baseline), str(result), "--fail-on-flip")
    assert (same.exit_code, "2 answers in both" in same.stdout) == (0, True)
    assert run("verify", str(result)).stdout.startswith("verified: 2 reports, scorer:")
    document = json.loads(result.read_text(encoding="utf-8"))
    report = next(each for each in document["reports"] if each["source"].endswith("partial.txt"))
    claim = next(claim for claim in report["claims"] if claim["verdict"] == "covered")
    claim |= {"verdict": "missing", "coverage": 0.01}
    result.write_text(json.dumps(document), encoding="utf-8")
    assert run("compare", str(baseline), str(result)).exit_code == 0
    flipped = run("compare", str(baseline), str(result), "--fail-on-flip", "--format", "markdown")
    assert (flipped.exit_code, flipped.stdout.startswith("## 1 covered claim lost\n")) == (1, True)
    false = run("verify", str(result))
    assert (false.exit_code, false.stdout.count("\n"), "coverage is" in false.stdout) == (1, 2, True)


def test_verify_with_the_files_that_were_scored_against(tmp_path: Path) -> None:
    for name, text in (("a.txt", "Costs fall."), ("ref.txt", "Costs fall. Rules help."), ("c.txt", "Costs fall.\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    answer, result = str(tmp_path / "a.txt"), str(tmp_path / "r.json")
    for option, file in (("--reference", "ref.txt"), ("--claims", "c.txt")):
        against = [option, str(tmp_path / file), "--question-text", "Why?"]
        assert run(*against, answer, "-o", result).exit_code == 0
        assert run("verify", result, *against).exit_code == 0
        without = run("verify", result)
        assert without.exit_code == (2 if option == "--reference" else 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "{tmp}", "--baseline", "{tmp}/b.json"], "has no case; put answers there"),
        (["check", "{tmp}", "--baseline", "{tmp}/b.json", "-o", "r.pdf"], "the extension '.pdf' is unknown; use .txt"),
        (["check", "{tmp}", "--baseline", "{tmp}/b.json", "--tolerance", "nan"], "nan is no number; give one from 0"),
        (["check", "{tmp}", "--baseline", "{tmp}/b.json", "--min-score", "nan"], "nan is no number; give one from 0"),
        (["check", "{tmp}"], "Missing option '--baseline'"),
        (["compare", "{tmp}/a.json", "{tmp}/a.json"], "a.json cannot be read"),
        (["verify", "{tmp}/a.json"], "a.json cannot be read"),
        (["verify", "{tmp}/a.json", "--claims", "c", "--reference", "r"], "give one of --reference FILE, --claims"),
    ],
)
def test_errors(tmp_path: Path, arguments: list[str], message: str) -> None:
    done = run(*(argument.format(tmp=tmp_path) for argument in arguments))
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr.splitlines()[-1]
