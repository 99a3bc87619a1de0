"""`score-answer evaluate`: how well the scorer agrees with people."""

from __future__ import annotations

from pathlib import Path

import click

from scorer.cli.shared import HELP, model_option, reports_errors, show
from scorer.files import write_text

# Kept beside `scorer.baselines` by a test; importing that here would load it for `--help` too.
_BASELINES = ("cosine", "words", "rouge1", "bertscore")
_file = click.Path(path_type=Path)


@click.command(context_settings=HELP)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=_file)
@click.option("--baseline", "baselines", multiple=True, type=click.Choice(_BASELINES),
              help="Measure a baseline beside it; repeatable.")  # fmt: skip
@click.option("--calibration", metavar="FILE", help="Another calibration, written by `score-answer calibrate`.")
@click.option("--no-contradiction", is_flag=True, help="Skip the second look: faster, and blind to denials.")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="What to print.")
@click.option("-o", "--output", metavar="FILE", type=_file, help="Write the figures to FILE as JSON too.")
@click.option("--plot", metavar="FILE", type=_file, help="Draw the reliability of the probabilities into FILE.")
@model_option
@reports_errors
def evaluate(
    files: tuple[Path, ...],
    baselines: tuple[str, ...],
    calibration: str | None,
    no_contradiction: bool,
    form: str,
    output: Path | None,
    plot: Path | None,
    model: str | None,
) -> None:
    """Measure agreement with the labelled answers in FILE..., with 95 % bootstrap intervals.

    FILE is JSON Lines with claims and verdicts, or with references and grades; name-train and name-dev make one set.
    """
    from scorer.baselines import baseline
    from scorer.evaluate import observe
    from scorer.labelled import read_sets
    from scorer.measures import baseline_results, measure, results
    from scorer.pipeline import AnswerScorer
    from scorer.report.evaluation import evaluation_json, evaluation_text, reliability_plot

    sets = read_sets(files)
    scorer = AnswerScorer(model=model, contradiction=not no_contradiction, calibration=calibration)
    measured, found = [], []
    for labelled in sets:
        click.echo(f"{labelled.name}: {len(labelled.rows)} answers", err=True)
        seen = observe(labelled, scorer, scorer.gatherer)
        found.append(results(seen, scorer.calibration))
        measured.append((labelled.name, "score-answer", measure(found[-1])))
        for name in dict.fromkeys(baselines):
            click.echo(f"{labelled.name}: {name}", err=True)
            measured.append((labelled.name, name, measure(baseline_results(seen, baseline(name, labelled, seen)))))
    if plot is not None:
        reliability_plot(found, plot)
    as_json = evaluation_json(measured, scorer.signature)
    if output is not None:
        write_text(output, as_json)
    show(as_json if form == "json" else evaluation_text(measured), nl=False)
