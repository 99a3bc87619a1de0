"""Relations that must hold between an answer and changed versions of it, whatever the question.

Metamorphic testing: no label is needed to know that a repeated answer says no more, or that shuffled words say
nothing. Each relation measures by how much it is missed, 0 or less where it holds to the letter, and has a tolerance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from scorer import variations as v
from scorer.bank import QuestionBank
from scorer.calibration import DOUBT
from scorer.errors import InputError
from scorer.files import measured, read_text
from scorer.lexicon import Rarity
from scorer.pipeline import AnswerScorer
from scorer.records import Question, ScoreReport
from scorer.text import sentences, straight

REFERENCE = "reference"
# Of the claims to add and the sentences to leave out, this many of each answer are tried.
_TRIED = 5
# The sample answer that says everything in other words.
STRONG = "strong"


@dataclass(frozen=True)
class Subject:
    """A question with its answers by name (the reference among them), and texts that answer something else."""

    question: Question
    answers: Mapping[str, str]
    others: Mapping[str, str]
    rarity: Rarity

    @property
    def reference(self) -> str:
        """The reference answer; of several, the first."""
        return self.answers[REFERENCE]

    def samples(self) -> Iterator[tuple[str, str]]:
        """Every answer by name, without those that say little."""
        return ((name, text) for name, text in self.answers.items() if len(sentences(text)) > 1)


@dataclass(frozen=True, eq=False)
class Probe:
    """Texts to score against a question, and how far their reports are from what was promised."""

    name: str
    texts: tuple[str, ...]
    missed_by: Callable[[Sequence[ScoreReport]], float]


@dataclass(frozen=True, eq=False)
class Relation:
    """What is promised, with `tolerance`, and what makes the probes of it from a question and its claims."""

    name: str
    promise: str
    tolerance: float
    probes: Callable[[Subject, Sequence[str]], Iterator[Probe]]


@dataclass(frozen=True)
class Outcome:
    """How one relation did: of its `cases`, `failed` miss by more than `tolerance`.

    `worst` is the greatest miss and `where` names its case; None where there was no case.
    """

    relation: str
    promise: str
    tolerance: float
    cases: int
    failed: int
    worst: float | None
    where: str

    @property
    def holds(self) -> bool:
        """Whether no case misses by more than the tolerance."""
        return self.failed == 0


def subjects(bank: QuestionBank, ids: Sequence[str], rarity: Rarity) -> list[Subject]:
    """The questions with these ids that have a reference, each with the bank's sample answers to it.

    Sample answers lie in the bank's folder `answers`, as `<question>--<name>.txt`. Raises InputError where no question
    has a reference to make texts from.
    """
    questions = [question for question in map(bank.get, ids) if question.references]
    if not questions:
        raise InputError(
            f"no question of {bank.path} has a reference to make test answers from; name a bank with --bank"
        )
    background = {"background": read_text(measured("background.txt"))}
    found = []
    for question in questions:
        files = sorted((bank.path / "answers").glob(f"{question.id}--*.txt"))
        samples = {file.stem.split("--", 1)[1]: read_text(file) for file in files}
        others = {other.id: other.references[0] for other in bank if other.id != question.id and other.references}
        answers = {REFERENCE: question.references[0]} | samples
        found.append(Subject(question, answers, background | dict(list(others.items())[:3]), rarity))
    return found


def selftest(scorer: AnswerScorer, chosen: Sequence[Subject], progress: Callable[[str], None]) -> list[Outcome]:
    """Try every relation on every question."""
    missed: dict[str, list[tuple[float, str]]] = {relation.name: [] for relation in RELATIONS}
    for subject in chosen:
        progress(subject.question.id)
        claims = [claim.text for claim in scorer.score("", question=subject.question).claims]
        probes = [(relation, probe) for relation in RELATIONS for probe in relation.probes(subject, claims)]
        texts = list(dict.fromkeys(text for _, probe in probes for text in probe.texts))
        reports = scorer.score_many([{"answer": text, "question": subject.question} for text in texts])
        known = dict(zip(texts, reports, strict=True))
        for relation, probe in probes:
            missed[relation.name].append(
                (probe.missed_by([known[text] for text in probe.texts]), f"{subject.question.id} {probe.name}")
            )
    return [_outcome(relation, missed[relation.name]) for relation in RELATIONS]


def _outcome(relation: Relation, missed: Sequence[tuple[float, str]]) -> Outcome:
    if not missed:
        return Outcome(relation.name, relation.promise, relation.tolerance, 0, 0, None, "")
    worst, where = max(missed)
    failed = sum(round(by, 4) > relation.tolerance for by, _ in missed)
    return Outcome(relation.name, relation.promise, relation.tolerance, len(missed), failed, round(worst, 4), where)


def _score(reports: Sequence[ScoreReport]) -> float:
    return reports[0].score


def _change(reports: Sequence[ScoreReport]) -> float:
    return abs(reports[1].score - reports[0].score)


def _share_contradicted(report: ScoreReport) -> float:
    return len(report.contradicted) / len(report.claims)


def _reference(subject: Subject, _: Sequence[str]) -> Iterator[Probe]:
    yield Probe(REFERENCE, (subject.reference,), lambda reports: 1.0 - reports[0].score)


def _blank(_: Subject, __: Sequence[str]) -> Iterator[Probe]:
    for name, text in (("nothing", ""), ("spaces", "  \n ")):
        yield Probe(name, (text,), _score)


def _other_question(subject: Subject, _: Sequence[str]) -> Iterator[Probe]:
    for name, text in subject.others.items():
        yield Probe(name, (text,), _score)


def _unchanged(change: Callable[[str], str]) -> Callable[[Subject, Sequence[str]], Iterator[Probe]]:
    def probes(subject: Subject, _: Sequence[str]) -> Iterator[Probe]:
        for name, text in subject.answers.items():
            yield Probe(name, (text, change(text)), _change)

    return probes


def _padded(judge: Callable[[Sequence[ScoreReport]], float]) -> Callable[[Subject, Sequence[str]], Iterator[Probe]]:
    def probes(subject: Subject, _: Sequence[str]) -> Iterator[Probe]:
        for name, text in subject.answers.items():
            if name != REFERENCE:
                yield Probe(name, (text, v.padded(text)), judge)

    return probes


def _change_of_no_denial(reports: Sequence[ScoreReport]) -> float:
    return 0.0 if reports[0].contradicted else _change(reports)


def _rise_of_a_denial(reports: Sequence[ScoreReport]) -> float:
    return reports[1].score - reports[0].score if reports[0].contradicted else 0.0


def _padded_reference(subject: Subject, _: Sequence[str]) -> Iterator[Probe]:
    """Each claim is .99 covered where it is quoted word for word, and as probable as the model thinks where not."""
    yield Probe(REFERENCE, (subject.reference, v.padded(subject.reference)), _change)


def _instructed(subject: Subject, _: Sequence[str]) -> Iterator[Probe]:
    for name, text in subject.answers.items():
        every = "\n\n".join(v.INSTRUCTIONS)
        yield Probe(f"{name}, before it", (text, f"{every}\n\n{text}"), _change)
        yield Probe(f"{name}, after it", (text, f"{text}\n\n{every}"), _change)


def _with_others(subject: Subject) -> Iterator[tuple[str, str, str]]:
    """Name, an answer, and the same with sentences about something else, in paragraphs of their own."""
    background = [span.text for span in sentences(subject.others["background"])]
    for name, text in subject.answers.items():
        yield name, text, "\n\n".join((text.rstrip(), *background[:5]))
        yield f"{name}, in between", text, "\n\n".join((*background[5:8], text.rstrip(), *background[8:10]))


def _stays_covered(subject: Subject, _: Sequence[str]) -> Iterator[Probe]:
    def lost(reports: Sequence[ScoreReport]) -> float:
        before, after = ([claim.verdict == "covered" for claim in report.claims] for report in reports)
        return float(sum(a and not b for a, b in zip(before, after, strict=True)))

    for name, text, more in _with_others(subject):
        yield Probe(name, (text, more), lost)


def _stays_scored(subject: Subject, _: Sequence[str]) -> Iterator[Probe]:
    for name, text, more in _with_others(subject):
        yield Probe(name, (text, more), _change)


def _is_unsupported(subject: Subject, _: Sequence[str]) -> Iterator[Probe]:
    def unlisted(reports: Sequence[ScoreReport]) -> float:
        own = {span.text for span in reports[0].sentences}
        added = [span for span in reports[1].sentences if span.text not in own]
        return 1.0 - sum(span in reports[1].unsupported for span in added) / max(1, len(added))

    for name, text, more in _with_others(subject):
        yield Probe(name, (text, more), unlisted)


def _shortened(subject: Subject, _: Sequence[str]) -> Iterator[Probe]:
    def raised(reports: Sequence[ScoreReport]) -> float:
        return 0.0 if reports[0].contradicted else reports[1].score - reports[0].score

    for name, text in subject.samples():
        n = len(sentences(text))
        for i in _spread(n):
            yield Probe(f"{name}, without sentence {i + 1}", (text, v.without(text, {i})), raised)
        yield Probe(f"{name}, its second half", (text, v.without(text, set(range(n // 2)))), raised)


def _completed(subject: Subject, claims: Sequence[str]) -> Iterator[Probe]:
    for name, text in subject.answers.items():
        for i in _spread(len(claims)):
            completed = f"{text.rstrip()}\n\n{claims[i]}"
            yield Probe(f"{name}, claim {i + 1} added", (text, completed), partial(_not_gained, i))


def _not_gained(i: int, reports: Sequence[ScoreReport]) -> float:
    """A claim that the answer likely denies is none of the missing: who says it as well is contradicted."""
    before, after = reports
    if before.claims[i].verdict != "missing" or (before.claims[i].contradiction or 0.0) > DOUBT:
        return 0.0
    return max(before.score - after.score, 0.0 if after.claims[i].verdict == "covered" else 1.0)


def _spread(n: int) -> list[int]:
    """At most _TRIED of the indices below `n`, evenly spaced."""
    return sorted({int(i) for i in np.linspace(0, n - 1, min(n, _TRIED))})


def _echoed(subject: Subject, _: Sequence[str]) -> Iterator[Probe]:
    yield Probe("question", (" ".join([subject.question.text] * 3),), _score)


def _heaped(subject: Subject, _: Sequence[str]) -> Iterator[Probe]:
    yield Probe("in one line", (v.heaped(subject.reference, subject.rarity),), _score)
    # In their own order they are an answer in the style of a telegram, and no heap.
    by_sentence = [v.shuffled(v.heaped(span.text, subject.rarity), 0) for span in sentences(subject.reference)]
    yield Probe("by sentence", (". ".join(by_sentence) + ".",), _score)


def _disordered(change: Callable[[str, int], str]) -> Callable[[Subject, Sequence[str]], Iterator[Probe]]:
    def probes(subject: Subject, _: Sequence[str]) -> Iterator[Probe]:
        for name, text in subject.samples():
            for seed in range(3):
                yield Probe(
                    f"{name}, order {seed}",
                    (text, change(text, seed)),
                    lambda reports: reports[1].score - reports[0].score / 2.0,
                )

    return probes


def _denied(measure: Callable[[ScoreReport], float]) -> Callable[[Subject, Sequence[str]], Iterator[Probe]]:
    def probes(_: Subject, claims: Sequence[str]) -> Iterator[Probe]:
        for name, negation in v.NEGATIONS.items():
            yield Probe(name, (v.negated(claims, negation),), lambda reports: measure(reports[0]))

    return probes


def _misnumbered(subject: Subject, claims: Sequence[str]) -> Iterator[Probe]:  # noqa: ARG001
    for i, claim in enumerate(claims):
        changed = v.other_numbers(claim)
        if changed is not None:
            yield Probe(f"claim {i + 1}", (changed,), partial(_is_covered, i))


def _is_covered(i: int, reports: Sequence[ScoreReport]) -> float:
    return float(reports[0].claims[i].verdict == "covered")


def _paraphrased(subject: Subject, _: Sequence[str]) -> Iterator[Probe]:
    for name in (STRONG, REFERENCE):
        if name in subject.answers:
            yield Probe(name, (subject.answers[name],), lambda reports: _share_contradicted(reports[0]))


RELATIONS: tuple[Relation, ...] = (
    Relation("reference", "the reference scores 1", 0.05, _reference),
    Relation("blank", "a blank answer scores 0", 0.0, _blank),
    Relation("other question", "the answer to another question scores 0", 0.15, _other_question),
    Relation("repeated", "an answer said twice scores the same", 0.02, _unchanged(v.repeated)),
    Relation("reordered", "its sentences in another order score the same", 0.02, _unchanged(v.reordered)),
    Relation("upper case", "case changes nothing", 0.02, _unchanged(str.upper)),
    Relation("lower case", "case changes nothing", 0.02, _unchanged(str.lower)),
    Relation("spaces", "spaces between words change nothing", 0.02, _unchanged(v.spaced)),
    Relation("curly quotes", "the kind of quotation marks changes nothing", 0.02, _unchanged(v.curly)),
    Relation("straight quotes", "the kind of quotation marks changes nothing", 0.02, _unchanged(straight)),
    Relation("line ends", "the kind of line ends changes nothing", 0.02, _unchanged(v.carriage_returns)),
    Relation("asides keep claims", "sentences about something else lose no covered claim", 0.0, _stays_covered),
    Relation("asides keep the score", "sentences about something else change nothing", 0.03, _stays_scored),
    Relation("asides are listed", "sentences about something else are unsupported", 0.0, _is_unsupported),
    Relation("shortened", "leaving sentences out raises nothing", 0.02, _shortened),
    Relation("completed", "a missing claim's own text covers it and lowers nothing", 0.02, _completed),
    Relation("question echoed", "the question, three times over, scores 0", 0.15, _echoed),
    Relation("heap", "the reference's content words in a heap score 0", 0.25, _heaped),
    Relation("shuffled", "shuffled words score at most half", 0.0, _disordered(v.shuffled)),
    Relation(
        "shuffled within", "words shuffled in each sentence score at most half", 0.0, _disordered(v.shuffled_within)
    ),
    Relation("denied score", "every claim denied scores 0", 0.25, _denied(lambda report: report.score)),
    Relation("denied flags", "every claim denied is flagged", 0.4, _denied(lambda r: 1.0 - _share_contradicted(r))),
    Relation("numbers", "a claim with other numbers is not covered", 0.0, _misnumbered),
    Relation("paraphrase", "no claim of a strong answer is contradicted", 0.05, _paraphrased),
    Relation("filler", "filler adjectives and adverbs change nothing", 0.05, _padded(_change_of_no_denial)),
    Relation("filled denial", "fillers hide no denial", 0.1, _padded(_rise_of_a_denial)),
    Relation("filled reference", "the reference with fillers is no quotation, but scores high", 0.2, _padded_reference),
    Relation("instructions", "instructions to the grader change nothing", 0.02, _instructed),
)


def table(outcomes: Sequence[Outcome]) -> str:
    """The outcomes as text: a line a relation, the failed ones marked, with the worst case of each."""
    lines = [f"{'relation':<22}{'cases':>6}{'failed':>8}{'worst':>8}{'limit':>7}"]
    for each in outcomes:
        mark = "pass" if each.holds else "FAIL"
        worst = "-" if each.worst is None else f"{each.worst:.3f}"
        where = "" if each.holds or not each.where else f"{each.promise}; worst: {each.where}"
        counts = f"{each.relation:<22}{each.cases:>6}{each.failed:>8}"
        lines.append(f"{counts}{worst:>8}{each.tolerance:>7.2f}  {mark}  {where}".rstrip())
    cases, failed = (sum(getattr(each, name) for each in outcomes) for name in ("cases", "failed"))
    broken = sum(not each.holds for each in outcomes)
    lines.append(f"{len(outcomes)} relations, {broken} broken; {cases} cases, {failed} failed")
    return "\n".join(lines)
