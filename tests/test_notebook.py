"""What a notebook shows of a report: HTML, Markdown, a plot, frames."""

from __future__ import annotations

import sys
import warnings
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

import scorer as package
from scorer import AnswerScorer, ScoreReport
from scorer.errors import InputError, LibraryError
from scorer.report.markdown import to_markdown
from scorer.report.wording import VERDICTS, points

HOSTILE = (
    "<script>alert(1)</script> The drug reduces pain $x^. The drug does not reduce pain.\n"
    "</style>\x1b[31m\x00 It costs 5."
)


@pytest.fixture(scope="module")
def report(scorer: AnswerScorer, partial: str) -> ScoreReport:
    return scorer.score(partial, question="q7x2", source="partial.txt")


@pytest.fixture(scope="module")
def hostile(scorer: AnswerScorer) -> ScoreReport:
    claims = ["The drug <b>reduces</b> pain $x^.", "It costs 5.", "Nurses & doctors like it."]
    return scorer.score(HOSTILE, claims=claims, source='"><script>.txt')


class Reader(HTMLParser):
    """The elements and the text that a browser would make of it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002  the parser's own signature
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_html_holds_the_facts_and_marks_the_evidence(report: ScoreReport) -> None:
    html = report._repr_html_()
    found = Reader(html)
    flat = " ".join(found.text.split())
    facts = [f"{report.score:.2f}", f"{report.interval[0]:.2f} to {report.interval[1]:.2f}", report.signature]
    facts += [fact for claim in report.claims for fact in (claim.text, claim.reason, f"{claim.coverage:.2f}")]
    facts += [points(claim.gain) for claim in report.helpful]
    assert [fact for fact in facts if " ".join(fact.split()) not in flat] == []
    cited = {claim.evidence for claim in report.claims if claim.evidence is not None}
    assert found.tags.count("mark") == len(cited)
    order = [flat.index(claim.text) for verdict in VERDICTS for claim in report.claims if claim.verdict == verdict]
    assert max(order[: len(report.missing)]) < min(order[len(report.missing) :])


@pytest.mark.parametrize("answer", [HOSTILE, "", " \n", "</div></details><img src=x onerror=alert(1)>"])
def test_html_escapes_what_came_from_a_file(scorer: AnswerScorer, answer: str) -> None:
    report = scorer.score(answer, claims=["<img src=x> is a tag."], source="<script>")
    found = Reader(report._repr_html_())
    assert {"script", "img", "b"}.isdisjoint(found.tags)
    assert found.tags.count("style") == found.tags.count("div") - 1 == 1
    assert {"\x00", "\x1b"}.isdisjoint(found.text)
    assert "".join(answer.split()) in "".join(found.text.replace("␀", "\x00").replace("␛", "\x1b").split())


def test_markdown_is_the_report(report: ScoreReport) -> None:
    assert report._repr_markdown_() == to_markdown(report)


def test_to_frame_has_a_row_a_claim(report: ScoreReport, hostile: ScoreReport) -> None:
    for each in (report, hostile):
        found = each.to_frame()
        assert list(found.index) == list(range(1, len(each.claims) + 1))
        for column in ("verdict", "weight", "coverage", "contradiction", "margin", "gain", "reason"):
            assert list(found[column]) == [getattr(claim, column) for claim in each.claims]
        assert list(found["claim"]) == [claim.text for claim in each.claims]
        for number, claim in zip(found["sentence"], each.claims, strict=True):
            assert (pd.isna(number) and claim.evidence is None) or each.sentences[number - 1] == claim.evidence
        assert float((found["weight"] * found["coverage"]).sum()) == pytest.approx(each.score, abs=1e-3) or (
            each.contradicted
        )


def test_to_frame_where_nobody_looked_for_a_denial(partial: str) -> None:
    found = AnswerScorer(contradiction=False).score(partial, question="q7x2").to_frame()
    assert found["contradiction"].dtype == float
    assert found["contradiction"].isna().all()


def test_frame_has_a_row_a_report(report: ScoreReport, hostile: ScoreReport) -> None:
    found = package.frame([report, hostile])
    assert list(found["score"]) == [report.score, hostile.score]
    assert list(found["low"]) == [report.interval[0], hostile.interval[0]]
    assert [list(found[verdict]) for verdict in VERDICTS] == [
        [sum(claim.verdict == verdict for claim in each.claims) for each in (report, hostile)] for verdict in VERDICTS
    ]
    assert list(found["sentences"]) == [len(report.sentences), len(hostile.sentences)]
    assert list(package.frame([]).columns) == list(found.columns)
    with pytest.raises(InputError, match=r"reports\[1\] is InputError, no ScoreReport \(mend it\); leave it out"):
        package.frame([report, InputError("mend it")])  # type: ignore[list-item]


def test_plot_draws_the_matrix(report: ScoreReport) -> None:
    figure = report.plot()
    axes = figure.axes[0]
    (image,) = axes.images
    assert np.array_equal(np.asarray(image.get_array()), report.matrix)
    assert [text.get_text() for text in axes.texts] == [f"{cosine:.2f}" for cosine in report.matrix.flat]
    framed = {(int(p.get_y() + 0.5), int(p.get_x() + 0.5)) for p in axes.patches if isinstance(p, Rectangle)}
    places = {span: i for i, span in enumerate(report.sentences)}
    assert framed == {(i, places[c.evidence]) for i, c in enumerate(report.claims) if c.evidence is not None}
    labels = [label.get_text().replace("\n", " ") for label in axes.get_yticklabels()]
    assert all(label.startswith(f"{i} ") for i, label in enumerate(labels, start=1))


def test_plot_draws_into_axes_of_ones_own(report: ScoreReport) -> None:
    figure = Figure()
    left, right = figure.subplots(1, 2)
    assert report.plot(left) is figure
    assert (len(left.images), len(right.images)) == (1, 0)


@pytest.mark.parametrize("answer", ["", HOSTILE, "The drug reduces pain. " * 60])
def test_plot_can_draw_anything(scorer: AnswerScorer, answer: str) -> None:
    """No sentence, a dollar sign that is no formula, more sentences than have room for numbers."""
    report = scorer.score(answer, claims=["The drug reduces pain $x^ and costs $5."], source="$")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")
        report.plot().canvas.draw()


@pytest.mark.parametrize(("library", "purpose"), [("pandas", "to_frame()"), ("matplotlib", "plot()")])
def test_a_missing_library_names_the_extra(
    report: ScoreReport, library: str, purpose: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    method = {"to_frame()": report.to_frame, "plot()": report.plot}[purpose]
    with pytest.raises(LibraryError) as error:
        method()
    wanted = f'{purpose} needs {library}, which is not installed; pip install "score-answer[notebook]"'
    assert (str(error.value), error.value.exit_code) == (wanted, 3)
