"""Files of answers to rows, one at a time, and results to columns: CSV, JSON Lines, Parquet, folders of text files.

Columns are read and written by pyarrow, in blocks, so that memory does not grow with the number of rows. Importing it
takes a third of a second, so it is imported where a file is opened.

Whatever a row cannot be scored for by its form shows here, so that every row can travel as columns of text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scorer.errors import InputError, ScorerError
from scorer.files import read_text

if TYPE_CHECKING:
    import pyarrow as pa

# Rows of Parquet that are in memory at once.
_BLOCK = 1_024
_ERROR = "error"
_KINDS = {".csv": "csv", ".jsonl": "jsonl", ".parquet": "parquet"}


@dataclass(frozen=True)
class Columns:
    """What the columns of a file are called; `references` and `claims` may be absent, `id` and `question` too."""

    id: str = "id"
    question: str = "question"
    answer: str = "answer"
    references: str = "references"
    claims: str = "claims"

    def names(self) -> tuple[str, ...]:
        """All names, in order."""
        return (self.id, self.question, self.answer, self.references, self.claims)


@dataclass(frozen=True)
class Row:
    """One answer to score: `request` for `AnswerScorer.score_many`, or the `error` that its row has instead."""

    id: str
    question: str
    request: Mapping[str, Any]
    error: str = ""


def kind_of(file: Path) -> str:
    """The format of `file` by its extension. Raises InputError for another one."""
    if file.suffix.lower() not in _KINDS:
        raise InputError(f"{file}: the extension {file.suffix!r} is unknown; use {' '.join(_KINDS)}")
    return _KINDS[file.suffix.lower()]


def count(path: Path) -> int:
    """About how many rows `path` has, for a progress bar; nothing is parsed. Raises InputError as `read`."""
    if path.is_dir():
        return sum(1 for _ in path.glob("*.txt"))
    try:
        if kind_of(path) == "parquet":
            with _parquet(path) as opened:
                return int(opened.metadata.num_rows)
        with path.open("rb") as stream:
            lines = sum(block.count(b"\n") for block in iter(lambda: stream.read(1 << 20), b""))
    except OSError as error:
        raise _unreadable(path, error) from error
    return max(0, lines - (kind_of(path) == "csv"))


def read(path: Path, columns: Columns) -> Iterator[Row]:
    """The rows of a file or of a folder, in order.

    A folder holds text files named `<question>.txt` or `<question>--<name>.txt`. In CSV, references and claims are one
    text, or a JSON list of texts. A row that cannot be used has an error. Raises InputError where the file cannot be
    read or lacks the column of answers.
    """
    if path.is_dir():
        yield from _folder(path)
        return
    if not path.is_file():
        raise InputError(f"{path} is no file and no folder; name a .csv, .jsonl or .parquet file, or a folder")
    try:
        blocks = {"csv": _csv, "jsonl": _jsonl, "parquet": _parquet_rows}[kind_of(path)](path, columns)
        for number, found in enumerate(blocks, 1):
            yield found if isinstance(found, Row) else row_of(found, number, columns)
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> InputError:
    return InputError(f"{path} cannot be read: {error.strerror or error}; check the file and its permissions")


def _folder(path: Path) -> Iterator[Row]:
    for file in sorted(path.glob("*.txt")):
        question = file.stem.split("--", 1)[0]
        try:
            yield Row(file.stem, question, {"answer": read_text(file), "question": question, "source": file.name})
        except ScorerError as error:
            yield Row(file.stem, question, {}, str(error))


def _jsonl(path: Path, columns: Columns) -> Iterator[Mapping[str, Any] | Row]:
    """A line each, so that one that is broken is one row's error."""
    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            if not line.strip():
                continue
            try:
                found = json.loads(line)
                if not isinstance(found, dict):
                    raise ValueError(f"it is {type(found).__name__}, not an object")
            except (ValueError, RecursionError) as error:
                yield Row(f"line {number}", "", {}, f"line {number} is no JSON object ({error}); mend it")
            else:
                yield {name: found.get(name) for name in columns.names()}


def _csv(path: Path, columns: Columns) -> Iterator[Mapping[str, Any] | Row]:
    import pyarrow as pa
    from pyarrow import csv

    invalid: list[Row] = []

    def note(row: csv.InvalidRow) -> str:
        error = (
            f"{row.actual_columns} columns, the header has {row.expected_columns}: {row.text[:40]!r}; quote the text"
        )
        invalid.append(Row("", "", {}, error))
        return "skip"

    # Decoded here and not by the reader, so that what is no UTF-8 is one row's error.
    types = {name: pa.binary() for name in columns.names()}
    try:
        reader = csv.open_csv(
            path,
            parse_options=csv.ParseOptions(newlines_in_values=True, invalid_row_handler=note),
            convert_options=csv.ConvertOptions(column_types=types, strings_can_be_null=False),
        )
        _require(path, columns.answer, reader.schema.names)
        present = [name for name in columns.names() if name in reader.schema.names]
        for batch in reader:
            yield from (_decoded(cells, columns) for cells in batch.select(present).to_pylist())
            while invalid:
                yield invalid.pop(0)
    except pa.ArrowInvalid as error:
        raise InputError(f"{path} is no CSV with a header ({_first_line(error)}); mend it") from error
    yield from invalid


def _decoded(cells: Mapping[str, bytes], columns: Columns) -> Mapping[str, Any] | Row:
    try:
        return {name: cell.decode() for name, cell in cells.items()}
    except UnicodeDecodeError as error:
        name, question = (cells.get(each, b"").decode("utf-8", "replace") for each in (columns.id, columns.question))
        byte = error.object[error.start]
        return Row(name, question, {}, f"it is not UTF-8 (byte {byte:#04x}); save the file as UTF-8")


def _parquet(path: Path) -> Any:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        return parquet.ParquetFile(path)
    except pa.ArrowInvalid as error:
        raise InputError(f"{path} is no Parquet file ({_first_line(error)}); write it anew") from error


def _parquet_rows(path: Path, columns: Columns) -> Iterator[Mapping[str, Any]]:
    with _parquet(path) as opened:
        names = opened.schema_arrow.names
        _require(path, columns.answer, names)
        present = [name for name in columns.names() if name in names]
        for batch in opened.iter_batches(batch_size=_BLOCK, columns=present):
            yield from batch.to_pylist()


def _require(path: Path, answer: str, names: Sequence[str]) -> None:
    if answer not in names:
        raise InputError(f"{path} has no column {answer!r}, only {', '.join(names)}; name it with --answer-column")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def row_of(found: Mapping[str, Any], number: int, columns: Columns) -> Row:
    """The row that the cells `found` make, by their columns' names; without an id it is called by its `number`."""
    name = _writable(str(found.get(columns.id) or f"row {number}"))
    asked = found.get(columns.question)
    question = "" if asked is None else str(asked)
    against = {"references": _texts(found.get(columns.references)), "claims": _texts(found.get(columns.claims))}
    given = {key: value for key, value in against.items() if value}
    answer = found.get(columns.answer)
    error = _error(answer, question, given)
    if error:
        return Row(name, _writable(question), {}, error)
    # With references or claims the question's column is its text; without, the id of a question of the bank.
    what = {"question_text": question} if given else {"question": None if asked is None else question}
    return Row(name, question, {"answer": answer, "source": name, **what, **given})


def _error(answer: Any, question: str, given: Mapping[str, Any]) -> str:
    """Why these cells cannot be scored, or an empty text."""
    if answer is None:
        return "there is no answer; write '' for a blank one in JSON or Parquet"
    if not isinstance(answer, str):
        return f"the answer is {type(answer).__name__}, not text; write it as a text"
    for name, texts in given.items():
        if not isinstance(texts, Sequence) or not all(isinstance(text, str) for text in texts):
            return f"{name} must be a list of texts; write {name}: ['…', '…']"
    for name, texts in {"answer": [answer], "question": [question], **given}.items():
        if any(_writable(text) != text for text in texts):
            return f"{name} is not valid text (half of a surrogate pair); decode it as UTF-8"
    return ""


def _writable(text: str) -> str:
    """`text` with "?" for what cannot be written in UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")


def to_columns(rows: Sequence[Row]) -> pa.Table:
    """Rows as columns, named as in `Columns()`, and `error`, from which `from_columns` makes the same rows."""
    import pyarrow as pa

    text, texts = pa.string(), pa.list_(pa.string())
    names = [("id", text), ("question", text), ("answer", text), ("references", texts), ("claims", texts)]
    schema = pa.schema([*names, (_ERROR, text)])
    return pa.Table.from_pylist([_cells(row) for row in rows], schema=schema)


def _cells(row: Row) -> dict[str, Any]:
    asked = row.request.get("question_text", row.request.get("question"))
    given = {name: row.request.get(name) for name in ("answer", "references", "claims")}
    return {"id": row.id, "question": row.question if row.error else asked, **given, _ERROR: row.error or None}


def from_columns(found: pa.Table, columns: Columns) -> list[Row]:
    """The rows of a table, as `read` would give them; those with a text in the column `error` have that error."""
    rows = []
    for number, cells in enumerate(found.to_pylist(), 1):
        row = row_of(cells, number, columns)
        error = cells.get(_ERROR)
        rows.append(Row(row.id, row.question, {}, str(error)) if error else row)
    return rows


def _texts(found: Any) -> Any:
    """A list as it is; of a text, the JSON list that it holds, or the text alone."""
    if not isinstance(found, str):
        return found
    if found.lstrip().startswith("["):
        try:
            return json.loads(found)
        except ValueError:
            pass
    return [found] if found.strip() else None


def table(rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    """Rows as columns of `schema`."""
    import pyarrow as pa

    return pa.Table.from_pylist(list(rows), schema=schema)


class Writer:
    """Writes tables of one schema to a file, block by block: CSV, JSON Lines or Parquet by the name's extension."""

    def __init__(self, file: Path, kind: str, schema: pa.Schema) -> None:
        from pyarrow import csv, parquet

        self._kind = kind
        if kind == "jsonl":
            self._stream: Any = file.open("w", encoding="utf-8")
        elif kind == "csv":
            self._stream = csv.CSVWriter(file, schema)
        else:
            self._stream = parquet.ParquetWriter(file, schema)

    def write(self, found: pa.Table) -> None:
        """Append a table."""
        if self._kind == "jsonl":
            self._stream.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in found.to_pylist())
        else:
            self._stream.write_table(found)

    def close(self) -> None:
        """Finish the file."""
        self._stream.close()
