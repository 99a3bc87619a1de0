"""What a page shows of one report: its points in groups, the answer in pieces, and what changed since the last try."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scorer.practice.history import Attempt
from scorer.records import ClaimVerdict, Span, Verdict

# From worst to best; a page shows them in this order.
VERDICTS: tuple[Verdict, ...] = ("contradicted", "missing", "partial", "covered")
_ADVICE = 3


@dataclass(frozen=True)
class Point:
    """A claim of the reference: its number in the reference's order, from 1, and what the answer does with it.

    `piece` is the number of the piece of the answer that is its evidence, None where there is none.
    """

    number: int
    claim: ClaimVerdict
    piece: int | None


@dataclass(frozen=True)
class Piece:
    """A part of the answer. `verdict` is empty, and `points` too, where it is evidence of nothing."""

    text: str
    verdict: Verdict | None = None
    points: tuple[int, ...] = ()


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
    pieces, places = _pieces(attempt.answer, claims)
    points = [Point(i + 1, claim, places.get(i)) for i, claim in enumerate(claims)]
    open_points = [point for point in points if point.claim.verdict != "covered"]
    return View(
        score=report["score"],
        low=report["interval"][0],
        high=report["interval"][1],
        flags=tuple(report["flags"]),
        groups=tuple((verdict, tuple(_of_verdict(points, verdict))) for verdict in VERDICTS),
        advice=tuple(sorted(open_points, key=lambda point: -point.claim.gain)[:_ADVICE]),
        pieces=tuple(pieces),
        since=None if last is None or last.report is None else _since(attempt, last),
    )


def _of_verdict(points: Sequence[Point], verdict: Verdict) -> list[Point]:
    found = [point for point in points if point.claim.verdict == verdict]
    return found if verdict == "covered" else sorted(found, key=lambda point: -point.claim.gain)


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


def _pieces(answer: str, claims: Sequence[ClaimVerdict]) -> tuple[list[Piece], dict[int, int]]:
    """The answer cut at its evidence, and for each claim that has any the number of its piece.

    Evidence is whole sentences, so two pieces are the same or apart. One that serves several claims shows the best of
    their verdicts, but a denial does not hide behind what is right.
    """
    cited: dict[tuple[int, int], list[int]] = {}
    for i, claim in enumerate(claims):
        if claim.evidence is not None:
            cited.setdefault((claim.evidence.start, claim.evidence.end), []).append(i)
    pieces: list[Piece] = []
    places: dict[int, int] = {}
    done = 0
    for (start, end), users in sorted(cited.items()):
        pieces += [Piece(answer[done:start])] if start > done else []
        places |= dict.fromkeys(users, len(pieces))
        verdicts = [claims[i].verdict for i in users]
        shown = "contradicted" if "contradicted" in verdicts else max(verdicts, key=VERDICTS.index)
        pieces.append(Piece(answer[start:end], shown, tuple(i + 1 for i in users)))
        done = end
    return pieces + ([Piece(answer[done:])] if done < len(answer) else []), places


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
