"""Count in how many sentences of general English each stem occurs, for the inverse document frequencies.

    python models/count_words.py ../shared/data/mnli-train.jsonl

The sentences are those of MultiNLI (ten genres, from letters to telephone): none of the sets that the scorer
is measured on, so no figure leans on having counted its test set. Stems seen once are left out: they weigh
the same as stems never seen.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from scorer.files import sha256
from scorer.lexicon import words


def main(file: Path) -> None:
    rows = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines())
    sentences = dict.fromkeys(text for row in rows for text in (row["answer"], *row["claims"]))
    counts = Counter(stem for sentence in sentences for stem in {word.stem for word in words(sentence)})
    table = {
        "source": {"file": file.name, "sha256": sha256(file)},
        "documents": len(sentences),
        "counts": {stem: count for stem, count in sorted(counts.items()) if count > 1},
    }
    target = Path(__file__).parent / "word_counts.json"
    target.write_text(json.dumps(table, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
