"""The command line: the only place that prints, exits, and turns a `ScorerError` into one line."""

from __future__ import annotations

import sys
from typing import cast

import click
from click_default_group import DefaultGroup

from scorer import __version__
from scorer.cli.bank import bank
from scorer.cli.batch import batch
from scorer.cli.cache import cache
from scorer.cli.calibrate import calibrate
from scorer.cli.check import check
from scorer.cli.compare import compare
from scorer.cli.evaluate import evaluate
from scorer.cli.practice import practice
from scorer.cli.score import score
from scorer.cli.selftest import selftest
from scorer.cli.shared import HELP
from scorer.cli.verify import verify


@click.group(
    cls=cast("type[click.Group]", DefaultGroup), default="score", default_if_no_args=False, context_settings=HELP
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


main.add_command(score)
main.add_command(bank)
main.add_command(batch)
main.add_command(cache)
main.add_command(calibrate)
main.add_command(check)
main.add_command(compare)
main.add_command(evaluate)
main.add_command(practice)
main.add_command(selftest)
main.add_command(verify)
