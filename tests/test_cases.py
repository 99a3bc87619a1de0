from __future__ import annotations

from pathlib import Path

import pytest

from scorer import QuestionBank
from scorer.cases import levels, read_cases, read_minimums
from scorer.errors import InputError
from scorer.runs import Run, Scored


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("q7x2.txt", "q7x2--good.txt", "b3b2--bad.txt"):
        (tmp_path / name).write_text("Costs fall.")
    (tmp_path / "notes.md").write_text("no case")
    return tmp_path


def test_a_folder(folder: Path) -> None:
    cases = read_cases(folder, QuestionBank())
    assert [case.name for case in cases] == ["b3b2--bad", "q7x2", "q7x2--good"]
    assert [case.request["question"].id for case in cases] == ["b3b2", "q7x2", "q7x2"]


def test_rows(tmp_path: Path) -> None:
    file = tmp_path / "c.jsonl"
    file.write_text(
        '{"id": "a", "answer": "Costs fall.", "question": "q7x2"}\n\n'
        '{"source": "b", "answer": "Costs fall.", "claims": ["Costs fall."]}\n'
        '{"answer": "Costs fall.", "references": ["Costs fall."], "question_text": "Why?"}\n'
        '{"id": 0, "answer": "Costs fall.", "claims": ["Costs fall."]}\n'
    )
    cases = read_cases(file, QuestionBank())
    assert [case.name for case in cases] == ["a", "b", "line 4", "0"]
    assert [case.request["source"] for case in cases] == ["a", "b", "line 4", "0"]


BAD: list[tuple[str, str | bytes, str]] = [
    ("c.jsonl", "", "c.jsonl has no case; put answers"),
    ("c.jsonl", "nonsense", "c.jsonl, line 1 is no JSON"),
    ("c.jsonl", "[" * 100_000, "c.jsonl, line 1 is no JSON"),
    ("c.jsonl", '{"id": "\\ud800", "answer": "a"}', "line 1: the id is not valid text"),
    ("c.jsonl", "[]", "c.jsonl, line 1 is no case"),
    ("c.jsonl", '{"question": "q7x2"}', "line 1 is no case"),
    ("c.jsonl", '{"answer": "a", "question": "nope"}', "line 1: no question 'nope'"),
    ("c.jsonl", '{"id": 1, "answer": "a"}\n{"id": "1", "answer": "b"}', "has 2 cases called '1'; give each row an id"),
    ("nope--a.txt", "a", "nope--a.txt: no question 'nope'"),
    ("q7x2--a.txt", b"\xff", "q7x2--a.txt, line 1: not UTF-8"),
]


@pytest.mark.parametrize(("name", "content", "message"), BAD)
def test_bad_cases(tmp_path: Path, name: str, content: str | bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    path = tmp_path / name if name.endswith(".jsonl") else tmp_path
    with pytest.raises(InputError) as error:
        read_cases(path, QuestionBank())
    assert message in str(error.value)


def test_an_empty_folder_is_no_pass(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no case; put answers there"):
        read_cases(tmp_path, QuestionBank())


def test_minimums(folder: Path) -> None:
    file = folder / "minimums.toml"
    file.write_text('[min-score]\nq7x2 = 0.5\n"q7x2--good" = 1\n')
    assert read_minimums(file, read_cases(folder, QuestionBank())) == {"q7x2": 0.5, "q7x2--good": 1.0}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[min-score", "is no TOML"),
        ("", "has no minimum; write"),
        ("min-score = 1", "has no minimum; write"),
        ("[min-score]\nq7x2 = 2", "the minimum of q7x2 is 2; give a number from 0 to 1"),
        ("[min-score]\nq7x2 = true", "the minimum of q7x2 is True"),
        ("[min-score]\nq7x2 = nan", "the minimum of q7x2 is nan"),
        ("[min-score]\nq7x3 = 0.5", "q7x3 is neither a case nor the question of one; correct"),
    ],
)
def test_bad_minimums(folder: Path, content: str, message: str) -> None:
    (folder / "m.toml").write_text(content)
    with pytest.raises(InputError) as error:
        read_minimums(folder / "m.toml", read_cases(folder, QuestionBank()))
    assert message in str(error.value)


def test_levels_of_known_questions() -> None:
    answers = {name: Scored(name, name, 0.5, {}, ()) for name in ("q7x2", "elsewhere", "")}
    assert levels(QuestionBank(), Run("r", answers)) == {"q7x2": QuestionBank().get("q7x2").level}
