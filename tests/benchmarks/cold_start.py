"""How long one answer takes from a cold process, beside the textbook script on the same input.

    python tests/benchmarks/cold_start.py [RUNS]

Runs the two in turn, so that a machine that changes its speed changes both, and prints medians, the median of
the ratios pair by pair, and the peak memory of each whole process.
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
    run(OURS), run(TEXTBOOK)  # fills the disk cache
    pairs = [(run(OURS), run(TEXTBOOK)) for _ in range(runs)]
    print(f"{runs} runs of each, in turn; medians of the whole process")
    print("| | seconds | peak MB |\n| --- | --- | --- |")
    for name, column in (("score-answer", 0), ("textbook script", 1)):
        seconds, memory = (median(pair[column][i] for pair in pairs) for i in (0, 1))
        print(f"| {name} | {seconds:.2f} | {memory:.0f} |")
    ratio = median(textbook[0] / ours[0] for ours, textbook in pairs)
    print(f"| ratio | {ratio:.1f} | {median(textbook[1] / ours[1] for ours, textbook in pairs):.1f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
