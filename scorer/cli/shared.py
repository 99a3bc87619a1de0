"""What the commands share: options that mean the same everywhere, and errors as one line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click

from scorer.errors import ScorerError

P = ParamSpec("P")
R = TypeVar("R")


def reports_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Turn a `ScorerError` into one line on standard error and its exit code."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except ScorerError as error:
            click.echo(f"Error: {' '.join(str(error).splitlines())}", err=True)
            sys.exit(error.exit_code)

    return run


HELP = {"help_option_names": ["-h", "--help"]}
bank_option = click.option("--bank", metavar="DIR", help="Another question bank (also: SCORE_ANSWER_BANK).")
model_option = click.option("--model", metavar="DIR", help="Another Sentence-Transformers model folder.")
