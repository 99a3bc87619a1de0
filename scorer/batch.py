"""Many answers: files of rows to a row an answer, in chunks that survive being killed.

Beside the output stands a folder of finished chunks while a run is under way; the output itself appears whole, when the
last chunk is done. A run that goes on scores only what is not finished, and its output is the same, row for row.
What scores the chunks is an engine: this process, or a cluster (`scorer.distributed`). All else is the same for both.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scorer.errors import InputError, ScorerError
from scorer.files import sha256
from scorer.pipeline import AnswerScorer
from scorer.records import ScoreReport
from scorer.rows import Columns, Row, Writer, kind_of, read, table

if TYPE_CHECKING:
    import pyarrow as pa

# Answers that are scored and written at a time: what a kill can cost, and what is in memory.
CHUNK = 256
_MARKER = "run.json"

# Takes chunks of rows and gives, for each in order, a row an answer and a row a claim.
Engine = Callable[[Iterator[list[Row]]], Iterator[tuple["pa.Table", "pa.Table"]]]


@dataclass(frozen=True)
class Job:
    """What to score and where to write it: `claims_output` (None: nowhere) gets a row a claim."""

    inputs: tuple[Path, ...]
    output: Path
    claims_output: Path | None = None
    columns: Columns = field(default_factory=Columns)

    @property
    def parts(self) -> Path:
        """The folder of finished chunks, beside the output."""
        return self.output.with_name(f"{self.output.name}.parts")


@dataclass
class Summary:
    """What a run found: counts of answers and of rows with an error, scores and missing claims by question."""

    answers: int = 0
    failed: int = 0
    first_error: str = ""
    scores: dict[str, list[float]] = field(default_factory=lambda: defaultdict(lambda: [0.0, 0]))
    missing: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, row: Mapping[str, Any], known: frozenset[str]) -> None:
        """Count one row of the output; claims only of questions that are `known`, so that memory is bounded."""
        self.answers += 1
        if row["error"] is not None:
            self.failed += 1
            self.first_error = self.first_error or f"{row['id']}: {row['error']}"
            return
        question = row["question"] if row["question"] in known else ""
        self.scores[question][0] += row["score"]
        self.scores[question][1] += 1
        if question:
            self.missing.update((question, claim) for claim in json.loads(row["missing_claims"]))


def run(
    job: Job, scorer: AnswerScorer, resume: bool, progress: Callable[[int], None], engine: Engine | None = None
) -> Summary:
    """Score all rows of the inputs, in order, and write the output; returns what was found.

    With `resume` the finished chunks of a run that was interrupted are kept. `progress` is told how many rows were
    done, chunk by chunk. `engine` scores the chunks (None: `scorer`, in this process); `scorer` says which bank and
    which program. Raises InputError where a file cannot be read or written, or where the finished chunks are of another
    job.
    """
    summary = Summary()
    known = frozenset(scorer.bank.ids())
    finished = _prepare(job, scorer, resume)
    try:
        rows = chain.from_iterable(read(path, job.columns) for path in job.inputs)
        for _ in islice(rows, finished * CHUNK):
            pass
        progress(finished * CHUNK)
        chunks = iter(lambda: list(islice(rows, CHUNK)), [])
        for number, found in enumerate((engine or in_process(scorer))(chunks), finished):
            _keep(job, number, *found)
            progress(len(found[0]))
        if job.claims_output is not None:
            for _ in _joined(job.parts, "claims", job.claims_output, claim_schema()):
                pass
        for answers in _joined(job.parts, "answers", job.output, answer_schema()):
            for row in answers.to_pylist():
                summary.add(row, known)
        _remove(job.parts)
    except OSError as error:
        raise InputError(
            f"{error.filename or job.output} cannot be written: {error.strerror}; choose another place"
        ) from error
    return summary


def is_whole(job: Job) -> bool:
    """Whether the output is there and no run that would write it was interrupted."""
    return job.output.exists() and not job.parts.exists()


def _prepare(job: Job, scorer: AnswerScorer, resume: bool) -> int:
    """How many chunks are finished."""
    kind_of(job.output)
    if job.claims_output is not None:
        kind_of(job.claims_output)
    made_of = json.dumps(
        {
            "signature": scorer.signature,
            "inputs": [_fingerprint(path) for path in job.inputs],
            "columns": asdict(job.columns),
            "chunk": CHUNK,
            "claims": job.claims_output is not None,
        }
    )
    marker = job.parts / _MARKER
    if resume and marker.is_file():
        if marker.read_text(encoding="utf-8") != made_of:
            raise InputError(f"{job.parts} is of another job or program; run without --resume to begin anew")
        return sum(1 for _ in job.parts.glob("*.answers.parquet"))
    try:
        _remove(job.parts)
        job.parts.mkdir()
        # Whole or not at all: half of it would be taken for another job's.
        partial = marker.with_suffix(".partial")
        partial.write_text(made_of, encoding="utf-8")
        partial.replace(marker)
    except OSError as error:
        raise InputError(f"{job.parts} cannot be made: {error.strerror}; choose another place for -o") from error
    return 0


def _fingerprint(path: Path) -> str:
    """What changes when an input does: the hash of a file; names, sizes and times of a folder's files."""
    if path.is_file():
        return sha256(path)
    files = [(file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in sorted(path.glob("*.txt"))]
    return hashlib.sha256(json.dumps(files).encode()).hexdigest()


def in_process(scorer: AnswerScorer) -> Engine:
    """The engine that scores one chunk after the other with `scorer`."""
    return lambda chunks: (score_rows(chunk, scorer) for chunk in chunks)


def _keep(job: Job, number: int, answers: pa.Table, claims: pa.Table) -> None:
    """Write one chunk; it is finished when its answers are there, so they come last."""
    if job.claims_output is not None:
        _write_part(job.parts / f"{number:08}.claims.parquet", claims)
    _write_part(job.parts / f"{number:08}.answers.parquet", answers)


def score_rows(rows: Sequence[Row], scorer: AnswerScorer) -> tuple[pa.Table, pa.Table]:
    """A row an answer, and a row a claim, of rows to score; one that cannot be scored has its `error`."""
    good = [row for row in rows if not row.error]
    found = iter(scorer.score_many([row.request for row in good], errors="return"))
    answers: list[dict[str, Any]] = []
    claims: list[dict[str, Any]] = []
    for row in rows:
        result: ScoreReport | ScorerError | str = row.error or next(found)
        if isinstance(result, ScoreReport):
            answers.append(_answer_row(row, result))
            claims += [{"id": row.id, "question": row.question, **each} for each in _claim_rows(result)]
        else:
            answers.append(
                dict.fromkeys(answer_schema().names) | {"id": row.id, "question": row.question, "error": str(result)}
            )
    return table(answers, answer_schema()), table(claims, claim_schema())


def answer_schema() -> pa.Schema:
    """The columns of a row an answer; all but `id` and `question` are null where `error` is not."""
    import pyarrow as pa

    text, number, whole = pa.string(), pa.float64(), pa.int32()
    counts = [(name, whole) for name in ("claims", "covered", "partial", "missing", "contradicted", "unsupported")]
    scores = [("score", number), ("low", number), ("high", number)]
    texts = [(name, text) for name in ("missing_claims", "contradicted_claims", "flags", "signature", "error")]
    return pa.schema([("id", text), ("question", text), *scores, *counts, *texts])


def claim_schema() -> pa.Schema:
    """The columns of a row a claim."""
    import pyarrow as pa

    text, number, whole = pa.string(), pa.float64(), pa.int32()
    numbers = [(name, number) for name in ("coverage", "contradiction", "margin")]
    evidence = [("start", whole), ("end", whole), ("evidence", text), ("reason", text)]
    return pa.schema(
        [("id", text), ("question", text), ("claim", whole), ("text", text), ("weight", number), ("verdict", text),
         *numbers, *evidence]
    )  # fmt: skip


def _answer_row(row: Row, report: ScoreReport) -> dict[str, Any]:
    verdicts = Counter(claim.verdict for claim in report.claims)
    return {
        "id": row.id,
        "question": row.question,
        "score": report.score,
        "low": report.interval[0],
        "high": report.interval[1],
        "claims": len(report.claims),
        **{name: verdicts[name] for name in ("covered", "partial", "missing", "contradicted")},
        "unsupported": len(report.unsupported),
        "missing_claims": json.dumps([claim.text for claim in report.missing], ensure_ascii=False),
        "contradicted_claims": json.dumps([claim.text for claim in report.contradicted], ensure_ascii=False),
        "flags": "; ".join(report.flags),
        "signature": report.signature,
        "error": None,
    }


def _claim_rows(report: ScoreReport) -> Iterator[dict[str, Any]]:
    for number, claim in enumerate(report.claims):
        evidence = claim.evidence
        yield {
            "claim": number,
            "text": claim.text,
            "weight": claim.weight,
            "verdict": claim.verdict,
            "coverage": claim.coverage,
            "contradiction": claim.contradiction,
            "margin": claim.margin,
            "start": None if evidence is None else evidence.start,
            "end": None if evidence is None else evidence.end,
            "evidence": None if evidence is None else evidence.text,
            "reason": claim.reason,
        }


def _write_part(file: Path, found: pa.Table) -> None:
    """Whole or not at all: what a kill leaves half written has another name."""
    from pyarrow import parquet

    partial = file.with_suffix(".partial")
    parquet.write_table(found, partial)
    partial.replace(file)


def _joined(parts: Path, name: str, output: Path, schema: pa.Schema) -> Iterator[pa.Table]:
    """Write the chunks one after another to `output`, which appears whole; yields each."""
    from pyarrow import parquet

    partial = output.with_name(f"{output.name}.partial")
    writer = Writer(partial, kind_of(output), schema)
    for part in sorted(parts.glob(f"*.{name}.parquet")):
        found = parquet.read_table(part, schema=schema)
        writer.write(found)
        yield found
    writer.close()
    partial.replace(output)


def _remove(parts: Path) -> None:
    """Remove the folder of chunks; its name goes first, so that what is left of it is never taken for a run."""
    done = parts.with_name(f"{parts.name}.done")
    if parts.exists():
        shutil.rmtree(done, ignore_errors=True)
        parts.rename(done)
    shutil.rmtree(done, ignore_errors=True)
