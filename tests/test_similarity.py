import numpy as np

from scorer.similarity import cosines


def test_cosines() -> None:
    a = np.array([[1, 0], [0, 1], [-1, 0]], dtype=np.float32)
    b = np.array([[1, 0], [0.6, 0.8]], dtype=np.float32)
    assert np.allclose(cosines(a, b), [[1, 0.6], [0, 0.8], [-1, -0.6]])
    assert cosines(a, b[:0]).shape == (3, 0)


def test_cosines_do_not_depend_on_the_rows_beside_them() -> None:
    rng = np.random.default_rng(0)
    a, b = (rng.normal(size=(n, 384)).astype(np.float32) for n in (50, 70))
    whole = cosines(a, b)
    parts = np.concatenate([cosines(row[None], b[:33]) for row in a])
    assert np.abs(whole[:, :33] - parts).max() < 1e-12
