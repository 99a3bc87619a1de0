"""`score-answer check`: a gate on the answers that were scored before."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from scorer.bank import QuestionBank
from scorer.cli.compare import comparison_outputs, show_comparison, write_comparison
from scorer.cli.shared import HELP, bank_option, model_option, no_nan, reports_errors
from scorer.files import write_text

_file = click.Path(path_type=Path)


@click.command(context_settings=HELP)
@click.argument("cases", metavar="CASES", type=_file)
@click.option("--baseline", required=True, metavar="FILE", type=_file, help="What the answers scored before.")
@click.option("--update", is_flag=True, help="Write the baseline instead of comparing with it.")
@click.option("--tolerance", type=click.FloatRange(0.0, 1.0), callback=no_nan, default=0.01, show_default=True,
              help="By how much a score may fall.")  # fmt: skip
@click.option("--min-score", type=click.FloatRange(0.0, 1.0), callback=no_nan,
              help="The least score of every answer.")  # fmt: skip
@click.option("--minimums", metavar="FILE", type=_file,
              help="Least scores of questions or cases: TOML, such as q7x2 = 0.6 under [min-score].")  # fmt: skip
@click.option("--calibration", metavar="FILE", help="Another calibration, written by `score-answer calibrate`.")
@click.option("--no-contradiction", is_flag=True, help="Skip the second look: faster, and blind to denials.")
@comparison_outputs
@bank_option
@model_option
@reports_errors
def check(
    cases: Path,
    baseline: Path,
    update: bool,
    tolerance: float,
    min_score: float | None,
    minimums: Path | None,
    calibration: str | None,
    no_contradiction: bool,
    form: str,
    outputs: tuple[tuple[Path, str], ...],
    bank: str | None,
    model: str | None,
) -> None:
    """Score the answers in CASES and hold them against a baseline; exit with 1 if a point was lost.

    CASES is a folder with <question>.txt and <question>--<name>.txt, or JSON Lines with the keywords of a request.
    It fails where a score falls by more than the tolerance or below its minimum, and where a claim that was covered
    is not any more, even at an equal score.
    """
    from scorer.cases import levels, read_cases, read_minimums
    from scorer.pipeline import AnswerScorer
    from scorer.regression import compare, failures, score_cases
    from scorer.runs import baseline_text, read_baseline

    chosen = QuestionBank(bank)
    found = read_cases(cases, chosen)
    old = read_baseline(baseline) if baseline.exists() or not update else None
    least = {} if min_score is None else {case.name: min_score for case in found}
    least |= {} if minimums is None else read_minimums(minimums, found)
    scorer = AnswerScorer(model=model, bank=chosen, contradiction=not no_contradiction, calibration=calibration)
    new = score_cases(scorer, found, str(cases), lambda text: click.echo(text, err=True))
    if update:
        write_text(baseline, baseline_text(new))
        click.echo(f"{baseline}: {len(new.answers)} answers written", err=True)
    known = old is not None and (not update or set(old.answers) & set(new.answers))
    compared = compare(old if old is not None and known else new, new, levels(chosen, new))
    # What an update changes is what it was asked to accept; a minimum stays one.
    failed = [each for each in failures(compared, new, tolerance, least) if each.kind == "low" or not update]
    write_comparison(compared, failed, outputs)
    if known or failed:
        show_comparison(compared, failed, form)
    if failed:
        sys.exit(1)
