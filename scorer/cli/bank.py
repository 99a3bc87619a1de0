"""`score-answer bank`: look at the question bank."""

from __future__ import annotations

import json

import click

from scorer.bank import QuestionBank
from scorer.cli.shared import HELP, bank_option, reports_errors


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
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    else:
        for q in questions:
            click.echo(f"{q.id}  {q.level}  {q.text}")


@bank.command("show")
@click.argument("question", metavar="ID")
@bank_option
@reports_errors
def bank_show(question: str, bank: str | None) -> None:
    """Show one question: its claims with their weights, and the sentences that are no claims, with reasons."""
    from scorer.claims import Split, split_reference
    from scorer.files import bundled
    from scorer.lexicon import Rarity

    found = QuestionBank(bank).get(question)
    click.echo(f"{found.id}  {found.level}  {found.text}")
    rarity = Rarity.load(bundled("models") / "word_counts.json")
    splits = [split_reference(each, found.text, rarity) for each in found.references]
    for number, split in enumerate([Split(found.claims)] if found.claims else splits, start=1):
        click.echo("\nClaims written by the author:" if found.claims else f"\nClaims of reference {number}:")
        for claim in split.claims:
            click.echo(f"  {claim.weight:.3f}  {claim.text}")
        for dropped in split.dropped:
            click.echo(f"  -----  {dropped.span.text} ({dropped.reason})")
