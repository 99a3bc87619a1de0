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
from numpy.typing import NDArray

from scorer import __version__, evidence, second_look
from scorer.bank import QuestionBank
from scorer.calibration import Calibration, Coverage
from scorer.coverage import score_interval, verdict_of, weighted_score
from scorer.encoder import DEFAULT_MODEL, Encoding, load_encoder
from scorer.entailment import Entailment
from scorer.errors import InputError, ScorerError
from scorer.files import LARGEST_ANSWER, bundled, read_text
from scorer.grades import GradeScale
from scorer.kept import KeptPoints
from scorer.lexicon import Rarity, words
from scorer.reasons import reason
from scorer.records import Claim, ClaimVerdict, Question, ScoreReport, Span
from scorer.second_look import Windows, choose_windows
from scorer.tasks import GROUP, Task, groups, prepare


@dataclass(frozen=True, eq=False)
class Gathered:
    """The evidence in one answer on the n claims of one reference.

    `features` (n, len(AnswerScorer.features)), `quoted` (n,), `cosines` (n, sentences); `supporting` (n,) and
    `denying` (n,) are the indices of the sentences that speak most for and most against each claim.
    """

    claims: tuple[Claim, ...]
    features: evidence.Floats
    quoted: NDArray[np.bool_]
    cosines: evidence.Floats
    supporting: NDArray[np.int64]
    denying: NDArray[np.int64]

    def part(self, chosen: slice) -> Gathered:
        """The same for some of the claims."""
        return Gathered(
            self.claims[chosen],
            self.features[chosen],
            self.quoted[chosen],
            self.cosines[chosen],
            self.supporting[chosen],
            self.denying[chosen],
        )


@dataclass(frozen=True, eq=False)
class Judged:
    """Probabilities (n,) that each claim is covered, and that it is denied (None: nobody looked), and its credit."""

    covered: evidence.Floats
    denied: evidence.Floats | None
    credit: evidence.Floats


class AnswerScorer:
    """Scores written answers against reference answers.

    `model` is a Sentence-Transformers folder (None: the model that comes with the package), `bank` a folder of
    question files or a QuestionBank (None: the shipped one), `calibration` a file written by `score-answer
    calibrate`. `contradiction` asks for the second look, which reads each claim together with its evidence; without
    it scoring is faster and blind to denials: each claim's `contradiction` is None. Answers longer than
    `max_characters` are refused. `grades`, a file written by `score-answer calibrate --grades`, adds a mark to the
    flags of each report.

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
    ) -> None:
        self._bank = bank
        self._max_characters = max_characters
        self._grades = None if grades is None else GradeScale.load(Path(grades))
        self.encoder = load_encoder(model)
        self.calibration = Calibration.load(
            Path(calibration) if calibration is not None else bundled("models") / "calibration.json"
        )
        self.rarity = Rarity.load(bundled("models") / "word_counts.json")
        self._kept = KeptPoints()
        self._entailment: Entailment | None = None
        if contradiction:
            folder = bundled("models") / DEFAULT_MODEL
            self._entailment = Entailment(folder, folder / "entailment.npz")

    @property
    def features(self) -> tuple[str, ...]:
        """The names of the columns of `Gathered.features`."""
        return evidence.FEATURES + (() if self._entailment is None else second_look.FEATURES)

    @property
    def second(self) -> str:
        """The second look's signature, the first digits of a hash; "none" where there is none."""
        return "none" if self._entailment is None else self._entailment.signature

    @property
    def signature(self) -> str:
        """What every score depends on beside the question and its claims, as key:value|key:value."""
        parts = {
            "scorer": __version__,
            "model": self.encoder.signature,
            "entailment": self.second,
            "calibration": self.calibration.signature,
        }
        return "|".join(f"{key}:{value}" for key, value in parts.items())

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
                named = type(error)(f"request {index}: {error}")
                if errors == "raise":
                    raise named from error
                prepared.append(named)
        tasks = [task for task in prepared if isinstance(task, Task)]
        reports = self._score_all(tasks)
        return [next(reports) if isinstance(each, Task) else each for each in prepared]

    def chance(self, claims: Sequence[str], question_text: str = "") -> tuple[float, ...]:
        """The coverage, 0..1, that a fixed text about other things reaches on each claim."""
        background = read_text(bundled("models") / "background.txt")
        return tuple(
            claim.coverage for claim in self.score(background, claims=claims, question_text=question_text).claims
        )

    def _prepare(self, request: Mapping[str, Any]) -> Task:
        bank = self._bank if isinstance(self._bank, QuestionBank) or self._bank is None else QuestionBank(self._bank)
        return prepare(request, bank, self.rarity, self._kept, self._max_characters)

    def gather(self, requests: Sequence[Mapping[str, Any]]) -> list[tuple[Gathered, ...]]:
        """What the calibration is fitted on: for each request, the evidence on each alternative list of claims.

        Requests as in `score_many`; raises InputError for a bad one, or for a blank answer.
        """
        tasks = [self._prepare(request) for request in requests]
        for index, task in enumerate(tasks):
            if not task.sentences:
                raise InputError(f"request {index}: the answer is blank; there is no evidence in it")
        return [each for group, known in self._encoded_groups(tasks) for each in self._gather(group, known)]

    def _score_all(self, tasks: Sequence[Task]) -> Iterator[ScoreReport]:
        for group, known in self._encoded_groups(tasks):
            gathered = iter(self._gather([task for task in group if task.sentences], known))
            for task in group:
                yield self._best(task, next(gathered)) if task.sentences else self._blank(task)

    def _encoded_groups(self, tasks: Sequence[Task]) -> Iterator[tuple[list[Task], dict[str, Encoding]]]:
        """Tasks in groups, with the encodings of their texts; of a long answer alone, only those of its claims."""
        for group in groups(tasks):
            texts = [text for task in group if task.sentences for text in task.texts()]
            if sum(map(len, texts)) > GROUP:
                texts = [text for task in group for text in task.claim_texts()]
            unique = list(dict.fromkeys(texts))
            yield group, dict(zip(unique, self.encoder.encode(unique), strict=True))

    def _gather(self, tasks: Sequence[Task], known: Mapping[str, Encoding]) -> list[tuple[Gathered, ...]]:
        """Both looks at the answers of one group; what is read together is read in one go."""
        firsts = [self._first_look(task, known) for task in tasks]
        looks = [gathered for gathered, _ in firsts]
        if self._entailment is not None:
            readings = second_look.look([windows for _, windows in firsts], self._entailment)
            looks = [_with_reading(each, reading) for each, reading in zip(looks, readings, strict=True)]
        found = []
        for task, gathered in zip(tasks, looks, strict=True):
            ends = np.cumsum([len(split.claims) for split in task.splits])
            starts = [0, *ends[:-1]]
            found.append(tuple(gathered.part(slice(a, b)) for a, b in zip(starts, ends, strict=True)))
        return found

    def _first_look(self, task: Task, known: Mapping[str, Encoding]) -> tuple[Gathered, Windows]:
        """The evidence on the claims of all alternatives, and what to read in a second look."""
        question_stems = _stems(task.question.text)
        answer_stems = frozenset().union(*(_stems(span.text) for span in task.sentences))
        claims = tuple(claim for split in task.splits for claim in split.claims)
        encodings = [known[claim.text] for claim in claims]
        found = evidence.join([evidence.match(encodings, part) for part in self._encoded(task.sentences, known)])
        weighed = [evidence.claim_words(claim.text, question_stems, self.rarity) for claim in claims]
        likeness = evidence.by_sentence(weighed, encodings, found)
        wordings = [(claim.text, *(span.text for span in claim.spans)) for claim in claims]
        quotations = evidence.quotations(wordings, [span.text for span in task.sentences])
        features = evidence.features(weighed, encodings, found, answer_stems)
        windows = choose_windows(
            [claim.text for claim in claims],
            [span.text for span in task.sentences],
            likeness,
            features[:, evidence.FEATURES.index("late_interaction")],
            quotations,
        )
        gathered = Gathered(
            claims=claims,
            features=features,
            quoted=np.asarray(quotations.any(axis=1)),
            cosines=np.round(found.cosines, 6),
            supporting=windows.places[:, 0],
            denying=windows.places[:, 0],
        )
        return gathered, windows

    def _blank(self, task: Task) -> ScoreReport:
        claims = task.splits[0].claims
        zeros = np.zeros(len(claims))
        nothing = Judged(zeros, None if self._entailment is None else zeros, zeros)
        none = np.zeros(len(claims), dtype=np.int64)
        empty = Gathered(claims, np.zeros((len(claims), 0)), none > 0, np.zeros((len(claims), 0)), none, none)
        return self._report(task, 0, empty, nothing)

    def _judge(self, gathered: Gathered) -> Judged:
        covered = self._coverage.probabilities(gathered.features, self.features, gathered.quoted)
        if self._entailment is None:
            return Judged(covered, None, covered)
        denied = self.calibration.denial.probabilities(gathered.features, self.features)
        return Judged(covered, denied, np.where(denied >= self.calibration.contradicted, 0.0, covered))

    @property
    def _coverage(self) -> Coverage:
        return self.calibration.first if self._entailment is None else self.calibration.second

    def _best(self, task: Task, alternatives: Sequence[Gathered]) -> ScoreReport:
        """The report on the alternative that scores highest, the first of equals."""
        judged = [self._judge(each) for each in alternatives]
        scores = [
            weighted_score(each.credit, _weights(gathered.claims))
            for each, gathered in zip(judged, alternatives, strict=True)
        ]
        best = int(np.argmax(scores))
        return self._report(task, best, alternatives[best], judged[best])

    def _report(self, task: Task, reference: int, found: Gathered, judged: Judged) -> ScoreReport:
        weights = _weights(found.claims)
        score = weighted_score(judged.credit, weights)
        supported = found.cosines.max(axis=0) >= self.calibration.support
        return ScoreReport(
            question=task.question.id,
            source=task.source,
            answer=task.answer,
            score=score,
            interval=score_interval(judged.credit, weights, self._coverage.claim_correlation),
            claims=tuple(self._verdict(i, found, judged, task.sentences) for i in range(len(found.claims))),
            unsupported=tuple(s for s, known in zip(task.sentences, supported, strict=True) if not known),
            flags=self._flags(task, reference) + self._grade(score),
            matrix=found.cosines.astype(np.float32),
            sentences=task.sentences,
            reference=reference,
            signature=self._signature(task),
        )

    def _encoded(self, spans: Sequence[Span], known: Mapping[str, Encoding]) -> Iterator[list[Encoding]]:
        part: list[Span] = []
        size = 0
        for span in spans:
            if part and size + len(span.text) > GROUP:
                yield self._lookup(part, known)
                part, size = [], 0
            part.append(span)
            size += len(span.text)
        yield self._lookup(part, known)

    def _lookup(self, part: Sequence[Span], known: Mapping[str, Encoding]) -> list[Encoding]:
        missing = list(dict.fromkeys(span.text for span in part if span.text not in known))
        fresh = {**known, **dict(zip(missing, self.encoder.encode(missing), strict=True))}
        return [fresh[span.text] for span in part]

    def _verdict(self, i: int, found: Gathered, judged: Judged, spans: Sequence[Span]) -> ClaimVerdict:
        claim, probability = found.claims[i], float(judged.covered[i])
        denial = None if judged.denied is None else float(judged.denied[i])
        limits = (self._coverage.covered, self._coverage.missing, denial, self.calibration.contradicted)
        verdict, margin = verdict_of(probability, *limits)
        supporting, denying = int(found.supporting[i]), int(found.denying[i])
        shown = denying if verdict == "contradicted" else supporting
        both = verdict == "contradicted" and bool(found.quoted[i])
        return ClaimVerdict(
            text=claim.text,
            weight=round(claim.weight, 6),
            verdict=verdict,
            coverage=probability,
            contradiction=denial,
            margin=margin,
            evidence=None if verdict == "missing" or not spans else spans[shown],
            reason=reason(verdict, claim.text, spans, supporting, denying, both) if spans else "the answer is blank",
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
        asked = {stem for stem in _stems(task.question.text) if self.rarity.is_content(stem)}
        said = [word.stem for span in task.sentences for word in words(span.text)]
        content = [stem for stem in said if self.rarity.is_content(stem)]
        restated = sum(stem in asked for stem in content)
        flags = []
        if len(task.splits) > 1:
            flags.append(f"scored against reference {best + 1} of {len(task.splits)}, the best covered")
        if content and restated > 0.7 * len(content):
            flags.append("mostly restates the question")
        if self.encoder.signature != self.calibration.model:
            flags.append(f"probabilities were calibrated with {self.calibration.model}")
        if self.second not in ("none", self.calibration.entailment):
            flags.append(f"denials were calibrated with the second look {self.calibration.entailment}")
        return tuple(flags)

    def _signature(self, task: Task) -> str:
        question = task.question
        content = [question.text, question.references, [(c.text, c.weight) for s in task.splits for c in s.claims]]
        digest = hashlib.sha256(json.dumps(content).encode()).hexdigest()[:8]
        return f"{self.signature}|claims:{task.claims_version}|question:{question.id or '-'}@{digest}"


def _weights(claims: Sequence[Claim]) -> evidence.Floats:
    return np.array([claim.weight for claim in claims], dtype=np.float64)


def _stems(text: str) -> frozenset[str]:
    return frozenset(word.stem for word in words(text))


def _with_reading(gathered: Gathered, reading: second_look.Reading) -> Gathered:
    features = np.concatenate([gathered.features, reading.features], axis=1)
    return replace(gathered, features=features, supporting=reading.supporting, denying=reading.denying)
