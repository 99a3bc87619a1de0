"""The report in Markdown, for a pull request or a page of notes."""

from __future__ import annotations

from scorer.records import ScoreReport
from scorer.report.wording import points, printable


def to_markdown(report: ScoreReport) -> str:
    """The report as a Markdown document, ending in a line feed; text from files is escaped."""
    low, high = report.interval
    title = " ".join(part for part in (report.question, report.source) if part)
    lines = [f"## Score {report.score:.2f} {escaped(title)}".rstrip(), "", f"95 % interval {low:.2f} to {high:.2f}."]
    lines += [f"Note: {escaped(flag)}." for flag in report.flags]
    if report.helpful:
        lines += ["", "Not covered, what would raise the score most first:", ""]
        lines += [f"- {points(claim.gain)} ({claim.verdict}): {escaped(claim.text)}" for claim in report.helpful]
    if report.harmful:
        lines += ["", "Without this sentence the score would be higher:", ""]
        lines += [f"- {points(rise)}: {escaped(span.text)}" for span, rise in report.harmful]
    if report.contradicted:
        lines += ["", "Contradicted:", ""]
        lines += [f"- {escaped(claim.text)}" for claim in report.contradicted]
    lines += ["", "| verdict | coverage | claim | why |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {claim.verdict} | {claim.coverage:.2f} | {escaped(claim.text)} | {escaped(claim.reason)} |"
        for claim in report.claims
    ]
    if report.unsupported:
        lines += ["", "In the answer, but matching none of the claims:", ""]
        lines += [f"- {escaped(span.text)}" for span in report.unsupported]
    return "\n".join([*lines, "", f"`{report.signature}`"]) + "\n"


def escaped(text: str) -> str:
    """`text` on one line, without what Markdown or HTML would take for markup."""
    return "".join(f"\\{c}" if c in r"\`*_[]<>|#!~" else c for c in printable(text))
