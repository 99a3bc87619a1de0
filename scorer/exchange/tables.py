"""Questions in CSV and JSON Lines, where each has a row, and what it says stands in columns (keys) with names."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from scorer.errors import InputError
from scorer.exchange.entry import Entry
from scorer.records import Question

# What a row may say of a question, each in the column of that name unless another is given.
FIELDS = ("question", "reference", "id", "topic", "context", "level", "levels", "claims")
Columns = Mapping[str, Sequence[str]]

_PLURALS = {"reference": "references"}
_DELIMITERS = ",;\t"


def from_csv(text: str, source: str, columns: Columns) -> list[Entry]:
    """The rows of a table with commas, semicolons or tabs, whichever its header has most of."""
    header = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=header.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    entries = []
    try:
        names = [name or "" for name in reader.fieldnames or ()]
        chosen = _chosen(names, columns, source)
        for row in reader:
            place = f"{source}, line {reader.line_num}"
            if None in row or None in row.values():
                raise InputError(
                    f"{place}: not the {len(names)} cells of the header; put cells with {delimiter!r} in quotes"
                )
            entries.append(_entry(row, chosen, place))
    except csv.Error as error:
        raise InputError(f"{source}, after line {reader.line_num}: no CSV ({error}); mend the quotes") from error
    return entries


def from_json_lines(text: str, source: str, columns: Columns) -> list[Entry]:
    """The objects of JSON Lines; a value is a text, or a list of texts where there may be several."""
    entries = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        place = f"{source}, line {number}"
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InputError(f"{place}: no JSON ({error}); write one object a line") from error
        if not isinstance(row, dict):
            raise InputError(f'{place}: JSON, but no object; write {{"question": …, "reference": …}}')
        entries.append(_entry(row, _chosen(list(row), columns, place), place))
    return entries


def to_row(question: Question) -> dict[str, Any]:
    """A question as a row of JSON Lines, which `from_json_lines` reads back."""
    even = len({claim.weight for claim in question.claims}) == 1
    # Equal weights are written as 1 or left out: as fractions they would not add up to exactly the same again.
    claims: list[Any] = [
        claim.text if even and "|" not in claim.text else {"text": claim.text, "weight": 1 if even else claim.weight}
        for claim in question.claims
    ]
    return {
        "id": question.id,
        "question": question.text,
        "topic": question.topic,
        "context": question.context,
        "levels": list(question.levels),
        "level": question.level,
        "references": list(question.references),
        "claims": claims,
    }


def summary(question: Question) -> dict[str, str]:
    """What a list of questions says of each; the reference is not in it."""
    return {
        "id": question.id,
        "level": question.level,
        "topic": question.topic,
        "question": question.text,
        "context": question.context,
    }


def _chosen(names: Sequence[str], columns: Columns, place: str) -> dict[str, list[str]]:
    """For each field the columns among `names` that hold it, whatever their case."""
    known = {name.strip().casefold(): name for name in names}
    listed = ", ".join(repr(name) for name in names)
    if len(known) < len(names):
        raise InputError(f"{place} has two columns of one name among {listed}; rename one")
    unknown = [
        (field, name) for field, given in columns.items() for name in given if name.strip().casefold() not in known
    ]
    for field, name in unknown:
        raise InputError(f"{place} has no column {name!r} for --column {field}; it has {listed}")
    found = {}
    for field in FIELDS:
        wanted = columns.get(field, (field, _PLURALS.get(field, field)))
        keys = dict.fromkeys(name.strip().casefold() for name in wanted)
        found[field] = [known[key] for key in keys if key in known]
    if not found["question"]:
        raise InputError(f"{place} has no column 'question', only {listed}; name the one: --column question=NAME")
    return found


def _entry(row: Mapping[str, Any], chosen: Mapping[str, Sequence[str]], place: str) -> Entry:
    texts = {
        field: [text for name in names for text in _texts(row[name], name, place)] for field, names in chosen.items()
    }
    one = {field: " ".join(found) for field, found in texts.items()}
    return Entry(
        place=place,
        text=one["question"],
        references=tuple(texts["reference"]),
        claims=tuple(line for text in texts["claims"] for line in text.splitlines() if line.strip()),
        context=one["context"],
        topic=one["topic"],
        levels=tuple(re.findall(r"[\w-]+", one["levels"])),
        level=one["level"],
        id=one["id"],
    )


def _texts(value: Any, name: str, place: str) -> list[str]:
    """A cell or a JSON value as texts that are not blank; a claim with a weight as its line in a question file."""
    found = []
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict) and set(each) == {"text", "weight"}:
            found.append(f"{each['text']} | {each['weight']!r}")
        elif each is None or isinstance(each, str):
            found += [each.strip()] if each and each.strip() else []
        else:
            raise InputError(f"{place}: {name!r} is {type(each).__name__}, not text; write it in quotes")
    return found
