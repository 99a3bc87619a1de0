"""The mean of several adapters of one origin, matrix by matrix (a "model soup", Wortsman et al. 2022).

    python models/mean_adapters.py BEFORE.safetensors AFTER.safetensors -o entailment.safetensors

A stage of training that teaches something new unlearns a part of what was known; the mean of the adapters before and
after it has most of both.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

Adapters = Mapping[str, NDArray[np.float16]]


def mean(adapters: Sequence[Adapters]) -> dict[str, NDArray[np.float16]]:
    """Taken in single precision, kept in half. Exits where the matrices are not the same ones."""
    names = adapters[0].keys()
    if any(each.keys() != names for each in adapters):
        raise SystemExit("the adapters do not hold the same matrices; give stages of one training")
    return {
        name: np.mean([each[name].astype(np.float32) for each in adapters], axis=0).astype(np.float16) for name in names
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("-o", "--output", type=Path, required=True)
    given = parser.parse_args()
    save_file(mean([load_file(file) for file in given.files]), given.output)


if __name__ == "__main__":
    main()
