"""Adding questions to a bank: all of them, or none where one cannot be added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from scorer.bank import QuestionBank, check_id, parse_question, short_id
from scorer.errors import InputError
from scorer.exchange.entry import Defaults, Entry, one_line, question_file


@dataclass(frozen=True)
class Addition:
    """What became of one entry: its question's id and text, and what was done with the bank's file."""

    id: str
    text: str
    status: Literal["added", "replaced", "unchanged"]


def add(bank: QuestionBank, entries: Sequence[Entry], defaults: Defaults, replace: bool = False) -> list[Addition]:
    """Write a question file for each entry, in order.

    An entry without an id gets that of the bank's question with the same text, or else a short one that its text
    determines. Raises InputError, before anything is written, for an entry that does not fit into a question file, for
    two entries of one id, and unless `replace` for one whose id the bank has with another content.
    """
    ids = {one_line(question.text): question.id for question in bank}
    taken = set(bank.ids())
    places: dict[str, str] = {}
    planned = []
    for entry in entries:
        text = one_line(entry.text)
        file = question_file(entry, defaults)
        chosen = entry.id or ids.get(text) or short_id(text, taken | set(places))
        try:
            check_id(chosen)
        except InputError as error:
            raise InputError(f"{entry.place}: {error}") from error
        if chosen in places:
            raise InputError(f"{entry.place}: the question {chosen!r} stands in {places[chosen]} too; keep one")
        ids[text], places[chosen] = chosen, entry.place
        planned.append((Addition(chosen, text, _status(bank, chosen, file, entry.place, replace)), file))
    for addition, file in planned:
        if addition.status != "unchanged":
            bank.write(addition.id, file, replace)
    return [addition for addition, _ in planned]


def _status(
    bank: QuestionBank, chosen: str, file: str, place: str, replace: bool
) -> Literal["added", "replaced", "unchanged"]:
    if chosen not in bank.ids():
        return "added"
    if bank.get(chosen) == parse_question(file, chosen, place):
        return "unchanged"
    if not replace:
        raise InputError(
            f"{place}: {bank.file(chosen)} is there already and says something else; --replace it or give an id"
        )
    return "replaced"
