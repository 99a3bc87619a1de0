"""The README's commands, run as they stand; what it shows is what comes out."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from scorer.cli import main
from tests.conftest import ROOT
from tests.test_cli import every_command
from tests.test_recalibrate import claim_sets

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS: list[tuple[str, str]] = re.findall(r"```(\w+)\n(.*?)```", README, flags=re.DOTALL)
COMMANDS = [
    part.split("#")[0].strip()
    for language, block in BLOCKS
    if language == "sh"
    for line in block.splitlines()
    for part in line.split("&&")
    # What serves until it is told to stop is tested in tests/test_practice_browser.py.
    if part.strip().startswith("score-answer") and not part.strip().startswith("score-answer practice")
]


@pytest.fixture
def folder(tmp_path: Path, reference: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the README's examples name."""
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    for name in ("answer.txt", "a.txt", "b.txt", "ref.txt"):
        (tmp_path / name).write_text(reference, encoding="utf-8")
    marks = [row_json_graded(str(i), f"Costs fall. {'Scrutiny rises.' * (i % 2)}", 3 + 3 * (i % 2)) for i in range(10)]
    (tmp_path / "marks.jsonl").write_text("\n".join(marks), encoding="utf-8")
    (tmp_path / "claims.txt").write_text("Open weights speed up research.\nDeepfakes are a risk.\n", encoding="utf-8")
    for labelled, name in zip(claim_sets(), ("labelled.jsonl", "more.jsonl"), strict=True):
        (tmp_path / name).write_text(
            "".join(row_json(row.id, row.group, row.claims, row.answer, row.verdicts) + "\n" for row in labelled.rows),
            encoding="utf-8",
        )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def row_json(row_id: str, group: str, claims: tuple[str, ...], answer: str, verdicts: tuple[str, ...]) -> str:
    import json

    row = {"id": row_id, "group": group, "question": "", "claims": claims, "answer": answer, "verdicts": verdicts}
    return json.dumps(row)


def row_json_graded(row_id: str, answer: str, grade: int) -> str:
    import json

    references = ["Costs fall. Scrutiny rises."]
    row = {"id": row_id, "group": "g", "question": "", "references": references, "answer": answer, "grade": grade}
    return json.dumps(row)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_runs(command: str) -> None:
    done = CliRunner().invoke(main, shlex.split(command)[1:])
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize(("language", "block"), [each for each in BLOCKS if each[0] == "console"])
def test_the_session_shown_is_what_comes_out(
    folder: Path, language: str, block: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    command, shown = block.split("\n", 1)
    monkeypatch.chdir(ROOT)
    done = CliRunner().invoke(main, shlex.split(command)[2:])
    assert done.stdout == shown


def test_the_python_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (block,) = (block for language, block in BLOCKS if language == "python")
    names: dict[str, object] = {}
    exec(block, names)  # noqa: S102  the README's own example
    assert capsys.readouterr().out.startswith("0.")
    assert len(names["reports"]) == 1  # type: ignore[arg-type]


def test_every_command_is_documented() -> None:
    missing = [
        path
        for path, command in every_command(main)
        if path.split()[-1] not in README and not (path == "score-answer score" and "score-answer --question" in README)
    ]
    assert missing == []
