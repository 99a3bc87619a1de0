"""Answers to score again and again: a folder of files, or rows of JSON Lines; and the scores that they must reach."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scorer.bank import QuestionBank
from scorer.errors import InputError
from scorer.files import LARGEST_ANSWER, read_text
from scorer.runs import Run, is_text


@dataclass(frozen=True, eq=False)
class Case:
    """One answer under a name of its own; `request` is what `AnswerScorer.score_many` takes."""

    name: str
    request: Mapping[str, Any]


def read_cases(path: Path, bank: QuestionBank) -> list[Case]:
    """Read a folder with `<question>.txt` and `<question>--<name>.txt`, or a file of JSON Lines.

    A row has the keywords of `AnswerScorer.score` and "answer"; its name is its "id", or its "source", or its line.
    Raises InputError where there is no case, two have the same name, or one cannot be read.
    """
    cases = _of_folder(path, bank) if path.is_dir() else _of_rows(path, bank)
    if not cases:
        raise InputError(f"{path} has no case; put answers there as <question>--<name>.txt, or write JSON Lines")
    name, times = Counter(case.name for case in cases).most_common(1)[0]
    if times > 1:
        raise InputError(f"{path} has {times} cases called {name!r}; give each row an id of its own")
    return cases


def _of_folder(folder: Path, bank: QuestionBank) -> list[Case]:
    cases = []
    for file in sorted(folder.glob("*.txt"), key=lambda file: file.stem):
        try:
            question = bank.get(file.stem.split("--", 1)[0])
        except InputError as error:
            raise InputError(f"{file}: {error}") from error
        answer = read_text(file, LARGEST_ANSWER)
        cases.append(Case(file.stem, {"answer": answer, "question": question, "source": file.stem}))
    return cases


def _of_rows(file: Path, bank: QuestionBank) -> list[Case]:
    lines = read_text(file).split("\n")
    return [_of_row(line, f"{file}, line {n}", n, bank) for n, line in enumerate(lines, start=1) if line.strip()]


def _of_row(line: str, place: str, number: int, bank: QuestionBank) -> Case:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{place} is no JSON ({error}); write an object a line") from error
    if not isinstance(row, dict) or "answer" not in row:
        raise InputError(f'{place} is no case; write {{"answer": …, "question": …}}')
    own = row.pop("id", None)
    # Ids may be counted from 0.
    name = str(own if own not in (None, "") else row.get("source") or f"line {number}")
    if not is_text(name):
        raise InputError(f"{place}: the id is not valid text; give it one in letters")
    try:
        question = {"question": bank.get(str(row["question"]))} if row.get("question") is not None else {}
    except InputError as error:
        raise InputError(f"{place}: {error}") from error
    return Case(name, {**row, **question, "source": name})


def read_minimums(file: Path, cases: list[Case]) -> dict[str, float]:
    """The least score of each case that `file` names one for: TOML, with questions or cases under `[min-score]`.

    A case's own minimum comes before that of its question. Raises InputError where the file is no such TOML, a
    minimum is no number in 0..1, or belongs to nothing: a misspelt name would guard nothing.
    """
    try:
        table = tomllib.loads(read_text(file)).get("min-score")
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{file} is no TOML ({error}); write [min-score] and below it: q7x2 = 0.6") from error
    if not isinstance(table, dict) or not table:
        raise InputError(f"{file} has no minimum; write [min-score] and below it: q7x2 = 0.6")
    for name, value in table.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0.0 <= value <= 1.0:
            raise InputError(f"{file}: the minimum of {name} is {value!r}; give a number from 0 to 1")
    questions = {case.name: getattr(case.request.get("question"), "id", "") for case in cases}
    unknown = sorted(set(table) - set(questions) - set(questions.values()))
    if unknown:
        raise InputError(f"{file}: {unknown[0]} is neither a case nor the question of one; correct or remove it")
    chosen = {name: table.get(name, table.get(question)) for name, question in questions.items()}
    return {name: float(value) for name, value in chosen.items() if value is not None}


def levels(bank: QuestionBank, run: Run) -> dict[str, str]:
    """The difficulty of the questions of a run that the bank has, by id."""
    known = set(bank.ids())
    asked = sorted({each.question for each in run.answers.values()} & known)
    return {question: bank.get(question).level for question in asked}
