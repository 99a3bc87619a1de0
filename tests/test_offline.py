"""The program needs no network, reads nothing but itself and the files named, and writes nothing but what was asked.

The whole suite runs in a network namespace without an interface in `.ci/run`; here the main job is watched from
outside, system call by system call, since no hook of Python's sees what compiled modules open.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from scorer.files import bundled
from tests.conftest import PACKAGES, ROOT

STRONG, PARTIAL = (str(ROOT / f"seeds/answers/q7x2--{name}.txt") for name in ("strong", "partial"))
MAIN_JOBS = [
    ["--question", "q7x2", STRONG],
    ["--reference", PARTIAL, STRONG, "-o", "out.json"],
]
# What Python, the C library and the runtimes of the model look at on any Linux.
SYSTEM = re.compile(r"/(?:proc|sys|etc|dev|lib\w*|usr/(?:lib\w*|share|local/lib)|s?bin)(?:/|$)")
OPENED = re.compile(r'\b(?:openat|open|creat)\((?:[^"]*, )?"([^"]+)", ([A-Z_|]+)[^=]*\) = \d')
CONNECTED = re.compile(r"\b(?:connect|sendto)\((.*)\)")


def job(arguments: list[str]) -> list[str]:
    return [sys.executable, "-c", "from scorer.cli import main; main()", *arguments]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A home of its own, and nowhere to keep compiled modules but there."""
    chosen = {"HOME": str(tmp_path / "home"), "PYTHONPATH": str(PACKAGES), "PATH": os.environ["PATH"]}
    (tmp_path / "home").mkdir()
    return {**chosen, "PYTHONDONTWRITEBYTECODE": "1"}


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
@pytest.mark.parametrize("arguments", MAIN_JOBS)
def test_what_is_read_and_written(tmp_path: Path, environment: dict[str, str], arguments: list[str]) -> None:
    log = tmp_path / "log"
    work = tmp_path / "work"
    work.mkdir()
    watched = ["strace", "-f", "-qq", "-e", "trace=openat,open,creat,connect,sendto", "-o", str(log)]
    subprocess.run([*watched, *job(arguments)], check=True, env=environment, cwd=work, stdout=subprocess.DEVNULL)
    text = log.read_text(encoding="utf-8", errors="replace")
    assert CONNECTED.findall(text) == []
    opened = OPENED.findall(text)
    assert len(opened) > 100
    libraries = {sys.prefix, sys.base_prefix, *sysconfig.get_paths().values()}
    own = [*libraries, str(PACKAGES / "scorer"), str(bundled("models")), str(bundled("seeds")), str(tmp_path / "home")]
    named = {STRONG, PARTIAL, "out.json", str(PACKAGES), ".", str(work)}  # the last three to look for modules
    foreign = [f for f, _ in opened if not (SYSTEM.match(f) or f in named or any(f.startswith(each) for each in own))]
    assert foreign == []
    written = [file for file, mode in opened if "O_RDONLY" not in mode and not file.startswith("/dev/")]
    cache = str(tmp_path / "home/.cache/score-answer")
    assert [file for file in written if file != "out.json" and not file.startswith(cache)] == []


def test_without_a_network_interface(tmp_path: Path, environment: dict[str, str]) -> None:
    alone = ["unshare", "--map-root-user", "--net"]
    if shutil.which("unshare") is None or subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        pytest.skip("needs the right to make a network namespace")
    done = subprocess.run([*alone, *job(MAIN_JOBS[0])], capture_output=True, text=True, env=environment, check=True)
    assert (done.stdout[:8], done.stderr) == ("Score 0.", "")
