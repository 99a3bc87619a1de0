"""List pairs of opposite words, from the antonyms of WordNet's database.

    python models/list_antonyms.py FOLDER

FOLDER holds WordNet's data.noun, data.verb, data.adj and data.adv (https://wordnet.princeton.edu, here 3.1; its
licence lets them be used, copied and changed with its notice, which stands at the head of the list). Kept are
single words that general English uses: both stand in the counted sentences of `word_counts.json`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from scorer.lexicon import Rarity, words

_HERE = Path(__file__).parent
_NOTICE = """\
# Opposite words and their part of speech: an excerpt of WordNet 3.1, made by list_antonyms.py.
# WordNet 3.1 Copyright 2011 by Princeton University. All rights reserved. THIS SOFTWARE AND DATABASE IS PROVIDED
# "AS IS" AND PRINCETON UNIVERSITY MAKES NO REPRESENTATIONS OR WARRANTIES, EXPRESS OR IMPLIED.
# Licence: https://wordnet.princeton.edu/license-and-commercial-use
"""


def antonyms(folder: Path) -> Iterator[tuple[str, str, str]]:
    """(word, opposite, part of speech), each pair in both directions."""
    for part in ("noun", "verb", "adj", "adv"):
        lines = (folder / f"data.{part}").read_text(encoding="utf-8").splitlines()
        synsets = {line.split(" ", 1)[0]: line.split() for line in lines if not line.startswith("  ")}
        for fields in synsets.values():
            for source, synset, target in _pointers(fields):
                yield _word(fields, source), _word(synsets[synset], target), part


def _pointers(fields: list[str]) -> Iterator[tuple[int, str, int]]:
    """The antonym pointers of one synset's line: word number, the other synset's offset, word number there."""
    start = 4 + 2 * int(fields[3], 16)
    for i in range(int(fields[start])):
        symbol, offset, _, numbers = fields[start + 1 + 4 * i : start + 5 + 4 * i]
        if symbol == "!":
            yield int(numbers[:2], 16), offset, int(numbers[2:], 16)


def _word(fields: list[str], number: int) -> str:
    return fields[4 + 2 * (number - 1)].split("(")[0]


def main(folder: Path) -> None:
    rarity = Rarity.load(_HERE / "word_counts.json")
    known = {
        (word, opposite, part)
        for word, opposite, part in antonyms(folder)
        if all(len(w) > 1 and w.isalpha() and w.islower() for w in (word, opposite))
        and all(rarity.counts.get(words(w)[0].stem, 0) > 1 for w in (word, opposite))
    }
    table = "".join(f"{word} {opposite} {part}\n" for word, opposite, part in sorted(known) if word < opposite)
    (_HERE / "antonyms.txt").write_text(_NOTICE + table, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
