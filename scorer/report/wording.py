"""How every view names things: a mark for each verdict, points of the score, text on one line."""

from __future__ import annotations

from scorer.records import Verdict

# From worst to best; views that sort by verdict show them in this order.
VERDICTS: tuple[Verdict, ...] = ("contradicted", "missing", "partial", "covered")
MARKS: dict[Verdict, str] = {"covered": "✓", "partial": "~", "missing": "✗", "contradicted": "!"}


def points(gain: float) -> str:
    """A rise of the score, 0..1, in points of 100: whole ones, or tenths of one."""
    whole = round(100 * gain)
    return f"+{whole} point{'' if whole == 1 else 's'}" if whole else f"+{100 * gain:.1f} points"


def printable(text: str) -> str:
    """`text` on one line, without control characters, which could move a terminal's cursor or change its colours."""
    return "".join(c if c.isprintable() else " " for c in " ".join(text.split()))
