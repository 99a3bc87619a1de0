"""`score-answer score`, the default command."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scorer.bank import QuestionBank
from scorer.cli.shared import HELP, bank_option, format_of, model_option, reports_errors, show
from scorer.errors import InputError
from scorer.files import LARGEST_ANSWER, read_text, write_text

if TYPE_CHECKING:
    from scorer.records import ScoreReport

# What `-o FILE` means by its extension. Kept beside the formats that `scorer.report` knows by a test; importing
# that module here would load it for `--help` too.
_FORMATS = ("text", "json", "jsonl", "markdown", "html")
_EXTENSIONS = {".txt": "text", ".json": "json", ".jsonl": "jsonl", ".md": "markdown", ".html": "html"}


@click.command(context_settings=HELP)
@click.argument("answers", nargs=-1, metavar="FILE...", required=True)
@click.option("--question", "question", metavar="ID", help="A question of the bank, such as q7x2.")
@click.option(
    "--reference", "references", metavar="FILE", multiple=True, help="A reference answer; repeat it for alternatives."
)
@click.option("--claims", metavar="FILE", help="Claims to score against, one a line.")
@click.option("--question-text", default="", metavar="TEXT", help="What was asked, with --reference or --claims.")
@bank_option
@model_option
@click.option("--calibration", metavar="FILE", help="Another calibration, written by `score-answer calibrate`.")
@click.option("--grades", metavar="FILE", help="Give a mark too, on the scale that `calibrate --grades` wrote.")
@click.option("--no-contradiction", is_flag=True, help="Skip the second look: faster, and blind to denials.")
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", help="What to print (default: text).")
@click.option("-o", "--output", "outputs", metavar="FILE", multiple=True,
              help="Write to FILE instead, by its extension: .txt .json .jsonl .md .html; repeatable.")  # fmt: skip
@click.option("--chance", is_flag=True,
              help="Print too what a text about other things reaches on each claim.")  # fmt: skip
@click.option("--min-score", type=click.FloatRange(0.0, 1.0), help="Exit with 1 if any score is below this.")
@click.option("--max-characters", type=click.IntRange(min=1), default=LARGEST_ANSWER, show_default=True,
              help="Refuse longer answers and references.")  # fmt: skip
@reports_errors
def score(
    answers: tuple[str, ...],
    question: str | None,
    references: tuple[str, ...],
    claims: str | None,
    question_text: str,
    bank: str | None,
    model: str | None,
    calibration: str | None,
    grades: str | None,
    no_contradiction: bool,
    form: str,
    outputs: tuple[str, ...],
    chance: bool,
    min_score: float | None,
    max_characters: int,
) -> None:
    """Score the answers in FILE... ('-' reads standard input), one report each."""
    if chance and (form != "text" or outputs):
        raise click.UsageError("--chance goes with --format text on standard output")
    against = _against(question, references, claims, question_text, bank, max_characters)
    targets = [(Path(output), format_of(output, _EXTENSIONS)) for output in outputs]
    texts = [read_text(file, max_characters) for file in answers]

    from scorer.pipeline import AnswerScorer

    scorer = AnswerScorer(
        model=model,
        contradiction=not no_contradiction,
        calibration=calibration,
        max_characters=max_characters,
        grades=grades,
        leave_out=True,
    )
    requests = [{"answer": text, "source": file, **against} for file, text in zip(answers, texts, strict=True)]
    reports = scorer.score_many(requests)

    from scorer.report import render

    for file, chosen in targets:
        write_text(file, render(reports, chosen))
    if not targets:
        show(
            _on_terminal(reports) if form == "text" and _drawable() else render(reports, form, width=_width()), nl=False
        )
    if chance:
        asked = against["question"].text if "question" in against else question_text
        for report in reports:
            show(_against_chance(report, scorer.chance([claim.text for claim in report.claims], asked)))
    low = [report for report in reports if min_score is not None and report.score < min_score]
    for report in low:
        click.echo(f"{report.source}: score {report.score:.4f} is below --min-score {min_score}", err=True)
    if low:
        sys.exit(1)


def _against(
    question: str | None,
    references: tuple[str, ...],
    claims: str | None,
    question_text: str,
    bank: str | None,
    most: int,
) -> dict[str, Any]:
    """What to score against, as keywords of `AnswerScorer.score`; read before the model: a slip shows at once."""
    if sum((question is not None, bool(references), claims is not None)) != 1:
        raise click.UsageError("give one of --question ID, --reference FILE, --claims FILE")
    if question is not None:
        if question_text:
            raise click.UsageError("--question-text goes with --reference or --claims; --question has its own text")
        return {"question": QuestionBank(bank).get(question)}
    if claims is not None:
        return {"claims": read_claims(claims, most), "question_text": question_text}
    return {"references": [read_reference(file, most) for file in references], "question_text": question_text}


def _against_chance(report: ScoreReport, reached: Sequence[float]) -> str:
    lines = [f"\nCoverage against chance{f' in {report.source}' if report.source else ''}:"]
    pairs = zip(report.claims, reached, strict=True)
    lines += [f"  {claim.coverage:.2f} against {other:.2f}  {' '.join(claim.text.split())}" for claim, other in pairs]
    return "\n".join(lines)


def read_reference(file: str, most: int) -> str:
    """A reference answer of at most `most` characters. Raises InputError where it is blank or cannot be read."""
    text = read_text(file, most)
    if not text.strip():
        raise InputError(f"{file}: the reference answer is blank; write what a good answer should say")
    return text


def read_claims(file: str, most: int) -> list[str]:
    """The claims of a file, one a line. Raises InputError where there is none or the file cannot be read."""
    claims = [line for line in read_text(file, most).splitlines() if line.strip()]
    if not claims:
        raise InputError(f"{file} has no claim; write one claim a line")
    return claims


def _drawable() -> bool:
    """Whether standard output is a terminal that takes control sequences, and nobody asked for none."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _on_terminal(reports: Sequence[ScoreReport]) -> str:
    """What rich draws; it is imported on a terminal only."""
    import shutil

    from scorer.report.terminal import to_terminal

    return to_terminal(reports, shutil.get_terminal_size().columns)


def _width() -> int:
    """Columns to write in: the terminal's, but no wider than is good to read."""
    import shutil

    return min(shutil.get_terminal_size().columns, 100) if sys.stdout.isatty() else 80
