"""Time and peak memory of one answer as it grows, as ratios of each length to the one half as long.

    python tests/benchmarks/length.py

Both ends of what an answer can be: prose, whose sentences all differ, and one word over and over. Linear means ratios
of at most 2, and less while the start of the program weighs more than its work.
"""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from scorer.files import bundled
from tests.benchmarks.cold_start import OURS, run

LENGTHS = [31_250, 62_500, 125_000, 250_000, 500_000]


def prose(length: int) -> str:
    """Words of the shipped bank's references in sentences of 8 to 24, no two alike."""
    text = " ".join(file.read_text(encoding="utf-8") for file in sorted(bundled("seeds").glob("*.txt")))
    words = [word.strip(".,:;").lower() for word in text.split()]
    random_ = random.Random(0)  # noqa: S311  no secret
    parts = []
    size = 0
    while size < length:
        said = " ".join(random_.choices(words, k=random_.randint(8, 24))).capitalize() + ". "
        parts.append(said)
        size += len(said)
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
