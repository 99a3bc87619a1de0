"""`AnswerScorer`: the one place that knows the order of things, from an answer to its report."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, overload

import numpy as np
from numpy.typing import NDArray

from scorer import __version__, evidence
from scorer.bank import QuestionBank
from scorer.calibration import Calibration
from scorer.coverage import score_interval, verdict_of, weighted_score
from scorer.encoder import Encoding, load_encoder
from scorer.errors import InputError, ScorerError
from scorer.files import LARGEST_ANSWER, bundled
from scorer.kept import KeptPoints
from scorer.lexicon import Rarity, words
from scorer.records import Claim, ClaimVerdict, Question, ScoreReport, Span
from scorer.tasks import GROUP, Task, groups, prepare


@dataclass(frozen=True, eq=False)
class Gathered:
    """The evidence in one answer on the n claims of one reference.

    `features` (n, len(evidence.FEATURES)), `quoted` (n,), `cosines` (n, sentences).
    """

    claims: tuple[Claim, ...]
    features: evidence.Floats
    quoted: NDArray[np.bool_]
    cosines: evidence.Floats


class AnswerScorer:
    """Scores written answers against reference answers.

    `model` is a Sentence-Transformers folder (None: the model that comes with the package), `bank` a folder of
    question files or a QuestionBank (None: the shipped one), `calibration` a file written by `score-answer
    calibrate`. `contradiction` asks for the second look for denials, which this version does not have yet: each
    claim's `contradiction` is None either way. Answers longer than `max_characters` are refused.

    Loading takes place here; raises ModelError where the model or the installation is not usable.
    """

    def __init__(
        self,
        model: str | os.PathLike[str] | None = None,
        bank: str | os.PathLike[str] | QuestionBank | None = None,
        contradiction: bool = True,  # noqa: ARG002  kept by the contract, for the second look to come
        calibration: str | os.PathLike[str] | None = None,
        max_characters: int = LARGEST_ANSWER,
    ) -> None:
        self._bank = bank
        self._max_characters = max_characters
        self.encoder = load_encoder(model)
        self.calibration = Calibration.load(
            Path(calibration) if calibration is not None else bundled("models") / "calibration.json"
        )
        self.rarity = Rarity.load(bundled("models") / "word_counts.json")
        self._kept = KeptPoints()

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
        return [self._gather(task, known) for group, known in self._encoded_groups(tasks) for task in group]

    def _score_all(self, tasks: Sequence[Task]) -> Iterator[ScoreReport]:
        for group, known in self._encoded_groups(tasks):
            for task in group:
                yield self._best(task, self._gather(task, known)) if task.sentences else self._blank(task)

    def _encoded_groups(self, tasks: Sequence[Task]) -> Iterator[tuple[list[Task], dict[str, Encoding]]]:
        """Tasks in groups, with the encodings of their texts; of a long answer alone, only those of its claims."""
        for group in groups(tasks):
            texts = [text for task in group if task.sentences for text in task.texts()]
            if sum(map(len, texts)) > GROUP:
                texts = [text for task in group for text in task.claim_texts()]
            unique = list(dict.fromkeys(texts))
            yield group, dict(zip(unique, self.encoder.encode(unique), strict=True))

    def _gather(self, task: Task, known: Mapping[str, Encoding]) -> tuple[Gathered, ...]:
        question_stems = _stems(task.question.text)
        answer_stems = frozenset().union(*(_stems(span.text) for span in task.sentences))
        claims = [claim for split in task.splits for claim in split.claims]
        encodings = [known[claim.text] for claim in claims]
        found = evidence.join([evidence.match(encodings, part) for part in self._encoded(task.sentences, known)])
        weighed = [evidence.claim_words(claim.text, question_stems, self.rarity) for claim in claims]
        features = evidence.features(weighed, encodings, found, answer_stems)
        wordings = [(claim.text, *(span.text for span in claim.spans)) for claim in claims]
        quoted = evidence.quoted(wordings, [span.text for span in task.sentences])
        cosines = np.round(found.cosines, 6)
        ends = np.cumsum([len(split.claims) for split in task.splits])
        parts = [slice(end - len(split.claims), end) for end, split in zip(ends, task.splits, strict=True)]
        return tuple(
            Gathered(split.claims, features[part], quoted[part], cosines[part])
            for part, split in zip(parts, task.splits, strict=True)
        )

    def _blank(self, task: Task) -> ScoreReport:
        claims = task.splits[0].claims
        return self._report(task, 0, claims, np.zeros(len(claims)), np.zeros((len(claims), 0)))

    def _best(self, task: Task, alternatives: Sequence[Gathered]) -> ScoreReport:
        """The report on the alternative that scores highest, the first of equals."""
        probabilities = [
            self.calibration.probabilities(each.features, evidence.FEATURES, each.quoted) for each in alternatives
        ]
        scores = [
            weighted_score(probability, _weights(each.claims))
            for probability, each in zip(probabilities, alternatives, strict=True)
        ]
        best = int(np.argmax(scores))
        return self._report(task, best, alternatives[best].claims, probabilities[best], alternatives[best].cosines)

    def _report(
        self,
        task: Task,
        reference: int,
        claims: Sequence[Claim],
        probability: evidence.Floats,
        cosines: evidence.Floats,
    ) -> ScoreReport:
        weights = _weights(claims)
        supported = cosines.max(axis=0) >= self.calibration.support
        return ScoreReport(
            question=task.question.id,
            source=task.source,
            answer=task.answer,
            score=weighted_score(probability, weights),
            interval=score_interval(probability, weights, self.calibration.claim_correlation),
            claims=tuple(
                self._verdict(claim, float(p), row, task.sentences)
                for claim, p, row in zip(claims, probability, cosines, strict=True)
            ),
            unsupported=tuple(s for s, known in zip(task.sentences, supported, strict=True) if not known),
            flags=self._flags(task, reference),
            matrix=cosines.astype(np.float32),
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

    def _verdict(self, claim: Claim, probability: float, row: evidence.Floats, spans: Sequence[Span]) -> ClaimVerdict:
        verdict, margin = verdict_of(probability, self.calibration.covered, self.calibration.missing)
        reason, best = "the answer is blank", None
        if spans:
            nearest = int(np.argmax(row))
            best = spans[nearest]
            how = {"covered": "matched", "partial": "partly matched"}.get(verdict, "closest is")
            reason = f"{how} sentence {nearest + 1}: ‘{_shortened(best.text)}’"
        return ClaimVerdict(
            text=claim.text,
            weight=round(claim.weight, 6),
            verdict=verdict,
            coverage=probability,
            contradiction=None,
            margin=margin,
            evidence=None if verdict == "missing" else best,
            reason=reason,
        )

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
        return tuple(flags)

    def _signature(self, task: Task) -> str:
        question = task.question
        content = [question.text, question.references, [(c.text, c.weight) for s in task.splits for c in s.claims]]
        digest = hashlib.sha256(json.dumps(content).encode()).hexdigest()[:8]
        parts = {
            "scorer": __version__,
            "model": self.encoder.signature,
            "calibration": self.calibration.signature,
            "claims": task.claims_version,
            "question": f"{question.id or '-'}@{digest}",
        }
        return "|".join(f"{key}:{value}" for key, value in parts.items())


def _weights(claims: Sequence[Claim]) -> evidence.Floats:
    return np.array([claim.weight for claim in claims], dtype=np.float64)


def _stems(text: str) -> frozenset[str]:
    return frozenset(word.stem for word in words(text))


def _shortened(text: str, limit: int = 80) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= limit else one_line[: limit - 1].rstrip() + "…"
