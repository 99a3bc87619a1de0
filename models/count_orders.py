"""Count how words follow one another in general English, to tell a sentence from a heap of words.

    python models/count_orders.py ../shared/data/mnli-train.jsonl

The sentences are those of MultiNLI, as for `count_words.py`. The most frequent words stand for themselves, all
others for their endings (`scorer/language.py`); pairs seen once are left out.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from scorer.files import sha256
from scorer.language import class_pairs, tokens

_FREQUENT = 200


def main(file: Path) -> None:
    rows = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines())
    sentences = [tokens(text) for text in dict.fromkeys(t for row in rows for t in (row["answer"], *row["claims"]))]
    counted = Counter(token for sentence in sentences for token in sentence)
    frequent = [token for token, _ in counted.most_common(_FREQUENT)]
    known = frozenset(frequent)
    pairs: Counter[str] = Counter()
    for sentence in sentences:
        pairs.update(f"{first} {second}" for first, second in class_pairs(sentence, known))
    table = {
        "source": {"file": file.name, "sha256": sha256(file)},
        "frequent": frequent,
        "pairs": {pair: count for pair, count in sorted(pairs.items()) if count > 1},
    }
    target = Path(__file__).parent / "word_order.json"
    target.write_text(json.dumps(table, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
