"""Reports as one HTML page, which needs no network and no other file, and as a piece of one for notebooks."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from scorer.records import ScoreReport, Verdict
from scorer.report.overview import overview
from scorer.report.parts import Piece, Point, cut, grouped
from scorer.report.wording import MARKS, points

_STATIC = Path(__file__).parent / "static"
# Control characters as the pictures that Unicode has of them: HTML has no place for them.
_PICTURES = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n\r"} | {0x7F: 0x2421}
# Sentences of an answer up to which the matrix shows all of them, beyond it only those that are evidence.
_COLUMNS = 60
# Shades of a cell, as many as the style knows beside none.
_SHADES = 10


@dataclass(frozen=True)
class Shown:
    """One report as a page shows it; `columns` are the numbers, from 1, of the sentences that the matrix shows."""

    number: int
    report: ScoreReport
    pieces: Sequence[Piece]
    groups: Sequence[tuple[Verdict, Sequence[Point]]]
    points: Sequence[Point]
    columns: Sequence[int]
    unsupported: frozenset[int]

    @property
    def name(self) -> str:
        """What to call it in a list."""
        return self.report.source or self.report.question or f"answer {self.number}"

    @property
    def counts(self) -> Mapping[Verdict, int]:
        """How many claims have each verdict."""
        return {verdict: len(found) for verdict, found in self.groups}

    def cells(self, point: Point) -> list[tuple[int, float, int]]:
        """A row of the matrix: number of the sentence, cosine, shade."""
        row = self.report.matrix[point.number - 1]
        return [(column, float(row[column - 1]), _shade(float(row[column - 1]))) for column in self.columns]


def to_html(reports: Sequence[ScoreReport]) -> str:
    """All reports as one page; with more than one, a table of them and what they have in common come first."""
    style = Markup("\n").join((_static("common.css"), _static("report.css")))
    script = _static("report.js")
    return (
        environment("scorer.report")
        .get_template("report.html")
        .render(
            shown=[_shown(number, report) for number, report in enumerate(reports, start=1)],
            overview=overview(reports) if len(reports) > 1 else None,
            style=style,
            script=script,
            policy=_policy(style, script),
        )
    )


def to_fragment(report: ScoreReport) -> str:
    """The report as a `div` without script, for a notebook's output."""
    pieces, claims = cut(report.answer, report.sentences, report.claims)
    template = environment("scorer.report").get_template("notebook.html")
    return template.render(report=report, groups=grouped(claims), pieces=pieces, style=_static("notebook.css"))


def environment(package: str) -> Environment:
    """The templates of `package` and the report's, which escape all that is put into them and write alike."""
    found = Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader("scorer.report")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals |= {"marks": MARKS}
    filters: dict[str, Any] = {"two": "{:.2f}".format, "points": points, "visible": visible}
    found.filters |= filters
    return found


def visible(text: str) -> str:
    """`text` with a picture in place of each control character that is no tab and no line's end."""
    return text.translate(_PICTURES)


def _shown(number: int, report: ScoreReport) -> Shown:
    pieces, claims = cut(report.answer, report.sentences, report.claims)
    evidence = sorted({point.piece for point in claims if point.piece is not None})
    every = range(1, len(report.sentences) + 1)
    unknown = set(report.unsupported)
    return Shown(
        number=number,
        report=report,
        pieces=pieces,
        groups=grouped(claims),
        points=claims,
        columns=every if len(every) <= _COLUMNS else evidence,
        unsupported=frozenset(i for i, span in enumerate(report.sentences, start=1) if span in unknown),
    )


def _shade(cosine: float) -> int:
    return max(0, min(_SHADES, round(cosine * _SHADES)))


def _policy(style: str, script: str) -> str:
    """The page's Content-Security-Policy: its own style and script by their hashes, and nothing else at all."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_hash(style)}'",
            f"script-src '{_hash(script)}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _static(name: str) -> Markup:
    """A style or script of ours, which is put into a page as it stands."""
    return Markup((_STATIC / name).read_text(encoding="utf-8"))  # noqa: S704  a file of this package
