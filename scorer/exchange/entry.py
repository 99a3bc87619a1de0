"""A question as somebody else's file has it, and what the bank's file of it says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scorer.bank import parse_question
from scorer.errors import InputError

# Neither can stand in a file of text: NUL, and halves of characters.
_NO_TEXT = re.compile(r"[\0\ud800-\udfff]")


@dataclass(frozen=True)
class Entry:
    """A question as a file has it; what the file does not say is empty. `place` names file and line, for errors.

    `claims` are lines as below `Claims:` in a question file, each with or without ` | weight`.
    """

    place: str
    text: str
    references: tuple[str, ...]
    claims: tuple[str, ...] = ()
    context: str = ""
    topic: str = ""
    levels: tuple[str, ...] = ()
    level: str = ""
    id: str = ""


@dataclass(frozen=True)
class Defaults:
    """What a question is given that does not say it itself."""

    context: str
    topic: str
    levels: tuple[str, ...]
    level: str


def question_file(entry: Entry, defaults: Defaults) -> str:
    """The question in the format of the bank's files. Raises InputError where it does not fit into it."""
    scale, level = entry.levels or defaults.levels, entry.level or defaults.level
    level = next((each for each in scale if each.casefold() == level.casefold()), level)
    topic = one_line(entry.topic or defaults.topic)
    lines = [f"Instruction: {one_line(entry.text)}"]
    lines += [f"Topic: {topic}"] if topic else []
    lines += [f"Context: {one_line(entry.context or defaults.context)}"]
    references = [paragraphs(reference) for reference in entry.references]
    # Blank lines keep a last line of one word apart from the difficulty lines.
    for number, reference in enumerate(references):
        lines += [reference, ""] if number == 0 else ["Reference:", reference, ""]
    if entry.claims:
        lines += ["Claims:", *(one_line(claim) for claim in entry.claims), ""]
    text = "\n".join([*lines, *scale, level]) + "\n"
    _check(entry, text, references)
    return text


def _check(entry: Entry, text: str, references: Sequence[str]) -> None:
    """Raise InputError unless `text` reads back as what was to be kept."""
    if not entry.text.strip():
        raise InputError(f"{entry.place}: the question is blank; write what is asked")
    if not any(references) and not entry.claims:
        raise InputError(f"{entry.place}: there is no reference answer; write what a good answer says")
    if _NO_TEXT.search(text):
        raise InputError(f"{entry.place}: a NUL or half a character, which no text file can hold; remove it")
    read = parse_question(text, "x", f"{entry.place}, as a question file")
    if (read.text, read.references, len(read.claims)) != (one_line(entry.text), tuple(references), len(entry.claims)):
        raise InputError(
            f"{entry.place}: a line begins with a word such as 'Context:' or 'Claims:', which begins a section in a "
            "question file; put it otherwise"
        )


def one_line(text: str) -> str:
    """`text` with every run of white space as one blank."""
    return " ".join(text.split())


def paragraphs(text: str) -> str:
    """`text` with line feeds as its only ends of lines, and nothing blank around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
