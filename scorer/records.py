"""The records that travel through the scorer: plain, frozen, and ignorant of files, models and the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Verdict = Literal["covered", "partial", "missing", "contradicted"]


@dataclass(frozen=True)
class Span:
    """A piece of a text: `text == original[start:end]`, offsets in characters (code points)."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Claim:
    """One point that an answer should make.

    `weight` is its share of the score; the weights of one reference sum to 1. `spans` are the places of the
    reference that it was drawn from, empty where it was written by hand.
    """

    text: str
    weight: float
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Dropped:
    """A sentence of a reference that is not a claim, and why."""

    span: Span
    reason: str


@dataclass(frozen=True)
class Question:
    """A question of the bank, or one made up on the spot.

    `references` are alternative reference answers. `claims`, where an author wrote them, replace what would be
    drawn from the references; their weights sum to 1. `topic` is its field in a word or two, `levels` the difficulty
    scale from easy to hard and `level` the question's own place on it (each empty where unknown).
    """

    id: str
    text: str
    references: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    context: str = ""
    topic: str = ""
    levels: tuple[str, ...] = ()
    level: str = ""


@dataclass(frozen=True)
class ClaimVerdict:
    """What the answer does with one claim.

    `coverage` and `contradiction` are probabilities in 0..1; `contradiction` is None where nothing looked for a
    denial. `margin` is the distance of the deciding probability to the nearest threshold. `evidence` is the
    answer's sentence that matches best, None for a missing claim.
    """

    text: str
    weight: float
    verdict: Verdict
    coverage: float
    contradiction: float | None
    margin: float
    evidence: Span | None
    reason: str

    @property
    def credit(self) -> float:
        """What the claim adds to the score per unit of weight, 0..1."""
        return 0.0 if self.verdict == "contradicted" else self.coverage

    @property
    def gain(self) -> float:
        """By how much the score would rise, at most, if the answer made this claim, 0..1."""
        return self.weight * (1.0 - self.credit)

    def to_dict(self) -> dict[str, Any]:
        """The claim as built-in types, ready for JSON."""
        evidence = self.evidence
        return {
            "text": self.text,
            "weight": self.weight,
            "verdict": self.verdict,
            "coverage": self.coverage,
            "contradiction": self.contradiction,
            "margin": self.margin,
            "evidence": None if evidence is None else span_to_dict(evidence),
            "reason": self.reason,
        }


@dataclass(frozen=True, eq=False)
class ScoreReport:
    """The result of scoring one answer; every view of it only reads it.

    `score` is the weighted mean of the claims' credit, 0..1, and `interval` its 95 % interval. `matrix` is
    (claims, sentences) float32, the cosine of each claim with each sentence of the answer, -1..1. `reference`
    is the index of the alternative reference that counted. `source` names where the answer came from, such as
    a file; empty for a string.
    """

    question: str
    source: str
    answer: str
    score: float
    interval: tuple[float, float]
    claims: tuple[ClaimVerdict, ...]
    unsupported: tuple[Span, ...]
    flags: tuple[str, ...]
    matrix: NDArray[np.float32]
    sentences: tuple[Span, ...]
    reference: int
    signature: str

    @property
    def missing(self) -> tuple[ClaimVerdict, ...]:
        """The missing claims, what would raise the score most first."""
        return tuple(self.claims[i] for i in self.missing_indices)

    @property
    def contradicted(self) -> tuple[ClaimVerdict, ...]:
        """The claims that the answer denies, in the reference's order."""
        return tuple(claim for claim in self.claims if claim.verdict == "contradicted")

    @property
    def missing_indices(self) -> tuple[int, ...]:
        """Indices of the missing claims in `claims`, greatest `gain` first."""
        found = [i for i, claim in enumerate(self.claims) if claim.verdict == "missing"]
        return tuple(sorted(found, key=lambda i: (-self.claims[i].gain, i)))

    def to_dict(self) -> dict[str, Any]:
        """One element of "reports" in the JSON output: built-in types only, floats already rounded."""
        return {
            "question": self.question,
            "source": self.source,
            "answer": self.answer,
            "score": self.score,
            "interval": list(self.interval),
            "signature": self.signature,
            "claims": [claim.to_dict() for claim in self.claims],
            "missing": list(self.missing_indices),
            "contradicted": [i for i, claim in enumerate(self.claims) if claim.verdict == "contradicted"],
            "unsupported": [span_to_dict(span) for span in self.unsupported],
            "flags": list(self.flags),
        }


def span_to_dict(span: Span) -> dict[str, Any]:
    """A span as built-in types, ready for JSON."""
    return {"start": span.start, "end": span.end, "text": span.text}
