from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from scorer.rows import Columns, Row, count, from_columns, read, to_columns

EXPECTED = [
    ("1", "q7x2", {"answer": "Costs, fall.\nYes", "source": "1", "question": "q7x2"}),
    ("row 2", "Why?", {"answer": "", "source": "row 2", "question_text": "Why?", "references": ["Prices drop.", "B."]}),
    ("007", "", {"answer": "x", "source": "007", "question_text": "", "claims": ["One claim."]}),
]
CSV = (
    "question,id,answer,references,claims,other\n"
    'q7x2,1,"Costs, fall.\nYes",,,z\n'
    'Why?,,,"[""Prices drop."", ""B.""]",,z\n'
    ",007,x,,One claim.,z\n"
)
JSONL: list[dict[str, Any]] = [
    {"id": 1, "question": "q7x2", "answer": "Costs, fall.\nYes"},
    {"question": "Why?", "answer": "", "references": ["Prices drop.", "B."]},
    {"id": "007", "answer": "x", "claims": "One claim.", "other": [1]},
]


def files(tmp_path: Path) -> list[Path]:
    (tmp_path / "a.csv").write_text(CSV, encoding="utf-8")
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, JSONL)) + "\n", encoding="utf-8")
    columns = {"id": ["1", None, "007"], "answer": [row["answer"] for row in JSONL], "question": ["q7x2", "Why?", None]}
    texts = {"references": [None, ["Prices drop.", "B."], None], "claims": [None, None, ["One claim."]]}
    parquet.write_table(pa.table({**columns, **texts}), tmp_path / "a.parquet")
    return [tmp_path / f"a.{kind}" for kind in ("csv", "jsonl", "parquet")]


@pytest.mark.parametrize("number", [0, 1, 2])
def test_every_format_says_the_same(tmp_path: Path, number: int) -> None:
    file = files(tmp_path)[number]
    found = [(row.id, row.question, dict(row.request)) for row in read(file, Columns())]
    assert found == EXPECTED
    assert count(file) in (3, 4)  # a line break in a cell of CSV counts


def test_columns_of_other_names(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("nr,text\n1,Costs fall.\n")
    (row,) = read(tmp_path / "a.csv", Columns(id="nr", answer="text"))
    assert (row.id, row.request["answer"]) == ("1", "Costs fall.")


@pytest.mark.parametrize(
    ("name", "content", "ids", "error"),
    [
        ("a.jsonl", '{"id": "a", "answer": "x"}\n{broken\n[1]\n\n', ["a", "line 2", "line 3"], "line 2 is no"),
        ("a.csv", "id,answer\na,x\nb\nc,y\n", ["a", "c", ""], "1 columns, the header has 2: 'b'; quote"),
    ],
)  # fmt: skip
def test_a_broken_row_is_an_error_of_its_own(
    tmp_path: Path, name: str, content: str, ids: list[str], error: str
) -> None:
    (tmp_path / name).write_text(content)
    found = list(read(tmp_path / name, Columns()))
    assert [row.id for row in found] == ids
    assert [row.error for row in found if error in row.error] != []
    assert not found[0].error


def test_an_answer_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "a", "answer": null}\n')
    (row,) = read(tmp_path / "a.jsonl", Columns())
    assert row == Row("a", "", {}, "there is no answer; write '' for a blank one in JSON or Parquet")


BAD_CELLS: list[tuple[dict[str, Any], str]] = [
    ({"answer": 3}, "the answer is int, not text; write it as a text"),
    ({"answer": "x", "references": 5}, "references must be a list of texts; write references: ['…', '…']"),
    ({"answer": "x", "claims": ["a", 2]}, "claims must be a list of texts; write claims: ['…', '…']"),
    ({"answer": "x", "claims": {"a": "b"}}, "claims must be a list of texts; write claims: ['…', '…']"),
    ({"answer": "x", "claims": ["\ud800"]}, "claims is not valid text (half of a surrogate pair); decode it as UTF-8"),
    (
        {"answer": "x", "question": "\ud800"},
        "question is not valid text (half of a surrogate pair); decode it as UTF-8",
    ),
    ({"answer": "\ud800"}, "answer is not valid text (half of a surrogate pair); decode it as UTF-8"),
]


@pytest.mark.parametrize(("cells", "error"), BAD_CELLS)
def test_a_row_that_cannot_travel_as_text_is_an_error_of_its_own(
    tmp_path: Path, cells: dict[str, Any], error: str
) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "\ud800", **cells}) + "\n")
    (row,) = read(tmp_path / "a.jsonl", Columns())
    assert (row.id, row.error) == ("?", error)
    assert from_columns(to_columns([row]), Columns()) == [row]


def test_a_row_of_csv_that_is_not_utf_8_is_an_error_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"id,answer\na,x\nb,caf\xe9\nc,y\n")
    found = list(read(tmp_path / "a.csv", Columns()))
    error = "it is not UTF-8 (byte 0xe9); save the file as UTF-8"
    assert [(row.id, row.error) for row in found] == [("a", ""), ("b", error), ("c", "")]


def test_rows_travel_as_columns(tmp_path: Path) -> None:
    rows = [row for file in files(tmp_path) for row in read(file, Columns())]
    assert from_columns(to_columns(rows), Columns()) == rows
