"""Reports as one HTML page, which needs no network and no other file, and as a piece of one for notebooks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from scorer.records import ScoreReport
from scorer.report.parts import cut, grouped
from scorer.report.wording import MARKS, points

_STATIC = Path(__file__).parent / "static"
# Control characters as the pictures that Unicode has of them: HTML has no place for them.
_PICTURES = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n\r"} | {0x7F: 0x2421}


def to_fragment(report: ScoreReport) -> str:
    """The report as a `div` without script, for a notebook's output."""
    pieces, claims = cut(report.answer, report.sentences, report.claims)
    template = environment("scorer.report").get_template("notebook.html")
    return template.render(report=report, groups=grouped(claims), pieces=pieces, style=_static("notebook.css"))


def environment(package: str) -> Environment:
    """The templates of `package`, which escape all that is put into them and write numbers as every view does."""
    found = Environment(
        loader=PackageLoader(package),
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


def _static(name: str) -> Markup:
    """A style or script of ours, which is put into a page as it stands."""
    return Markup((_STATIC / name).read_text(encoding="utf-8"))  # noqa: S704  a file of this package
