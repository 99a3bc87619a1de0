"""Text to sentences with exact character spans into the original.

Lines decide first (headings, list items, fenced code, blank lines), then sentencex finds the sentences inside
each block of prose. Nothing is normalised: every span is a slice of the text as it was handed in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scorer.records import Span

_LINE = re.compile(r"[^\r\n\u2028\u2029]*(?:\r\n|[\r\n\u2028\u2029]|\Z)")
_FENCE = re.compile(r"[ \t]*(?:```|~~~)")
_HEADING = re.compile(r"[ \t]*#{1,6}[ \t]+")
_ITEM = re.compile(r"[ \t]*(?:[-*+•‣▪–][ \t]+|\d{1,3}[.)][ \t]+|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{2,4})\)[ \t]+)(?=\S)")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_SPACE = re.compile(r"\s*")
_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})
# A "sentence" longer than this is no sentence; it is cut, so that memory is bounded by it.
LONGEST = 5_000
# A line at least this long was probably broken by an editor, not by the writer.
_WRAPPED_LINE = 50


def straight(text: str) -> str:
    """Straight quotation marks and apostrophes for typographic ones, character for character.

    The model reads "isn’t" and "isn't" as different words.
    """
    return text.translate(_STRAIGHT)


def sentences(text: str) -> tuple[Span, ...]:
    """Split `text` into sentences, in order, without overlap.

    A heading or list item starts a sentence of its own (its marker is left out of the span), a fenced block of
    code is one sentence, a line broken by an editor is not an end. What is longer than LONGEST characters is cut,
    between words where it has any. Pieces without a letter or digit are left out; of a text that has neither, the
    first LONGEST characters are one sentence. For every span, `span.text == text[span.start:span.end]`.
    """
    found = []
    for start, end, is_code in _blocks(text):
        pieces = [(start, end)] if is_code else _split_prose(text, start, end)
        cut = [part for piece in pieces for part in _cut(text, *piece)]
        found += [trimmed(text, *part) for part in cut if _LETTER_OR_DIGIT.search(text, *part)]
    if not found and text.strip():
        start = len(text) - len(text.lstrip())
        found = [trimmed(text, start, min(start + LONGEST, len(text)))]
    return tuple(found)


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > LONGEST:
        space = max(text.rfind(" ", start, start + LONGEST), text.rfind("\n", start, start + LONGEST))
        stop = space + 1 if space > start else start + LONGEST
        yield start, stop
        start = stop
    yield start, end


def _split_prose(text: str, start: int, end: int) -> list[tuple[int, int]]:
    from sentencex import get_sentence_boundaries

    # sentencex keeps blank lines as pieces of their own; blocks have none, so its offsets need only a shift.
    boundaries = get_sentence_boundaries("en", text[start:end])
    return [(start + b["start_index"], start + b["end_index"]) for b in boundaries]


def trimmed(text: str, start: int, end: int) -> Span:
    """`text[start:end]` without the white space around it."""
    piece = text[start:end]
    stripped = piece.strip()
    start += len(piece) - len(piece.lstrip())
    return Span(start, start + len(stripped), stripped)


def _blocks(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield (start, end, is code) of each block of lines that belong together."""
    start: int | None = None
    previous = ""
    in_code = False
    for match in _LINE.finditer(text):
        line, at = match.group(), match.start()
        if in_code:
            in_code = _FENCE.match(line) is None
            if not in_code and start is not None:
                yield start, match.end(), True
                start, previous = None, ""
            continue
        fence, marker = _FENCE.match(line), _HEADING.match(line) or _ITEM.match(line)
        heading = _HEADING.match(line) is not None
        starts_anew = bool(fence or marker or not line.strip() or not _continues(previous, line))
        if start is not None and starts_anew:
            yield start, at, False
            start = None
        in_code = fence is not None
        if heading and marker is not None:
            yield at + marker.end(), match.end(), False
        elif start is None and line.strip():
            start = at + (marker.end() if marker is not None else 0)
        previous = "" if heading else line.strip()
    if start is not None:
        yield start, len(text), in_code


def _continues(previous: str, line: str) -> bool:
    """Whether `line` goes on with the sentence of the line above it, rather than starting a point of its own."""
    first = _SPACE.sub("", line[:40])[:1]
    return len(previous) >= _WRAPPED_LINE or not first.isupper() or previous.endswith((",", ";", "-", "–", "—", "("))
