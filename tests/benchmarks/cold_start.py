"""How long one answer takes from a cold process, with and without the second look, beside the textbook script.

    python tests/benchmarks/cold_start.py [RUNS]

All on the same input, in turn, so that a machine that changes its speed changes all; prints medians, the median of
the textbook's ratios to the others run by run, and the peak memory of each whole process.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
ANSWER = str(ROOT / "seeds/answers/q7x2--strong.txt")
OURS = [sys.executable, "-c", "from scorer.cli import main; main()", "--question", "q7x2", ANSWER]
FIRST_LOOK = [*OURS, "--no-contradiction"]
TEXTBOOK = [sys.executable, str(HERE / "textbook.py"), "q7x2", ANSWER]


def run(command: list[str]) -> tuple[float, float]:
    """Wall seconds and peak memory in MB of one process."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"}
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)} exited with {process.returncode}")
    return wall, usage.ru_maxrss / 1024


def main(runs: int) -> None:
    commands = {"score-answer": OURS, "score-answer --no-contradiction": FIRST_LOOK, "textbook script": TEXTBOOK}
    for command in commands.values():
        run(command)  # fills the disk cache
    rounds = [[run(command) for command in commands.values()] for _ in range(runs)]
    print(f"{runs} runs of each, in turn; medians of the whole process")
    print("| | seconds | peak MB | textbook's seconds to these | its MB to these |\n" + "| --- " * 5 + "|")
    for i, name in enumerate(commands):
        seconds, memory = (median(each[i][k] for each in rounds) for k in (0, 1))
        ratios = (median(each[-1][k] / each[i][k] for each in rounds) for k in (0, 1))
        print(f"| {name} | {seconds:.2f} | {memory:.0f} | {' | '.join(f'{ratio:.1f}' for ratio in ratios)} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
