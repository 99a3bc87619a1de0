"""`score-answer calibrate`: fit the calibration anew."""

from __future__ import annotations

from pathlib import Path

import click

from scorer.cli.shared import HELP, model_option, reports_errors, show

_file = click.Path(path_type=Path)


@click.command(context_settings=HELP)
@click.argument("files", nargs=-1, metavar="[FILE...]", type=_file)
@click.option("--grades", metavar="FILE", type=_file,
              help="Fit a grading scale on your own marks in FILE instead, for `score --grades`.")  # fmt: skip
@click.option("--denials", multiple=True, metavar="FILE", type=_file,
              help="Learn denials from FILE too, where entailment is not coverage; repeatable.")  # fmt: skip
@click.option("--alarms", multiple=True, metavar="FILE", type=_file,
              help="Choose the threshold for denials on FILE too; repeatable.")  # fmt: skip
@click.option("--measure", "measured", multiple=True, metavar="FILE", type=_file,
              help="Measure on FILE too, without fitting on it; repeatable.")  # fmt: skip
@click.option("--unseen", multiple=True, metavar="SETS=FILE", callback=lambda _, __, given: _adapters(given),
              help="Read SETS (names, comma-separated) with the adapters in FILE, which never saw them; "
                   "repeatable.")  # fmt: skip
@click.option("-o", "--output", required=True, metavar="FILE", type=_file,
              help="Where to write the calibration.")  # fmt: skip
@model_option
@reports_errors
def calibrate(
    files: tuple[Path, ...],
    grades: Path | None,
    denials: tuple[Path, ...],
    alarms: tuple[Path, ...],
    measured: tuple[Path, ...],
    unseen: dict[str, Path],
    output: Path,
    model: str | None,
) -> None:
    """Fit the calibration on labelled answers in FILE..., and print how it does on each set without it.

    FILE is JSON Lines, as scorer/labelled.py says; name-train and name-dev make one set. With --grades a grading
    scale is fitted instead: its FILE holds graded answers, with marks on any scale from 0.
    """
    if (grades is not None) == bool(files):
        raise click.UsageError("give FILE... to fit the calibration, or --grades FILE to fit a grading scale")
    if grades is not None:
        _fit_grades(grades, output, model)
        return
    from scorer.encoder import DEFAULT_MODEL
    from scorer.entailment import Entailment
    from scorer.files import bundled
    from scorer.labelled import read_sets
    from scorer.pipeline import AnswerScorer
    from scorer.recalibrate import recalibrate

    given = {"fitted": files, "denials": denials, "alarms": alarms, "measured": measured}
    sets = {use: read_sets(chosen) for use, chosen in given.items()}
    scorer = AnswerScorer(model=model)
    folder = bundled("models") / DEFAULT_MODEL
    others = {file: Entailment(folder, file) for file in dict.fromkeys(unseen.values())}
    readers = {name: others[file] for name, file in unseen.items()}
    found, table = recalibrate(sets, scorer, readers, lambda text: click.echo(text, err=True))
    found.save(output)
    show(table)


def _adapters(given: tuple[str, ...]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for each in given:
        names, equals, file = each.partition("=")
        if not (names and equals and file):
            raise click.BadParameter(f"{each!r} is not of the form SETS=FILE, such as argkp,beetle=other.safetensors")
        found |= {name: Path(file) for name in names.split(",")}
    return found


def _fit_grades(file: Path, output: Path, model: str | None) -> None:
    import numpy as np

    from scorer.grades import fit_grades
    from scorer.labelled import read_rows
    from scorer.pipeline import AnswerScorer

    rows = read_rows(file, highest=float("inf"))
    reports = AnswerScorer(model=model).score_many([row.request() for row in rows])
    scores, marks = np.array([report.score for report in reports]), np.array([row.grade for row in rows])
    scale, errors = fit_grades(scores, marks, [row.group for row in rows])
    scale.save(output)
    for kind, error in errors.items():
        show(f"{kind:<10}error {error:.3f}{'  (chosen)' if kind == scale.kind else ''}")
    show(f"mean mark {float(marks.mean()):.3f}, error of always giving it {float(marks.std()):.3f}")
