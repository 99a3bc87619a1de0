"""What Ray costs: the same batch in one process and on a Ray of this machine, in turn, as ratios.

    python tests/benchmarks/cluster.py [ROWS [RUNS]]

Both have all cores: the process as threads of one computation, Ray as a worker a core. "Fewest" is a run of one chunk
only: what starting costs. What is left once that is taken off is the cost of the rows. Needs the extra `ray`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks.memory import COMMAND, ROOT, write

ENGINES = ("process", "ray")
FEWEST = 256


def seconds(file: Path, engine: str) -> float:
    """Wall seconds of one run over `file`."""
    command = [*COMMAND, str(file), "--engine", engine, "-o", str(file.with_name(f"{engine}.csv"))]
    start = time.perf_counter()
    subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True, capture_output=True)
    return time.perf_counter() - start


def main(number: int, runs: int) -> None:
    print(f"{runs} runs in turn, medians\n| rows | process, s | Ray, s | Ray to process |\n" + "| --- " * 4 + "|")
    with tempfile.TemporaryDirectory() as folder:
        file, found = Path(folder) / "answers.csv", []
        for rows in (FEWEST, number):
            write(file, rows)
            found.append([[seconds(file, engine) for engine in ENGINES] for _ in range(runs)])
            one, other = (median(each[i] for each in found[-1]) for i in (0, 1))
            print(f"| {rows:,} | {one:.1f} | {other:.1f} | {other / one:.2f} |", flush=True)
        same = file.with_name("process.csv").read_bytes() == file.with_name("ray.csv").read_bytes()
    less = [[b - a for a, b in zip(few, many, strict=True)] for few, many in zip(*found, strict=True)]
    print(f"beyond the first chunk: Ray to process {median(each[1] / each[0] for each in less):.2f}")
    print("the outputs are the same" if same else "THE OUTPUTS DIFFER")


if __name__ == "__main__":
    main(*([int(each) for each in sys.argv[1:]] + [20_000, 3][len(sys.argv) - 1 :]))
