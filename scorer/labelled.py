"""Human-labelled answers: rows of JSON Lines, one answer each.

Two kinds of row. Claim coverage: `id, group, question, claims[], answer, verdicts[]` with one verdict a claim,
`covered`, `missing` or `contradicted`. Grading: `id, group, question, references[], answer, grade` with grade in
0..1, and `label` where known. `group` (a document, a question, a topic) is what one averages over and splits by.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scorer.errors import InputError
from scorer.files import read_text, sha256

_VERDICTS = ("covered", "missing", "contradicted")


@dataclass(frozen=True)
class LabelledAnswer:
    """One answer with what people said of it; `claims` and `verdicts`, or `references` and `grade`."""

    id: str
    group: str
    question: str
    answer: str
    claims: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    grade: float = 0.0
    label: str = ""

    def request(self) -> dict[str, Any]:
        """The answer as a request to `AnswerScorer.score_many`."""
        against = {"claims": self.claims} if self.claims else {"references": self.references}
        return {"answer": self.answer, "question_text": self.question, **against}


@dataclass(frozen=True)
class LabelledSet:
    """Rows of one kind that belong together, such as the two files of one shared task.

    `hashes` maps each file's name to its SHA-256.
    """

    name: str
    hashes: Mapping[str, str]
    rows: tuple[LabelledAnswer, ...]

    @property
    def has_claims(self) -> bool:
        """Whether the rows label claims rather than grade answers."""
        return bool(self.rows[0].claims)


def read_sets(files: Sequence[Path]) -> list[LabelledSet]:
    """Read labelled files; `name-train.jsonl` and `name-dev.jsonl` make one set. Blank answers are left out.

    Raises InputError with file, line and remedy for a row that cannot be used, or where no row is left.
    """
    members: dict[str, list[Path]] = {}
    for file in files:
        members.setdefault(file.stem.removesuffix("-train").removesuffix("-dev"), []).append(file)
    sets = []
    for name, paths in members.items():
        rows = tuple(row for path in paths for row in read_rows(path) if row.answer.strip())
        if not rows:
            raise InputError(f"{paths[0]} has no answer that is not blank; give a file with labelled answers")
        if len({bool(row.claims) for row in rows}) > 1:
            raise InputError(f"{paths[0]} mixes rows with claims and rows with grades; put them in two files")
        sets.append(LabelledSet(name, {path.name: sha256(path) for path in paths}, rows))
    return sets


def read_rows(file: Path, highest: float = 1.0) -> list[LabelledAnswer]:
    """The rows of one file, with grades from 0 to `highest`. Raises InputError as `read_sets`."""
    lines = read_text(file).split("\n")
    return [_row(line, f"{file}, line {number}", highest) for number, line in enumerate(lines, 1) if line.strip()]


def _row(line: str, place: str, highest: float) -> LabelledAnswer:
    try:
        row = json.loads(line)
        base = (str(row["id"]), str(row["group"]), str(row["question"]), str(row["answer"]))
        if "claims" in row:
            claims, verdicts = tuple(map(str, row["claims"])), tuple(map(str, row["verdicts"]))
            if not claims or len(claims) != len(verdicts) or not set(verdicts) <= set(_VERDICTS):
                raise InputError(
                    f"{place}: {len(claims)} claims and {len(verdicts)} verdicts; "
                    f"give one of {', '.join(_VERDICTS)} for each claim"
                )
            return LabelledAnswer(*base, claims=claims, verdicts=verdicts)
        references, grade = tuple(map(str, row["references"])), float(row["grade"])
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{place}: no labelled answer ({error!r}); see the fields in scorer/labelled.py") from error
    if not references or not 0.0 <= grade <= highest:
        raise InputError(
            f"{place}: {len(references)} references, grade {grade}; give at least one, and 0 to {highest:g}"
        )
    return LabelledAnswer(*base, references=references, grade=grade, label=str(row.get("label", "")))
