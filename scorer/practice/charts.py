"""Progress per topic, as coordinates that a template draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scorer.practice.history import Attempt

WIDTH, HEIGHT = 320, 110
_LEFT, _RIGHT, _TOP, _BOTTOM = 28, 10, 10, 12
# More tries than this would stand closer than one can point at.
_SHOWN = 20


@dataclass(frozen=True)
class Dot:
    """A try on the chart: its place in the drawing's units, and which one it is."""

    x: float
    y: float
    attempt: Attempt


@dataclass(frozen=True)
class Chart:
    """The scores of a topic's tries, in order; `count` is how many there are, of which the last are drawn."""

    topic: str
    count: int
    last: float
    best: float
    dots: tuple[Dot, ...]

    @property
    def line(self) -> str:
        """The dots as the points of a polyline."""
        return " ".join(f"{dot.x:.1f},{dot.y:.1f}" for dot in self.dots)


def charts(attempts: Sequence[Attempt]) -> list[Chart]:
    """A chart for each topic with a scored try, by name, that of no topic last; `attempts` in their order."""
    topics: dict[str, list[tuple[Attempt, float]]] = {}
    for attempt in attempts:
        if attempt.score is not None:
            topics.setdefault(attempt.topic, []).append((attempt, attempt.score))
    return [_chart(topic, scored) for topic, scored in sorted(topics.items(), key=lambda item: (not item[0], item[0]))]


def height_of(score: float) -> float:
    """Where a score from 0 to 1 stands, from the drawing's upper edge."""
    return _TOP + (1.0 - score) * (HEIGHT - _TOP - _BOTTOM)


def _chart(topic: str, scored: Sequence[tuple[Attempt, float]]) -> Chart:
    shown = scored[-_SHOWN:]
    step = (WIDTH - _LEFT - _RIGHT) / max(1, len(shown) - 1)
    dots = tuple(Dot(_LEFT + i * step, height_of(score), attempt) for i, (attempt, score) in enumerate(shown))
    scores = [score for _, score in scored]
    return Chart(topic, len(scored), scores[-1], max(scores), dots)
