"""The report as plain text: the score, what is missing, each claim beside its evidence, the signature."""

from __future__ import annotations

import textwrap

from scorer.records import ClaimVerdict, ScoreReport
from scorer.report.wording import MARKS, points, printable


def to_text(report: ScoreReport, *, width: int = 80) -> str:
    """The report as text of at most `width` columns (at least 40), ending in a line feed."""
    width = max(40, width)
    low, high = report.interval
    title = " ".join(part for part in (report.question, printable(report.source)) if part)
    lines = [f"Score {report.score:.2f}  (95 % interval {low:.2f} to {high:.2f})"]
    lines += [_wrap(title, width, "")] if title else []
    lines += [_wrap(f"Note: {flag}", width, "") for flag in report.flags]
    if report.helpful:
        lines += ["", _wrap("Not covered, what would raise the score most first:", width, "")]
        lines += [
            _wrap(f"{points(claim.gain)}: {printable(claim.text)}{_how(claim)}", width, " " * 6, "  ")
            for claim in report.helpful
        ]
    if report.harmful:
        lines += ["", _wrap("Without this sentence the score would be higher:", width, "")]
        lines += [
            _wrap(f"{points(rise)}: {printable(span.text)}", width, " " * 6, "  ") for span, rise in report.harmful
        ]
    if report.contradicted:
        lines += ["", _wrap("Contradicted:", width, "")]
        lines += [_wrap(f"! {printable(claim.text)}", width, "    ", "  ") for claim in report.contradicted]
    lines += ["", _wrap("Claims:", width, "")]
    for claim in report.claims:
        lines += _claim(claim, width)
    if report.unsupported:
        lines += ["", _wrap("In the answer, but matching none of the claims:", width, "")]
        lines += [_wrap(f"- {printable(span.text)}", width, "    ", "  ") for span in report.unsupported]
    return "\n".join([*lines, "", report.signature]) + "\n"


def _claim(claim: ClaimVerdict, width: int) -> list[str]:
    probability = claim.contradiction if claim.verdict == "contradicted" else claim.coverage
    return [
        f"  {MARKS[claim.verdict]} {probability:.2f} {claim.verdict}",
        _wrap(printable(claim.text), width, " " * 6),
        _wrap(f"└ {printable(claim.reason)}", width, " " * 8, " " * 6),
    ]


def _how(claim: ClaimVerdict) -> str:
    return "" if claim.verdict == "missing" else f" ({claim.verdict})"


def _wrap(text: str, width: int, indent: str, first: str | None = None) -> str:
    return textwrap.fill(
        text, width, initial_indent=indent if first is None else first, subsequent_indent=indent, break_on_hyphens=False
    )
