from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer.bank import QuestionBank, parse_question
from scorer.errors import InputError
from scorer.files import bundled

REFERENCE = "Because of this.\n\nAnd of that."
GOOD = "Instruction: Why?\nContext: It assesses.\nBecause of this.\n\nAnd of that.\neasy\nmedium\nhard\nmedium"


def test_the_first_question() -> None:
    question = QuestionBank().get("q7x2")
    assert question.text.startswith("Analyze the potential benefits and challenges")
    assert question.context.startswith("This question assesses")
    assert question.levels == ("easy", "medium", "hard")
    assert question.level == "hard"
    assert len(question.references) == 1
    assert question.references[0].startswith("As we delve")
    assert question.references[0].endswith("AI landscape tomorrow.")
    assert question.claims == ()


def test_a_topic() -> None:
    question = parse_question(GOOD.replace("Context", "Topic: data\nContext"), "x", "x.txt")
    assert (question.topic, question.text, question.references) == ("data", "Why?", (REFERENCE,))
    with pytest.raises(InputError, match="line 2: 'Topic:' is blank; write its text on the same line"):
        parse_question(GOOD.replace("Context", "Topic:\nContext"), "x", "x.txt")


@pytest.mark.parametrize(
    ("text", "references", "claims"),
    [
        (GOOD, [REFERENCE], []),
        (GOOD.replace("\n", "\r\n"), [REFERENCE], []),
        (GOOD + "\n\n", [REFERENCE], []),
        (GOOD.replace("assesses.\n", "assesses.\nReference:\n"), [REFERENCE], []),
        (GOOD + "\nReference:\nAnother one.", [REFERENCE, "Another one."], []),
        (GOOD.replace("\neasy", "\nReference:\nB.\neasy"), [REFERENCE, "B."], []),
        (GOOD + "\nClaims:\nOne.\n- Two. | 3\n", [REFERENCE], [("One.", 0.25), ("Two.", 0.75)]),
        (GOOD.replace("\neasy", "\nClaims:\nA | 2\n\neasy"), [REFERENCE], [("A", 1.0)]),
    ],
)
def test_parse(text: str, references: list[str], claims: list[tuple[str, float]]) -> None:
    question = parse_question(text, "x", "x.txt")
    assert list(question.references) == references
    assert [(claim.text, claim.weight) for claim in question.claims] == claims
    assert (question.text, question.context, question.level) == ("Why?", "It assesses.", "medium")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"x\.txt, line 1: there is no 'Instruction:' line; add"),
        ("Hello\n" + GOOD, r"line 1: text before the first section; begin the file with"),
        (GOOD.replace("Context", "Kontext"), r"line 1: there is no 'Context:' line; add"),
        (GOOD.replace("Why?", ""), r"line 1: 'Instruction:' is blank; write"),
        (GOOD.replace("It assesses.", ""), r"line 2: 'Context:' is blank; write"),
        (GOOD + "\nInstruction: Again?", r"line 10: a second 'Instruction:' line; keep one; line 1 has it"),
        (GOOD.replace("Because of this.\n\nAnd of that.\n", ""), r"line 2: the reference answer is blank; write"),
        (
            GOOD.replace("hard\nmedium", "hard\nbrutal"),
            r"line 9: level 'brutal' is not on the scale easy, medium, hard",
        ),
        (
            GOOD.replace("easy\nmedium\nhard\nmedium", ""),
            r"line 5: the difficulty lines are missing; end the file with",
        ),
        (GOOD + "\nClaims:\n", r"line 10: 'Claims:' is blank; write one claim a line"),
        (GOOD + "\nClaims:\nA\nClaims:\nB", r"line 12: a second 'Claims:' section; put all"),
        (GOOD + "\nClaims:\nA | much", r"line 11: weight 'much' is not a number above 0; write"),
        (GOOD + "\nClaims:\nA | -1", r"line 11: weight '-1' is not a number above 0; write"),
        (GOOD + "\nReference:\n\n", r"line 10: the reference answer is blank"),
    ],
)
def test_a_malformed_file_is_one_line_with_file_number_and_remedy(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        parse_question(text, "x", "x.txt")
    assert "\n" not in str(caught.value)


@given(st.text(alphabet="IinstructionCeRfc: |\n\raehmd.1", max_size=200))
def test_any_text_is_a_question_or_an_input_error(text: str) -> None:
    try:
        question = parse_question("Instruction: a\nContext: b\n" + text, "x", "x.txt")
    except InputError as error:
        assert str(error).startswith("x.txt, line ")  # noqa: PT017
    else:
        assert all(reference.strip() for reference in question.references)
        assert question.level in question.levels


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    for name in ("q7x2", "q7x3", "drop-out"):
        (tmp_path / f"{name}.txt").write_text(GOOD)
    (tmp_path / "README.md").write_text("no question")
    (tmp_path / "not an id.txt").write_text("no question")
    return tmp_path


def test_a_bank_lists_its_ids(bank: Path) -> None:
    found = QuestionBank(bank)
    assert found.ids() == ("drop-out", "q7x2", "q7x3")
    assert [question.id for question in found] == list(found.ids())
    assert len(found) == 3


@pytest.mark.parametrize(
    ("question_id", "message"),
    [
        ("q7x1", r"no question 'q7x1' in .*; nearest: q7x[23], q7x[23]"),
        ("Q7X2", r"nearest: q7x2"),
        ("zzz", r"nearest: "),
        ("../../etc/passwd", r"'../../etc/passwd' is not an id"),
        ("/etc/passwd", "is not an id"),
        ("q7x2.txt", "is not an id"),
        ("", "is not an id"),
        ("q\0", "is not an id"),
        ("not an id", "is not an id"),
    ],
)
def test_an_unknown_id(bank: Path, question_id: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        QuestionBank(bank).get(question_id)


def test_which_bank(bank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert QuestionBank().path == bundled("seeds")
    monkeypatch.setenv("SCORE_ANSWER_BANK", str(bank))
    assert QuestionBank().path == bank
    monkeypatch.setenv("SCORE_ANSWER_BANK", "")
    assert QuestionBank().path == bundled("seeds")
    with pytest.raises(InputError, match=r"nowhere is no folder; name one with --bank"):
        QuestionBank(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="the bank is empty"):
        QuestionBank(tmp_path / "empty").get("a")
