"""Make pairs and answers from `close.jsonl`: sentences close to a claim's words, that say it, a part of it, or deny it.

    python models/close.py pairs -o pairs.jsonl           # for train_entailment.py
    python models/close.py answers --source models/close-unseen.jsonl -o answers.jsonl    # for score-answer calibrate

A line is a claim with five sentences that say it in nearly its own words, one that says only a part, and three that
cannot be true together with it. Without them a model learns from `restatements.jsonl`, where what denies a claim shares
its words more often than what says it, that a shared word means a denial.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from restated import joined, untidy

from scorer.splitter import load_parser
from scorer.variations import FINITE, takes_no_adjective

SOURCE = Path(__file__).parent / "close.jsonl"
_VERDICTS = {"close": "covered", "part": "missing", "twisted": "contradicted"}
# Of a claim's nine sentences, how many are also read in company, and the share that is made untidy.
_JOINED = 3
_UNTIDY = 0.08
# None of them is a filler of `score-answer selftest`, which is to test what was not taught.
_ADJECTIVES = ("useful", "sizeable", "striking", "usual", "common", "plain", "whole", "main", "true", "fine")
_ADVERBS = (
    *("generally", "essentially", "simply", "clearly", "effectively", "largely", "of course", "in practice"),
    *("typically", "usually", "mainly", "fully"),
)
Item = dict[str, Any]
Found = tuple[str, str, str]


def pairs(items: Sequence[Item], random_: random.Random) -> Iterator[Found]:
    """(claim, evidence, verdict): each sentence alone, some beside a sentence on another claim, some with fillers."""
    fill: list[Found] = []
    for i, item in enumerate(items):
        claim, other = item["claim"], items[i - 1]
        own = [(text, verdict) for kind, verdict in _VERDICTS.items() for text in item[kind]]
        others = [text for kind in _VERDICTS for text in other[kind]]
        for text, verdict in own:
            yield claim, untidy(text) if random_.random() < _UNTIDY else text, verdict
        for text, verdict in random_.sample(own, _JOINED):
            yield claim, joined(text, random_.choice(others), random_), verdict
        if random_.random() < 0.5:
            yield claim, joined(claim, random_.choice(others), random_), "covered"
        said, denied = random_.choice(item["close"]), random_.choice(item["twisted"])
        fill += [(claim, claim, "covered"), (claim, said, "covered"), (claim, denied, "contradicted")]
    for (claim, _, verdict), text in zip(fill, filled([text for _, text, _ in fill], random_), strict=True):
        yield claim, text, verdict


def filled(texts: Sequence[str], random_: random.Random) -> Iterator[str]:
    """The texts with an adjective before a third of the nouns and an adverb before two fifths of the verbs."""
    for doc in load_parser().pipe(texts, batch_size=128):
        said = ""
        for token in doc:
            if token.pos_ == "NOUN" and not takes_no_adjective(token) and random_.random() < 0.35:
                said += f"{random_.choice(_ADJECTIVES)} "
            elif token.pos_ == "VERB" and token.tag_ in FINITE and random_.random() < 0.4:
                said += f"{random_.choice(_ADVERBS)} "
            said += token.text + token.whitespace_
        yield said


def answers(items: Sequence[Item], random_: random.Random) -> Iterator[dict[str, Any]]:
    """Four answers to the claims of each question: all said, said or half said, most denied, all denied."""
    for question, found in groupby(items, key=lambda item: str(item["question"])):
        claims = list(found)
        n = len(claims)
        kinds = {
            "strong": ["close"] * n,
            "half": random_.sample((["close", "part"] * n)[:n], n),
            "wrong": random_.sample(["twisted"] * (n - 1) + ["close"], n),
            "denied": ["twisted"] * n,
        }
        for name, chosen in kinds.items():
            said = [_sentence(random_.choice(item[kind])) for item, kind in zip(claims, chosen, strict=True)]
            yield {
                "id": f"{question}/{name}",
                "group": question,
                "question": question,
                "claims": [item["claim"] for item in claims],
                "answer": " ".join(random_.sample(said, n)),
                "verdicts": [_VERDICTS[kind] for kind in chosen],
            }


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("make", choices=("pairs", "answers"))
    parser.add_argument("--source", type=Path, default=SOURCE)
    parser.add_argument("-o", "--output", type=Path, required=True)
    given = parser.parse_args()
    items = [json.loads(line) for line in given.source.read_text(encoding="utf-8").splitlines()]
    random_ = random.Random(5)
    if given.make == "answers":
        rows = list(answers(items, random_))
    else:
        rows = [
            {"id": "close", "group": "close", "question": "", "claims": [claim], "answer": text, "verdicts": [verdict]}
            for claim, text, verdict in pairs(items, random_)
        ]
    given.output.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    print(len(rows))


if __name__ == "__main__":
    main()
