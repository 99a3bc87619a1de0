"""The documentation: what its pages show is what comes out, and the site asks nothing of another computer."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from scorer.cli import main
from tests.conftest import CHROMIUM, ROOT
from tests.pages import PAGES, commands, rewritten
from tests.test_cli import every_command

if TYPE_CHECKING:
    from playwright.sync_api import Browser

KNOWN = dict(every_command(main))


def name(page: Path) -> str:
    return str(page.relative_to(ROOT / "docs"))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_what_a_page_shows_is_what_comes_out(page: Path, tmp_path: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert rewritten(text, tmp_path) == text, "read what changed after: python -m tests.pages"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_the_options_of_commands_that_are_not_run_exist(page: Path) -> None:
    for line in commands(page.read_text(encoding="utf-8")):
        words = shlex.split(line)
        if words[:1] == ["score-answer"]:
            path = max((path for path in KNOWN if words[: len(path.split())] == path.split()), key=len)
            command = KNOWN["score-answer score" if path == "score-answer" else path]
            known = {option for each in command.params if isinstance(each, click.Option) for option in each.opts}
            assert {word for word in words if re.match(r"--?[a-z]", word) and word not in ("-n",)} <= known, line


def test_every_command_is_in_a_guide_or_in_the_reference_made_of_them() -> None:
    assert "::: mkdocs-click" in (ROOT / "docs/reference/command-line.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("mkdocs", reason="the extra docs is not installed")
    folder = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def test_the_site_loads_nothing_from_elsewhere(site: Path) -> None:
    loads = re.compile(
        r"<(?:script|img|iframe|source)\b[^>]*\bsrc=\"(?:https?:)?//|<link\b[^>]*rel=\"(?!canonical)[^>]*href=\"(?:https?:)?//"
    )
    found = {page.name: loads.findall(page.read_text(encoding="utf-8")) for page in site.rglob("*.html")}
    assert len(found) >= len(PAGES)
    assert not any(found.values()), found


def test_the_reference_has_every_command_and_the_figures_are_included(site: Path) -> None:
    reference = (site / "reference/command-line.html").read_text(encoding="utf-8")
    assert [path for path in KNOWN if f">{path}<" not in reference] == []
    made = (site / "how-the-score-is-made.html").read_text(encoding="utf-8")
    assert "<td>realsumm</td>" in made
    assert "Late interaction: each word" in made


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
@pytest.mark.parametrize("width", [375, 1280])
def test_pages_fit_the_screen_and_no_request_leaves(site: Path, width: int, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for each in ("tutorial", "how-the-score-is-made", "reference/command-line", "reference/python"):
        page.goto((site / f"{each}.html").as_uri())
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), each
    page.close()
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
