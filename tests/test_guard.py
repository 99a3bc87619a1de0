"""What guards this project, and what it offers others to copy: both are run as they stand."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from scorer.runs import read_baseline
from tests.conftest import ROOT
from tests.test_cli import run

WORKFLOW = (ROOT / "examples/pull-request.yml").read_text(encoding="utf-8")
HOOKS = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
CI = (ROOT / ".ci/run").read_text(encoding="utf-8")
BASELINE = ROOT / "tests/data/baseline.json"


def of_the_hook(key: str) -> str:
    (found,) = re.findall(rf"^  {key}: (.*)$", HOOKS, flags=re.MULTILINE)
    return str(found)


COMMANDS = [
    *re.findall(r"run: (score-answer .*)", WORKFLOW),
    *re.findall(r"^#   (score-answer .*)", WORKFLOW, flags=re.MULTILINE),
    f"{of_the_hook('entry')} {of_the_hook('args').strip('[]').replace(',', '')}",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_what_others_copy_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    """It passes on answers as they were, and fails once one of them says less."""
    (tmp_path / "answers").mkdir()
    answer = tmp_path / "answers/q7x2--strong.txt"
    shutil.copy(ROOT / "seeds/answers/q7x2--strong.txt", answer)
    monkeypatch.chdir(tmp_path)
    assert run("check", "answers", "--baseline", "baseline.json", "--update").exit_code == 0
    assert run(*shlex.split(command)[1:]).exit_code == 0
    assert (tmp_path / "answers.md").exists() == ("-o answers.md" in command)
    answer.write_text("It is a question of costs.", encoding="utf-8")
    assert run(*shlex.split(command)[1:]).exit_code == (0 if "--update" in command else 1)


def test_everything_that_is_offered_was_found() -> None:
    assert len(COMMANDS) == 3
    assert 'cat answers.md >> "$GITHUB_STEP_SUMMARY"' in WORKFLOW


def test_the_workflow_installs_from_the_folder_that_it_checked_out() -> None:
    """An address instead of a folder would serve `pip install` or its constraints, never both."""
    (folder,) = re.findall(r"repository: \$\{\{ vars.SCORE_ANSWER \}\}(?:\n +#.*)*\n +path: (\S+)", WORKFLOW)
    assert f"pip install -c {folder}/constraints.txt ./{folder}\n" in WORKFLOW


def test_the_hook_runs_where_what_it_reads_changes() -> None:
    """pre-commit skips, and so passes, a hook whose `files` match nothing."""
    answers, _, baseline = of_the_hook("args").strip("[]").split(", ")
    for file in (f"{answers}/q7x2--a.txt", baseline):
        assert re.search(of_the_hook("files"), file)


def test_ci_checks_every_sample_answer() -> None:
    assert "score-answer check seeds/answers --baseline tests/data/baseline.json" in CI
    samples = {file.stem for file in (ROOT / "seeds/answers").glob("*.txt")}
    assert set(read_baseline(BASELINE).answers) == samples


def test_the_changelog_names_what_the_baseline_was_scored_with() -> None:
    """A change of the baseline's calibration or claims is announced where people look for it."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    sections = re.findall(r"^### Scores change\n(.*?)(?=^##|\Z)", changelog, flags=re.MULTILINE | re.DOTALL)
    announced = "\n".join(sections)
    used = {(key, each.signature[key]) for each in read_baseline(BASELINE).answers.values() for key in KEYS}
    used -= {("claims", "authored")}
    assert {part for part in used if part[1] not in announced} == set()


KEYS = ("calibration", "claims", "entailment")
