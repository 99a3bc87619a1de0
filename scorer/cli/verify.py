"""`score-answer verify`: hold a stored result against what the scorer says now."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from scorer.bank import QuestionBank
from scorer.cli.score import read_claims, read_reference
from scorer.cli.shared import HELP, bank_option, model_option, reports_errors, show
from scorer.files import LARGEST_ANSWER

_file = click.Path(path_type=Path)


@click.command(context_settings=HELP)
@click.argument("result", metavar="RESULT", type=_file)
@click.option("--reference", "references", metavar="FILE", multiple=True,
              help="The reference that it was scored against, where it was no question of the bank; "
                   "repeat it for alternatives.")  # fmt: skip
@click.option("--claims", metavar="FILE", help="The claims that it was scored against, one a line.")
@click.option("--question-text", default="", metavar="TEXT", help="What was asked, with --reference or --claims.")
@click.option("--calibration", metavar="FILE", help="The calibration that it was made with, if it was another one.")
@click.option("--grades", metavar="FILE", help="The scale that it was marked on.")
@click.option("--max-characters", type=click.IntRange(min=1), default=LARGEST_ANSWER, show_default=True,
              help="Refuse longer answers and references.")  # fmt: skip
@bank_option
@model_option
@reports_errors
def verify(
    result: Path,
    references: tuple[str, ...],
    claims: str | None,
    question_text: str,
    calibration: str | None,
    grades: str | None,
    max_characters: int,
    bank: str | None,
    model: str | None,
) -> None:
    """Recompute a stored RESULT from its answers; exit with 1 where a part of the signature or a number differs.

    RESULT is JSON or JSON Lines that `score -o` wrote. Questions are looked up in the bank; a result that was scored
    against files needs these again.
    """
    from scorer.pipeline import AnswerScorer
    from scorer.regression import verify as verify_reports
    from scorer.report.comparison import differences_text
    from scorer.runs import read_reports

    if references and claims is not None:
        raise click.UsageError("give one of --reference FILE, --claims FILE, as the result was made with")
    against: dict[str, object] = {"question_text": question_text}
    if references:
        against["references"] = [read_reference(file, max_characters) for file in references]
    if claims is not None:
        against["claims"] = read_claims(claims, max_characters)
    chosen = QuestionBank(bank)

    def scorer(contradiction: bool, leave_out: bool) -> AnswerScorer:
        return AnswerScorer(
            model=model,
            bank=chosen,
            contradiction=contradiction,
            calibration=calibration,
            max_characters=max_characters,
            grades=grades,
            leave_out=leave_out,
        )

    reports = read_reports(result)
    found = verify_reports(reports, str(result), against, scorer)
    if found:
        show(differences_text(found), nl=False)
        sys.exit(1)
    show(f"verified: {len(reports)} report{'' if len(reports) == 1 else 's'}, {reports[0]['signature']}")
