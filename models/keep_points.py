"""Keep the points of the shipped bank's references, so that scoring against them needs no parser.

    python models/keep_points.py

Writes a file a reference to `points/` and removes files that no reference needs any more. Run it after a change
to the bank, to `scorer/splitter.py` or to `scorer/claims.py`; a test says when it is due.
"""

from __future__ import annotations

from pathlib import Path

from scorer.bank import QuestionBank
from scorer.claims import split_reference
from scorer.files import bundled
from scorer.kept import KeptPoints
from scorer.lexicon import Rarity

FOLDER = Path(__file__).parent / "points"


def main() -> None:
    for old in FOLDER.glob("*.json"):
        old.unlink()
    kept = KeptPoints(FOLDER)
    rarity = Rarity.load(bundled("models") / "word_counts.json")
    for question in QuestionBank(bundled("seeds")):
        for reference in question.references:
            split_reference(reference, question.text, rarity, kept.of)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    main()
