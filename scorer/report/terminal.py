"""The report in a terminal: the score, what is missing, each claim beside its evidence, the signature."""

from __future__ import annotations

import textwrap

import click

from scorer.records import ClaimVerdict, ScoreReport

MARKS = {"covered": "✓", "partial": "~", "missing": "✗", "contradicted": "!"}
_COLOURS = {"covered": "green", "partial": "yellow", "missing": "red", "contradicted": "magenta"}


def to_text(report: ScoreReport, *, colour: bool = False, width: int = 80) -> str:
    """The report as text of at most `width` columns (at least 40), ending in a line feed."""
    width = max(40, width)
    low, high = report.interval
    title = " ".join(part for part in (report.question, printable(report.source)) if part)
    lines = [f"{_bold(f'Score {report.score:.2f}', colour)}  (95 % interval {low:.2f} to {high:.2f})"]
    lines += [_wrap(title, width, "")] if title else []
    lines += [_wrap(f"Note: {flag}", width, "") for flag in report.flags]
    if report.helpful:
        lines += ["", _heading("Not covered, what would raise the score most first:", width, colour)]
        lines += [
            _wrap(f"{points(claim.gain)}: {printable(claim.text)}{_how(claim)}", width, " " * 6, "  ")
            for claim in report.helpful
        ]
    if report.harmful:
        lines += ["", _heading("Without this sentence the score would be higher:", width, colour)]
        lines += [
            _wrap(f"{points(rise)}: {printable(span.text)}", width, " " * 6, "  ") for span, rise in report.harmful
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
    head = f"{MARKS[claim.verdict]} {probability:.2f} {claim.verdict}"
    if colour:
        head = click.style(head, fg=_COLOURS[claim.verdict])
    return [
        f"  {head}",
        _wrap(printable(claim.text), width, " " * 6),
        _wrap(f"└ {printable(claim.reason)}", width, " " * 8, " " * 6),
    ]


def points(gain: float) -> str:
    """A rise of the score, 0..1, in points of 100: whole ones, or tenths of one."""
    whole = round(100 * gain)
    return f"+{whole} point{'' if whole == 1 else 's'}" if whole else f"+{100 * gain:.1f} points"


def _how(claim: ClaimVerdict) -> str:
    return "" if claim.verdict == "missing" else f" ({claim.verdict})"


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
