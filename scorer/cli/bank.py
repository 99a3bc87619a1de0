"""`score-answer bank`: look at the question bank, add to it, edit its claims, check it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from scorer.bank import ENVIRONMENT_VARIABLE, QuestionBank, claims_section, select
from scorer.cli.shared import HELP, bank_option, model_option, reports_errors, show
from scorer.errors import InputError
from scorer.exchange import EXTENSIONS, FIELDS, FORMATS, Defaults, add, read_entries, summary, to_row
from scorer.files import measured, read_text, write_text
from scorer.records import Claim, Question

if TYPE_CHECKING:
    from scorer.claims import Split

F = TypeVar("F", bound=Callable[..., Any])


@click.group(context_settings=HELP)
def bank() -> None:
    """Look at the question bank, or add to one of your own."""


def filters(command: F) -> F:
    """Options that choose questions: --level, --topic, --search."""
    for option in (
        click.option("--search", default="", metavar="WORDS", help="Only with all these words in id, text or context."),
        click.option("--topic", default="", metavar="TOPIC", help="Only of this topic."),
        click.option("--level", default="", metavar="LEVEL", help="Only of this level."),
    ):
        command = option(command)
    return command


@bank.command("list")
@bank_option
@filters
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="What to print.")
@reports_errors
def bank_list(bank: str | None, level: str, topic: str, search: str, form: str) -> None:
    """List the questions: id, level, topic and text."""
    questions = select(QuestionBank(bank), level, topic, search)
    if form == "json":
        show(json.dumps([summary(question) for question in questions], indent=2, ensure_ascii=False))
    else:
        for q in questions:
            show("  ".join(part for part in (q.id, q.level, q.topic, q.text) if part))


@bank.command("export")
@bank_option
@filters
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="Write to FILE instead.")
@reports_errors
def bank_export(bank: str | None, level: str, topic: str, search: str, output: Path | None) -> None:
    """Print the questions as JSON Lines, which `bank add` reads back."""
    questions = select(QuestionBank(bank), level, topic, search)
    lines = "".join(json.dumps(to_row(question), ensure_ascii=False) + "\n" for question in questions)
    if output is None:
        show(lines, nl=False)
    else:
        write_text(output, lines)


@bank.command("add")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@bank_option
@click.option("--format", "form", type=click.Choice(FORMATS),
              help="What FILE is, where .txt .md .csv .tsv .jsonl does not say it.")  # fmt: skip
@click.option("--column", "columns", multiple=True, metavar="FIELD=NAME", callback=lambda _, __, given: _columns(given),
              help=f"The column (key) NAME holds FIELD: {', '.join(FIELDS)}. Repeatable; several columns of references "
                   "are alternatives.")  # fmt: skip
@click.option("--topic", default="", metavar="TOPIC", help="The topic of questions that name none.")
@click.option("--context", default="A question to practise.", show_default=True, metavar="TEXT",
              help="What questions assess that do not say it.")  # fmt: skip
@click.option("--levels", default="easy,medium,hard", show_default=True, metavar="LEVELS",
              help="The scale of questions that name none, from easy to hard.")  # fmt: skip
@click.option("--level", default="medium", show_default=True, metavar="LEVEL",
              help="The level of questions that name none.")  # fmt: skip
@click.option("--replace", is_flag=True, help="Replace questions that the bank has under the same id.")
@reports_errors
def bank_add(
    files: tuple[str, ...],
    bank: str | None,
    form: str | None,
    columns: dict[str, list[str]],
    topic: str,
    context: str,
    levels: str,
    level: str,
    replace: bool,
) -> None:
    """Add the questions in FILE... to a bank of your own: CSV, JSON Lines, Markdown or text ('-' reads standard input).

    A row, a heading with the text below it, or a text between lines of dashes is a question. Its id is the one that it
    names, or else a short one that its text determines. Either all are added or none.
    """
    chosen = _own_bank(bank)
    entries = []
    for file in files:
        known = form or _format_of(file)
        entries += read_entries(read_text(file), known, file, columns)
    defaults = Defaults(context, topic, tuple(part.strip() for part in levels.split(",")), level)
    for addition in add(chosen, entries, defaults, replace):
        show(f"{addition.id}  {addition.status}  {addition.text}")


def _columns(given: tuple[str, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in given:
        field, _, name = each.partition("=")
        if field not in FIELDS or not name:
            raise click.BadParameter(f"{each!r} is not FIELD=NAME with one of {', '.join(FIELDS)} as FIELD")
        found.setdefault(field, []).append(name)
    return found


def _format_of(file: str) -> str:
    extension = Path(file).suffix.lower()
    if extension not in EXTENSIONS:
        raise click.UsageError(f"{file}: the extension {extension!r} is unknown; say --format {'|'.join(FORMATS)}")
    return EXTENSIONS[extension]


def _own_bank(bank: str | None) -> QuestionBank:
    """The bank to write to, made where it is not there; never the one that comes with the package by default."""
    named = bank or os.environ.get(ENVIRONMENT_VARIABLE)
    if not named:
        raise click.UsageError(
            f"name your own bank with --bank DIR or {ENVIRONMENT_VARIABLE}; the shipped one changes with each version"
        )
    try:
        Path(named).mkdir(exist_ok=True)
    except OSError as error:
        raise InputError(f"the folder {named} cannot be made: {error.strerror}; name another with --bank") from error
    return QuestionBank(named)


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
