"""Whatever is handed in, there is a result or one line, never a traceback and never a hang."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from scorer import AnswerScorer
from scorer.cli import main
from scorer.errors import InputError
from tests.conftest import PACKAGES, ROOT

STRONG = str(ROOT / "seeds/answers/q7x2--strong.txt")
STARTED = "from scorer.cli import main; print('started', flush=True); main()"
SAID = "Open models accelerate innovation."

# name, content, what is said: part of an error, or None for a report
NASTY = [
    ("empty", b"", None),
    ("one character", b"a", None),
    ("a letterless text", b"?!\n" * 30_000, None),
    ("NUL", b"a\x00b", "line 1: a NUL character: no text, or UTF-16 without a mark; save it as UTF-8"),
    ("UTF-16 without a mark", SAID.encode("utf-16-le"), "a NUL character"),
    ("UTF-16 with a mark", SAID.encode("utf-16"), None),
    ("UTF-16, big end first", ("\ufeff" + SAID).encode("utf-16-be"), None),
    ("UTF-32 with a mark", SAID.encode("utf-32"), None),
    ("half of UTF-16", b"\xff\xfeO", "line 1: not UTF-16 (byte 0x4f); save it as UTF-8"),
    ("invalid UTF-8", b"one\ntwo \xff", "line 2: not UTF-8 (byte 0xff); save it as UTF-8"),
    ("a surrogate", b"\xed\xa0\x80", "not UTF-8"),
    (
        "10 MB on one line",
        b"word " * 2_000_000,
        "has 4,000,004 bytes or more, the limit is 1,000,000 characters; shorten",
    ),
    ("over the limit", b"word " * 200_001, "has 1,000,005 characters, the limit is 1,000,000 characters; shorten"),
    ("at the limit, one word", b"a" * 1_000_000, None),
    ("20,000 list items", b"- a\n" * 20_000, None),
    ("fences", b"```\n" * 50_000, None),
    ("combining marks", ("e" + "\u0301" * 20_000).encode(), None),
    ("emoji", "😀👩‍👩‍👧‍👦".encode() * 50, None),
    ("right to left", "النماذج المفتوحة تسرع الابتكار. \u200fهذا صحيح.".encode(), None),
    ("Chinese", "开放模型加速创新。这是好的。".encode(), None),
    ("zero width", "Open\u200bsource\u200b models\u2060.\ufeff".encode(), None),
    ("control characters", bytes(range(1, 32)) * 3 + SAID.encode(), None),
    ("HTML", b"<html><body><script>alert(1)</script><p>Open models accelerate innovation.</p></body></html>", None),
    ("a PDF", b"%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\n", "is a PDF, not text; save its text as UTF-8"),
    ("a PNG", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "is a picture, not text"),
    ("a JPEG", b"\xff\xd8\xff\xe0\x00\x10JFIF", "is a picture, not text"),
    ("a Word document", b"PK\x03\x04\x14\x00\x06\x00", "is an archive or an office document, not text"),
    ("RTF", rb"{\rtf1\ansi Open models.}", "is a rich-text document, not text"),
]


def one_line(stderr: str) -> str:
    """The error, where there is one and nothing else but click's usage hint."""
    assert "Traceback" not in stderr
    errors = [line for line in stderr.splitlines() if line.startswith("Error: ")]
    assert len(errors) == 1
    return errors[0]


@pytest.mark.parametrize(("content", "problem"), [case[1:] for case in NASTY], ids=[case[0] for case in NASTY])
@pytest.mark.parametrize("role", ["answer", "claims", "reference", "question"])
def test_nasty_files(tmp_path: Path, scorer: AnswerScorer, content: bytes, problem: str | None, role: str) -> None:
    """As an answer, as a reference, as claims, as a question file."""
    file = tmp_path / "x.txt"
    file.write_bytes(content)
    asked = {
        "answer": ["--question", "q7x2", str(file)],
        "claims": ["--claims", str(file), STRONG],
        "reference": ["--reference", str(file), STRONG],
        "question": ["--bank", str(tmp_path), "--question", "x", STRONG],
    }
    done = CliRunner().invoke(main, [*asked[role], "--format", "json", "--no-contradiction"])
    if done.exit_code == 0:
        assert role != "question"
        assert (problem, done.stderr) == (None, "")
        assert 0.0 <= json.loads(done.stdout)["reports"][0]["score"] <= 1.0
    else:
        assert (done.exit_code, done.stdout) == (2, "")
        error = one_line(done.stderr)
        if problem is not None and role != "question":
            assert problem in error
        elif role == "answer":
            pytest.fail(error)


def test_a_hundred_thousand_sentences() -> None:
    """The limit can be raised; the report says that a text of that length matches by chance."""
    scorer = AnswerScorer(contradiction=False, max_characters=2_000_000)
    report = scorer.score("Cats sleep. " * 100_000, question="q7x2")
    assert len(report.sentences) == 100_000
    assert "very long: 1,200,000 characters; a text of that length matches by chance" in report.flags


def test_a_reference_of_too_many_sentences(scorer: AnswerScorer) -> None:
    with pytest.raises(InputError, match="there are 501 sentences in the reference, the limit is 500; make several"):
        scorer.score("a", references=["Cats sleep. " * 501])
    with pytest.raises(InputError, match="there are 501 claims, the limit is 500; make several"):
        scorer.score("a", claims=["Cats sleep."] * 501)


@pytest.mark.parametrize("file", ["/dev/zero", "/dev/full"])
def test_a_device_without_end(file: str) -> None:
    done = CliRunner().invoke(main, ["--question", "q7x2", file])
    assert (done.exit_code, "the limit is 1,000,000" in one_line(done.stderr)) == (2, True)


def test_no_permission(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SAID)
    (tmp_path / "a.txt").chmod(0)
    # For root there is no file without permission, unless it gives that right away.
    as_others = "setpriv --bounding-set=-dac_override,-dac_read_search" if os.geteuid() == 0 else ""
    done = in_a_shell("--question q7x2 a.txt", tmp_path, before=as_others)
    assert (done.returncode, "a.txt cannot be read: Permission denied" in one_line(done.stderr)) == (2, True)


def in_a_shell(
    redirected: str, tmp_path: Path, home: str | None = None, before: str = ""
) -> subprocess.CompletedProcess[str]:
    """The main job with its input and output `redirected`, in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(PACKAGES), "HOME": home or str(tmp_path)}
    environment.pop("XDG_CACHE_HOME", None)
    command = f"{before} \"{sys.executable}\" -c 'from scorer.cli import main; main()' {redirected}"
    shell = ["bash", "-o", "pipefail", "-c", command]
    return subprocess.run(shell, capture_output=True, text=True, cwd=tmp_path, env=environment, check=False)


SHELL = [
    ("--question q7x2 {answer} > /dev/full", 2, "standard output cannot be written: No space left on device"),
    ("--question q7x2 {answer} >&-", 2, "standard output is closed"),
    ("--question q7x2 - <&-", 2, "standard input is closed; name a file"),
    ("--question q7x2 {answer} -o full.txt", 2, "full.txt cannot be written: No space left on device"),
]


@pytest.mark.parametrize(("redirected", "code", "problem"), SHELL)
def test_a_closed_door_or_a_full_disk(tmp_path: Path, redirected: str, code: int, problem: str) -> None:
    (tmp_path / "full.txt").symlink_to("/dev/full")
    done = in_a_shell(redirected.format(answer=STRONG), tmp_path)
    assert (done.returncode, problem in one_line(done.stderr)) == (code, True)


@pytest.mark.parametrize("command", ["--question q7x2 {answer} | true", "bank show q7x2 | head -1"])
def test_a_broken_pipe(tmp_path: Path, command: str) -> None:
    done = in_a_shell(command.format(answer=STRONG), tmp_path)
    assert (done.returncode in (0, 141), done.stderr) == (True, "")


def test_a_home_that_cannot_be_written_to(tmp_path: Path) -> None:
    """The parsed reference cannot be kept; nothing else changes."""
    done = in_a_shell(f"--reference {STRONG} {STRONG} --no-contradiction", tmp_path, home="/proc/no-home")
    assert (done.returncode, done.stdout[:8], done.stderr) == (0, "Score 0.", "")


def test_ctrl_c_at_any_moment() -> None:
    """Until Python has handed over to the program it is Python's own affair."""
    for _ in range(12):
        environment = {**os.environ, "PYTHONPATH": str(PACKAGES)}
        process = subprocess.Popen(
            [sys.executable, "-c", STARTED, "--question", "q7x2", STRONG],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
        )  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
        time.sleep(random.Random().uniform(0.02, 0.5))  # noqa: S311  no secret
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert "Traceback" not in err
        assert (process.returncode, err) in ((130, "Interrupted\n"), (0, ""))
        assert process.returncode == 130 or out.startswith("Score")
