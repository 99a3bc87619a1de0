"""`score-answer practice`: a page to practise on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from scorer.bank import QuestionBank
from scorer.cli.shared import HELP, bank_option, model_option, reports_errors, show
from scorer.errors import InputError

if TYPE_CHECKING:
    from scorer.pipeline import AnswerScorer


@click.command(context_settings=HELP)
@click.option("--port", type=click.IntRange(1, 65535), metavar="N", help="The port (default: 8017, or any if taken).")
@click.option("--no-browser", is_flag=True, help="Only print the page's address.")
@click.option("--history", metavar="FILE", type=click.Path(path_type=Path),
              help="Where to keep what you submit (default: practice.sqlite3 in your data folder).")  # fmt: skip
@bank_option
@model_option
@reports_errors
def practice(port: int | None, no_browser: bool, history: Path | None, bank: str | None, model: str | None) -> None:
    """Serve a page to practise on, for this computer only, and open it in the browser. Ctrl-C ends it.

    Choose or draw a question, write an answer, see its score, what is missing and what would raise it most, revise it,
    and look back. `POST /api/score` scores for other programs; `/api/openapi.json` describes it.
    """
    chosen = QuestionBank(bank)
    questions = list(chosen)
    if not questions:
        raise InputError(f"the question bank {chosen.path} is empty; add questions with `score-answer bank add`")

    from scorer.practice.app import make_app
    from scorer.practice.history import History
    from scorer.practice.scoring import BackgroundScorer
    from scorer.practice.serve import HOST, listen, serve

    kept = History(history)
    with listen(port) as listening:
        address = f"http://{HOST}:{listening.getsockname()[1]}/"
        scorer = BackgroundScorer(lambda: _load(model))
        show(f"Practise at {address} (Ctrl-C ends it)")
        if not no_browser:
            click.launch(address)
        serve(make_app(questions, kept, scorer), listening, scorer)


def _load(model: str | None) -> AnswerScorer:
    from scorer.pipeline import AnswerScorer

    return AnswerScorer(model=model)
