"""What is wrong with a question bank: claims that cannot tell a good answer from none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from scorer.claims import content_stems
from scorer.pipeline import AnswerScorer
from scorer.records import Question

# A claim longer than this many words is cut into windows by a model that reads 256 word pieces.
_LONGEST = 150
# Claims of one question whose content words overlap this much (Jaccard's index) are near-duplicates.
_ALIKE = 0.6


@dataclass(frozen=True)
class Finding:
    """One thing to mend. An `error` makes a question unfit for use, a `warning` deserves a look."""

    question: str
    level: Literal["error", "warning"]
    message: str


def lint(questions: Sequence[Question], scorer: AnswerScorer) -> list[Finding]:
    """Check every question, alone and against the others.

    Errors: fewer than two claims; a claim that the question alone covers; two claims that say the same; a claim
    longer than the model reads. Warning: a claim that another question shares.
    """
    findings = []
    for question in questions:
        report = scorer.score(question.text, question=question)
        claims = [claim.text for claim in report.claims]
        if len(claims) < 2:
            findings.append(Finding(question.id, "error", f"only {len(claims)} claim; write at least two points"))
        findings += [
            Finding(question.id, "error", f"the question alone gives away: {claim.text}")
            for claim in report.claims
            if claim.verdict == "covered"
        ]
        findings += _of_claims(question, claims, scorer)
        findings += _covered_elsewhere(question, questions, scorer)
    return findings


def _of_claims(question: Question, claims: Sequence[str], scorer: AnswerScorer) -> list[Finding]:
    findings = []
    stems = [content_stems(claim, scorer.gatherer.rarity) for claim in claims]
    for i, claim in enumerate(claims):
        if len(claim.split()) > _LONGEST:
            size = len(claim.split())
            findings.append(
                Finding(question.id, "error", f"a claim of {size} words, the model reads {_LONGEST}: {claim[:60]}…")
            )
        findings += [
            Finding(question.id, "error", f"two claims say the same: {claims[j]} / {claim}")
            for j in range(i)
            if stems[i] | stems[j] and len(stems[i] & stems[j]) >= _ALIKE * len(stems[i] | stems[j])
        ]
    return findings


def _covered_elsewhere(question: Question, others: Sequence[Question], scorer: AnswerScorer) -> list[Finding]:
    """Claims that another reference covers, and that cover a claim of it in turn: one way alone passes too often."""
    rest = [other for other in others if other.id != question.id and other.references]
    reports = scorer.score_many([{"answer": other.references[0], "question": question} for other in rest])
    found = [
        (other, claim.text)
        for other, report in zip(rest, reports, strict=True)
        for claim in report.claims
        if claim.verdict == "covered"
    ]
    back = scorer.score_many([{"answer": text, "question": other} for other, text in found])
    return [
        Finding(question.id, "warning", f"the reference of {other.id} covers it too: {text}")
        for (other, text), report in zip(found, back, strict=True)
        if any(claim.verdict == "covered" for claim in report.claims)
    ]
