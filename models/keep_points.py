"""Keep the points of the shipped bank's references, so that scoring against them needs no parser.

    python models/keep_points.py

Writes a file a reference to `points/` and removes files that no reference needs any more. Run it after a change
to the bank, to `scorer/splitter.py` or to `scorer/claims.py`; a test says when it is due.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from scorer.bank import QuestionBank
from scorer.claims import split_reference
from scorer.files import bundled
from scorer.kept import points_key
from scorer.lexicon import Rarity
from scorer.records import Span
from scorer.splitter import Point, Splitter

FOLDER = Path(__file__).parent / "points"


def main() -> None:
    for old in FOLDER.glob("*.json"):
        old.unlink()
    splitter = Splitter()
    rarity = Rarity.load(bundled("models") / "word_counts.json")

    def parse(sentences: Sequence[Span]) -> list[list[Point]]:
        points = splitter.points(sentences)
        texts = [[point.text for point in each] for each in points]
        content = json.dumps(texts, ensure_ascii=False, indent=1) + "\n"
        (FOLDER / f"{points_key(sentences)}.json").write_text(content, encoding="utf-8")
        return points

    for question in QuestionBank(bundled("seeds")):
        for reference in question.references:
            split_reference(reference, question.text, rarity, parse)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    main()
