"""Which reader a file needs."""

from __future__ import annotations

import json
import re

from scorer.bank import parse_question
from scorer.errors import InputError
from scorer.exchange.entry import Entry
from scorer.exchange.prose import from_markdown, from_plain
from scorer.exchange.tables import Columns, from_csv, from_json_lines, to_row

FORMATS = ("text", "markdown", "csv", "jsonl")
EXTENSIONS = {".txt": "text", ".md": "markdown", ".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl"}

_QUESTION_FILE = re.compile(r"^Instruction:", re.MULTILINE)


def read_entries(text: str, form: str, source: str, columns: Columns) -> list[Entry]:
    """The questions in a text of one of FORMATS. `source` names it in errors.

    Text is in the format of the bank's files, one or several, where a line begins with `Instruction:`, plain otherwise.
    `columns` maps some of FIELDS to the names of the columns (keys, in JSON Lines) that hold them; of `reference`
    there may be several, which are alternatives. Raises InputError with the line and the remedy where a question
    cannot be read, or where there is none.
    """
    if columns and form in ("text", "markdown"):
        raise InputError(f"{source} is {form} and has no columns; leave --column out")
    if form == "csv":
        entries = from_csv(text, source, columns)
    elif form == "jsonl":
        entries = from_json_lines(text, source, columns)
    elif form == "markdown":
        entries = from_markdown(text, source)
    else:
        entries = _from_question_files(text, source) if _QUESTION_FILE.search(text) else from_plain(text, source)
    if not entries:
        raise InputError(f"{source} has no question; give one, such as a row, a heading or a paragraph")
    return entries


def _from_question_files(text: str, source: str) -> list[Entry]:
    starts = [match.start() for match in _QUESTION_FILE.finditer(text)]
    entries = []
    for start, end in zip([0, *starts[1:]], [*starts[1:], len(text)], strict=True):
        before = text.count("\n", 0, start)
        # Blank lines in front keep the numbers of the lines right in errors.
        question = parse_question("\n" * before + text[start:end], "", source)
        (entry,) = from_json_lines(json.dumps(to_row(question)), f"{source}, line {before + 1}", {})
        entries.append(entry)
    return entries
