"""What a page shows of one report: its points in groups, the answer in pieces, and what changed since the last try."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scorer.practice.history import Attempt
from scorer.records import ClaimVerdict, Span, Verdict
from scorer.report.parts import Piece, Point, cut, grouped
from scorer.report.wording import VERDICTS

_ADVICE = 3


@dataclass(frozen=True)
class Change:
    """A claim whose verdict is another than at the last try."""

    text: str
    before: Verdict
    now: Verdict

    @property
    def better(self) -> bool:
        """Whether the answer does more with the claim than it did."""
        return VERDICTS.index(self.now) > VERDICTS.index(self.before)


@dataclass(frozen=True)
class Since:
    """What changed since the last try: the score's difference, the number of words', the verdicts.

    `comparable` is False where the scorer or the question has changed in between; then nothing else is known.
    """

    attempt: int
    comparable: bool
    difference: float
    words: int
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class View:
    """All that a page shows of a report."""

    score: float
    low: float
    high: float
    flags: tuple[str, ...]
    groups: tuple[tuple[Verdict, tuple[Point, ...]], ...]
    advice: tuple[Point, ...]
    pieces: tuple[Piece, ...]
    since: Since | None


def view_of(attempt: Attempt, last: Attempt | None) -> View:
    """What to show of an attempt that is scored; `last` is the try before it at the same question, if any."""
    report = _report(attempt)
    claims = [_claim(row) for row in report["claims"]]
    evidence = [claim.evidence for claim in claims if claim.evidence is not None]
    pieces, points = cut(attempt.answer, evidence, claims)
    open_points = [point for point in points if point.claim.verdict != "covered"]
    return View(
        score=report["score"],
        low=report["interval"][0],
        high=report["interval"][1],
        flags=tuple(report["flags"]),
        groups=grouped(points),
        advice=tuple(sorted(open_points, key=lambda point: -point.claim.gain)[:_ADVICE]),
        pieces=tuple(pieces),
        since=None if last is None or last.report is None else _since(attempt, last),
    )


def _report(attempt: Attempt) -> Mapping[str, Any]:
    if attempt.report is None:
        raise ValueError(f"attempt {attempt.id} is not scored yet")
    return attempt.report


def _claim(row: Mapping[str, Any]) -> ClaimVerdict:
    evidence = row["evidence"]
    return ClaimVerdict(
        text=row["text"],
        weight=row["weight"],
        verdict=row["verdict"],
        coverage=row["coverage"],
        contradiction=row["contradiction"],
        margin=row["margin"],
        evidence=None if evidence is None else Span(evidence["start"], evidence["end"], evidence["text"]),
        reason=row["reason"],
        gain=row["gain"],
    )


def _since(attempt: Attempt, last: Attempt) -> Since:
    now, before = _report(attempt), _report(last)
    words = len(attempt.answer.split()) - len(last.answer.split())
    if now["signature"] != before["signature"]:
        return Since(last.id, False, 0.0, words, ())
    pairs = zip(before["claims"], now["claims"], strict=True)
    changes = [
        Change(new["text"], old["verdict"], new["verdict"]) for old, new in pairs if old["verdict"] != new["verdict"]
    ]
    changes.sort(key=lambda change: not change.better)
    return Since(last.id, True, now["score"] - before["score"], words, tuple(changes))
