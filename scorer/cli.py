"""The command line: the only module that prints, exits, and turns a `ScorerError` into one line."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import click
from click_default_group import DefaultGroup

from scorer import __version__
from scorer.bank import QuestionBank
from scorer.errors import InputError, ScorerError
from scorer.files import read_text

# What `-o FILE` means by its extension. Kept beside the formats that `scorer.report` knows by a test; importing
# that module here would load it for `--help` too.
_FORMATS = ("text", "json", "jsonl", "markdown")
_EXTENSIONS = {".txt": "text", ".json": "json", ".jsonl": "jsonl", ".md": "markdown"}


P = ParamSpec("P")
R = TypeVar("R")


def _reports_errors(command: Callable[P, R]) -> Callable[P, R]:
    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except ScorerError as error:
            click.echo(f"Error: {' '.join(str(error).splitlines())}", err=True)
            sys.exit(error.exit_code)

    return run


_HELP = {"help_option_names": ["-h", "--help"]}
_bank_option = click.option("--bank", metavar="DIR", help="Another question bank (also: SCORE_ANSWER_BANK).")
_model_option = click.option("--model", metavar="DIR", help="Another Sentence-Transformers model folder.")


@click.group(
    cls=cast("type[click.Group]", DefaultGroup), default="score", default_if_no_args=False, context_settings=_HELP
)
@click.version_option(__version__, prog_name="score-answer")
def main() -> None:
    """Score a written answer against a reference answer, offline.

    `score-answer --question ID FILE` is short for `score-answer score --question ID FILE`.
    """
    # Output is UTF-8 wherever it goes; a console that cannot show a character shows a stand-in.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


@main.command()
@click.argument("answers", nargs=-1, metavar="FILE...", required=True)
@click.option("--question", "question", metavar="ID", help="A question of the bank, such as q7x2.")
@click.option(
    "--reference", "references", metavar="FILE", multiple=True, help="A reference answer; repeat it for alternatives."
)
@click.option("--claims", metavar="FILE", help="Claims to score against, one a line.")
@click.option("--question-text", default="", metavar="TEXT", help="What was asked, with --reference or --claims.")
@_bank_option
@_model_option
@click.option("--calibration", metavar="FILE", help="Another calibration, written by `score-answer calibrate`.")
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", help="What to print (default: text).")
@click.option("-o", "--output", "outputs", metavar="FILE", multiple=True,
              help="Write to FILE instead, as its extension says: .txt .json .jsonl .md; repeatable.")  # fmt: skip
@click.option("--min-score", type=click.FloatRange(0.0, 1.0), help="Exit with 1 if any score is below this.")
@click.option("--max-characters", type=click.IntRange(min=1), default=1_000_000, show_default=True,
              help="Refuse longer answers.")  # fmt: skip
@_reports_errors
def score(
    answers: tuple[str, ...],
    question: str | None,
    references: tuple[str, ...],
    claims: str | None,
    question_text: str,
    bank: str | None,
    model: str | None,
    calibration: str | None,
    form: str,
    outputs: tuple[str, ...],
    min_score: float | None,
    max_characters: int,
) -> None:
    """Score the answers in FILE... ('-' reads standard input), one report each."""
    against = _against(question, references, claims, question_text, bank)
    targets = [(Path(output), _format_of(output)) for output in outputs]
    texts = [_read_answer(file, max_characters) for file in answers]

    from scorer.pipeline import AnswerScorer

    scorer = AnswerScorer(model=model, calibration=calibration, max_characters=max_characters)
    requests = [{"answer": text, "source": file, **against} for file, text in zip(answers, texts, strict=True)]
    reports = scorer.score_many(requests)

    from scorer.report import render

    for file, chosen in targets:
        _write(file, render(reports, chosen))
    if not targets:
        click.echo(render(reports, form, colour=_colour(), width=_width()), nl=False)
    low = [report for report in reports if min_score is not None and report.score < min_score]
    for report in low:
        click.echo(f"{report.source}: score {report.score:.4f} is below --min-score {min_score}", err=True)
    if low:
        sys.exit(1)


def _against(
    question: str | None, references: tuple[str, ...], claims: str | None, question_text: str, bank: str | None
) -> dict[str, Any]:
    """What to score against, as keywords of `AnswerScorer.score`; read before the model: a slip shows at once."""
    if sum((question is not None, bool(references), claims is not None)) != 1:
        raise click.UsageError("give one of --question ID, --reference FILE, --claims FILE")
    if question is not None:
        if question_text:
            raise click.UsageError("--question-text goes with --reference or --claims; --question has its own text")
        return {"question": QuestionBank(bank).get(question)}
    if claims is not None:
        return {"claims": _read_claims(claims), "question_text": question_text}
    return {"references": [_read_reference(file) for file in references], "question_text": question_text}


def _read_reference(file: str) -> str:
    text = read_text(file)
    if not text.strip():
        raise InputError(f"{file}: the reference answer is blank; write what a good answer should say")
    return text


def _read_claims(file: str) -> list[str]:
    claims = [line for line in read_text(file).splitlines() if line.strip()]
    if not claims:
        raise InputError(f"{file} has no claim; write one claim a line")
    return claims


def _read_answer(file: str, max_characters: int) -> str:
    """An answer's text; bytes are counted before they are decoded, so that a huge file is refused early."""
    if file != "-":
        try:
            size = Path(file).stat().st_size
        except OSError:
            size = 0  # reading it below says what is wrong
        if size > 4 * max_characters:
            raise InputError(
                f"{file} has {size:,} bytes, the limit is {max_characters:,} characters; "
                "shorten it or raise the limit (--max-characters)"
            )
    return read_text(file)


def _format_of(file: str) -> str:
    extension = Path(file).suffix.lower()
    if extension not in _EXTENSIONS:
        raise click.UsageError(f"-o {file}: the extension {extension!r} is unknown; use {' '.join(_EXTENSIONS)}")
    return _EXTENSIONS[extension]


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}; choose another file") from error


def _colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _width() -> int:
    """Columns to write in: the terminal's, but no wider than is good to read."""
    import shutil

    return min(shutil.get_terminal_size().columns, 100) if sys.stdout.isatty() else 80


@main.group(context_settings=_HELP)
def bank() -> None:
    """Look at the question bank."""


@bank.command("list")
@_bank_option
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="What to print.")
@_reports_errors
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
@_bank_option
@_reports_errors
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


@main.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("--measure", "measured", multiple=True, metavar="FILE", type=click.Path(path_type=Path),
              help="Measure on FILE too, without fitting on it; repeatable.")  # fmt: skip
@click.option("-o", "--output", required=True, metavar="FILE", type=click.Path(path_type=Path),
              help="Where to write the calibration.")  # fmt: skip
@_model_option
@_reports_errors
def calibrate(files: tuple[Path, ...], measured: tuple[Path, ...], output: Path, model: str | None) -> None:
    """Fit the calibration on labelled answers in FILE..., and print how it does on each set without it.

    FILE is JSON Lines, as scorer/labelled.py says; name-train and name-dev make one set.
    """
    from scorer.labelled import read_sets
    from scorer.pipeline import AnswerScorer
    from scorer.recalibrate import recalibrate

    sets, extra = read_sets(files), read_sets(measured)
    scorer = AnswerScorer(model=model)
    found, table = recalibrate(sets, extra, scorer, lambda text: click.echo(text, err=True))
    found.save(output)
    click.echo(table)
