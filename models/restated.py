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
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).parent / "restatements.jsonl"
_VERDICTS = {"said": "covered", "denied": "contradicted", "near": "missing"}
# Of the seven pairs that a claim gives, how many are also read in company, and the share that is made untidy.
_JOINED = 2
_UNTIDY = 0.12
Row = dict[str, Any]


def pairs(questions: Sequence[Row], random_: random.Random) -> Iterator[Row]:
    """Each sentence beside its claim; and some beside a sentence that speaks of another claim of the question.

    A sentence that says another claim is a missing one by itself. The claim's own words, jotted down, cover it. Some
    evidence is in small letters with its punctuation apart, as in texts that a program has taken to pieces.
    """
    for question in questions:
        items = question["items"]
        for i, item in enumerate(items):
            alone = [(text, verdict) for kind, verdict in _VERDICTS.items() for text in item[kind]]
            alone.append((random_.choice(items[i - 1]["said"]), "missing"))
            careless = [(_careless(item["claim"], random_), "covered")]
            others = [text for j, each in enumerate(items) if j != i for kind in _VERDICTS for text in each[kind]]
            together = [(joined(text, random_.choice(others), random_), verdict) for text, verdict in alone]
            for text, verdict in alone + careless + random_.sample(together, _JOINED):
                yield {
                    "id": question["id"],
                    "group": question["id"],
                    "question": "",
                    "claims": [item["claim"]],
                    "answer": untidy(text) if random_.random() < _UNTIDY else text,
                    "verdicts": [verdict],
                }


def _careless(text: str, random_: random.Random) -> str:
    """As one jots it down: no stop, few articles, mostly small letters."""
    words = [
        word for word in text.rstrip(".").split() if word.lower() not in {"the", "a", "an"} or random_.random() < 0.4
    ]
    noted = " ".join(words)
    return noted.lower() if random_.random() < 0.6 else noted


def joined(text: str, other: str, random_: random.Random) -> str:
    """Both sentences as one, or one after the other."""
    first, second = random_.sample((text, other), 2)
    joint = random_.choice((" ", " ", ", and ", "; ", ", while ", " - "))
    if joint == " ":
        return f"{first} {second}"
    word = second.split(" ", 1)[0]
    small = second if word in {"I", "I'm", "I'd"} or word[1:].lower() != word[1:] else second[:1].lower() + second[1:]
    return first.rstrip(" .") + joint + small


def untidy(text: str) -> str:
    return re.sub(r"([,;:!?()]|\.(?=\s|$))", r" \1 ", text.lower()).strip()


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
