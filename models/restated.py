"""Make pairs and answers from `restatements.jsonl`, claims that were said, denied and only touched by hand.

    python models/restated.py pairs [--half 0|1] -o pairs.jsonl       # for train_entailment.py
    python models/restated.py answers [--half 0|1] -o answers.jsonl   # for score-answer calibrate
    python models/restated.py answers --source models/restatements-unseen.jsonl -o unseen.jsonl     # to measure on

A line of a source is a question with items; an item is a claim with two sentences that say it in other words, three
that deny it and one that only touches it. `--half` keeps every other question, so that what is fitted on one half can
be read with adapters that saw the other.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).parent / "restatements.jsonl"
_VERDICTS = {"said": "covered", "denied": "contradicted", "near": "missing"}
Row = dict[str, Any]


def pairs(questions: Sequence[Row], random_: random.Random) -> Iterator[Row]:
    """Each sentence beside its claim, and a sentence that says another claim of the question: that is missing."""
    for question in questions:
        items = question["items"]
        for i, item in enumerate(items):
            found = [(text, verdict) for kind, verdict in _VERDICTS.items() for text in item[kind]]
            found.append((random_.choice(items[i - 1]["said"]), "missing"))
            for text, verdict in found:
                yield {
                    "id": question["id"],
                    "group": question["id"],
                    "question": "",
                    "claims": [item["claim"]],
                    "answer": text,
                    "verdicts": [verdict],
                }


def answers(questions: Sequence[Row], random_: random.Random) -> Iterator[Row]:
    """Four answers to each question: all said, half said, most denied, and one to the next question."""
    for question, other in zip(questions, [*questions[1:], questions[0]], strict=True):
        n = len(question["items"])
        mixed = ["said", "near"] * n
        kinds = {
            "strong": ["said"] * n,
            "half": random_.sample(mixed[:n], n),
            "wrong": random_.sample(["denied"] * (n - 1) + ["said"], n),
            "off": [],
        }
        for name, chosen in kinds.items():
            said = [random_.choice(item[kind]) for item, kind in zip(question["items"], chosen, strict=False)]
            said = said or [random_.choice(item["said"]) for item in other["items"]]
            yield {
                "id": f"{question['id']}/{name}",
                "group": question["id"],
                "question": question["question"],
                "claims": [item["claim"] for item in question["items"]],
                "answer": " ".join(random_.sample(said, len(said))),
                "verdicts": [_VERDICTS[kind] for kind in chosen] or ["missing"] * n,
            }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("make", choices=("pairs", "answers"))
    parser.add_argument("--source", type=Path, default=SOURCE)
    parser.add_argument("--half", type=int, choices=(0, 1))
    parser.add_argument("-o", "--output", type=Path, required=True)
    given = parser.parse_args()
    questions = [json.loads(line) for line in given.source.read_text(encoding="utf-8").splitlines()]
    questions = [{"id": f"restated/{i}", **question} for i, question in enumerate(questions)]
    if given.half is not None:
        questions = questions[given.half :: 2]
    make = pairs if given.make == "pairs" else answers
    rows = list(make(questions, random.Random(0)))
    given.output.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    print(len(rows))


if __name__ == "__main__":
    main()
