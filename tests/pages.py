"""The documentation's pages, run as they stand.

Of a page's fences one with a title is a file; `console` holds commands, each after `$ `, with what they print; `python`
is run, all of a page's in one process, and an `output` fence below it is what it prints. Everything happens in a folder
of the page's own. `python -m tests.pages` writes into each page what comes out now: read the difference.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted((ROOT / "docs").rglob("*.md"))
_FENCE = re.compile(
    r"^```(?P<language>\w+)(?: title=\"(?P<file>[^\"]+)\")?\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL
)
_COMMAND = re.compile(r"^\$ (?P<command>(?:.*\\\n)*.*)\n", re.MULTILINE)


def commands(page: str) -> list[str]:
    """The commands of the `console` and `sh` fences, without comments."""
    found = []
    for fence in _FENCE.finditer(page):
        if fence["language"] == "console":
            found += [match["command"] for match in _COMMAND.finditer(fence["body"])]
        elif fence["language"] == "sh":
            found += [line.split("  #")[0].strip() for line in fence["body"].splitlines() if line.strip()]
    return found


def rewritten(page: str, folder: Path) -> str:
    """`page` with what its commands and Python print now, run in `folder`."""
    names: dict[str, object] = {}
    printed = ""

    def run(fence: re.Match[str]) -> str:
        nonlocal printed
        body = fence["body"]
        if fence["file"]:
            file = folder / fence["file"]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(body, encoding="utf-8")
        elif fence["language"] == "console":
            body = "".join(_session(match["command"], folder) for match in _COMMAND.finditer(body))
        elif fence["language"] == "python":
            printed = _python(body, names, folder)
        elif fence["language"] == "output":
            body = printed
        return f"{fence[0].splitlines()[0]}\n{body}```"

    return _FENCE.sub(run, page)


def _session(command: str, folder: Path) -> str:
    """A command and what it prints, both streams as a terminal shows them."""
    environment = {
        **os.environ,
        "HOME": str(folder),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise AssertionError(f"exit code {done.returncode} of: {command}\n{done.stdout}")
    return f"$ {command}\n{done.stdout}"


def _python(source: str, names: dict[str, object], folder: Path) -> str:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.chdir(folder):
        exec(compile(source, "the page", "exec"), names)  # noqa: S102  the page's own example
    return printed.getvalue()


def _changed() -> Iterator[Path]:
    for page in PAGES:
        old = page.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder:
            new = rewritten(old, Path(folder))
        if new != old:
            page.write_text(new, encoding="utf-8")
            yield page


if __name__ == "__main__":
    for changed in _changed():
        sys.stdout.write(f"{changed.relative_to(ROOT)}\n")
