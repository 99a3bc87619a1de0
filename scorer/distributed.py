"""The same batch on more than one machine: a callable class for Ray Data, and the engine that runs it on a cluster.

Ray reports its use to its maker unless RAY_USAGE_STATS_ENABLED is 0. It is set here, before Ray is imported, and so for
every process that is started from here; who starts a cluster has to set it there.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scorer import batch
from scorer.errors import InputError, ModelError, ScorerError
from scorer.pipeline import AnswerScorer
from scorer.rows import Columns, Row, from_columns, to_columns

if TYPE_CHECKING:
    import pyarrow as pa

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"

# The column that holds, for each answer, its rows a claim.
CLAIM_ROWS = "claim_rows"
_SAID = re.compile(r"scorer\.errors\.(?P<kind>\w+): (?P<message>.+)")
# Ray replaces each of these by the address of a network interface, unless it is told to stay on this machine.
_LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]")


class ScoreColumns:
    """Takes a table of answers and gives a table of scores, row for row: made for `map_batches` with an actor pool.

        ray.data.read_parquet("answers/").map_batches(
            ScoreColumns, fn_constructor_kwargs={"threads": 1}, batch_format="pyarrow", batch_size=256,
            compute=ray.data.ActorPoolStrategy(size=8), num_cpus=1)

    The model is loaded here, so once a worker. `columns` says what the columns are called, `claim_rows` asks for the
    column CLAIM_ROWS, a list of the rows a claim. All else is handed to `AnswerScorer`, such as `threads`, the cores
    that a worker has. Rows without an id are called by their place in the batch. Raises ModelError where
    `signature` is given and the scorer's is another: then the worker would give other numbers than who asked.
    """

    def __init__(
        self, columns: Columns | None = None, claim_rows: bool = False, signature: str | None = None, **options: Any
    ) -> None:
        self._columns, self._claim_rows = columns or Columns(), claim_rows
        self._scorer = AnswerScorer(**options)
        if signature not in (None, self._scorer.signature):
            raise ModelError(
                f"a worker has {self._scorer.signature}, this machine {signature}; install the same version on both"
            )

    def __call__(self, found: pa.Table) -> pa.Table:
        """The columns of `batch.answer_schema()`, and CLAIM_ROWS where they were asked for."""
        answers, claims = batch.score_rows(from_columns(found, self._columns), self._scorer)
        return _nested(answers, claims) if self._claim_rows else answers


def _nested(answers: pa.Table, claims: pa.Table) -> pa.Table:
    """`answers` with the rows of `claims` that belong to each: as many as its column `claims` says."""
    import numpy as np
    import pyarrow as pa

    counts = answers["claims"].fill_null(0).to_numpy()
    ends = pa.array(np.concatenate([[0], np.cumsum(counts)]), pa.int32())
    rows = pa.StructArray.from_arrays([column.combine_chunks() for column in claims.columns], claims.schema.names)
    return answers.append_column(CLAIM_ROWS, pa.ListArray.from_arrays(ends, rows))


def _flat(found: pa.Table) -> tuple[pa.Table, pa.Table]:
    """The answers and the claims that `_nested` made one table of."""
    import pyarrow as pa

    answers = found.select(batch.answer_schema().names).cast(batch.answer_schema())
    if CLAIM_ROWS not in found.column_names:
        return answers, batch.claim_schema().empty_table()
    parts = [pa.Table.from_struct_array(chunk.flatten()) for chunk in found[CLAIM_ROWS].chunks]
    return answers, pa.concat_tables([batch.claim_schema().empty_table(), *parts]).cast(batch.claim_schema())


@dataclass(frozen=True)
class Cluster:
    """The engine of `batch.run` that scores on a Ray cluster at `address` (None: one of its own, on this machine only).

    The rows are laid into `folder` as Parquet, a file a chunk, which every machine of the cluster must see under the
    same name. `options` are those of `ScoreColumns`; each worker has one core, and there is one for each core.
    Raises InputError where there is no such cluster, ModelError where Ray is not installed.
    """

    folder: Path
    address: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self, chunks: Iterator[list[Row]]) -> Iterator[tuple[pa.Table, pa.Table]]:
        """The tables of each chunk, in order; a worker that dies is replaced, and what it had is scored again."""
        files = self._laid_out(chunks)
        if files == 0:
            return
        ray = _ray(self.address)
        _connect(ray, self.address)
        try:
            found = self._scored(ray, files)
            yield from (_flat(each) for each in found.iter_batches(batch_size=batch.CHUNK, batch_format="pyarrow"))
        except (ray.exceptions.RayError, OSError) as error:
            raise _of_a_worker(error) from error
        finally:
            ray.shutdown()

    def _laid_out(self, chunks: Iterator[list[Row]]) -> int:
        """Write a file a chunk, whose names sort as the chunks do; returns how many."""
        from pyarrow import parquet

        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        files = 0
        for chunk in chunks:
            parquet.write_table(to_columns(chunk), self.folder / f"{files:08}.parquet")
            files += 1
        return files

    def _scored(self, ray: Any, files: int) -> Any:
        context = ray.data.DataContext.get_current()
        context.execution_options.preserve_order = True
        context.enable_progress_bars = False
        cores = max(1, int(ray.cluster_resources().get("CPU", 1)))
        # Workers hold all cores, and what waits for a core beside them waits for ever. This reader looks at the files
        # before there are workers, and reads them without a core; the newer one lists them with one.
        context.use_datasource_v2 = False
        rows = ray.data.read_parquet(
            str(self.folder.resolve()), num_cpus=0, override_num_blocks=files, partitioning=None
        )
        return rows.map_batches(
            ScoreColumns,
            fn_constructor_kwargs={**self.options, "threads": 1},
            batch_format="pyarrow",
            batch_size=batch.CHUNK,
            compute=ray.data.ActorPoolStrategy(size=min(cores, files)),
            num_cpus=1,
        )


def _ray(address: str | None) -> Any:
    """Ray, imported so that a cluster on this machine alone stays on its loopback interface."""
    if address is None or address.rpartition(":")[0] in _LOOPBACK:
        # Its name speaks of two systems, but Linux heeds it too.
        os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
    try:
        import ray
        import ray.data
        import ray.exceptions
    except ImportError as error:
        raise ModelError("Ray is not installed; run: pip install 'score-answer[ray]'") from error
    return ray


def _connect(ray: Any, address: str | None) -> None:
    quiet = {"log_to_driver": False, "logging_level": logging.ERROR}
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    try:
        if address is None:
            ray.init(address="local", include_dashboard=False, **quiet)
        else:
            ray.init(address=address, **quiet)
    except Exception as error:  # Ray raises nothing narrower where a node does not start in time
        if address is None:
            raise InputError(f"Ray did not start on this machine ({_last_line(error)}); try again") from error
        raise InputError(
            f"no Ray cluster answers at {address} ({_last_line(error)}); start one with 'ray start', or mend --address"
        ) from error


def _last_line(error: Exception) -> str:
    return ([line.strip() for line in str(error).splitlines() if line.strip()] or [type(error).__name__])[-1]


def _of_a_worker(error: Exception) -> ScorerError:
    """What went wrong on a worker, in the scorer's own words where it was the scorer: Ray prints its traceback."""
    said = _SAID.search(str(error))
    if said is not None:
        return (ModelError if said["kind"] == "ModelError" else InputError)(said["message"])
    return InputError(f"the cluster could not do it: {_last_line(error)}; its logs say more")
