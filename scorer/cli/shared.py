"""What the commands share: options that mean the same everywhere, and errors as one line."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from scorer.errors import InputError, ScorerError

P = ParamSpec("P")
R = TypeVar("R")

# What a shell says of a program that SIGINT or SIGPIPE ended; neither is a gate that failed.
_INTERRUPTED, _BROKEN_PIPE = 130, 141


def reports_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Turn a `ScorerError` into one line on standard error and its exit code, and Ctrl-C into the code 130."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            if sys.stdout is None:
                raise InputError("standard output is closed; give it somewhere to go")
            return command(*args, **kwargs)
        except ScorerError as error:
            click.echo(f"Error: {' '.join(str(error).splitlines())}", err=True)
            sys.exit(error.exit_code)
        except (KeyboardInterrupt, ImportError) as error:
            if not _is_interrupt(error):
                raise
            click.echo("Interrupted", err=True)
            sys.exit(_INTERRUPTED)

    return run


def _is_interrupt(error: BaseException | None) -> bool:
    """Whether Ctrl-C is behind `error`: while a compiled module starts it comes as an ImportError."""
    return error is not None and (
        isinstance(error, KeyboardInterrupt) or _is_interrupt(error.__cause__ or error.__context__)
    )


def show(text: str, nl: bool = True) -> None:
    """Print a result to standard output.

    Ends the program as SIGPIPE would where nobody reads on. Raises InputError where it cannot be written.
    """
    try:
        click.echo(text, nl=nl)
    except OSError as error:
        # Python would flush what is left at exit, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            sys.exit(_BROKEN_PIPE)
        raise InputError(f"standard output cannot be written: {error.strerror}; send it elsewhere") from error


def format_of(file: str, extensions: Mapping[str, str]) -> str:
    """The format that a file's extension stands for in `extensions`. Raises click.UsageError for another one."""
    extension = Path(file).suffix.lower()
    if extension not in extensions:
        raise click.UsageError(f"-o {file}: the extension {extension!r} is unknown; use {' '.join(extensions)}")
    return extensions[extension]


def no_nan(_: click.Context, __: click.Parameter, number: float | None) -> float | None:
    """Refuse "nan", which lies in every range: nothing is below it, so that a gate with it would never fail."""
    if number is not None and math.isnan(number):
        raise click.BadParameter("nan is no number; give one from 0 to 1")
    return number


HELP = {"help_option_names": ["-h", "--help"]}
bank_option = click.option("--bank", metavar="DIR", help="Another question bank (also: SCORE_ANSWER_BANK).")
model_option = click.option("--model", metavar="DIR", help="Another Sentence-Transformers model folder.")
