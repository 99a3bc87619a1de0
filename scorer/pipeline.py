"""`AnswerScorer`: the one place that knows the order of things, from an answer to its report."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, overload

import numpy as np

from scorer import __version__, evidence
from scorer.bank import QuestionBank
from scorer.calibration import QUOTED, Calibration, Coverage
from scorer.coverage import score_interval, verdict_of, weighted_score
from scorer.encoder import DEFAULT_MODEL, load_encoder
from scorer.entailment import Entailment
from scorer.errors import InputError, ScorerError
from scorer.files import LARGEST_ANSWER, bundled, measured, read_text
from scorer.gather import Gathered, Gatherer
from scorer.grades import GradeScale
from scorer.kept import KeptPoints
from scorer.language import WordOrder, is_english
from scorer.lexicon import Rarity, stems, words
from scorer.reasons import reason
from scorer.records import Claim, ClaimVerdict, Question, ScoreReport
from scorer.tasks import Task, prepare

# Characters beyond which unrelated prose begins to match by chance: it scores .26 at this length (models/README.md).
_LONG = 10_000


@dataclass(frozen=True)
class Thresholds:
    """From which probability on a claim is covered, below which it is missing, from which denial on contradicted."""

    covered: float
    missing: float
    contradicted: float


@dataclass(frozen=True, eq=False)
class Judged:
    """Probabilities (n,) that each claim is covered, and that it is denied (None: nobody looked)."""

    covered: evidence.Floats
    denied: evidence.Floats | None


class AnswerScorer:
    """Scores written answers against reference answers.

    `model` is a Sentence-Transformers folder (None: the model that comes with the package), `bank` a folder of
    question files or a QuestionBank (None: the shipped one), `calibration` a file written by `score-answer
    calibrate`. `contradiction` asks for the second look, which reads each claim together with its evidence; without
    it scoring is faster and blind to denials: each claim's `contradiction` is None. Answers longer than
    `max_characters` are refused. `grades`, a file written by `score-answer calibrate --grades`, adds a mark to the
    flags of each report. `leave_out` asks for the score without each sentence of the answer, `score_without` of the
    report: it reads half as many pairs again in the second look, and encodes nothing more. `threads` is how many cores
    to use (None: all); no result depends on it.

    Loading takes place here; raises ModelError where the model or the installation is not usable.
    """

    def __init__(
        self,
        model: str | os.PathLike[str] | None = None,
        bank: str | os.PathLike[str] | QuestionBank | None = None,
        contradiction: bool = True,
        calibration: str | os.PathLike[str] | None = None,
        max_characters: int = LARGEST_ANSWER,
        grades: str | os.PathLike[str] | None = None,
        leave_out: bool = False,
        threads: int | None = None,
    ) -> None:
        self._bank = bank
        self._max_characters = max_characters
        self._grades = None if grades is None else GradeScale.load(Path(grades))
        self.calibration = Calibration.load(measured("calibration.json") if calibration is None else Path(calibration))
        folder, adapters = bundled("models") / DEFAULT_MODEL, f"{DEFAULT_MODEL}/entailment.safetensors"
        self.gatherer = Gatherer(
            encoder=load_encoder(model, threads),
            rarity=Rarity.load(measured("word_counts.json")),
            entailment=Entailment(folder, measured(adapters), threads) if contradiction else None,
            leave_out=leave_out,
        )
        self._kept = KeptPoints()
        self._order = WordOrder.load(measured("word_order.json"))

    @property
    def signature(self) -> str:
        """What every score depends on beside the question and its claims, as key:value|key:value."""
        parts = {
            "scorer": __version__,
            "model": self.gatherer.encoder.signature,
            "entailment": self.gatherer.second,
            "calibration": self.calibration.signature,
        }
        return "|".join(f"{key}:{value}" for key, value in parts.items())

    @property
    def thresholds(self) -> Thresholds:
        """Where the verdicts are cut."""
        return Thresholds(self._coverage.covered, self._coverage.missing, self.calibration.contradicted)

    def score(
        self,
        answer: str,
        *,
        question: str | Question | None = None,
        references: Sequence[str] | None = None,
        claims: Sequence[str] | None = None,
        question_text: str = "",
        source: str = "",
    ) -> ScoreReport:
        """Score one answer against a question of the bank, or against references, or against claims.

        `question` is an id of the bank or a Question. `references` are alternatives: the best-covered one
        counts. `claims` are used exactly as given, with equal weights. `question_text` is what was asked, for
        references and claims: words that it gives away earn nothing. `source` is copied into the report.
        Raises InputError where these do not fit together or a text cannot be used.
        """
        request = {
            "answer": answer,
            "question": question,
            "references": references,
            "claims": claims,
            "question_text": question_text,
            "source": source,
        }
        return next(self._score_all([self._prepare(request)]))

    @overload
    def score_many(self, requests: Sequence[Mapping[str, Any]]) -> list[ScoreReport]: ...
    @overload
    def score_many(self, requests: Sequence[Mapping[str, Any]], errors: Literal["raise"]) -> list[ScoreReport]: ...
    @overload
    def score_many(
        self, requests: Sequence[Mapping[str, Any]], errors: Literal["return"]
    ) -> list[ScoreReport | ScorerError]: ...
    def score_many(
        self, requests: Sequence[Mapping[str, Any]], errors: str = "raise"
    ) -> list[ScoreReport] | list[ScoreReport | ScorerError]:
        """Score many answers, in order. A request is a mapping with the keywords of `score` and "answer".

        A bad request raises InputError before anything is encoded, naming its index; with errors="return" its
        error stands in its place instead.
        """
        if errors not in ("raise", "return"):
            raise InputError(f"errors={errors!r} is unknown; use 'raise' or 'return'")
        prepared: list[Task | ScorerError] = []
        for index, request in enumerate(requests):
            try:
                prepared.append(self._prepare(request))
            except ScorerError as error:
                if errors == "raise":
                    source = f" ({request['source']})" if request.get("source") else ""
                    raise type(error)(f"request {index}{source}: {error}") from error
                prepared.append(error)
        tasks = [task for task in prepared if isinstance(task, Task)]
        reports = self._score_all(tasks)
        return [next(reports) if isinstance(each, Task) else each for each in prepared]

    def chance(self, claims: Sequence[str], question_text: str = "") -> tuple[float, ...]:
        """The coverage, 0..1, that a fixed text about other things reaches on each claim."""
        background = read_text(measured("background.txt"))
        return tuple(
            claim.coverage for claim in self.score(background, claims=claims, question_text=question_text).claims
        )

    @property
    def bank(self) -> QuestionBank:
        """The bank that ids of questions are looked up in. Raises InputError where it is no folder."""
        return self._bank if isinstance(self._bank, QuestionBank) else QuestionBank(self._bank)

    def _prepare(self, request: Mapping[str, Any]) -> Task:
        bank = self.bank if isinstance(request.get("question"), str) else None
        return prepare(request, bank, self.gatherer.rarity, self._order, self._kept, self._max_characters)

    def tasks(self, requests: Sequence[Mapping[str, Any]]) -> list[Task]:
        """Requests, as in `score_many`, ready to gather the evidence on. Raises InputError for a bad one."""
        return [self._prepare(request) for request in requests]

    def _score_all(self, tasks: Sequence[Task]) -> Iterator[ScoreReport]:
        for task, alternatives in zip(tasks, self.gatherer.gather(tasks), strict=True):
            yield self._best(task, alternatives) if task.spoken else self._nothing(task, alternatives[0])

    def _nothing(self, task: Task, empty: Gathered) -> ScoreReport:
        zeros = np.zeros(len(empty.claims))
        nothing = Judged(zeros, None if self.gatherer.entailment is None else zeros)
        return self._report(task, 0, empty, nothing, (0.0,) * len(task.sentences))

    def _judge(self, gathered: Gathered) -> Judged:
        covered = self._coverage.probabilities(gathered.features, self.gatherer.features, gathered.quoted)
        if self.gatherer.entailment is None:
            return Judged(covered, None)
        denied = self.calibration.denial.probabilities(gathered.features, self.gatherer.features)
        return Judged(self.calibration.undenied(covered, denied, gathered.quoted), denied)

    @property
    def _coverage(self) -> Coverage:
        return self.calibration.first if self.gatherer.entailment is None else self.calibration.second

    def _best(self, task: Task, alternatives: Sequence[Gathered]) -> ScoreReport:
        """The report on the alternative that scores highest, the first of equals."""
        judged = [self._judge(each) for each in alternatives]
        scores = [_score(each, gathered) for each, gathered in zip(judged, alternatives, strict=True)]
        best = int(np.argmax(scores))
        return self._report(task, best, alternatives[best], judged[best], self._without(task, alternatives, scores))

    def _without(self, task: Task, alternatives: Sequence[Gathered], scores: Sequence[float]) -> tuple[float, ...]:
        """The score without each sentence: again that of the alternative which then scores highest."""
        if len(task.spoken) == 1:
            return tuple(0.0 if i in task.spoken else max(scores) for i in range(len(task.sentences)))
        left = [max(scores)] * len(task.sentences)
        for lacking in zip(*(gathered.lacking for gathered in alternatives), strict=True):
            pairs = zip(lacking, alternatives, strict=True)
            changed = [replace(whole, features=each.features, quoted=each.quoted) for each, whole in pairs]
            left[lacking[0].place] = max(_score(self._judge(each), each) for each in changed)
        return tuple(left)

    def _report(
        self, task: Task, reference: int, found: Gathered, judged: Judged, without: tuple[float, ...]
    ) -> ScoreReport:
        weights = _weights(found.claims)
        score = weighted_score(judged.covered, weights)
        supported = found.cosines.max(axis=0) >= self.calibration.support
        return ScoreReport(
            question=task.question.id,
            source=task.source,
            answer=task.answer,
            score=score,
            interval=score_interval(judged.covered, weights, self._coverage.claim_correlation),
            claims=tuple(self._verdict(i, found, judged, task) for i in range(len(found.claims))),
            unsupported=tuple(s for s, known in zip(task.sentences, supported, strict=True) if not known),
            flags=self._flags(task, reference) + self._grade(score),
            matrix=found.cosines.astype(np.float32),
            sentences=task.sentences,
            reference=reference,
            signature=self._signature(task),
            score_without=without if self.gatherer.leave_out else None,
        )

    def _verdict(self, i: int, found: Gathered, judged: Judged, task: Task) -> ClaimVerdict:
        claim, probability = found.claims[i], float(judged.covered[i])
        denial = None if judged.denied is None else float(judged.denied[i])
        limits = self.thresholds
        verdict, margin = verdict_of(probability, limits.covered, limits.missing, denial, limits.contradicted)
        supporting, denying = int(found.supporting[i]), int(found.denying[i])
        shown = denying if verdict == "contradicted" else supporting
        both = verdict == "contradicted" and bool(found.quoted[i])
        spans = task.sentences
        why = reason(verdict, claim.text, spans, supporting, denying, both) if task.spoken else _nothing_said(task)
        return ClaimVerdict(
            text=claim.text,
            weight=round(claim.weight, 6),
            verdict=verdict,
            coverage=probability,
            contradiction=denial,
            margin=margin,
            evidence=None if verdict == "missing" else spans[shown],
            reason=why,
            gain=_gain(judged.covered, _weights(found.claims), i),
        )

    def _grade(self, score: float) -> tuple[str, ...]:
        if self._grades is None:
            return ()
        low, high = self._grades.marks[0], self._grades.marks[-1]
        mark = f"mark {self._grades.mark(score):g} on a scale from {low:g} to {high:g}"
        return (f"{mark}, expected error {self._grades.error:.2g}",)

    def _flags(self, task: Task, best: int) -> tuple[str, ...]:
        if not task.sentences:
            return ("blank answer",)
        rarity = self.gatherer.rarity
        asked = {stem for stem in stems(task.question.text) if rarity.is_content(stem)}
        said = [word.stem for span in task.sentences for word in words(span.text)]
        content = [stem for stem in said if rarity.is_content(stem)]
        restated = sum(stem in asked for stem in content)
        flags = []
        if len(task.splits) > 1:
            flags.append(f"scored against reference {best + 1} of {len(task.splits)}, the best covered")
        if content and restated > 0.7 * len(content):
            flags.append("mostly restates the question")
        if task.heaps:
            every = f"{len(task.heaps)} of {len(task.sentences)} sentences"
            flags.append(f"no language: {every} are no words in an order, and count for nothing")
        if len(task.answer) > _LONG:
            flags.append(f"very long: {len(task.answer):,} characters; a text of that length matches by chance")
        if not is_english(task.answer, rarity):
            flags.append("not English: the model and the calibration know English only")
        if self.gatherer.encoder.signature != self.calibration.model:
            flags.append(f"probabilities were calibrated with {self.calibration.model}")
        if self.gatherer.second not in ("none", self.calibration.entailment):
            flags.append(f"denials were calibrated with the second look {self.calibration.entailment}")
        return tuple(flags)

    def _signature(self, task: Task) -> str:
        question = task.question
        content = [question.text, question.references, [(c.text, c.weight) for s in task.splits for c in s.claims]]
        digest = hashlib.sha256(json.dumps(content).encode()).hexdigest()[:8]
        return f"{self.signature}|claims:{task.claims_version}|question:{question.id or '-'}@{digest}"


def _weights(claims: Sequence[Claim]) -> evidence.Floats:
    return np.array([claim.weight for claim in claims], dtype=np.float64)


def _score(judged: Judged, gathered: Gathered) -> float:
    return weighted_score(judged.covered, _weights(gathered.claims))


def _gain(credit: evidence.Floats, weights: evidence.Floats, i: int) -> float:
    """By how much the score would rise if the claim `i` were as sure as one that is said word for word."""
    raised = credit.copy()
    raised[i] = max(raised[i], QUOTED)
    return round(weighted_score(raised, weights) - weighted_score(credit, weights), 4)


def _nothing_said(task: Task) -> str:
    return "no sentence of the answer is language" if task.sentences else "the answer is blank"
