"""Questions in other people's forms, to files of a bank and back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer.bank import QuestionBank, parse_question, short_id
from scorer.errors import InputError
from scorer.exchange import Defaults, Entry, add, question_file, read_entries, to_row

SCALE = ("easy", "medium", "hard")
DEFAULTS = Defaults("A context.", "", SCALE, "medium")

MARKDOWN = """# My questions

A word about them.

## Training

### Why does *dropout* help?

Level: Hard

It switches off `random` units.
So none can rely on another.

- It is an ensemble.

#### Claims

- Units are switched off. | 2
- It is an ensemble. | 1

## Data

### Why deduplicate?
Because copies leak.

#### Context
It assesses
care.

#### Reference
Copies are memorised.
"""


@pytest.mark.parametrize(
    ("text", "form", "columns", "expected"),
    [
        ("question,reference\nWhy?,Because.\n", "csv", {}, [("Why?", ("Because.",))]),
        ("Question;Reference;level\r\nWhy?;a, b;hard\r\n", "csv", {}, [("Why?", ("a, b",))]),
        ('q\ta\tb\nWhy?\t"One.\n\nTwo."\tOr so.\n', "csv", {"question": ["q"], "reference": ["a", "B"]},
         [("Why?", ("One.\n\nTwo.", "Or so."))]),
        ('{"question": "Why?", "references": ["A.", "B."]}\n\n', "jsonl", {}, [("Why?", ("A.", "B."))]),
        ('{"q": "Why?", "reference": "A.", "level": null}', "jsonl", {"question": ["q"]}, [("Why?", ("A.",))]),
        ("Why\nis it so?\n\nBecause.\n\nAnd so.\n---\nHow?\nTopic: t\nLike this.\nReference:\nOr that.", "text", {},
         [("Why is it so?", ("Because.\n\nAnd so.",)), ("How?", ("Like this.", "Or that."))]),
        ("Instruction: A?\nContext: c.\nR.\n\na\nb\na\nInstruction: B?\nContext: c.\nS.\n\na\nb\na\n", "text", {},
         [("A?", ("R.",)), ("B?", ("S.",))]),
        (MARKDOWN, "markdown", {},
         [("Why does dropout help?",
           ("It switches off random units.\nSo none can rely on another.\n- It is an ensemble.",)),
          ("Why deduplicate?", ("Because copies leak.", "Copies are memorised."))]),
    ],
)  # fmt: skip
def test_what_is_read(
    text: str, form: str, columns: dict[str, list[str]], expected: list[tuple[str, tuple[str, ...]]]
) -> None:
    entries = read_entries(text, form, "f", columns)
    assert [(entry.text, entry.references) for entry in entries] == expected
    for entry in entries:
        parse_question(question_file(entry, DEFAULTS), "x", "x")


def test_what_markdown_says_beside_question_and_reference() -> None:
    first, second = (
        parse_question(question_file(entry, DEFAULTS), "x", "x")
        for entry in read_entries(MARKDOWN, "markdown", "f", {})
    )
    assert (first.topic, first.level, first.context) == ("Training", "hard", "A context.")
    assert [claim.text for claim in first.claims] == ["Units are switched off.", "It is an ensemble."]
    assert [claim.weight for claim in first.claims] == [pytest.approx(2 / 3), pytest.approx(1 / 3)]
    assert (second.topic, second.level, second.context) == ("Data", "medium", "It assesses care.")


@pytest.mark.parametrize(
    ("text", "form", "columns", "message"),
    [
        ("a,b\n1,2\n", "csv", {}, r"f has no column 'question', only 'a', 'b'; name the one: --column question=NAME"),
        ("a,b\n1,2\n", "csv", {"question": ["c"]}, r"f has no column 'c' for --column question; it has 'a', 'b'"),
        ("question,Question\n1,2\n", "csv", {}, r"f has two columns of one name"),
        ("question,reference\na,b,c\n", "csv", {}, r"f, line 2: not the 2 cells of the header; put cells with ','"),
        ('question,reference\n"a"b,c\n', "csv", {}, r"f, after line 1: no CSV \(.*; mend the quotes"),
        ("", "csv", {}, r"f has no column 'question'"),
        ("question,reference\n", "csv", {}, r"f has no question; give one"),
        ("nope", "jsonl", {}, r"f, line 1: no JSON"),
        ("\n[1]", "jsonl", {}, r"f, line 2: JSON, but no object"),
        ('{"question": 1}', "jsonl", {}, r"f, line 1: 'question' is int, not text"),
        ("Why?\n\nR.", "text", {"question": ["q"]}, r"f is text and has no columns"),
        ("\n---\n", "text", {}, r"f has no question"),
        ("no heading", "markdown", {}, r"f has no question"),
        ("# A?\nR.\n# B?\nR.\n## More\nR.\n# C?\nR.", "markdown", {}, r"f, line 1: a heading above the others' depth"),
        ("Instruction: A?\n\nInstruction: B?\n", "text", {}, r"f, line 1: there is no 'Context:' line"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, form: str, columns: dict[str, list[str]], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_entries(text, form, "f", columns)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (Entry("f, line 1", "", ("R.",)), r"f, line 1: the question is blank"),
        (Entry("f, line 1", "Q?", ()), r"f, line 1: there is no reference answer"),
        (Entry("f, line 1", "Q?", ("R.\nClaims: none",)), r"f, line 1: a line begins with a word such as 'Context:'"),
        (Entry("f, line 1", "Q?", ("R\0",)), r"f, line 1: a NUL or half a character"),
        (Entry("f, line 1", "Q?", ("R\ud800",)), r"f, line 1: a NUL or half a character"),
        (Entry("f, line 1", "Q?", ("R.",), level="brutal"), r"level 'brutal' is not on the scale easy, medium, hard"),
        (Entry("f, line 1", "Q?", ("R.",), claims=("a | much",)), r"weight 'much' is not a number above 0"),
    ],
)
def test_what_fits_into_no_question_file(entry: Entry, message: str) -> None:
    with pytest.raises(InputError, match=message):
        question_file(entry, DEFAULTS)


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)


@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=3), st.lists(TEXTS, max_size=4), TEXTS)
def test_what_is_kept_reads_back_as_it_was(text: str, references: list[str], claims: list[str], topic: str) -> None:
    entry = Entry("f, line 1", text, tuple(references), tuple(f"{c} | 1" for c in claims), topic=topic)
    try:
        question = parse_question(question_file(entry, DEFAULTS), "x", "x")
    except InputError as error:
        assert str(error).startswith("f, line 1")  # noqa: PT017
    else:
        assert question.text == " ".join(text.split())
        assert question.references == tuple(reference.strip() for reference in references)
        (again,) = read_entries(json.dumps(to_row(question)), "jsonl", "f", {})
        assert parse_question(question_file(again, DEFAULTS), "x", "x") == question


def test_ids_are_stable_and_nothing_is_overwritten(tmp_path: Path) -> None:
    bank = QuestionBank(tmp_path)
    entries = [Entry("f, line 1", "Why?", ("Because.",)), Entry("f, line 2", "How?", ("So.",), id="mine")]
    assert [(each.id, each.status) for each in add(bank, entries, DEFAULTS)] == [
        (short_id("Why?"), "added"),
        ("mine", "added"),
    ]
    assert [each.status for each in add(bank, entries, DEFAULTS)] == ["unchanged", "unchanged"]
    before = {file: file.read_bytes() for file in tmp_path.iterdir()}
    changed = [Entry("g, line 1", "New?", ("N.",)), Entry("g, line 2", " How? ", ("Otherwise.",))]
    with pytest.raises(InputError, match=r"g, line 2: .*mine\.txt is there already and says something else; --replace"):
        add(bank, changed, DEFAULTS)
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before
    assert [each.status for each in add(bank, changed, DEFAULTS, replace=True)] == ["added", "replaced"]
    assert bank.get("mine").references == ("Otherwise.",)


def test_ids_that_cannot_be(tmp_path: Path) -> None:
    bank = QuestionBank(tmp_path)
    twice = [Entry("f, line 1", "Why?", ("A.",)), Entry("f, line 2", "Why? ", ("B.",))]
    with pytest.raises(InputError, match=r"f, line 2: the question '\w+' stands in f, line 1 too; keep one"):
        add(bank, twice, DEFAULTS)
    with pytest.raises(InputError, match=r"f, line [0-9]+: '\.\./x' is not an id"):
        add(bank, [Entry("f, line 1", "How?", ("A.",)), Entry("f, line 2", "Why?", ("A.",), id="../x")], DEFAULTS)
    assert list(tmp_path.iterdir()) == []


def test_the_shipped_bank_goes_out_and_comes_back(tmp_path: Path) -> None:
    questions = list(QuestionBank())
    lines = "\n".join(json.dumps(to_row(question)) for question in questions)
    add(QuestionBank(tmp_path), read_entries(lines, "jsonl", "f", {}), DEFAULTS)
    assert list(QuestionBank(tmp_path)) == questions
