"""The batch on a Ray cluster of two nodes, both on the loopback interface of this machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from click.testing import CliRunner
from pyarrow import parquet

from scorer import AnswerScorer, batch
from scorer.batch import Job, answer_schema, run, score_rows
from scorer.cli import main
from scorer.distributed import CLAIM_ROWS, Cluster, ScoreColumns
from scorer.errors import InputError, ModelError
from scorer.rows import Columns, from_columns, read, to_columns
from tests.conftest import PACKAGES, free_port
from tests.test_batch import ROWS, written

# Ray leaves files and sockets for the collector to close, and speaks of what later versions will change.
pytestmark = [
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

TEXTS = ["Costs fall.", "Trains are fast.", "Open weights speed up research."]
OPTIONS: dict[str, Any] = {"contradiction": False}


def many(tmp_path: Path, number: int) -> Path:
    rows = [{"id": str(i), "answer": f"{TEXTS[i % 3]} {i}.", "claims": TEXTS} for i in range(number)]
    return written(tmp_path, "many.jsonl", [*ROWS, *rows])


def test_rows_travel_as_columns(tmp_path: Path) -> None:
    """Rows with an error too; and what they are scored as is the same."""
    rows = [*read(many(tmp_path, 3), Columns()), *read(written(tmp_path, "x.jsonl", [{"question": "q7x2"}]), Columns())]
    assert from_columns(to_columns(rows), Columns()) == rows


def test_columns_to_columns(tmp_path: Path, scorer: AnswerScorer) -> None:
    """What a person writes with Ray Data: their own columns in, the columns of a row an answer out."""
    found = pa.table({"nr": [1, 2], "text": ["Costs fall.", None], "points": [["Costs fall."], ["Costs fall."]]})
    columns = Columns(id="nr", answer="text", claims="points")
    scored = ScoreColumns(columns, claim_rows=True, signature=scorer.signature, threads=1)(found)
    answers, claims = score_rows(from_columns(found, columns), scorer)
    assert scored.drop([CLAIM_ROWS]) == answers
    assert scored[CLAIM_ROWS].to_pylist() == [claims.to_pylist(), []]
    assert ScoreColumns(columns)(found).schema == answer_schema()


def test_a_worker_with_another_program_is_refused() -> None:
    with pytest.raises(ModelError, match=r"a worker has scorer:.*, this machine scorer:0\.0\.9; install the same"):
        ScoreColumns(signature="scorer:0.0.9", **OPTIONS)


def test_nothing_is_reported_and_nothing_imported() -> None:
    """Ray must find this set when it is imported, and only who asks for it imports it."""
    program = "import os, sys, scorer.distributed; print(os.environ['RAY_USAGE_STATS_ENABLED'], 'ray' in sys.modules)"
    environment = {**os.environ, "RAY_USAGE_STATS_ENABLED": "1", "PYTHONPATH": str(PACKAGES)}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout == "0 False\n"


def test_an_address_without_the_engine(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["batch", str(tmp_path), "-o", "o.csv", "--address", "x:1"])
    assert (done.exit_code, "--address is of a Ray cluster; add --engine ray" in done.stderr) == (2, True)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A cluster of two nodes with a core each."""
    os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"  # or it would listen on a network interface
    pytest.importorskip("ray")
    if free_port() is None:
        pytest.skip("no loopback interface")  # Ray would wait for ever
    from ray import cluster_utils

    nodes: dict[str, Any] = {
        "num_cpus": 1,
        "include_dashboard": False,
        "node_ip_address": "127.0.0.1",
        "object_store_memory": 2**27,
    }
    cluster = cluster_utils.Cluster(initialize_head=True, head_node_args=nodes)
    cluster.add_node(**nodes)
    yield cluster.address
    cluster.shutdown()  # type: ignore[no-untyped-call]


def workers() -> list[int]:
    """The processes that hold a scorer on the cluster; none of them is this process's own."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            title = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if (
            process.name.isdigit()
            and title.startswith(b"ray::")
            and (b"ScoreColumns" in title or b"MapWorker" in title)
        ):
            found.append(int(process.name))
    return found


def test_the_same_rows_as_one_process_although_a_worker_is_killed(
    tmp_path: Path, scorer: AnswerScorer, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Byte for byte and in the same order, answers and claims; rows with an error are among them."""
    monkeypatch.setattr(batch, "CHUNK", 16)
    first = AnswerScorer(**OPTIONS)
    file = many(tmp_path, 250)
    alone = Job((file,), tmp_path / "alone.csv", tmp_path / "alone-claims.csv")
    run(alone, first, False, lambda _: None)
    job = Job((file,), tmp_path / "ray.csv", tmp_path / "ray-claims.csv")
    killed: list[int] = []

    def kill(done: int) -> None:
        """Once some rows are done, one of the workers, without a warning."""
        if done and not killed:
            killed.append(workers()[0])
            os.kill(killed[0], signal.SIGKILL)

    # The bank is named, as the command line does: an error names its folder, and a worker may have another of its own.
    options = {**OPTIONS, "claim_rows": True, "signature": first.signature, "bank": str(first.bank.path)}
    summary = run(job, first, False, kill, Cluster(job.parts / "rows", address, options))
    assert (summary.answers, summary.failed, len(killed)) == (256, 2, 1)
    assert job.output.read_bytes() == alone.output.read_bytes()
    assert Path(f"{job.claims_output}").read_bytes() == Path(f"{alone.claims_output}").read_bytes()
    assert not list(tmp_path.glob("*.parts*"))


def test_the_command_line_goes_on_where_it_was_interrupted(tmp_path: Path, address: str) -> None:
    """A chunk that one process finished is kept, as its mark shows; the cluster does the others."""
    file = many(tmp_path, 300)
    command = ["batch", str(file), "--no-contradiction", "-o"]
    assert CliRunner().invoke(main, [*command, str(tmp_path / "a.parquet")]).exit_code == 0
    output = tmp_path / "b.parquet"

    def stop(done: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(Job((file,), output), AnswerScorer(**OPTIONS), False, stop)
    (part,) = tmp_path.glob("b.parquet.parts/*.answers.parquet")
    finished = parquet.read_table(part).to_pylist()
    marked = [{**row, "flags": "marked"} for row in finished]
    parquet.write_table(pa.Table.from_pylist(marked, schema=answer_schema()), part)
    done = CliRunner().invoke(main, [*command, str(output), "--engine", "ray", "--address", address, "--resume"])
    assert (done.exit_code, "306 answers, 2 with an error" in done.stderr) == (0, True), done.stderr
    expected = parquet.read_table(tmp_path / "a.parquet").to_pylist()
    assert finished == expected[: len(marked)]
    assert parquet.read_table(output).to_pylist() == marked + expected[len(marked) :]


def test_what_a_worker_says_is_one_line(tmp_path: Path, scorer: AnswerScorer, address: str) -> None:
    job = Job((many(tmp_path, 1),), tmp_path / "o.csv")
    with pytest.raises((InputError, ModelError), match="install the same version on both"):
        run(job, scorer, False, lambda _: None, Cluster(job.parts / "rows", address, {"signature": "scorer:0.0.9"}))
