"""List pairs of opposite words and of words that say the same, from WordNet's database.

    python models/list_words.py FOLDER

FOLDER holds WordNet's data.* and index.* files (https://wordnet.princeton.edu, here 3.1; its licence lets them be used,
copied and changed with its notice, which stands at the head of each list). Kept are single words that general
English uses: both stand in the counted sentences of `word_counts.json`. Words say the same where one meaning is the
most frequent one of both.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path

from scorer.lexicon import Rarity, words

_HERE = Path(__file__).parent
_PARTS = ("noun", "verb", "adj", "adv")
_NOTICE = """\
# {} and their part of speech: an excerpt of WordNet 3.1, made by list_words.py.
# WordNet 3.1 Copyright 2011 by Princeton University. All rights reserved. THIS SOFTWARE AND DATABASE IS PROVIDED
# "AS IS" AND PRINCETON UNIVERSITY MAKES NO REPRESENTATIONS OR WARRANTIES, EXPRESS OR IMPLIED.
# Licence: https://wordnet.princeton.edu/license-and-commercial-use
"""
Entry = tuple[str, str, str]


def antonyms(folder: Path) -> Iterator[Entry]:
    """(word, opposite, part of speech), each pair in both directions."""
    for part in _PARTS:
        synsets = {line.split(" ", 1)[0]: line.split() for line in _lines(folder / f"data.{part}")}
        for fields in synsets.values():
            for source, synset, target in _pointers(fields):
                yield _word(fields, source), _word(synsets[synset], target), part


def synonyms(folder: Path) -> Iterator[Entry]:
    """(word, other word, part of speech), of different stems, where their most frequent meaning is the same."""
    for part in _PARTS:
        by_meaning: dict[str, list[str]] = {}
        for fields in (line.split() for line in _lines(folder / f"index.{part}")):
            meanings = fields[-int(fields[2]) :]
            by_meaning.setdefault(meanings[0], []).append(fields[0])
        for members in by_meaning.values():
            for a, b in combinations(members, 2):
                if words(a)[0].stem != words(b)[0].stem:
                    yield a, b, part


def _lines(file: Path) -> list[str]:
    return [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("  ")]


def _pointers(fields: list[str]) -> Iterator[tuple[int, str, int]]:
    """The antonym pointers of one synset's line: word number, the other synset's offset, word number there."""
    start = 4 + 2 * int(fields[3], 16)
    for i in range(int(fields[start])):
        symbol, offset, _, numbers = fields[start + 1 + 4 * i : start + 5 + 4 * i]
        if symbol == "!":
            yield int(numbers[:2], 16), offset, int(numbers[2:], 16)


def _word(fields: list[str], number: int) -> str:
    return fields[4 + 2 * (number - 1)].split("(")[0]


def write(name: str, heading: str, pairs: Iterable[Entry], least: int) -> None:
    """The pairs whose words occur in at least `least` counted sentences, in alphabetical order, with the notice."""
    rarity = Rarity.load(_HERE / "word_counts.json")
    known = {
        (*sorted((word, other)), part)
        for word, other, part in pairs
        if all(len(w) > 1 and w.isalpha() and w.islower() for w in (word, other))
        and all(rarity.counts.get(words(w)[0].stem, 0) >= least for w in (word, other))
    }
    table = "".join(" ".join(entry) + "\n" for entry in sorted(known))
    (_HERE / name).write_text(_NOTICE.format(heading) + table, encoding="utf-8")


def main(folder: Path) -> None:
    write("antonyms.txt", "Opposite words", antonyms(folder), least=2)
    write("synonyms.txt", "Words of one meaning", synonyms(folder), least=5)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
