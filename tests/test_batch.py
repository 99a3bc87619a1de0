from __future__ import annotations

import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pyarrow import parquet

from scorer import AnswerScorer, batch
from scorer.batch import Job, run, score_rows
from scorer.cli import main
from scorer.errors import InputError
from scorer.rows import Columns, read
from tests.conftest import PACKAGES

ROWS: list[dict[str, Any]] = [
    {"id": "a", "question": "q7x2", "answer": "Open weights speed up research."},
    {"id": "b", "question": "nope", "answer": "Costs fall."},
    {"id": "c", "question": "Why?", "answer": "Costs fall.", "references": ["Prices drop.", "It gets cheaper."]},
    {"id": "d", "question": "", "answer": "Costs fall.", "claims": ["Costs fall."]},
    {"id": "e", "question": "q7x2", "answer": ""},
    {"id": "f", "answer": 3, "question": "q7x2"},
]


def written(tmp_path: Path, name: str, rows: list[dict[str, Any]]) -> Path:
    file = tmp_path / name
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


def results(file: Path) -> list[dict[str, Any]]:
    if file.suffix == ".parquet":
        return list(parquet.read_table(file).to_pylist())
    if file.suffix == ".jsonl":
        return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("name", ["o.csv", "o.jsonl", "o.parquet"])
def test_a_row_an_answer_and_a_row_a_claim(tmp_path: Path, scorer: AnswerScorer, name: str) -> None:
    """The same numbers as one by one; a bad row has its reason, and the others are scored."""
    job = Job((written(tmp_path, "in.jsonl", ROWS),), tmp_path / name, tmp_path / f"claims-{name}")
    summary = run(job, scorer, False, lambda _: None)
    assert (summary.answers, summary.failed) == (6, 2)
    found = results(job.output)
    assert [row["id"] for row in found] == list("abcdef")
    assert [bool(row["error"]) for row in found] == [False, True, False, False, False, True]
    assert "no question 'nope'" in found[1]["error"]
    assert "the answer is int, not text" in found[5]["error"]
    alone = scorer.score("Costs fall.", references=["Prices drop.", "It gets cheaper."], question_text="Why?")
    assert float(found[2]["score"]) == alone.score
    assert float(found[4]["score"]) == 0.0
    assert json.loads(found[2]["missing_claims"]) == [claim.text for claim in alone.missing]
    claims = [row for row in results(tmp_path / f"claims-{name}") if row["id"] == "c"]
    assert [(row["text"], row["verdict"], float(row["coverage"])) for row in claims] == [
        (claim.text, claim.verdict, claim.coverage) for claim in alone.claims
    ]
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(["in.jsonl", name, f"claims-{name}"])


def test_a_chunk_is_the_same_in_any_chunks(
    tmp_path: Path, scorer: AnswerScorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path, "in.jsonl", ROWS)
    run(Job((file,), tmp_path / "whole.csv"), scorer, False, lambda _: None)
    monkeypatch.setattr(batch, "CHUNK", 2)
    done: list[int] = []
    run(Job((file,), tmp_path / "parts.csv"), scorer, False, done.append)
    assert done == [0, 2, 2, 2]
    assert (tmp_path / "parts.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


COMMAND = [
    sys.executable,
    "-c",
    "from scorer import batch; batch.CHUNK = 4; from scorer.cli import main; main()",
    "batch",
]


def test_killed_at_random_moments_nothing_is_lost_or_done_twice(tmp_path: Path) -> None:
    """A run of ten chunks, killed again and again, ends with the bytes of an undisturbed one."""
    texts = ["Costs fall.", "Trains are fast.", "Open weights speed up research."]
    rows = [{"id": str(i), "answer": f"{texts[i % 3]} {i}.", "claims": texts} for i in range(40)]
    file = written(tmp_path, "in.jsonl", rows)
    environment = {**os.environ, "PYTHONPATH": str(PACKAGES)}
    options = ["--no-contradiction", "--resume", "--claims-output"]
    subprocess.run(
        [*COMMAND, str(file), "-o", str(tmp_path / "a.csv"), *options, str(tmp_path / "a-claims.csv")],
        env=environment, check=True, capture_output=True,
    )  # fmt: skip
    again = [*COMMAND, str(file), "-o", str(tmp_path / "b.csv"), *options, str(tmp_path / "b-claims.csv")]
    finished: set[tuple[str, int]] = set()
    for _ in range(8):
        process = subprocess.Popen(again, env=environment, stderr=subprocess.DEVNULL)
        time.sleep(random.Random().uniform(0.3, 1.2))  # noqa: S311  no secret
        process.send_signal(signal.SIGKILL)
        process.wait()
        now = {(part.name, part.stat().st_mtime_ns) for part in (tmp_path / "b.csv.parts").glob("*.answers.parquet")}
        assert finished <= now or not now  # a finished chunk is not written again
        finished = now
    subprocess.run(again, env=environment, check=True, capture_output=True)
    for name in ("{}.csv", "{}-claims.csv"):
        assert (tmp_path / name.format("b")).read_bytes() == (tmp_path / name.format("a")).read_bytes()
    assert not list(tmp_path.glob("*.parts*"))


def test_chunks_of_another_job_are_refused(tmp_path: Path, scorer: AnswerScorer) -> None:
    file = written(tmp_path, "in.jsonl", ROWS)
    job = Job((file,), tmp_path / "o.csv")
    job.parts.mkdir()
    (job.parts / "run.json").write_text("{}")
    with pytest.raises(InputError, match=r"o\.csv\.parts is of another job or program; run without --resume"):
        run(job, scorer, True, lambda _: None)
    assert run(job, scorer, False, lambda _: None).answers == 6


def test_a_run_that_was_killed_before_it_said_what_it_is_begins_anew(tmp_path: Path, scorer: AnswerScorer) -> None:
    job = Job((written(tmp_path, "in.jsonl", ROWS),), tmp_path / "o.csv")
    job.parts.mkdir()
    (job.parts / "run.partial").write_text('{"sig')
    assert run(job, scorer, True, lambda _: None).answers == 6


def invoke(*arguments: str) -> Any:
    return CliRunner().invoke(main, ["batch", "--no-contradiction", *arguments])


def test_the_command_line(tmp_path: Path) -> None:
    file = written(tmp_path, "in.jsonl", ROWS)
    done = invoke(str(file), "-o", str(tmp_path / "o.csv"))
    assert (done.exit_code, done.stdout) == (0, "")
    assert "6 answers, 2 with an error\n  the first: b: no question 'nope'" in done.stderr
    assert "mean score 0." in done.stderr
    assert "of 2  q7x2\n" in done.stderr
    assert "most often missing:\n  2 times  q7x2  " in done.stderr
    assert invoke(str(file), "-o", str(tmp_path / "o.csv"), "--strict").exit_code == 1
    whole = invoke(str(file), "-o", str(tmp_path / "o.csv"), "--resume")
    assert (whole.exit_code, "o.csv is whole already; remove it to score anew" in whole.stderr) == (0, True)


def test_a_folder_of_texts(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name, data in (("q7x2", b"Open weights."), ("q7x2--x", b"\xff"), ("zzz--y", b"Open weights.")):
        (tmp_path / "in" / f"{name}.txt").write_bytes(data)
    assert invoke(str(tmp_path / "in"), "-o", str(tmp_path / "o.jsonl")).exit_code == 0
    found = results(tmp_path / "o.jsonl")
    assert [(row["id"], row["question"]) for row in found] == [("q7x2--x", "q7x2"), ("q7x2", "q7x2"), ("zzz--y", "zzz")]
    assert [(row["error"] or "") != "" for row in found] == [True, False, True]


BAD = [
    (["{tmp}/none.csv", "-o", "{tmp}/o.csv"], "none.csv cannot be read: No such file"),
    (["{tmp}/in.txt", "-o", "{tmp}/o.csv"], "in.txt: the extension '.txt' is unknown; use .csv .jsonl .parquet"),
    (["{tmp}/in.csv", "-o", "{tmp}/o.xlsx"], "o.xlsx: the extension '.xlsx' is unknown; use"),
    (["{tmp}/in.csv", "-o", "{tmp}/no/o.csv"], "o.csv.parts cannot be made: No such file or directory"),
    (["{tmp}/in.csv", "-o", "{tmp}/o.csv", "--answer-column", "x"], "in.csv has no column 'x', only id, question"),
    (["{tmp}/empty.csv", "-o", "{tmp}/o.csv"], "empty.csv is no CSV with a header"),
    (["{tmp}/bad.parquet", "-o", "{tmp}/o.csv"], "bad.parquet is no Parquet file"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "message"), BAD)
def test_what_cannot_be_used_is_one_line(tmp_path: Path, arguments: list[str], message: str) -> None:
    (tmp_path / "in.csv").write_text("id,question,answer\n1,q7x2,Costs fall.\n")
    (tmp_path / "in.txt").write_text("Costs fall.")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "bad.parquet").write_text("PAR1")
    done = invoke(*(argument.format(tmp=tmp_path) for argument in arguments))
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_eight_threads_share_a_scorer(scorer: AnswerScorer, strong: str, partial: str, off_topic: str) -> None:
    """With claims of the bank, claims as given, and references that have to be parsed."""
    texts = [strong, partial, off_topic, "", "Costs fall."]
    asked: list[dict[str, Any]] = [{"answer": text, "question": "q7x2"} for text in texts]
    asked += [{"answer": text, "claims": ["Costs fall.", "Trains are fast."]} for text in texts]
    asked += [{"answer": "Costs fall.", "references": [f"Prices drop, and train {i} is late."]} for i in range(6)]
    alone = [scorer.score_many([request])[0].to_dict() for request in asked]
    fresh = AnswerScorer()
    order = [i % len(asked) for i in range(4 * len(asked))]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda i: fresh.score_many([asked[i]])[0].to_dict(), order))
    assert found == [alone[i] for i in order]


def test_rows_of_a_batch_equal_rows_alone(tmp_path: Path, scorer: AnswerScorer) -> None:
    rows = list(read(written(tmp_path, "in.jsonl", ROWS), Columns()))
    together, _ = score_rows(rows, scorer)
    for row, expected in zip(rows, together.to_pylist(), strict=True):
        (alone,) = score_rows([row], scorer)[0].to_pylist()
        assert alone == expected
