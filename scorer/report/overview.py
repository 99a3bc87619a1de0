"""What a page says of many reports before any of them: how the scores spread, and which claims are missing most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scorer.records import ScoreReport
from scorer.report.wording import VERDICTS

BINS = 10
_NAMED = 20


@dataclass(frozen=True)
class Bin:
    """How many scores lie from `low` on and below `high` (the last: up to it); `share` is of the fullest bin."""

    low: float
    high: float
    count: int
    share: float


@dataclass(frozen=True)
class Gap:
    """A claim that answers lack: how many of its question's `answers` miss or deny it, and the reports' numbers."""

    question: str
    text: str
    lacking: tuple[int, ...]
    answers: int


@dataclass(frozen=True)
class Overview:
    """Of all reports: the mean and the median score, their distribution, and the claims most often lacking, first."""

    mean: float
    median: float
    bins: tuple[Bin, ...]
    gaps: tuple[Gap, ...]
    questions: tuple[str, ...]

    def lacked_by(self, number: int) -> tuple[int, ...]:
        """The places in `gaps` of the claims that the report of this number, from 1, lacks."""
        return tuple(i for i, gap in enumerate(self.gaps) if number in gap.lacking)


def overview(reports: Sequence[ScoreReport]) -> Overview:
    """The overview of one report or more."""
    scores = sorted(report.score for report in reports)
    middle = len(scores) // 2
    median = scores[middle] if len(scores) % 2 else (scores[middle - 1] + scores[middle]) / 2
    return Overview(
        mean=sum(scores) / len(scores),
        median=median,
        bins=_bins(scores),
        gaps=_gaps(reports),
        questions=tuple(sorted({report.question for report in reports})),
    )


def _bins(scores: Sequence[float]) -> tuple[Bin, ...]:
    counts = [0] * BINS
    for score in scores:
        counts[min(int(score * BINS), BINS - 1)] += 1
    return tuple(Bin(i / BINS, (i + 1) / BINS, count, count / max(counts)) for i, count in enumerate(counts))


def _gaps(reports: Sequence[ScoreReport]) -> tuple[Gap, ...]:
    asked: dict[tuple[str, str], int] = {}
    lacking: dict[tuple[str, str], list[int]] = {}
    for number, report in enumerate(reports, start=1):
        # A claim that stands twice in one reference is one gap.
        for verdict in VERDICTS[:2]:
            for text in dict.fromkeys(claim.text for claim in report.claims if claim.verdict == verdict):
                found = lacking.setdefault((report.question, text), [])
                found += [number] if number not in found else []
        for text in {claim.text for claim in report.claims}:
            asked[report.question, text] = asked.get((report.question, text), 0) + 1
    gaps = [Gap(*key, tuple(numbers), asked[key]) for key, numbers in lacking.items()]
    return tuple(sorted(gaps, key=lambda gap: -len(gap.lacking))[:_NAMED])
