"""`score-answer selftest`: relations that must hold on every question."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from scorer.bank import QuestionBank
from scorer.cli.shared import HELP, bank_option, model_option, reports_errors, show


@click.command(context_settings=HELP)
@click.option("--question", "questions", multiple=True, metavar="ID", help="Only this question; repeatable.")
@bank_option
@model_option
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="What to print.")
@reports_errors
def selftest(questions: tuple[str, ...], bank: str | None, model: str | None, form: str) -> None:
    """Try to cheat the scorer on each question of the bank; exit with 1 if it can be.

    Blank, shuffled, repeated, padded and negated versions of the reference and of the sample answers in the bank's
    folder `answers` are scored, and the scores held against what each change must do.
    """
    from scorer.pipeline import AnswerScorer
    from scorer.selftest import selftest as run
    from scorer.selftest import subjects, table

    chosen = QuestionBank(bank)
    scorer = AnswerScorer(model=model, bank=chosen)
    found = subjects(chosen, questions or chosen.ids(), scorer.gatherer.rarity)
    outcomes = run(scorer, found, lambda text: click.echo(text, err=True))
    if form == "json":
        show(json.dumps([asdict(each) | {"holds": each.holds} for each in outcomes], indent=2))
    else:
        show(table(outcomes))
    if not all(each.holds for each in outcomes):
        sys.exit(1)
