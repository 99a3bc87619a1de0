"""Reports as pandas frames: a row a claim of one report, or a row a report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from scorer.errors import InputError
from scorer.records import ScoreReport
from scorer.report.libraries import need
from scorer.report.wording import VERDICTS

if TYPE_CHECKING:
    from pandas import DataFrame

_EXTRA = "notebook"


def claims_frame(report: ScoreReport) -> DataFrame:
    """A row a claim, in the reference's order; the index is its number, from 1, as in every other view.

    Columns: `claim`, `verdict` (categorical, from worst to best), `weight`, `coverage`, `contradiction` (NaN where
    nobody looked), `margin`, `gain` (all 0..1), `sentence` (the number of the answer's sentence that is the evidence,
    from 1, NA without), `evidence` (its text), `reason`. Raises LibraryError without pandas.
    """
    pandas = need("pandas", _EXTRA, "to_frame()")
    places = {span: number for number, span in enumerate(report.sentences, start=1)}
    claims = report.claims
    index = pandas.RangeIndex(1, len(claims) + 1, name="number")
    columns = {
        "claim": [claim.text for claim in claims],
        "verdict": pandas.Categorical([claim.verdict for claim in claims], categories=VERDICTS, ordered=True),
        "weight": [claim.weight for claim in claims],
        "coverage": [claim.coverage for claim in claims],
        "contradiction": pandas.array([claim.contradiction for claim in claims], dtype="Float64").to_numpy(
            dtype=float, na_value=float("nan")
        ),
        "margin": [claim.margin for claim in claims],
        "gain": [claim.gain for claim in claims],
        "sentence": pandas.array(
            [None if claim.evidence is None else places[claim.evidence] for claim in claims], dtype="Int64"
        ),
        "evidence": [None if claim.evidence is None else claim.evidence.text for claim in claims],
        "reason": [claim.reason for claim in claims],
    }
    return pandas.DataFrame(columns, index=index)


def frame(reports: Sequence[ScoreReport]) -> DataFrame:
    """A row a report, in order, of what `AnswerScorer.score` or `score_many` returned.

    Columns: `question`, `source`, `score`, `low` and `high` (its 95 % interval; all 0..1), how many claims are
    `covered`, `partial`, `missing`, `contradicted`, how many `sentences` the answer has and how many are
    `unsupported`, its `words`, `flags` (joined by "; "), `signature`, `answer`. Raises LibraryError without pandas,
    InputError where something is no report, such as an error that `score_many` returned.
    """
    pandas = need("pandas", _EXTRA, "frame()")
    for number, report in enumerate(reports):
        if not isinstance(report, ScoreReport):
            raise InputError(f"reports[{number}] is {type(report).__name__}, no ScoreReport ({report}); leave it out")
    return pandas.DataFrame([_row(report) for report in reports], columns=_COLUMNS)


_COLUMNS = [
    "question", "source", "score", "low", "high", "covered", "partial", "missing", "contradicted",
    "sentences", "unsupported", "words", "flags", "signature", "answer",
]  # fmt: skip


def _row(report: ScoreReport) -> dict[str, Any]:
    verdicts = [claim.verdict for claim in report.claims]
    return {
        "question": report.question,
        "source": report.source,
        "score": report.score,
        "low": report.interval[0],
        "high": report.interval[1],
        **{verdict: verdicts.count(verdict) for verdict in VERDICTS},
        "sentences": len(report.sentences),
        "unsupported": len(report.unsupported),
        "words": len(report.answer.split()),
        "flags": "; ".join(report.flags),
        "signature": report.signature,
        "answer": report.answer,
    }
