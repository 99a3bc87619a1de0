"""`score-answer batch`: files of answers to files of scores."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scorer.bank import QuestionBank
from scorer.cli.shared import HELP, bank_option, model_option, reports_errors
from scorer.files import LARGEST_ANSWER

if TYPE_CHECKING:
    from scorer.batch import Engine, Job, Summary
    from scorer.pipeline import AnswerScorer

# Claims that are named in the summary.
_NAMED = 5


@click.command(context_settings=HELP)
@click.argument("inputs", nargs=-1, metavar="INPUT...", required=True)
@click.option("-o", "--output", required=True, metavar="FILE", help="A row an answer: .csv, .jsonl or .parquet.")
@click.option("--claims-output", metavar="FILE", help="A row a claim too: .csv, .jsonl or .parquet.")
@click.option("--resume", is_flag=True, help="Go on with a run that was interrupted.")
@click.option("--strict", is_flag=True, help="Exit with 1 if any row could not be scored.")
@click.option("--id-column", default="id", show_default=True, help="What the column of ids is called.")
@click.option("--question-column", default="question", show_default=True,
              help="Ids of questions of the bank; with references or claims, the question's text.")  # fmt: skip
@click.option("--answer-column", default="answer", show_default=True, help="What the column of answers is called.")
@click.option("--references-column", default="references", show_default=True, help="Reference answers, a list or one.")
@click.option("--claims-column", default="claims", show_default=True, help="Claims, a list or one.")
@bank_option
@model_option
@click.option("--no-contradiction", is_flag=True, help="Skip the second look: faster, and blind to denials.")
@click.option("--max-characters", type=click.IntRange(min=1), default=LARGEST_ANSWER, show_default=True,
              help="A longer answer is a row with an error.")  # fmt: skip
@click.option("--engine", type=click.Choice(["process", "ray"]), default="process", show_default=True,
              help="Where to score: here, or on a Ray cluster (pip install 'score-answer[ray]').")  # fmt: skip
@click.option("--address", metavar="HOST:PORT", help="The cluster of --engine ray; without it, this machine alone.")
@reports_errors
def batch(
    inputs: tuple[str, ...],
    output: str,
    claims_output: str | None,
    resume: bool,
    strict: bool,
    id_column: str,
    question_column: str,
    answer_column: str,
    references_column: str,
    claims_column: str,
    bank: str | None,
    model: str | None,
    no_contradiction: bool,
    max_characters: int,
    engine: str,
    address: str | None,
) -> None:
    """Score the answers in INPUT..., in order: .csv, .jsonl or .parquet files, or folders of text files.

    A folder's files are named after questions: ID.txt or ID--NAME.txt. A row that cannot be scored has its reason in
    the column `error`; the others are scored. While it runs, finished chunks lie beside FILE; `--resume` goes on from
    them.
    """
    from tqdm import tqdm

    from scorer.batch import Job, in_process, is_whole, run
    from scorer.pipeline import AnswerScorer
    from scorer.rows import Columns, count

    if address is not None and engine != "ray":
        raise click.UsageError("--address is of a Ray cluster; add --engine ray")
    columns = Columns(id_column, question_column, answer_column, references_column, claims_column)
    paths = tuple(Path(name) for name in inputs)
    job = Job(paths, Path(output), None if claims_output is None else Path(claims_output), columns)
    if resume and is_whole(job):
        click.echo(f"{output} is whole already; remove it to score anew", err=True)
        return
    rows = sum(count(path) for path in paths)
    chosen = QuestionBank(bank)
    options: dict[str, Any] = {"model": model, "contradiction": not no_contradiction, "max_characters": max_characters}
    scorer = AnswerScorer(bank=chosen, **options)
    chunks = _on_cluster(job, scorer, address, options) if engine == "ray" else in_process(scorer)
    with tqdm(total=rows, unit=" answers", disable=not sys.stderr.isatty(), file=sys.stderr) as bar:
        summary = run(job, scorer, resume, bar.update, chunks)
    click.echo(_text(summary, chosen), err=True, nl=False)
    if strict and summary.failed:
        sys.exit(1)


def _on_cluster(job: Job, scorer: AnswerScorer, address: str | None, options: Mapping[str, Any]) -> Engine:
    """Workers may run elsewhere, so whatever this machine's folders and environment say is said in full."""
    from scorer.distributed import Cluster

    chosen = {
        **options,
        "bank": str(scorer.bank.path.resolve()),
        "claim_rows": job.claims_output is not None,
        "signature": scorer.signature,
    }
    return Cluster(job.parts / "rows", address, chosen)


def _text(summary: Summary, bank: QuestionBank) -> str:
    """The summary in lines: counts, mean scores by question and level, and the claims most often missing."""
    lines = [f"{summary.answers:,} answers, {summary.failed:,} with an error"]
    if summary.first_error:
        lines.append(f"  the first: {summary.first_error}")
    levels: dict[str, list[float]] = {}
    for question, (total, n) in sorted(summary.scores.items()):
        lines.append(f"mean score {total / n:.3f} of {n:,.0f}  {question or 'questions that are not of the bank'}")
        level = bank.get(question).level if question else ""
        previous = levels.get(level, [0.0, 0.0])
        levels[level] = [previous[0] + total, previous[1] + n]
    lines += [
        f"mean score {total / n:.3f} of {n:,.0f}  {level}" for level, (total, n) in sorted(levels.items()) if level
    ]
    most = summary.missing.most_common(_NAMED)
    lines += ["most often missing:"] if most else []
    lines += [f"  {n:,} times  {question}  {claim}" for (question, claim), n in most]
    return "\n".join(lines) + "\n"
