"""A request, as a caller makes it, to a task that can be scored. Whatever is wrong with it shows here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scorer.bank import QuestionBank
from scorer.claims import VERSION as CLAIMS_VERSION
from scorer.claims import Split, claims_of, given_claims
from scorer.errors import InputError
from scorer.kept import KeptPoints
from scorer.language import WordOrder, heaps
from scorer.lexicon import Rarity
from scorer.records import Question, Span
from scorer.text import sentences

# Characters of text that are encoded together: bounds memory, whatever the answers' lengths.
GROUP = 60_000
_KEYS = {"answer", "question", "references", "claims", "question_text", "source"}


@dataclass(frozen=True)
class Task:
    """One answer to score: its sentences, and the alternative lists of claims to hold against them.

    `heaps` are the indices of the sentences that are heaps of words: they are evidence of nothing.
    """

    answer: str
    source: str
    sentences: tuple[Span, ...]
    question: Question
    splits: tuple[Split, ...]
    claims_version: str
    heaps: frozenset[int] = frozenset()

    @property
    def spoken(self) -> tuple[int, ...]:
        """The indices of the sentences that are language."""
        return tuple(i for i in range(len(self.sentences)) if i not in self.heaps)

    def texts(self) -> list[str]:
        """All that is encoded for this task, claims first."""
        return self.claim_texts() + [self.sentences[i].text for i in self.spoken]

    def claim_texts(self) -> list[str]:
        """The claims of all alternatives, in order."""
        return [claim.text for split in self.splits for claim in split.claims]


def prepare(
    request: Mapping[str, Any],
    bank: QuestionBank | None,
    rarity: Rarity,
    order: WordOrder,
    kept: KeptPoints,
    max_characters: int,
) -> Task:
    """Make a task of a request, a mapping with the keywords of `AnswerScorer.score`.

    `bank` is where ids of questions are looked up; None stands for the default one, opened only where it is
    needed. `order` knows the order of words in English, `kept` gives the points of references. Raises InputError for
    an unknown key, an answer that is no text or too long, or where it is not one of question, references and claims
    that it is to be scored against.
    """
    unknown = sorted(set(request) - _KEYS)
    if unknown:
        raise InputError(f"unknown key {unknown[0]!r}; known: {', '.join(sorted(_KEYS))}")
    answer = _answer(request, max_characters)
    question = _question(request, bank)
    if request.get("claims") is not None:
        splits, version = [given_claims(_texts(request["claims"], "claims"))], "given"
    else:
        splits = claims_of(question, rarity, kept.of)
        version = "authored" if question.claims else CLAIMS_VERSION
    found = sentences(answer)
    source = str(request.get("source") or "")
    return Task(answer, source, found, question, tuple(splits), version, heaps(found, order, rarity))


def groups(tasks: Sequence[Task]) -> Iterator[list[Task]]:
    """Consecutive tasks whose texts are encoded together, so that short answers share batches."""
    group: list[Task] = []
    size = 0
    for task in tasks:
        length = sum(len(text) for text in task.texts())
        if group and size + length > GROUP:
            yield group
            group, size = [], 0
        group.append(task)
        size += length
    if group:
        yield group


def _answer(request: Mapping[str, Any], max_characters: int) -> str:
    answer = request.get("answer")
    if not isinstance(answer, str):
        raise InputError(f"the answer is {type(answer).__name__}, not text; give a str as 'answer'")
    if len(answer) > max_characters:
        raise InputError(
            f"the answer has {len(answer):,} characters, the limit is {max_characters:,}; "
            "shorten it or raise the limit (--max-characters)"
        )
    try:
        answer.encode()
    except UnicodeEncodeError as error:
        raise InputError(f"the answer is not valid text at character {error.start}; decode it as UTF-8") from error
    return answer


def _question(request: Mapping[str, Any], bank: QuestionBank | None) -> Question:
    chosen = [name for name in ("question", "references", "claims") if request.get(name) is not None]
    if len(chosen) != 1:
        raise InputError(
            f"{' and '.join(chosen) or 'nothing'} given to score against; give one of question, references, claims"
        )
    question = request.get("question")
    if question is None:
        references = request.get("references")
        return Question(
            id="",
            text=str(request.get("question_text") or ""),
            references=() if references is None else _texts(references, "references"),
        )
    found = question if isinstance(question, Question) else (bank or QuestionBank()).get(str(question))
    if not found.references and not found.claims:
        raise InputError(f"question {found.id!r} has no reference and no claims; give it one")
    return found


def _texts(given: Any, name: str) -> tuple[str, ...]:
    if isinstance(given, str) or not all(isinstance(text, str) for text in given):
        raise InputError(f"{name} must be a list of texts; write {name}=['…', '…']")
    if not given:
        raise InputError(f"{name} is empty; give at least one")
    return tuple(given)
