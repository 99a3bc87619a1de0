import json
from pathlib import Path

import pytest

from scorer.errors import InputError
from scorer.labelled import read_rows, read_sets

BASE = {"id": "1", "group": "g", "question": "?", "answer": "a"}
CLAIM_ROW = {**BASE, "claims": ["x", "y"], "verdicts": ["covered", "missing"]}
GRADE_ROW = {**BASE, "references": ["x"], "grade": 0.5, "label": "correct"}


def write(file: Path, *rows: object) -> Path:
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


def test_both_kinds_of_row(tmp_path: Path) -> None:
    claim, grade = read_rows(write(tmp_path / "a.jsonl", CLAIM_ROW, GRADE_ROW))
    assert claim.request() == {"answer": "a", "question_text": "?", "claims": ("x", "y")}
    assert claim.verdicts == ("covered", "missing")
    assert grade.request() == {"answer": "a", "question_text": "?", "references": ("x",)}
    assert (grade.grade, grade.label) == (0.5, "correct")


def test_train_and_dev_make_one_set_and_blank_answers_are_left_out(tmp_path: Path) -> None:
    blank = {**GRADE_ROW, "answer": " "}
    files = [write(tmp_path / "a-train.jsonl", GRADE_ROW, blank), write(tmp_path / "a-dev.jsonl", GRADE_ROW)]
    files.append(write(tmp_path / "b.jsonl", CLAIM_ROW))
    first, second = read_sets(files)
    assert (first.name, len(first.rows), first.has_claims) == ("a", 2, False)
    assert set(first.hashes) == {"a-train.jsonl", "a-dev.jsonl"}
    assert (second.name, len(second.rows), second.has_claims) == ("b", 1, True)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("no json", r"a\.jsonl, line 2: no labelled answer"),
        ({}, "line 2: no labelled answer .*'id'"),
        (BASE, "line 2: no labelled answer .*'references'"),
        ({**CLAIM_ROW, "verdicts": ["covered"]}, "line 2: 2 claims and 1 verdicts; give one of covered"),
        ({**CLAIM_ROW, "verdicts": ["covered", "perhaps"]}, "line 2: 2 claims and 2 verdicts"),
        ({**GRADE_ROW, "grade": 7}, "line 2: 1 references, grade 7.0; give at least one, and 0 to 1"),
        ({**GRADE_ROW, "references": []}, "line 2: 0 references"),
    ],
)
def test_bad_rows(tmp_path: Path, row: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_rows(write(tmp_path / "a.jsonl", CLAIM_ROW, row))


def test_sets_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no answer that is not blank"):
        read_sets([write(tmp_path / "a.jsonl")])
    with pytest.raises(InputError, match="mixes rows with claims and rows with grades"):
        read_sets([write(tmp_path / "a.jsonl", CLAIM_ROW, GRADE_ROW)])
