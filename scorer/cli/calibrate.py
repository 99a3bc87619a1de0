"""`score-answer calibrate`: fit the calibration anew."""

from __future__ import annotations

from pathlib import Path

import click

from scorer.cli.shared import HELP, model_option, reports_errors


@click.command(context_settings=HELP)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("--measure", "measured", multiple=True, metavar="FILE", type=click.Path(path_type=Path),
              help="Measure on FILE too, without fitting on it; repeatable.")  # fmt: skip
@click.option("-o", "--output", required=True, metavar="FILE", type=click.Path(path_type=Path),
              help="Where to write the calibration.")  # fmt: skip
@model_option
@reports_errors
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
