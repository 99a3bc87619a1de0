"""Make pairs and answers from claims that were said, denied and only touched by hand.

    python models/restated.py pairs models/spoken.jsonl [--half 0|1] -o pairs.jsonl       # for train_entailment.py
    python models/restated.py answers models/spoken-unseen.jsonl -o answers.jsonl         # for score-answer calibrate

A line of a source is a question with items; an item is a claim with sentences that say it, sentences that deny it and
sentences that say only a part of it or something beside it. `--half` keeps every other question, so that what is fitted
on one half can be read with adapters that saw the other.

Why three sources: in `restatements.jsonl` what denies a claim shares its words more often than what says it, and a
model learns that from it; `close.jsonl` has both close to the claim's words, and `spoken.jsonl` both near and far.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from scorer.splitter import load_parser
from scorer.variations import FINITE, changed, takes_no_adjective

_VERDICTS = {"said": "covered", "denied": "contradicted", "near": "missing"}
# The share of sentences that is made untidy.
_UNTIDY = 0.1
# None of them is a filler of `score-answer selftest`, which is to test what was not taught.
_ADJECTIVES = ("useful", "sizeable", "striking", "usual", "common", "plain", "whole", "main", "true", "fine")
_ADVERBS = (
    *("generally", "essentially", "simply", "clearly", "effectively", "largely", "of course", "in practice"),
    *("typically", "usually", "mainly", "fully"),
)
Row = dict[str, Any]
Found = tuple[str, str, str]


def pairs(questions: Sequence[Row], random_: random.Random) -> Iterator[Found]:
    """(claim, evidence, verdict): see `_of_claim`; and a sentence of each claim, or the claim itself, with fillers."""
    fill: list[Found] = []
    for number, question in enumerate(questions):
        items = question["items"]
        elsewhere = questions[(number + random_.randrange(1, max(2, len(questions)))) % len(questions)]["items"]
        for i, item in enumerate(items):
            beside = [each for j, each in enumerate(items) if j != i] or elsewhere
            yield from _of_claim(item, beside, elsewhere, random_)
            said, denied = random_.choice([*item["said"], item["claim"]]), random_.choice(item["denied"])
            fill += [(item["claim"], said, "covered"), (item["claim"], denied, "contradicted")]
    for (claim, _, verdict), text in zip(fill, filled([text for _, text, _ in fill], random_), strict=True):
        yield claim, text, verdict


def _of_claim(item: Row, beside: Sequence[Row], elsewhere: Sequence[Row], random_: random.Random) -> Iterator[Found]:
    """Each sentence alone, one of each verdict beside a sentence on another claim, and the claim's words jotted down.

    A sentence that says another claim of the question (`beside`), or one of another question, is a missing one. Some
    evidence is in small letters with its punctuation apart, as in texts that a program has taken to pieces.
    """
    claim = item["claim"]
    own = [(text, verdict) for kind, verdict in _VERDICTS.items() for text in item[kind]]
    others = [text for each in beside for kind in _VERDICTS for text in each[kind]]
    for text, verdict in own:
        yield claim, perhaps_untidy(text, random_), verdict
    for foreign in (beside, elsewhere):
        yield claim, random_.choice(random_.choice(foreign)["said"]), "missing"
    yield claim, _careless(claim, random_), "covered"
    for kind, verdict in _VERDICTS.items():
        yield claim, joined(random_.choice(item[kind]), random_.choice(others), random_), verdict


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


def perhaps_untidy(text: str, random_: random.Random) -> str:
    """One text in ten made untidy."""
    return untidy(text) if random_.random() < _UNTIDY else text


def untidy(text: str) -> str:
    """In small letters, punctuation apart."""
    return re.sub(r"([,;:!?()]|\.(?=\s|$))", r" \1 ", text.lower()).strip()


def filled(texts: Sequence[str], random_: random.Random) -> Iterator[str]:
    """The texts with an adjective before a third of the nouns and an adverb before two fifths of the verbs."""
    for doc in load_parser().pipe(texts, batch_size=128):
        changes = {}
        for token in doc:
            if token.pos_ == "NOUN" and not takes_no_adjective(token) and random_.random() < 0.35:
                changes[token.i] = f"{random_.choice(_ADJECTIVES)} {token.text}"
            elif token.pos_ == "VERB" and token.tag_ in FINITE and random_.random() < 0.4:
                changes[token.i] = f"{random_.choice(_ADVERBS)} {token.text}"
        yield changed(doc, changes)


def answers(questions: Sequence[Row], random_: random.Random) -> Iterator[Row]:
    """Five answers to each question: all said, half said, most denied, all denied, and one to the next question."""
    for question, other in zip(questions, [*questions[1:], questions[0]], strict=True):
        n = len(question["items"])
        kinds = {
            "strong": ["said"] * n,
            "half": random_.sample((["said", "near"] * n)[:n], n),
            "wrong": random_.sample(["denied"] * (n - 1) + ["said"], n),
            "denied": ["denied"] * n,
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
                "answer": " ".join(as_sentence(text) for text in random_.sample(said, len(said))),
                "verdicts": [_VERDICTS[kind] for kind in chosen] or ["missing"] * n,
            }


def as_sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?", '"')) else ".")


def as_pair(claim: str, text: str, verdict: str) -> Row:
    return {"id": "pair", "group": "pair", "question": "", "claims": [claim], "answer": text, "verdicts": [verdict]}


def read_questions(source: Path) -> list[Row]:
    """The questions of a source, each with an id."""
    lines = source.read_text(encoding="utf-8").splitlines()
    return [{"id": f"{source.stem}/{i}", **json.loads(line)} for i, line in enumerate(lines)]


def run(
    description: str,
    make_pairs: Callable[[Sequence[Row], random.Random], Iterator[Found]],
    make_answers: Callable[[Sequence[Row], random.Random], Iterator[Row]],
) -> None:
    """The command line of this file, and of others that make pairs and answers of questions."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("make", choices=("pairs", "answers"))
    parser.add_argument("source", type=Path)
    parser.add_argument("--half", type=int, choices=(0, 1))
    parser.add_argument("-o", "--output", type=Path, required=True)
    given = parser.parse_args()
    questions = read_questions(given.source)
    if given.half is not None:
        questions = questions[given.half :: 2]
    random_ = random.Random(0)
    if given.make == "answers":
        rows = list(make_answers(questions, random_))
    else:
        rows = [as_pair(*pair) for pair in make_pairs(questions, random_)]
    given.output.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    print(len(rows))


if __name__ == "__main__":
    run(__doc__.split("\n", 1)[0], pairs, answers)
