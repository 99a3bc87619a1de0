"""The HTML report in Chromium, opened from its file, as a person meets it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

from scorer import AnswerScorer, ScoreReport
from scorer.report import render
from tests.conftest import CHROMIUM

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")

HOSTILE = (
    "<script>document.title = 'run'</script> The drug reduces pain. <img src=x onerror=\"document.title = 'run'\">\n"
    "</style></script><a href='javascript:alert(1)'>The drug does not reduce pain.</a> \x00\x1b[31m {{ 7 * 7 }} 😀 é"
)
CLAIMS = ["The drug <b>reduces</b> pain.", "It costs 5 <script>alert(1)</script> dollars.", "'\"><img src=x>"]

Open = Callable[..., "Page"]


@pytest.fixture(scope="module")
def reports(scorer: AnswerScorer, strong: str, partial: str, off_topic: str) -> list[ScoreReport]:
    texts = {"strong.txt": strong, "partial.txt": partial, "off.txt": off_topic, "blank.txt": ""}
    bank = [scorer.score(text, question="q7x2", source=name) for name, text in texts.items()]
    denial = scorer.score("The drug does not reduce pain.", claims=["The drug reduces pain."], source="denial.txt")
    return [*bank, denial, scorer.score(HOSTILE, claims=CLAIMS, source='"><script>.txt')]


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens reports as a page. On it nothing may go wrong in silence, and no request but that for the file leaves."""
    problems: list[str] = []
    asked: list[str] = []
    contexts = []

    def open_page(
        shown: list[ScoreReport], scheme: Literal["light", "dark"] = "light", width: int = 1280, script: bool = True
    ) -> Page:
        file = tmp_path / "report.html"
        file.write_text(render(shown, "html"), encoding="utf-8")
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.append(message.text))
        page.on("dialog", lambda dialog: problems.append(dialog.message))
        page.on("request", lambda request: asked.append(request.url.split("#")[0]))
        page.goto(file.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []
    assert set(asked) <= {(tmp_path / "report.html").as_uri(), "data:,"}


def lit(page: Page) -> set[str | None]:
    return {each.get_attribute("id") for each in page.locator(".lit[id]").all()}


def names(page: Page) -> list[str]:
    return page.locator(".answers tbody tr:visible th").all_inner_texts()


def test_one_answer_shows_its_facts(opened: Open, reports: list[ScoreReport]) -> None:
    report = reports[1]
    page = opened([report])
    assert page.inner_text(".big") == f"{report.score:.2f}"
    evidence = {claim.evidence.text for claim in report.claims if claim.evidence is not None}
    assert set(page.locator("mark").all_text_contents()) == evidence
    titles = [re.sub(r"\s*\d+$", "", text) for text in page.locator(".points h3").all_inner_texts()]
    assert titles == ["✗ Missing", "~ Partly covered", "✓ Covered"]
    claims = page.locator(".points .claim").all_inner_texts()
    assert claims[: len(report.missing)] == [claim.text for claim in report.missing]
    assert sorted(claims) == sorted(claim.text for claim in report.claims)
    cells = page.locator(".heat td").all_inner_texts()
    assert [float(text.split("●")[0]) for text in cells] == [round(float(x), 2) for x in report.matrix.flat]
    assert page.locator(".heat td.evidence").count() == sum(claim.evidence is not None for claim in report.claims)
    assert report.signature in page.inner_text("article")


def test_contradicted_comes_first(opened: Open, reports: list[ScoreReport]) -> None:
    report = next(each for each in reports if each.contradicted)
    page = opened([report])
    assert page.locator(".points h3").first.inner_text().startswith("! Contradicted")
    assert page.locator("mark.contradicted").count() == 1


def test_a_claim_shows_its_evidence_and_back(opened: Open, reports: list[ScoreReport]) -> None:
    """By pointing and by keyboard alone; a link leads there and moves the focus."""
    report = reports[1]
    page = opened([report])
    number = next(i for i, claim in enumerate(report.claims, start=1) if claim.evidence is not None)
    evidence = report.claims[number - 1].evidence
    assert evidence is not None
    sentence = f"a1-s{report.sentences.index(evidence) + 1}"
    link = page.locator(f"#a1-c{number} a.claim")
    link.focus()
    assert lit(page) == {f"a1-c{number}", sentence}
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == sentence
    assert f"a1-c{number}" in lit(page)
    assert page.locator(f"#{sentence}").inner_text() == evidence.text
    page.keyboard.press("Tab")
    back = page.evaluate("document.activeElement.hash")
    page.keyboard.press("Enter")
    assert f"#{page.evaluate('document.activeElement.id')}" == back
    assert sentence in lit(page)
    page.locator("h1").click()
    other = next(i for i, claim in enumerate(report.claims, start=1) if claim.evidence is not None and i != number)
    page.hover(f"#a1-c{other} .why")
    assert f"a1-c{other}" in lit(page)
    page.locator(f"#{sentence}").hover()
    assert f"a1-c{number}" in lit(page)


def test_many_answers_sort_filter_and_open(opened: Open, reports: list[ScoreReport]) -> None:
    from playwright.sync_api import expect

    page = opened(reports)
    assert page.locator("article:visible").count() == 0
    by_score = [report.source for report in sorted(reports, key=lambda report: report.score)]
    assert names(page) == [report.source for report in reports]
    score = page.locator(".answers th", has=page.locator("text=Score"))
    page.click(".answers button >> text=Score")
    expect(score).to_have_attribute("aria-sort", "ascending")
    assert names(page) == by_score
    page.click(".answers button >> text=Score")
    expect(score).to_have_attribute("aria-sort", "descending")
    assert [page.locator(f".answers tbody tr:nth-child({i}) td.score").inner_text() for i in (1, 6)] == [
        f"{report.score:.2f}" for report in (max(reports, key=_score), min(reports, key=_score))
    ]
    page.click(".answers button >> text=Answer")
    expect(score).to_have_attribute("aria-sort", "none")
    page.fill("#search", "PARTIAL")
    assert names(page) == ["partial.txt"]
    expect(page.locator("#shown")).to_have_text(f"1 of {len(reports)} answers")
    page.fill("#search", "")
    page.select_option("#kind", "contradicted")
    assert set(names(page)) == {report.source for report in reports if report.contradicted}
    page.select_option("#kind", "")
    page.select_option("#question", "q7x2")
    assert len(names(page)) == 4
    page.click(".answers a >> text=partial.txt")
    expect(page.locator("article:visible")).to_have_count(1)
    expect(page.locator("article:visible .name")).to_have_text("partial.txt")
    expect(page.locator(".overview")).to_be_hidden()
    assert page.evaluate("document.activeElement.id") == "a2"
    page.click("article:visible >> text=Next")
    expect(page.locator("article:visible .name")).to_have_text("strong.txt")
    page.locator("article:visible a.claim").first.click()
    expect(page.locator("article:visible .name")).to_have_text("strong.txt")
    page.click("article:visible >> text=All answers")
    expect(page.locator("article:visible")).to_have_count(0)
    expect(page.locator(".overview")).to_be_visible()


def _score(report: ScoreReport) -> float:
    return report.score


def test_many_answers_tell_what_is_missing_most(opened: Open, reports: list[ScoreReport]) -> None:
    page = opened(reports)
    lacking = {
        claim.text: [r.source for r in reports if any(c.text == claim.text and _lacks(c.verdict) for c in r.claims)]
        for report in reports
        for claim in report.claims
    }
    first = page.locator(".gaps li").first
    text = first.locator("span[dir]").inner_text().removeprefix("q7x2 ")
    most = max(len(sources) for sources in lacking.values())
    assert len(lacking[text]) == most
    assert first.locator(".gain").inner_text() == f"{most} of 4"
    first.locator("button").click()
    assert names(page) == lacking[text]
    counts = [int(text) for text in page.locator(".spread td").all_inner_texts()]
    assert counts == [sum(min(int(r.score * 10), 9) == i for r in reports) for i in range(10)]


def _lacks(verdict: str) -> bool:
    return verdict in ("missing", "contradicted")


def test_without_script_all_can_be_read(opened: Open, reports: list[ScoreReport]) -> None:
    page = opened(reports, script=False)
    assert page.locator(".filter").is_hidden()
    page.click(".answers a >> text=partial.txt")
    assert page.locator("article:visible .name").all_inner_texts() == ["partial.txt"]


@pytest.mark.parametrize("count", [1, 2])
def test_an_answer_full_of_script_does_nothing(opened: Open, reports: list[ScoreReport], count: int) -> None:
    report = reports[-1]
    page = opened([report] * count)
    if count > 1:
        page.click(".answers tbody a >> nth=0")
    title = page.title()
    assert title != "run"
    assert page.locator("script").count() == 1
    assert page.locator("img, main style, [onerror], a[href^='javascript']").count() == 0
    text = page.locator("article:visible .text").text_content() or ""
    without_numbers = page.locator("article:visible .text :is(mark, span[id])").all_text_contents()
    shown = "".join(without_numbers).replace("␀", "\x00").replace("␛", "\x1b")
    assert shown.split() == "".join(span.text for span in report.sentences).split()
    assert "<script>document.title" in text


@pytest.mark.parametrize(
    "attempt",
    [
        "const e = document.createElement('script'); e.text = 'document.title = \"run\"'; document.body.append(e)",
        "document.body.innerHTML += '<img src=x onerror=\"document.title = 1\">'",
        "document.body.append(Object.assign(document.createElement('img'), { src: 'https://127.0.0.1:9/x.png' }))",
    ],
)
def test_the_policy_holds_against_what_would_have_got_in(
    browser: Browser, reports: list[ScoreReport], tmp_path: Path, attempt: str
) -> None:
    file = tmp_path / "report.html"
    file.write_text(render(reports[:1], "html"), encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    title = page.title()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.evaluate(f"() => {{ try {{ {attempt} }} catch {{}} }}")
    page.wait_for_timeout(200)
    assert page.title() == title
    assert refused
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("which", ["one", "contradicted", "many", "opened", "hostile"])
def test_axe_finds_nothing_serious(
    opened: Open, reports: list[ScoreReport], which: str, scheme: Literal["light", "dark"]
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    shown = {"one": reports[1:2], "contradicted": reports[4:5], "hostile": reports[-1:]}.get(which, reports)
    page = opened(shown, scheme)
    if which == "opened":
        page.click(".answers a >> text=partial.txt")
    if which == "one":
        page.locator("a.claim").first.focus()
    assert _serious(Axe().run(page).response) == []
    page.evaluate("document.documentElement.removeAttribute('lang')")
    assert "html-has-lang" in [rule for rule, _ in _serious(Axe().run(page).response)]


def _serious(response: dict[str, Any]) -> list[tuple[str, str]]:
    """The rules that are broken, each with the first element that breaks it."""
    found = [each for each in response["violations"] if each["impact"] in ("serious", "critical")]
    return [(each["id"], each["nodes"][0]["html"]) for each in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_scrolls_in_one_direction(
    opened: Open, reports: list[ScoreReport], scheme: Literal["light", "dark"], scorer: AnswerScorer
) -> None:
    long = scorer.score(f"{'a' * 300} Open models speed up research.", question="q7x2", source="n" * 200)
    for shown, target in ((reports[1:2], ""), ([long], ""), ([*reports, long], ""), ([*reports, long], "#a7")):
        page = opened(shown, scheme, 375)
        page.goto(page.url + target)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (len(shown), target)


def test_paper_is_light_and_holds_what_is_on_screen(opened: Open, reports: list[ScoreReport]) -> None:
    page = opened([reports[1]], "dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    box: Locator = page.locator(".own")
    assert box.evaluate("e => getComputedStyle(e).overflow") == "visible"
    assert page.locator(".heat").is_visible()


def test_a_few_hundred_answers_open_at_once(opened: Open, reports: list[ScoreReport]) -> None:
    page = opened(reports[:3] * 100)
    page.fill("#search", "strong")
    assert len(names(page)) == 100
    page.click(".answers tbody tr:visible a >> nth=0")
    assert page.locator("article:visible").count() == 1


def test_a_long_answer_shows_the_sentences_that_are_evidence(opened: Open, scorer: AnswerScorer) -> None:
    text = "The drug reduces pain. " + " ".join(f"Number {i} is a number." for i in range(100))
    report = scorer.score(text, claims=["The drug reduces pain."])
    page = opened([report])
    assert page.locator(".heat thead th").all_inner_texts() == ["Claim", "1"]
    assert f"Of {len(report.sentences)} sentences only those that are evidence are shown." in page.inner_text("article")
