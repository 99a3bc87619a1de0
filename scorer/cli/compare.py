"""`score-answer compare`, and how it and `check` show what changed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scorer.bank import QuestionBank
from scorer.cli.shared import HELP, P, R, bank_option, format_of, reports_errors, show
from scorer.files import write_text

if TYPE_CHECKING:
    from scorer.regression import Comparison, Failure

# Kept beside the formats of `scorer.report.comparison` by a test; importing that would load it for `--help` too.
_FORMATS = ("text", "markdown", "json", "junit")
_EXTENSIONS = {".txt": "text", ".md": "markdown", ".json": "json", ".xml": "junit"}
_file = click.Path(path_type=Path)


def comparison_outputs(command: Callable[P, R]) -> Callable[P, R]:
    """Add `--format` (as `form`) and `-o` (as `outputs`, pairs of a file and its format) to a command."""
    with_format = click.option("--format", "form", type=click.Choice(_FORMATS), default="text",
                               help="What to print (default: text).")  # fmt: skip
    with_files = click.option("-o", "--output", "outputs", metavar="FILE", multiple=True, callback=_targets,
                              help="Write to FILE too, as its extension says: .txt .md .json .xml (JUnit); "
                                   "repeatable.")  # fmt: skip
    return with_format(with_files(command))


def _targets(_: click.Context, __: click.Parameter, files: tuple[str, ...]) -> tuple[tuple[Path, str], ...]:
    return tuple((Path(file), format_of(file, _EXTENSIONS)) for file in files)


def write_comparison(compared: Comparison, failed: Sequence[Failure], outputs: Sequence[tuple[Path, str]]) -> None:
    """Write a comparison to files, each in its format."""
    from scorer.report.comparison import render_comparison

    for file, form in outputs:
        write_text(file, render_comparison(compared, failed, form))


def show_comparison(compared: Comparison, failed: Sequence[Failure], form: str) -> None:
    """Print a comparison."""
    from scorer.report.comparison import render_comparison

    show(render_comparison(compared, failed, form), nl=False)


@click.command(context_settings=HELP)
@click.argument("old", metavar="OLD", type=_file)
@click.argument("new", metavar="NEW", type=_file)
@click.option("--fail-on-flip", is_flag=True, help="Exit with 1 if a claim that was covered is not any more.")
@comparison_outputs
@bank_option
@reports_errors
def compare(
    old: Path, new: Path, fail_on_flip: bool, form: str, outputs: tuple[tuple[Path, str], ...], bank: str | None
) -> None:
    """Compare two results or baselines: what in their signatures differs, which claims flipped, what scores moved.

    OLD and NEW are JSON or JSON Lines that `score -o` wrote, or baselines that `check --update` wrote.
    """
    from scorer.cases import levels
    from scorer.regression import compare as compare_runs
    from scorer.regression import lost_claims
    from scorer.runs import read_run

    before, after = read_run(old), read_run(new)
    compared = compare_runs(before, after, levels(QuestionBank(bank), after))
    failed = lost_claims(compared)
    write_comparison(compared, failed, outputs)
    show_comparison(compared, failed, form)
    if failed and fail_on_flip:
        sys.exit(1)
