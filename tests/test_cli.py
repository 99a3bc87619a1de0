"""The command line as its users meet it: real processes, real files."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import jsonschema
import pytest
from click.testing import CliRunner, Result

from scorer import __version__
from scorer.cli import main
from tests.conftest import PACKAGES, ROOT
from tests.test_report import SCHEMA

STRONG = str(ROOT / "seeds/answers/q7x2--strong.txt")
OFF_TOPIC = str(ROOT / "seeds/answers/q7x2--off.txt")


def run(*arguments: str, **kwargs: str) -> Result:
    return CliRunner().invoke(main, list(arguments), **kwargs)  # type: ignore[arg-type]


def test_the_main_job_in_a_process_of_its_own(tmp_path: Path) -> None:
    """From another folder, with no network to reach and no home to write to."""
    environment = {**os.environ, "HOME": str(tmp_path), "http_proxy": "http://127.0.0.1:9", "PYTHONPATH": str(PACKAGES)}
    command = [sys.executable, "-c", "from scorer.cli import main; main()", "--question", "q7x2", STRONG]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path, env=environment)
    assert done.stdout.startswith("Score 0.")
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


def test_json_follows_the_schema_for_several_files() -> None:
    done = run("--question", "q7x2", STRONG, OFF_TOPIC, "--format", "json")
    document = json.loads(done.stdout)
    jsonschema.validate(document, SCHEMA)
    assert [report["source"] for report in document["reports"]] == [STRONG, OFF_TOPIC]
    assert [report["question"] for report in document["reports"]] == ["q7x2", "q7x2"]


def test_standard_input() -> None:
    done = run("--question", "q7x2", "-", "--format", "json", input="Open models accelerate innovation.")
    (report,) = json.loads(done.stdout)["reports"]
    assert (report["source"], report["answer"]) == ("-", "Open models accelerate innovation.")


def test_claims_and_references_without_a_bank(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Costs fall.")
    (tmp_path / "claims.txt").write_text("Costs fall.\n\nScrutiny rises.\n")
    (tmp_path / "ref.txt").write_text("Bananas are yellow.")
    (tmp_path / "other.txt").write_text("Costs fall.")
    answer, claims = str(tmp_path / "a.txt"), str(tmp_path / "claims.txt")
    first, second = str(tmp_path / "ref.txt"), str(tmp_path / "other.txt")
    (by_claims,) = json.loads(run("--claims", claims, answer, "--format", "json").stdout)["reports"]
    assert [claim["verdict"] for claim in by_claims["claims"]] == ["covered", "missing"]
    done = run("--reference", first, "--reference", second, "--question-text", "Why?", answer, "--format", "json")
    (by_reference,) = json.loads(done.stdout)["reports"]
    assert by_reference["score"] >= 0.95


def test_another_bank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bank = tmp_path / "bank"
    bank.mkdir()
    (bank / "mine.txt").write_text("Instruction: Why?\nContext: C.\nCosts fall.\neasy\nhard\neasy\n")
    (tmp_path / "a.txt").write_text("Costs fall.")
    for_one = run("--bank", str(bank), "--question", "mine", str(tmp_path / "a.txt"))
    monkeypatch.setenv("SCORE_ANSWER_BANK", str(bank))
    by_environment = run("--question", "mine", str(tmp_path / "a.txt"))
    assert for_one.stdout == by_environment.stdout
    assert for_one.exit_code == 0
    assert run("bank", "list").stdout == "mine  easy  Why?\n"
    assert json.loads(run("bank", "list", "--format", "json").stdout) == [
        {"id": "mine", "level": "easy", "topic": "", "question": "Why?", "context": "C."}
    ]


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        (("--level", "easy"), ["easy"]),
        (("--topic", "DATA", "--level", "hard"), ["hard"]),
        (("--search", "cost FALL"), ["easy"]),
        (("--search", "nothing of this"), []),
    ],
)
def test_bank_list_and_export_choose(tmp_path: Path, options: tuple[str, ...], ids: list[str]) -> None:
    for level, topic, text in (("easy", "costs", "Why do costs fall?"), ("hard", "data", "Why?")):
        file = f"Instruction: {text}\nTopic: {topic}\nContext: C.\nCosts fall.\n\neasy\nhard\n{level}\n"
        (tmp_path / f"{level}.txt").write_text(file)
    listed = run("bank", "list", "--bank", str(tmp_path), *options, "--format", "json")
    assert [each["id"] for each in json.loads(listed.stdout)] == ids
    exported = run("bank", "export", "--bank", str(tmp_path), *options)
    assert [json.loads(line)["id"] for line in exported.stdout.splitlines()] == ids


def test_bank_add_and_export_go_round(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("q.csv").write_text("q,a\nWhy?,Costs fall.\n")
    add = ("bank", "add", "q.csv", "--column", "question=q", "--column", "reference=a", "--level", "Hard")
    assert run(*add).stderr.splitlines()[-1].startswith("Error: name your own bank with --bank DIR")
    done = run(*add, "--bank", "mine")
    (row,) = json.loads(run("bank", "list", "--bank", "mine", "--format", "json").stdout)
    assert done.stdout == f"{row['id']}  added  Why?\n"
    assert row["level"] == "hard"
    assert run("bank", "export", "--bank", "mine", "-o", "out.jsonl").exit_code == 0
    assert run("bank", "add", "out.jsonl", "--bank", "mine").stdout == f"{row['id']}  unchanged  Why?\n"
    assert run("bank", "add", "-", "--format", "jsonl", "--bank", "other", input=Path("out.jsonl").read_text()).stdout
    assert Path("other", f"{row['id']}.txt").read_text() == Path("mine", f"{row['id']}.txt").read_text()


def test_bank_show_says_what_was_dropped_and_why() -> None:
    done = run("bank", "show", "q7x2")
    assert "Claims of reference 1:" in done.stdout
    assert "A risk of misuse includes the creation of deepfakes." in done.stdout
    assert "My experience as an AI Research Scientist" in done.stdout
    assert "(presents the speaker)" in done.stdout


def test_bank_show_can_say_what_chance_reaches() -> None:
    done = run("bank", "show", "q7x2", "--chance")
    reached = [float(value) for value in re.findall(r"\(chance (\d\.\d\d)\)", done.stdout)]
    assert len(reached) == 18
    assert max(reached) < 0.27  # the threshold below which a claim is missing


def test_authors_decide(tmp_path: Path) -> None:
    """Claims are written into the question's file, edited by hand, and used as they stand."""
    bank, answer = tmp_path / "bank", tmp_path / "a.txt"
    bank.mkdir()
    answer.write_text("Costs fall.")
    (bank / "x.txt").write_text("Instruction: Why?\nContext: C.\nCosts fall. Scrutiny rises.\neasy\nhard\neasy")
    printed = run("bank", "claims", "x", "--bank", str(bank))
    assert printed.stdout.startswith("Claims:\nCosts fall. | ")
    assert run("bank", "claims", "x", "--bank", str(bank), "--write").stdout.endswith("x.txt: 2 claims written\n")
    before = run("--question", "x", "--bank", str(bank), str(answer), "--format", "json")
    file = bank / "x.txt"
    file.write_text(file.read_text().split("Costs fall. |")[0] + "Costs fall. | 3\nScrutiny rises. | 1\n")
    after = run("--question", "x", "--bank", str(bank), str(answer), "--format", "json")
    weights = [[c["weight"] for c in json.loads(done.stdout)["reports"][0]["claims"]] for done in (before, after)]
    assert weights[1] == [0.75, 0.25] != weights[0]
    again = run("bank", "claims", "x", "--bank", str(bank), "--write")
    assert (again.exit_code, "has a 'Claims:' section already" in again.stderr) == (2, True)
    assert "Claims written by the author:" in run("bank", "show", "x", "--bank", str(bank)).stdout


@pytest.mark.parametrize(
    ("reference", "code", "message"),
    [("Costs fall. Scrutiny rises.", 0, ""), ("Costs fall.", 1, "x: error: only 1 claim; write at least two points\n")],
)
def test_bank_lint_gates(tmp_path: Path, reference: str, code: int, message: str) -> None:
    (tmp_path / "x.txt").write_text(f"Instruction: Why?\nContext: C.\n{reference}\neasy\nhard\neasy")
    done = run("bank", "lint", "--bank", str(tmp_path))
    assert (done.exit_code, done.stdout) == (code, message)
    assert done.stderr == f"1 questions, {code} errors, 0 warnings\n"


def test_output_files_by_extension(tmp_path: Path) -> None:
    names = ("r.json", "r.jsonl", "r.md", "r.txt")
    done = run("--question", "q7x2", STRONG, *(part for n in names for part in ("-o", str(tmp_path / n))))
    assert (done.exit_code, done.stdout) == (0, "")
    jsonschema.validate(json.loads((tmp_path / "r.json").read_text()), SCHEMA)
    assert json.loads((tmp_path / "r.jsonl").read_text())["question"] == "q7x2"
    assert (tmp_path / "r.md").read_text().startswith("## Score")
    assert (tmp_path / "r.txt").read_text().startswith("Score")


def test_coverage_against_chance() -> None:
    done = run("--question", "q7x2", STRONG, "--chance")
    pairs = re.findall(r"(\d\.\d\d) against (\d\.\d\d)  \S", done.stdout)
    assert len(pairs) == 18
    assert sum(float(reached) > float(chance) for reached, chance in pairs) > 12


def test_evaluate_prints_figures_and_draws_them(tmp_path: Path) -> None:
    essays = (ROOT / "tests/data/essays.jsonl").read_text().splitlines()[:8]
    (tmp_path / "essays.jsonl").write_text("\n".join(essays))
    plot, figures = tmp_path / "p.png", tmp_path / "f.json"
    done = run(
        "evaluate", str(tmp_path / "essays.jsonl"), "--baseline", "words", "--plot", str(plot), "-o", str(figures)
    )
    assert done.exit_code == 0
    assert done.stderr == "essays: 8 answers\nessays: words\n"
    assert "roc auc" in done.stdout
    assert plot.read_bytes().startswith(b"\x89PNG")
    document = json.loads(figures.read_text())
    assert [each["scorer"] for each in document["sets"]] == ["score-answer", "words"]
    for figure in document["sets"][0]["figures"].values():
        assert figure["low"] <= figure["value"] <= figure["high"]
    assert document["signature"].startswith("scorer:")
    again = run("evaluate", str(tmp_path / "essays.jsonl"), "--baseline", "words", "--format", "json")
    assert json.loads(again.stdout) == document


def test_a_plot_needs_claims(tmp_path: Path) -> None:
    row = {"id": "1", "group": "g", "question": "", "references": ["Costs fall."], "answer": "Costs.", "grade": 0.5}
    (tmp_path / "g.jsonl").write_text(json.dumps(row))
    done = run("evaluate", str(tmp_path / "g.jsonl"), "--plot", str(tmp_path / "p.png"))
    assert (done.exit_code, "no set has claims; give one that has" in done.stderr) == (2, True)


def test_without_the_second_look_nothing_is_said_of_denials() -> None:
    done = run("--question", "q7x2", STRONG, "--no-contradiction", "--format", "json")
    jsonschema.validate(json.loads(done.stdout), SCHEMA)
    assert {claim["contradiction"] for claim in json.loads(done.stdout)["reports"][0]["claims"]} == {None}


@pytest.mark.parametrize(("minimum", "code"), [("0.0", 0), ("0.3", 1)])
def test_min_score_gates(minimum: str, code: int) -> None:
    done = run("--question", "q7x2", STRONG, OFF_TOPIC, "--min-score", minimum)
    assert done.exit_code == code
    assert done.stdout.startswith("Score")
    assert (f"{OFF_TOPIC}: score" in done.stderr) == bool(code)
    assert STRONG not in done.stderr


BAD: list[tuple[list[str], int, str]] = [
    (["--question", "q7x2", "{tmp}/none.txt"], 2, "none.txt cannot be read: No such file or directory; check"),
    (["--question", "q7x2", "{tmp}"], 2, "cannot be read: Is a directory"),
    (["--question", "q7x2", "{tmp}/latin1.txt"], 2, "latin1.txt, line 2: not UTF-8 (byte 0xe9); save it as UTF-8"),
    (
        ["--question", "q7x2", "{tmp}/huge.txt"],
        2,
        "huge.txt has 4,000,004 bytes or more, the limit is 1,000,000 characters",
    ),
    (["--question", "q7x3", "{tmp}/a.txt"], 2, "no question 'q7x3'"),
    (["--question", "../../etc/passwd", "{tmp}/a.txt"], 2, "is not an id"),
    (["--question", "q7x2", "--bank", "{tmp}/none", "{tmp}/a.txt"], 2, "is no folder; name one with --bank"),
    (["{tmp}/a.txt"], 2, "give one of --question ID, --reference FILE, --claims FILE"),
    (["--question", "q7x2", "--claims", "{tmp}/a.txt", "{tmp}/a.txt"], 2, "give one of --question ID"),
    (["--question", "q7x2", "--question-text", "?", "{tmp}/a.txt"], 2, "--question has its own text"),
    (["--reference", "{tmp}/blank.txt", "{tmp}/a.txt"], 2, "blank.txt: the reference answer is blank; write"),
    (["--claims", "{tmp}/blank.txt", "{tmp}/a.txt"], 2, "blank.txt has no claim; write one claim a line"),
    (["--question", "q7x2", "-o", "r.docx", "{tmp}/a.txt"], 2, "the extension '.docx' is unknown; use .txt .json"),
    (["--question", "q7x2", "-o", "{tmp}/no/r.json", "{tmp}/a.txt"], 2, "r.json cannot be written"),
    (["--question", "q7x2", "--min-score", "7", "{tmp}/a.txt"], 2, "7.0 is not in the range"),
    (["--question", "q7x2"], 2, "Missing argument 'FILE...'"),
    (["--question", "q7x2", "--model", "{tmp}", "{tmp}/a.txt"], 3, "is no Sentence-Transformers model"),
    (["--question", "q7x2", "--calibration", "{tmp}/a.txt", "{tmp}/a.txt"], 3, "a.txt is no calibration"),
    (["calibrate", "{tmp}/a.txt", "-o", "{tmp}/c.json"], 2, "a.txt, line 1: no labelled answer"),
    (["--question", "q7x2", "--chance", "--format", "json", "{tmp}/a.txt"], 2, "--chance goes with --format text"),
    (["evaluate", "{tmp}/a.txt"], 2, "a.txt, line 1: no labelled answer"),
    (["evaluate", "{tmp}/none.jsonl"], 2, "none.jsonl cannot be read"),
    (["bank", "show", "nope"], 2, "no question 'nope'"),
    (["bank", "list", "--topic", "cooking"], 2, "no question has the topic 'cooking'; there are architecture, data"),
    (["bank", "add", "{tmp}/a.md5", "--bank", "{tmp}/b"], 2, "the extension '.md5' is unknown; say --format"),
    (["bank", "add", "{tmp}/a.txt", "--bank", "{tmp}/b", "--column", "x=y"], 2, "'x=y' is not FIELD=NAME"),
    (["bank", "add", "{tmp}/a.txt", "--bank", "{tmp}/b"], 2, "a.txt, line 1: there is no reference answer; write"),
    (["bank", "add", "{tmp}/a.txt", "--bank", "{tmp}/a.txt"], 2, "a.txt cannot be made: File exists"),
]


@pytest.mark.parametrize(("arguments", "code", "message"), BAD)
def test_an_error_is_one_line_with_the_right_exit_code(
    tmp_path: Path, arguments: list[str], code: int, message: str
) -> None:
    (tmp_path / "a.txt").write_text("Costs fall.")
    (tmp_path / "blank.txt").write_text(" \n")
    (tmp_path / "latin1.txt").write_bytes(b"one\ncaf\xe9\n")
    (tmp_path / "huge.txt").write_bytes(b"a" * 10_000_000)
    done = run(*(argument.format(tmp=tmp_path) for argument in arguments))
    assert (done.exit_code, done.stdout) == (code, "")
    last = done.stderr.rstrip("\n").splitlines()[-1]
    assert last.startswith("Error: ")
    assert message in last
    assert "Traceback" not in done.stderr
    assert len([line for line in done.stderr.splitlines() if line.startswith("Error: ")]) == 1


def every_command(command: click.Command, path: str = "score-answer") -> list[tuple[str, click.Command]]:
    found = [(path, command)]
    if isinstance(command, click.Group):
        found += [each for name, sub in command.commands.items() for each in every_command(sub, f"{path} {name}")]
    return found


@pytest.mark.parametrize(("path", "command"), every_command(main))
def test_every_command_and_option_has_help(path: str, command: click.Command) -> None:
    assert command.help, path
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    assert [option.name for option in options if not option.help] == []
    assert run(*path.split()[1:], "--help").exit_code == 0


def test_cache_info_and_clear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = tmp_path / "score-answer"
    assert run("cache", "info").stdout == f"{folder}: 0 references, 0.0 of at most 64 MB\n"
    (tmp_path / "a.txt").write_text("Costs fall. Trains are fast.")
    run("--reference", str(tmp_path / "a.txt"), str(tmp_path / "a.txt"))
    assert run("cache", "info").stdout.startswith(f"{folder}: 1 references, ")
    assert run("cache", "clear").stdout == "1 references forgotten\n"
    assert run("cache", "clear").stdout == "0 references forgotten\n"


def test_version() -> None:
    assert run("--version").stdout == f"score-answer, version {__version__}\n"


@pytest.mark.parametrize(
    ("variables", "drawn"),
    [
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
    ],
)
def test_a_terminal_has_a_view_of_its_own_unless_it_is_plain(variables: dict[str, str], drawn: bool) -> None:
    """In a real pseudoterminal; rich is imported for that view alone."""
    environment = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "TERM")}
    program = (
        "import sys\nfrom scorer.cli import main\n"
        "try:\n    main()\nfinally:\n    print([m for m in ('rich', 'jinja2', 'pandas') if m in sys.modules])"
    )
    leader, follower = os.openpty()
    command = [sys.executable, "-c", program, "--question", "q7x2", STRONG]
    environment |= {**variables, "PYTHONPATH": str(PACKAGES), "COLUMNS": "80"}
    with subprocess.Popen(command, stdout=follower, env=environment) as running:
        os.close(follower)
        shown = _all_of(leader)
    os.close(leader)
    assert running.returncode == 0
    assert ("\x1b[" in shown) == drawn
    assert shown.splitlines()[-1] == ("['rich']" if drawn else "[]")
    if not drawn:
        piped = run("--question", "q7x2", STRONG).stdout
        assert shown.splitlines()[:-1] == piped.splitlines()


def test_a_pipe_imports_nothing_to_draw_with() -> None:
    program = (
        "import sys\nfrom scorer.cli import main\n"
        "try:\n    main()\nfinally:\n"
        "    print([m for m in ('rich', 'jinja2', 'pandas', 'matplotlib') if m in sys.modules])"
    )
    command = [sys.executable, "-c", program, "--question", "q7x2", STRONG]
    environment = {**os.environ, "PYTHONPATH": str(PACKAGES)}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.splitlines()[-1] == "[]"


def _all_of(leader: int) -> str:
    """What is written to the other side of a pseudoterminal; reading fails when that side is closed."""
    found = b""
    try:
        while block := os.read(leader, 65_536):
            found += block
    except OSError:
        pass
    return found.decode().replace("\r\n", "\n")


def test_html_of_one_answer_and_of_many(tmp_path: Path) -> None:
    one, many = tmp_path / "one.html", tmp_path / "many.html"
    assert run("--question", "q7x2", STRONG, "-o", str(one)).exit_code == 0
    assert run("--question", "q7x2", STRONG, OFF_TOPIC, "-o", str(many)).exit_code == 0
    assert run("--question", "q7x2", STRONG, "--format", "html").stdout == one.read_text(encoding="utf-8")
    assert [file.read_text(encoding="utf-8").count("<article ") for file in (one, many)] == [1, 2]
