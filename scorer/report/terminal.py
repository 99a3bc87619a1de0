"""The report in a terminal: the score, what is missing, each claim beside its evidence, the signature."""

from __future__ import annotations

import textwrap

import click

from scorer.records import ClaimVerdict, ScoreReport

_MARKS = {"covered": "✓", "partial": "~", "missing": "✗", "contradicted": "!"}
_COLOURS = {"covered": "green", "partial": "yellow", "missing": "red", "contradicted": "magenta"}


def to_text(report: ScoreReport, *, colour: bool = False, width: int = 80) -> str:
    """The report as text of at most `width` columns (at least 40), ending in a line feed."""
    width = max(40, width)
    low, high = report.interval
    title = " ".join(part for part in (report.question, printable(report.source)) if part)
    lines = [f"{_bold(f'Score {report.score:.2f}', colour)}  (95 % interval {low:.2f} to {high:.2f})"]
    lines += [_wrap(title, width, "")] if title else []
    lines += [_wrap(f"Note: {flag}", width, "") for flag in report.flags]
    if report.missing:
        lines += ["", _heading("Missing, what would raise the score most first:", width, colour)]
        lines += [
            _wrap(f"+{claim.gain:.2f}  {printable(claim.text)}", width, " " * 9, "  ") for claim in report.missing
        ]
    if report.contradicted:
        lines += ["", _heading("Contradicted:", width, colour)]
        lines += [_wrap(f"! {printable(claim.text)}", width, "    ", "  ") for claim in report.contradicted]
    lines += ["", _heading("Claims:", width, colour)]
    for claim in report.claims:
        lines += _claim(claim, width, colour)
    if report.unsupported:
        lines += ["", _heading("In the answer, but matching none of the claims:", width, colour)]
        lines += [_wrap(f"- {printable(span.text)}", width, "    ", "  ") for span in report.unsupported]
    return "\n".join([*lines, "", report.signature]) + "\n"


def _claim(claim: ClaimVerdict, width: int, colour: bool) -> list[str]:
    probability = claim.contradiction if claim.verdict == "contradicted" else claim.coverage
    head = f"{_MARKS[claim.verdict]} {probability:.2f} {claim.verdict}"
    if colour:
        head = click.style(head, fg=_COLOURS[claim.verdict])
    return [
        f"  {head}",
        _wrap(printable(claim.text), width, " " * 6),
        _wrap(f"└ {printable(claim.reason)}", width, " " * 8, " " * 6),
    ]


def _heading(text: str, width: int, colour: bool) -> str:
    return _bold(_wrap(text, width, ""), colour)


def _bold(text: str, colour: bool) -> str:
    return click.style(text, bold=True) if colour else text


def _wrap(text: str, width: int, indent: str, first: str | None = None) -> str:
    return textwrap.fill(
        text, width, initial_indent=indent if first is None else first, subsequent_indent=indent, break_on_hyphens=False
    )


def printable(text: str) -> str:
    """`text` on one line, without control characters, which could move a terminal's cursor or change its colours."""
    return "".join(c if c.isprintable() else " " for c in " ".join(text.split()))
