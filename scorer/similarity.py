"""Two sets of vectors to matrices. Rows are unit rows, so a dot product is a cosine.

Products are taken in double precision: the last digits then depend neither on the shape of the matrices nor on
the number of threads, which single precision cannot promise.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Matrix = NDArray[np.float64]


def cosines(a: Vectors, b: Vectors) -> Matrix:
    """All cosines of the unit rows of `a` (n, d) with those of `b` (m, d): (n, m), -1..1."""
    product: Matrix = a.astype(np.float64) @ b.astype(np.float64).T
    return product
