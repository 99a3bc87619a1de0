"""A folder of question files to `Question`s. `seeds/README.md` shows the format."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scorer.errors import InputError
from scorer.files import bundled, read_text
from scorer.records import Claim, Question

ENVIRONMENT_VARIABLE = "SCORE_ANSWER_BANK"

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_SECTION = re.compile(r"(Instruction|Topic|Context|Reference|Claims):[ \t]*(.*)")
_WEIGHT = re.compile(r"(?P<text>.*\S)\s*\|\s*(?P<weight>\S+)\s*")
_LEVEL = re.compile(r"\s*[\w-]+\s*")
_LETTERS, _DIGITS = "abcdefghjkmnpqrstuvwxyz", "23456789"
_LIST_MARKER = re.compile(r"[-*•]\s+")


class QuestionBank:
    """The questions of one folder, read when they are asked for.

    The folder is `path`, or else the one that the environment variable SCORE_ANSWER_BANK names, or else the
    bank that is installed with the package. Raises InputError where it is no folder.
    """

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        chosen = path if path is not None else os.environ.get(ENVIRONMENT_VARIABLE) or bundled("seeds")
        self.path = Path(chosen)
        if not self.path.is_dir():
            raise InputError(f"question bank {self.path} is no folder; name one with --bank or {ENVIRONMENT_VARIABLE}")

    def ids(self) -> tuple[str, ...]:
        """The ids of all questions, sorted."""
        return tuple(sorted(f.stem for f in self.path.glob("*.txt") if f.is_file() and _ID.fullmatch(f.stem)))

    def get(self, question_id: str) -> Question:
        """The question with this id. Raises InputError for an unknown id or a malformed file."""
        if not _ID.fullmatch(question_id):
            raise InputError(
                f"question id {question_id!r} is not an id; an id is the name of a file of the bank without .txt: "
                "letters, digits, - and _"
            )
        if question_id not in self.ids():
            raise InputError(f"no question {question_id!r} in {self.path}; {self._nearest(question_id)}")
        file = self.file(question_id)
        return parse_question(read_text(file), question_id, str(file))

    def file(self, question_id: str) -> Path:
        """The file of a question that is in the bank."""
        return self.path / f"{question_id}.txt"

    def write_claims(self, question_id: str, claims: Sequence[Claim]) -> None:
        """Add a `Claims:` section to a question's file. Raises InputError where it has one, or cannot be written."""
        file = self.file(question_id)
        if self.get(question_id).claims:
            raise InputError(f"{file} has a 'Claims:' section already; edit it, or remove it to have it written anew")
        try:
            with file.open("a", encoding="utf-8", newline="") as stream:
                stream.write(f"\n\n{claims_section(claims)}")
        except OSError as error:
            raise InputError(f"{file} cannot be written: {error.strerror}; copy the bank and use --bank") from error

    def write(self, question_id: str, text: str, replace: bool = False) -> None:
        """Keep `text`, in the format of question files, as the question `question_id`.

        Raises InputError for what is no id, for a question that is there already unless `replace`, or where the
        file cannot be written.
        """
        check_id(question_id)
        file = self.file(question_id)
        try:
            with file.open("w" if replace else "x", encoding="utf-8", newline="") as stream:
                stream.write(text)
        except FileExistsError as error:
            raise InputError(f"{file} is there already; give the question another id, or --replace it") from error
        except OSError as error:
            raise InputError(f"{file} cannot be written: {error.strerror}; name another folder with --bank") from error

    def __iter__(self) -> Iterator[Question]:
        return (self.get(question_id) for question_id in self.ids())

    def __len__(self) -> int:
        return len(self.ids())

    def _nearest(self, question_id: str) -> str:
        from difflib import get_close_matches

        ids = self.ids()
        if not ids:
            return "the bank is empty: add a file such as q1.txt (see seeds/README.md)"
        lower = {i.lower(): i for i in ids}
        near = get_close_matches(question_id.lower(), lower, n=3, cutoff=0.0)
        return "nearest: " + ", ".join(lower[i] for i in near)


def select(questions: Iterable[Question], level: str = "", topic: str = "", search: str = "") -> list[Question]:
    """The questions of this level and topic that have every word of `search` in id, text or context; case is ignored.

    What is empty asks for nothing. Raises InputError for a level or topic that no question has.
    """
    found = list(questions)
    for name, wanted in (("level", level), ("topic", topic)):
        known = {getattr(question, name).casefold(): getattr(question, name) for question in found}
        if wanted and wanted.casefold() not in known:
            listed = ", ".join(sorted(each for each in known.values() if each)) or "none at all"
            raise InputError(f"no question has the {name} {wanted!r}; there are {listed}")
    return [
        question
        for question in found
        if level.casefold() in ("", question.level.casefold())
        and topic.casefold() in ("", question.topic.casefold())
        and all(word in _searched(question) for word in search.casefold().split())
    ]


def _searched(question: Question) -> str:
    return " ".join((question.id, question.text, question.context)).casefold()


def check_id(question_id: str) -> None:
    """Raise InputError unless `question_id` can be the id of a question, and so the name of a file."""
    if not _ID.fullmatch(question_id):
        raise InputError(f"{question_id!r} is not an id; use at most 64 letters, digits, - and _")


def short_id(text: str, taken: Collection[str] = ()) -> str:
    """An id for a question's text, such as q7x2: letter, digit, letter, digit, the same for the same text.

    Drawn from the text's SHA-256 without letters and digits that look alike; from a later place of it where the id is
    `taken` by another question. Raises InputError where no id is free.
    """
    digest = hashlib.sha256(" ".join(text.split()).encode()).digest()
    for i in range(len(digest) - 3):
        a, b, c, d = digest[i : i + 4]
        found = (
            _LETTERS[a % len(_LETTERS)]
            + _DIGITS[b % len(_DIGITS)]
            + _LETTERS[c % len(_LETTERS)]
            + _DIGITS[d % len(_DIGITS)]
        )
        if found not in taken:
            return found
    raise InputError(f"no id is free for {text[:40]!r}; name the file by hand")


def claims_section(claims: Sequence[Claim]) -> str:
    """Claims as a section of a question file, a claim a line with its weight in percent."""
    lines = [f"{' '.join(claim.text.split())} | {100 * claim.weight:.1f}" for claim in claims]
    return "\n".join(["Claims:", *lines]) + "\n"


@dataclass
class _Section:
    """The lines below one header, each with its number in the file."""

    name: str
    number: int
    lines: list[tuple[int, str]] = field(default_factory=list)


def parse_question(text: str, question_id: str, source: str) -> Question:
    """Read one question file. `source` names it in errors.

    Raises InputError with file, line number and remedy where the text is malformed.
    """
    sections = _sections(text, source)
    by_name: dict[str, list[_Section]] = {}
    for section in sections:
        by_name.setdefault(section.name, []).append(section)
    instruction = _single(by_name, "Instruction", source)
    context = _single(by_name, "Context", source)
    topic = _single(by_name, "Topic", source) if "Topic" in by_name else ""
    levels, level = _take_levels(sections, source)
    references = []
    for section in by_name.get("Reference", []):
        reference = "\n".join(line for _, line in section.lines).strip()
        if not reference:
            raise _malformed(source, section.number, "the reference answer is blank", "write it below this line")
        references.append(reference)
    return Question(
        id=question_id,
        text=instruction,
        context=context,
        topic=topic,
        references=tuple(references),
        claims=_parse_claims(by_name.get("Claims", []), source),
        levels=levels,
        level=level,
    )


def _malformed(source: str, number: int, problem: str, remedy: str) -> InputError:
    return InputError(f"{source}, line {number}: {problem}; {remedy}")


def _sections(text: str, source: str) -> list[_Section]:
    """Cut the file at its headers; what follows `Context:` is the first reference."""
    sections: list[_Section] = []
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.rstrip("\r")
        header = _SECTION.fullmatch(line)
        if header is not None:
            section = _Section(header[1], number, [(number, header[2])] if header[2].strip() else [])
            if section.name == "Reference" and sections and sections[-1].name == "Reference":
                previous = sections[-1]
                if previous.number == sections[-2].number and not any(each.strip() for _, each in previous.lines):
                    sections.pop()  # an explicit header right after Context: the implicit one was empty
            sections.append(section)
            if section.name == "Context":
                sections.append(_Section("Reference", number))
        elif sections:
            sections[-1].lines.append((number, line))
        elif line.strip():
            raise _malformed(source, number, "text before the first section", "begin the file with 'Instruction: …'")
    return sections


def _single(by_name: dict[str, list[_Section]], name: str, source: str) -> str:
    found = by_name.get(name, [])
    if not found:
        raise _malformed(source, 1, f"there is no '{name}:' line", f"add '{name}: …' above the reference answer")
    if len(found) > 1:
        raise _malformed(
            source, found[1].number, f"a second '{name}:' line", f"keep one; line {found[0].number} has it"
        )
    text = " ".join(line.strip() for _, line in found[0].lines if line.strip())
    if not text:
        raise _malformed(source, found[0].number, f"'{name}:' is blank", "write its text on the same line")
    return text


def _take_levels(sections: list[_Section], source: str) -> tuple[tuple[str, ...], str]:
    """Remove the difficulty lines from the end of a reference or of the file, and return scale and level."""
    candidates = [section for section in sections[:-1] if section.name == "Reference"] + sections[-1:]
    for section in reversed(candidates):
        lines = section.lines
        while lines and not lines[-1][1].strip():
            lines.pop()
        words: list[tuple[int, str]] = []
        while lines and len(words) < 12 and _LEVEL.fullmatch(lines[-1][1]):
            words.insert(0, (lines[-1][0], lines.pop()[1].strip()))
        scale = tuple(word for _, word in words[:-1])
        if len(scale) >= 2 and len(set(scale)) == len(scale):
            if words[-1][1] in scale:
                return scale, words[-1][1]
            number, level = words[-1]
            raise _malformed(
                source,
                number,
                f"level {level!r} is not on the scale {', '.join(scale)}",
                "end the file with one of these",
            )
        lines.extend(words)
    last = sections[-1].lines[-1][0] if sections[-1].lines else sections[-1].number
    raise _malformed(
        source,
        last,
        "the difficulty lines are missing",
        "end the file with the scale, a level a line (easy, medium, hard), and then the question's own level",
    )


def _parse_claims(found: list[_Section], source: str) -> tuple[Claim, ...]:
    if len(found) > 1:
        raise _malformed(source, found[1].number, "a second 'Claims:' section", "put all claims into one")
    if not found:
        return ()
    claims = [_parse_claim(line, number, source) for number, line in found[0].lines if line.strip()]
    if not claims:
        raise _malformed(source, found[0].number, "'Claims:' is blank", "write one claim a line, or remove the section")
    total = sum(weight for _, weight in claims)
    return tuple(Claim(text, weight / total) for text, weight in claims)


def _parse_claim(line: str, number: int, source: str) -> tuple[str, float]:
    text = _LIST_MARKER.sub("", line.strip(), count=1)
    match = _WEIGHT.fullmatch(text)
    if match is None:
        return text, 1.0
    try:
        weight = float(match["weight"])
    except ValueError:
        weight = 0.0
    if not 0.0 < weight < 1e6:
        raise _malformed(
            source,
            number,
            f"weight {match['weight']!r} is not a number above 0",
            "write 'claim | 2', or leave '| …' out",
        )
    return match["text"], weight
