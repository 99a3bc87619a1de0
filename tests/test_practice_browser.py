"""The page in Chromium, served by a process of its own, as a person meets it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from scorer import AnswerScorer
from tests.conftest import CHROMIUM, PACKAGES, ROOT, free_port

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


# Milliseconds: no test asserts a time, and a busy machine takes its own.
_PATIENCE = 300_000


pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed"),
    pytest.mark.skipif(free_port() is None, reason="no loopback interface"),
]


class Server:
    """`score-answer practice` in a process of its own, which can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._port = folder, str(free_port())
        self.address = f"http://127.0.0.1:{self._port}"
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-c", "from scorer.cli import main; main()", "practice", "--no-browser"]
        options = ["--port", self._port, "--history", str(self._folder / "practice.sqlite3")]
        environment = {**os.environ, "PYTHONPATH": str(PACKAGES)}
        self.process = subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True, env=environment)
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == f"Practise at {self.address}/ (Ctrl-C ends it)\n"

    def stop(self, how: signal.Signals = signal.SIGKILL) -> int:
        self.process.send_signal(how)
        status = self.process.wait(timeout=30)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return status


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    found = Server(tmp_path)
    yield found
    if found.process.poll() is None:
        found.stop()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    """A page on which nothing may go wrong in silence: no script fails, nothing breaks the content policy."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=server.address)
    context.set_default_timeout(_PATIENCE)
    found = context.new_page()
    problems: list[str] = []
    found.on("pageerror", lambda error: problems.append(str(error)))
    found.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    yield found
    context.close()
    assert [problem for problem in problems if "ERR_CONNECTION_REFUSED" not in problem] == []


def submit(page: Page, question: str, answer: str) -> None:
    page.goto(f"/questions/{question}")
    page.fill("#answer", answer)
    page.click("#submit")
    page.wait_for_selector(".big")


def draft(page: Page, question: str) -> str | None:
    found = page.evaluate("id => localStorage.getItem('score-answer:draft:' + id)", question)
    return None if found is None else str(found)


def test_the_whole_round(page: Page, scorer: AnswerScorer, partial: str, strong: str) -> None:
    from playwright.sync_api import expect

    page.goto("/")
    page.fill("input[name=search]", "language model weights publicly available")
    page.click("button[formaction]")
    page.wait_for_url("**/questions/q7x2")
    page.click("#timer")
    page.fill("#answer", partial)
    assert page.inner_text("#words") == f"{len(partial.split())} words"
    expect(page.locator("#clock")).not_to_have_text("0:00", timeout=_PATIENCE)
    page.click("#submit")
    page.wait_for_selector(".big")
    first = scorer.score(page.input_value("#submitted"), question="q7x2")
    assert page.inner_text(".big") == f"{first.score:.2f}"
    evidence = {claim.evidence.text for claim in first.claims if claim.evidence is not None}
    assert set(page.locator(".own mark").all_text_contents()) == evidence
    missing = [text.split("\n")[0] for text in page.locator(".card.missing li").all_inner_texts()]
    assert len(missing) == len(first.missing)
    assert all(shown.endswith(claim.text) for shown, claim in zip(missing, first.missing, strict=True))
    assert page.locator(".advice li").count() == 3
    assert page.locator(".reference").count() == 0
    page.click("a.reveal")
    page.wait_for_selector(".reference")
    assert "As we delve into the implications" in page.inner_text(".reference")
    page.click("text=Revise this answer")
    page.wait_for_selector("#answer")
    assert page.input_value("#answer").strip() == partial.strip()
    page.fill("#answer", strong)
    page.click("#submit")
    page.wait_for_selector("#since-title")
    assert page.locator(".changes li").count() > 0
    page.click("nav >> text=History")
    page.wait_for_selector(".history")
    assert page.locator(".history tbody tr").count() == 2
    assert page.locator(".chart circle").count() == 2
    assert page.locator(".history .score").all_inner_texts()[1] == f"{first.score:.2f}"
    with page.expect_download() as download:
        page.click("text=Export as JSON Lines")
    assert len(download.value.path().read_text(encoding="utf-8").splitlines()) == 2
    page.click("text=Delete the whole history")
    page.click("text=Delete all of it for good")
    page.wait_for_selector("text=Nothing yet")


def test_with_the_keyboard_alone(page: Page) -> None:
    def tab_to(selector: str) -> None:
        for _ in range(80):
            page.keyboard.press("Tab")
            if page.evaluate("s => document.activeElement.matches(s)", selector):
                return
        raise AssertionError(f"{selector} cannot be reached")

    page.goto("/")
    tab_to("input[name=search]")
    page.keyboard.type("publicly available")
    tab_to("button[formaction]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/questions/q7x2")
    tab_to("#answer")
    page.keyboard.type("Open models speed up research.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".big")
    tab_to("a.button[href*='from=']")
    page.keyboard.press("Enter")
    page.wait_for_selector("#answer")
    tab_to("#submit")
    page.keyboard.press("Enter")
    page.wait_for_selector("#since-title")
    tab_to("a.reveal")
    page.keyboard.press("Enter")
    page.wait_for_selector(".reference")
    tab_to("summary")
    page.keyboard.press("Enter")
    tab_to(".danger button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/history")
    assert page.locator(".history tbody tr").count() == 1


def test_a_timer_on_a_phone_is_one_row(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 700})
    page.goto("/questions/q7x2")
    page.select_option("#limit", "600")
    page.click("#timer")
    boxes = [page.locator(f"#{name}").bounding_box() for name in ("limit", "timer", "clock")]
    middles = [box["y"] + box["height"] / 2 for box in boxes if box is not None]
    assert len(middles) == 3
    assert max(middles) - min(middles) < 3
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_denial_is_quoted_once(page: Page, scorer: AnswerScorer) -> None:
    wrong = (ROOT / "seeds/answers/d4m2--wrong.txt").read_text(encoding="utf-8")
    submit(page, "d4m2", wrong)
    shown = page.locator(".card.contradicted li").all_inner_texts()
    denied = scorer.score(page.input_value("#submitted"), question="d4m2").contradicted
    assert len(shown) == len(denied) > 0
    for claim in denied:
        (text,) = (each for each in shown if claim.text in each)
        assert claim.evidence is not None
        assert text.count(claim.evidence.text[:24]) == 1
    page.click(".card.contradicted .why a >> nth=0")
    assert page.locator("mark.contradicted:target").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_scrolls_in_one_direction_and_text_can_be_read(
    page: Page, scheme: Literal["light", "dark"], partial: str
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme=scheme)
    submit(page, "q7x2", f"{'a' * 300} {partial}")
    for path in ("/", "/questions/q7x2?reference=shown", "/attempts/1?reference=shown", "/history"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert page.evaluate(CONTRASTS) == [], path
        small = "[...document.querySelectorAll('button:not(.link), .button, select')].filter(e => e.offsetParent"
        assert page.evaluate(f"{small} && e.offsetHeight < 44).map(e => e.outerHTML)") == [], path


# Texts whose contrast with what is behind them is below 4.5, as WCAG 2.2 AA measures it.
CONTRASTS = """() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = (c) => { const v = c / 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
  const luminance = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const c = rgb(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const e of document.querySelectorAll("body *")) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !e.offsetParent) continue;
    const [a, b] = [luminance(rgb(getComputedStyle(e).color)), luminance(behind(e))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) found.push(e.outerHTML.slice(0, 80));
  }
  return found;
}"""


def test_a_reload_keeps_the_draft_and_submitting_ends_it(page: Page) -> None:
    page.goto("/questions/q7x2")
    page.fill("#answer", "Half of an answer")
    page.select_option("#limit", "300")
    page.click("#timer")
    page.reload()
    assert page.input_value("#answer") == "Half of an answer"
    assert page.input_value("#limit") == "300"
    assert page.inner_text("#timer") == "Pause"
    assert page.is_visible("#restored")
    page.click("#discard")
    assert page.input_value("#answer") == ""
    assert draft(page, "q7x2") is None or "Half" not in str(draft(page, "q7x2"))
    submit(page, "q7x2", "Another answer\n\nof mine.\n")
    assert draft(page, "q7x2") is None
    page.goto("/questions/q7x2")
    assert page.input_value("#answer") == ""


def test_a_killed_server_loses_nothing(page: Page, server: Server) -> None:
    submit(page, "q7x2", "Open models speed up research.")
    shown = page.inner_text(".result")
    page.goto("/questions/q7x2")
    page.fill("#answer", "Deepfakes are a risk.")
    server.stop(signal.SIGKILL)
    page.click("#submit")
    server.start()
    page.goto("/attempts/1")
    assert page.inner_text(".result") == shown
    page.goto("/questions/q7x2")
    assert page.input_value("#answer") == "Deepfakes are a risk."
    page.click("#submit")
    page.wait_for_selector(".big")
    page.goto("/history")
    assert page.locator(".history tbody tr").count() == 2
    assert server.stop(signal.SIGINT) == 0


def test_a_page_elsewhere_can_not_write(page: Page, server: Server) -> None:
    other = page.context.new_page()
    form = f'<form method="post" action="{server.address}/questions/q7x2">'
    other.set_content(f'{form}<input name="answer" value="Sent from elsewhere."><button>Send</button></form>')
    other.click("button")
    other.wait_for_selector("text=the Origin is another page")
    page.goto("/history")
    assert "Nothing yet" in page.inner_text("main")
