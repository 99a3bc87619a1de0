"""Peak memory of `score-answer batch` as the number of rows grows, as ratios to the fewest.

    python tests/benchmarks/memory.py [ROWS...]

1,000, 10,000 and 100,000 rows unless told otherwise, as CSV and as JSON Lines. Every row has a short answer of its
own and one claim, so that 100,000 rows can be waited for; `--no-contradiction`, since the second look keeps nothing
from one chunk to the next. Memory that does not grow means ratios of 1: what is greater is kept of rows that are done.
Processor seconds are those of the whole process: they tell less of what else the machine does than a clock.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROWS = (1_000, 10_000, 100_000)
COMMAND = [sys.executable, "-c", "from scorer.cli import main; main()", "batch", "--no-contradiction"]


def rows(number: int) -> Iterator[dict[str, str]]:
    return ({"id": f"a{i}", "answer": f"Costs fell by {i} dollars.", "claims": "Costs fall."} for i in range(number))


def write(file: Path, number: int) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        if file.suffix == ".jsonl":
            stream.writelines(json.dumps(row) + "\n" for row in rows(number))
            return
        writer = csv.DictWriter(stream, ["id", "answer", "claims"])
        writer.writeheader()
        writer.writerows(rows(number))


def peak(file: Path) -> tuple[float, float]:
    """Peak memory in MB and processor seconds of one run over `file`."""
    command = [*COMMAND, str(file), "-o", str(file.with_name(f"scores{file.suffix}"))]
    process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)} exited with {process.returncode}")
    return usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime


def main(numbers: list[int]) -> None:
    print("| input | rows | peak MB | to the fewest rows | rows a processor second |\n" + "| --- " * 5 + "|")
    for suffix in (".csv", ".jsonl"):
        fewest = 0.0
        for number in numbers:
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / f"answers{suffix}"
                write(file, number)
                memory, seconds = peak(file)
            fewest = fewest or memory
            print(
                f"| {suffix[1:]} | {number:,} | {memory:.0f} | {memory / fewest:.2f} | {number / seconds:.0f} |",
                flush=True,
            )


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]] or list(ROWS))
