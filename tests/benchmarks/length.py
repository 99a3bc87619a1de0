"""Time and peak memory of one answer as it grows, as ratios of each length to the one half as long.

    python tests/benchmarks/length.py

Both ends of what an answer can be: prose, whose sentences all differ, and one word over and over. Linear means ratios
of at most 2, and less while the start of the program weighs more than its work.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from scorer.files import bundled
from scorer.text import sentences
from tests.benchmarks.cold_start import OURS, run

LENGTHS = [12_500, 25_000, 50_000, 100_000, 200_000]


def prose(length: int) -> str:
    """The sentences of the shipped bank's references and answers, each time round with another number before them."""
    files = sorted(bundled("seeds").rglob("*--*.txt"))
    said = [span.text for file in files for span in sentences(file.read_text(encoding="utf-8"))]
    parts: list[str] = []
    size = 0
    while size < length:
        parts.append(f"In case {len(parts)}, {said[len(parts) % len(said)]} ")
        size += len(parts[-1])
    return "".join(parts)[:length]


def main() -> None:
    print(
        "| answer | characters | seconds | to half the length | peak MB | to half the length |\n" + "| --- " * 6 + "|"
    )
    for name, make in (("prose", prose), ("one word", lambda length: ("word " * length)[:length])):
        before: tuple[float, float] | None = None
        for length in LENGTHS:
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / "answer.txt"
                file.write_text(make(length), encoding="utf-8")
                seconds, memory = run([*OURS[:-1], str(file)])
            ratios = [f"{now / then:.2f}" for now, then in zip((seconds, memory), before or (), strict=False)] or [
                "",
                "",
            ]
            print(f"| {name} | {length:,} | {seconds:.1f} | {ratios[0]} | {memory:.0f} | {ratios[1]} |", flush=True)
            before = (seconds, memory)


if __name__ == "__main__":
    main()
