"""Make pairs and answers from whole answers in which every sentence is labelled.

    python models/interviews.py pairs models/interviews.jsonl [--half 0|1] -o pairs.jsonl  # for train_entailment.py
    python models/interviews.py answers models/interviews-unseen.jsonl -o answers.jsonl  # for score-answer calibrate

A line of a source is a question with up to ten claims and three answers, of an expert, of a confident candidate with
many misconceptions and of an average one; in `news.jsonl`, three summaries of a story. Each is a list of sentences with
the claims that the sentence says and those that it denies. What `restated.py` makes pairs of was written claim by
claim; here one sentence says and denies several, in the course of an answer. `--half` as there.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from restated import Found, Row, as_sentence, perhaps_untidy, run

from scorer import AnswerScorer

# The share of sentences that say or deny something which are read once more with the sentence before or after.
_IN_COMPANY = 0.5
# The share of claims that are held against any sentence of an answer that does neither.
_BESIDE = 0.5
# The share of claims that are held against several sentences in a row, of the answer and of one to another question.
_PASSAGES, _FOREIGN = 0.3, 0.3
_LONGEST = 7
Labelled = tuple[str, set[int], set[int]]


def pairs(questions: Sequence[Row], scorer: AnswerScorer, random_: random.Random) -> Iterator[Found]:
    """(claim, evidence, verdict): what each sentence says and denies, sentences that do neither, and passages.

    Sentences that do neither are the nearest, and some others; the nearest are those that the second look would read of
    the whole answer. Without passages that do neither, long evidence about other things was taken for the claim.
    """
    spoken = [(question["claims"], sentences) for question in questions for sentences in _sentences(question).values()]
    requests = [{"answer": _text(sentences), "claims": claims, "question_text": ""} for claims, sentences in spoken]
    found = scorer.gatherer.windows(scorer.tasks(requests))
    for number, ((claims, sentences), windows) in enumerate(zip(spoken, found, strict=True)):
        foreign, elsewhere = spoken[(number + len(spoken) // 2) % len(spoken)]
        yield from _told(claims, sentences, random_)
        yield from _passages(claims, sentences, elsewhere if foreign != claims else [], random_)
        known = {text: says | denies for text, says, denies in sentences}
        for i, (claim, texts) in enumerate(windows.texts):
            silent = [text for text, numbers in known.items() if i not in numbers]
            other = random_.sample(silent, min(len(silent), int(random_.random() < _BESIDE)))
            for text in dict.fromkeys([*(text for text in texts if text in silent), *other]):
                yield claim, perhaps_untidy(text, random_), "missing"


def _told(claims: Sequence[str], sentences: Sequence[Labelled], random_: random.Random) -> Iterator[Found]:
    for place, (text, says, denies) in enumerate(sentences):
        for verdict, numbers, opposite in (("covered", says, 2), ("contradicted", denies, 1)):
            for number in sorted(numbers):
                yield claims[number], perhaps_untidy(text, random_), verdict
                beside = random_.choice([i for i in (place - 1, place + 1) if 0 <= i < len(sentences)])
                if random_.random() < _IN_COMPANY and number not in sentences[beside][opposite]:
                    both = " ".join(sentences[i][0] for i in sorted((place, beside)))
                    yield claims[number], both, verdict


def _passages(
    claims: Sequence[str], sentences: Sequence[Labelled], elsewhere: Sequence[Labelled], random_: random.Random
) -> Iterator[Found]:
    """Two to seven sentences in a row; none that both say and deny the claim."""
    for number, claim in enumerate(claims):
        if random_.random() < _PASSAGES:
            passage = _in_a_row(sentences, random_)
            said = any(number in says for _, says, _ in passage)
            denied = any(number in denies for _, _, denies in passage)
            if not (said and denied):
                yield claim, _text(passage), "covered" if said else "contradicted" if denied else "missing"
        if elsewhere and random_.random() < _FOREIGN:
            yield claim, _text(_in_a_row(elsewhere, random_)), "missing"


def _in_a_row(sentences: Sequence[Labelled], random_: random.Random) -> Sequence[Labelled]:
    length = random_.randint(2, _LONGEST)
    start = random_.randrange(max(1, len(sentences) - length + 1))
    return sentences[start : start + length]


def _text(passage: Sequence[Labelled]) -> str:
    return " ".join(text for text, _, _ in passage)


def _sentences(question: Row) -> dict[str, list[Labelled]]:
    """The sentences of each answer with the claims that they say and deny."""
    return {
        name: [(as_sentence(text), set(says), set(denies)) for text, says, denies in answer]
        for name, answer in question["answers"].items()
    }


def answers(questions: Sequence[Row]) -> Iterator[Row]:
    """The answers to each question, and the expert's answer to the next one. What is also denied is contradicted."""
    for question, other in zip(questions, [*questions[1:], questions[0]], strict=True):
        foreign = [(text, set[int](), set[int]()) for text, _, _ in _sentences(other)["strong"]]
        for name, sentences in {**_sentences(question), "off": foreign}.items():
            said = {number for _, says, _ in sentences for number in says}
            denied = {number for _, _, denies in sentences for number in denies}
            yield {
                "id": f"{question['id']}/{name}",
                "group": question["id"],
                "question": question["question"],
                "claims": question["claims"],
                "answer": _text(sentences),
                "verdicts": [
                    "contradicted" if number in denied else "covered" if number in said else "missing"
                    for number in range(len(question["claims"]))
                ],
            }


def _command_pairs(questions: Sequence[Row], random_: random.Random) -> Iterator[Found]:
    yield from pairs(questions, AnswerScorer(contradiction=False), random_)


if __name__ == "__main__":
    run(__doc__.split("\n", 1)[0], _command_pairs, lambda questions, _: answers(questions))
