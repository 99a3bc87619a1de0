"""Questions in Markdown, below headings, and in plain text, between lines of dashes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scorer.errors import InputError
from scorer.exchange.entry import Entry, paragraphs

if TYPE_CHECKING:
    from markdown_it.token import Token

_RULE = re.compile(r"[ \t]*-{3,}[ \t]*")
_PART = re.compile(r"(Id|Topic|Context|Level|Levels|Reference|Claims):[ \t]*(.*)", re.IGNORECASE)
_LONG_PARTS = ("reference", "claims")
_SHORT_PARTS = ("topic", "context", "level")


def from_plain(text: str, source: str) -> list[Entry]:
    """Questions between lines of three dashes or more; the first paragraph is the question, the rest its reference."""
    entries = []
    for first, lines in _blocks(text):
        end = next((i for i, line in enumerate(lines) if not line.strip() or _PART.fullmatch(line)), len(lines))
        entries.append(_entry(" ".join(lines[:end]), lines[end:], f"{source}, line {first}", ""))
    return entries


def from_markdown(text: str, source: str) -> list[Entry]:
    """Questions as the deepest headings, each with its reference below it, as plain text without the marks.

    The heading above is the topic, unless it is the only one of its depth and so the document's title. Headings
    such as "Reference" or "Claims" are parts of the question above them.
    """
    headings = list(_headings(text))
    deepest = max((heading.depth for heading in headings), default=0)
    entries: list[Entry] = []
    for i, heading in enumerate(headings):
        place = f"{source}, line {heading.line}"
        if heading.depth == deepest:
            entries.append(_entry(heading.title, heading.lines, place, _topic(headings[:i], headings, deepest)))
        elif heading.lines and (i + 1 == len(headings) or headings[i + 1].depth <= heading.depth):
            raise InputError(f"{place}: a heading above the others' depth; give all questions headings of one depth")
    return entries


@dataclass
class _Heading:
    """A heading that is no part of a question, and the lines below it."""

    title: str
    depth: int
    line: int
    lines: list[str] = field(default_factory=list)


def _topic(above: Sequence[_Heading], headings: Sequence[_Heading], deepest: int) -> str:
    over = next((heading for heading in reversed(above) if heading.depth < deepest), None)
    if over is None or sum(heading.depth == over.depth for heading in headings) == 1:
        return ""
    return over.title


def _headings(text: str) -> Iterator[_Heading]:
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").parse(text)
    current = _Heading("", 0, 1)
    label = ""
    for i, token in enumerate(tokens):
        if token.type == "heading_open":
            title = _spoken(tokens[i + 1]).rstrip(":")
            if current.depth and title.casefold() in _LONG_PARTS:
                current.lines += ["", f"{title}:"]
            elif current.depth and title.casefold() in _SHORT_PARTS:
                label = f"{title}: "
            else:
                yield from [current] if current.depth else []
                current = _Heading(_spoken(tokens[i + 1]), int(token.tag[1:]), (token.map or [0])[0] + 1)
        elif token.type == "inline" and tokens[i - 1].type != "heading_open":
            item = tokens[i - 2] if i > 1 and tokens[i - 2].type == "list_item_open" else None
            marker = "" if item is None else f"{item.info}{item.markup} "
            said = (label + " ".join(_spoken(token).split())) if label else marker + _spoken(token)
            current.lines += [*([] if marker else [""]), *said.split("\n")]
            label = ""
        elif token.type in ("fence", "code_block"):
            current.lines += ["", *token.content.rstrip("\n").split("\n")]
    yield from [current] if current.depth else []


def _spoken(token: Token) -> str:
    """The text of a paragraph or heading without the marks."""
    breaks = ("softbreak", "hardbreak")
    return "".join("\n" if child.type in breaks else child.content for child in token.children or ())


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """The parts of a plain text, each with the number of its first line that is not blank."""
    block: list[str] = []
    first = 1
    for number, line in enumerate([*text.splitlines(), "---"], start=1):
        if _RULE.fullmatch(line):
            if block:
                yield first, block
            block = []
        elif block or line.strip():
            first = first if block else number
            block.append(line)


def _entry(text: str, lines: Iterable[str], place: str, topic: str) -> Entry:
    """A question and the lines below it; `Topic:`, `Level:` and the like begin lines of their own."""
    parts: dict[str, list[list[str]]] = {"reference": [[]]}
    current = parts["reference"][0]
    for line in lines:
        match = _PART.fullmatch(line.rstrip())
        if match is None:
            current.append(line)
            continue
        name, given = match[1].casefold(), [match[2]] if match[2] else []
        parts.setdefault(name, []).append(given)
        current = given if name in _LONG_PARTS else current
    whole = {name: [paragraphs("\n".join(each)) for each in found] for name, found in parts.items()}
    first = {name: found[0] for name, found in whole.items()}
    return Entry(
        place=place,
        text=text,
        references=tuple(reference for reference in whole["reference"] if reference),
        claims=tuple(line for given in whole.get("claims", []) for line in given.splitlines() if line.strip()),
        context=first.get("context", ""),
        topic=first.get("topic", topic),
        levels=tuple(re.findall(r"[\w-]+", first.get("levels", ""))),
        level=first.get("level", ""),
        id=first.get("id", ""),
    )
