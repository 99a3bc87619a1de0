"""`score-answer bank`: look at the question bank, edit its claims, check it."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from scorer.bank import QuestionBank, claims_section
from scorer.cli.shared import HELP, bank_option, model_option, reports_errors, show
from scorer.files import measured
from scorer.records import Claim, Question

if TYPE_CHECKING:
    from scorer.claims import Split


@click.group(context_settings=HELP)
def bank() -> None:
    """Look at the question bank."""


@bank.command("list")
@bank_option
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="What to print.")
@reports_errors
def bank_list(bank: str | None, form: str) -> None:
    """List the questions: id, level and text."""
    questions = list(QuestionBank(bank))
    if form == "json":
        rows = [{"id": q.id, "level": q.level, "question": q.text, "context": q.context} for q in questions]
        show(json.dumps(rows, indent=2, ensure_ascii=False))
    else:
        for q in questions:
            show(f"{q.id}  {q.level}  {q.text}")


@bank.command("show")
@click.argument("question", metavar="ID")
@bank_option
@click.option(
    "--chance", is_flag=True, help="Show beside each claim the coverage that a text about other things reaches."
)
@reports_errors
def bank_show(question: str, bank: str | None, chance: bool) -> None:
    """Show one question: its claims with their weights, and the sentences that are no claims, with reasons."""
    found = QuestionBank(bank).get(question)
    show(f"{found.id}  {found.level}  {found.text}")
    for number, split in enumerate(_splits(found), start=1):
        show("\nClaims written by the author:" if found.claims else f"\nClaims of reference {number}:")
        floor = _chance(found, split.claims) if chance else [""] * len(split.claims)
        for claim, reached in zip(split.claims, floor, strict=True):
            show(f"  {claim.weight:.3f}  {reached}{claim.text}")
        for dropped in split.dropped:
            show(f"  -----  {dropped.span.text} ({dropped.reason})")


def _splits(question: Question) -> list[Split]:
    """The alternative lists of claims of a question, without loading the model."""
    from scorer.claims import claims_of
    from scorer.kept import KeptPoints
    from scorer.lexicon import Rarity

    return claims_of(question, Rarity.load(measured("word_counts.json")), KeptPoints().of)


def _chance(question: Question, claims: Sequence[Claim]) -> list[str]:
    """What a fixed set of sentences about other things reaches on each claim."""
    from scorer.pipeline import AnswerScorer

    reached = AnswerScorer().chance([claim.text for claim in claims], question.text)
    return [f"(chance {coverage:.2f})  " for coverage in reached]


@bank.command("claims")
@click.argument("question", metavar="ID")
@bank_option
@click.option("--write", is_flag=True, help="Write the claims into the question's file, to edit them by hand.")
@reports_errors
def bank_claims(question: str, bank: str | None, write: bool) -> None:
    """Print the claims of one question as a `Claims:` section, or write it into the question's file."""
    chosen = QuestionBank(bank)
    claims = _splits(chosen.get(question))[0].claims
    if write:
        chosen.write_claims(question, claims)
        show(f"{chosen.file(question)}: {len(claims)} claims written")
    else:
        show(claims_section(claims), nl=False)


@bank.command("lint")
@bank_option
@model_option
@reports_errors
def bank_lint(bank: str | None, model: str | None) -> None:
    """Check the bank; exit with 1 if it has errors."""
    from scorer.lint import lint
    from scorer.pipeline import AnswerScorer

    questions = list(QuestionBank(bank))
    findings = lint(questions, AnswerScorer(model=model))
    for finding in findings:
        show(f"{finding.question}: {finding.level}: {finding.message}")
    errors = sum(finding.level == "error" for finding in findings)
    click.echo(f"{len(questions)} questions, {errors} errors, {len(findings) - errors} warnings", err=True)
    if errors:
        sys.exit(1)
