"""What views that mark the answer share: its claims as numbered points, and the answer cut where they point to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scorer.records import ClaimVerdict, Span, Verdict
from scorer.report.wording import VERDICTS


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
    """A part of the answer: `number`, from 1, where it is one of the spans, and None for what lies between them.

    `points` are the numbers of the claims that it is evidence of, `verdict` what is shown of these: None without any.
    """

    text: str
    number: int | None = None
    verdict: Verdict | None = None
    points: tuple[int, ...] = ()


def cut(answer: str, spans: Iterable[Span], claims: Sequence[ClaimVerdict]) -> tuple[list[Piece], list[Point]]:
    """The answer cut at `spans`, and its claims in order. All evidence is among the spans, and these lie apart.

    A piece that serves several claims shows the best of their verdicts, but a denial does not hide behind what is
    right.
    """
    cited: dict[tuple[int, int], list[int]] = {(span.start, span.end): [] for span in spans}
    for i, claim in enumerate(claims):
        if claim.evidence is not None:
            cited[claim.evidence.start, claim.evidence.end].append(i)
    pieces: list[Piece] = []
    places: dict[int, int] = {}
    done = 0
    for number, ((start, end), users) in enumerate(sorted(cited.items()), start=1):
        pieces += [Piece(answer[done:start])] if start > done else []
        places |= dict.fromkeys(users, number)
        pieces.append(Piece(answer[start:end], number, _shown(claims, users), tuple(i + 1 for i in users)))
        done = end
    pieces += [Piece(answer[done:])] if done < len(answer) else []
    return pieces, [Point(i + 1, claim, places.get(i)) for i, claim in enumerate(claims)]


def _shown(claims: Sequence[ClaimVerdict], users: Sequence[int]) -> Verdict | None:
    verdicts = [claims[i].verdict for i in users]
    if "contradicted" in verdicts:
        return "contradicted"
    return max(verdicts, key=VERDICTS.index, default=None)


def grouped(points: Sequence[Point]) -> tuple[tuple[Verdict, tuple[Point, ...]], ...]:
    """The points of each verdict, from worst to best; of those not covered what would raise the score most first."""
    return tuple((verdict, _of(points, verdict)) for verdict in VERDICTS)


def _of(points: Sequence[Point], verdict: Verdict) -> tuple[Point, ...]:
    found = [point for point in points if point.claim.verdict == verdict]
    return tuple(found if verdict == "covered" else sorted(found, key=lambda point: -point.claim.gain))
