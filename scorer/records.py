"""The records that travel through the scorer: plain, frozen, and ignorant of files, models and the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray
    from pandas import DataFrame

# What a person would call a difference of scores.
_POINT = 0.01

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
    answer's sentence that matches best, None for a missing claim. `gain` is by how much the score would rise if the
    answer covered this claim as surely as one that it says word for word, all else being equal, 0..1.
    """

    text: str
    weight: float
    verdict: Verdict
    coverage: float
    contradiction: float | None
    margin: float
    evidence: Span | None
    reason: str
    gain: float

    @property
    def credit(self) -> float:
        """What the claim adds to the score per unit of weight, 0..1."""
        return 0.0 if self.verdict == "contradicted" else self.coverage

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
            "gain": self.gain,
        }


@dataclass(frozen=True, eq=False)
class ScoreReport:
    """The result of scoring one answer; every view of it only reads it.

    `score` is the weighted mean of the claims' credit, 0..1, and `interval` its 95 % interval. `matrix` is
    (claims, sentences) float32, the cosine of each claim with each sentence of the answer, -1..1. `reference`
    is the index of the alternative reference that counted. `source` names where the answer came from, such as
    a file; empty for a string. `score_without` is the score without each of `sentences`, None where nobody asked.
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
    score_without: tuple[float, ...] | None = None

    @property
    def helpful(self) -> tuple[ClaimVerdict, ...]:
        """The claims that are not covered, greatest `gain` first."""
        return tuple(sorted((c for c in self.claims if c.verdict != "covered"), key=lambda claim: -claim.gain))

    @property
    def harmful(self) -> tuple[tuple[Span, float], ...]:
        """The sentences that cost a point (.01) or more, worst first, and by how much the score would rise without."""
        if self.score_without is None:
            return ()
        rises = [(span, round(s - self.score, 4)) for span, s in zip(self.sentences, self.score_without, strict=True)]
        return tuple(sorted((each for each in rises if each[1] >= _POINT), key=lambda each: -each[1]))

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
            "sentences": [
                {**span_to_dict(span), "score_without": score}
                for span, score in zip(self.sentences, self.score_without or [None] * len(self.sentences), strict=True)
            ],
        }

    def to_frame(self) -> DataFrame:
        """A pandas frame with a row a claim, as `scorer.report.frames.claims_frame` describes it.

        Raises LibraryError without pandas, which the extra `notebook` installs.
        """
        from scorer.report.frames import claims_frame

        return claims_frame(self)

    def plot(self, axes: Axes | None = None) -> Figure:
        """Draw `matrix` with matplotlib: a row a claim, a column a sentence, the evidence framed.

        Draws into `axes`, or into a figure of its own; returns the figure, which a notebook shows.
        """
        from scorer.report.plot import matrix_plot

        return matrix_plot(self, axes)

    def _repr_html_(self) -> str:
        """What a notebook shows: the score and each claim beside its evidence, without any script."""
        from scorer.report.html import to_fragment

        return to_fragment(self)

    def _repr_markdown_(self) -> str:
        """What a notebook shows where HTML is not wanted: the Markdown report."""
        from scorer.report.markdown import to_markdown

        return to_markdown(self)


def span_to_dict(span: Span) -> dict[str, Any]:
    """A span as built-in types, ready for JSON."""
    return {"start": span.start, "end": span.end, "text": span.text}
