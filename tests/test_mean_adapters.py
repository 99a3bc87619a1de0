"""The mean of adapters."""

from __future__ import annotations

import importlib

import numpy as np
import pytest

mean_adapters = importlib.import_module("mean_adapters")


def test_mean() -> None:
    files = [{"a": np.array([1.0, 2.0], np.float16)}, {"a": np.array([3.0, 2.5], np.float16)}]
    found = mean_adapters.mean(files)
    assert found["a"].dtype == np.float16
    assert found["a"].tolist() == [2.0, 2.25]


def test_other_matrices_are_refused() -> None:
    with pytest.raises(SystemExit, match="same matrices"):
        mean_adapters.mean([{"a": np.zeros(1, np.float16)}, {"b": np.zeros(1, np.float16)}])
