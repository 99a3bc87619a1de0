"""Figures on labelled sets, as a table, as JSON, as a reliability plot."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from scorer.errors import InputError
from scorer.measures import CLAIM_FIGURES, GRADE_FIGURES, Interval, Results

Measured = Sequence[tuple[str, str, Mapping[str, Interval]]]

_BINS = 10


def evaluation_text(measured: Measured) -> str:
    """A table a set, a row a scorer or baseline; `measured` holds (set, scorer, figures)."""
    lines: list[str] = []
    for name in dict.fromkeys(each for each, _, _ in measured):
        rows = [(scorer, figures) for each, scorer, figures in measured if each == name]
        had = {key for _, figures in rows for key in figures}
        shown = [key for key in (CLAIM_FIGURES if had <= {*CLAIM_FIGURES} else GRADE_FIGURES) if key in had]
        lines += ["", name, " " * 14 + "".join(f"{key.replace('_', ' '):>22}" for key in shown)]
        for scorer, figures in rows:
            cells = [_cell(figures[key]) if key in figures else "-" for key in shown]
            lines.append(f"  {scorer:<12}" + "".join(f"{cell:>22}" for cell in cells))
    return "\n".join(lines[1:]) + "\n"


def _cell(figure: Interval) -> str:
    return f"{figure.value:.3f} [{figure.low:.2f}, {figure.high:.2f}]"


def evaluation_json(measured: Measured, signature: str) -> str:
    """The same as JSON: {"schema_version", "signature", "sets": [{"set", "scorer", "figures": {name: interval}}]}."""
    sets = [
        {"set": name, "scorer": scorer, "figures": {key: asdict(figure) for key, figure in figures.items()}}
        for name, scorer, figures in measured
    ]
    return json.dumps({"schema_version": 1, "signature": signature, "sets": sets}, indent=2) + "\n"


def reliability_plot(found: Sequence[Results], file: Path) -> None:
    """Draw, for each set of claims, the share that people call covered over the probability that was given.

    The format follows the file's extension. Raises InputError where no set has claims, or for a file that cannot be
    written.
    """
    from matplotlib.figure import Figure

    sets = [each for each in found if each.has_claims]
    if not sets:
        raise InputError("--plot shows probabilities of claims, and no set has claims; give one that has")
    figure = Figure(figsize=(4.2 * len(sets), 4.4), layout="constrained")
    for axes, each in zip(figure.subplots(1, len(sets), squeeze=False)[0], sets, strict=True):
        bins = np.minimum((each.value * _BINS).astype(int), _BINS - 1)
        counts = np.bincount(bins, minlength=_BINS)
        filled = counts > 0
        said = np.bincount(bins, each.value, minlength=_BINS)[filled] / counts[filled]
        true = np.bincount(bins, each.true, minlength=_BINS)[filled] / counts[filled]
        axes.bar((np.arange(_BINS) + 0.5) / _BINS, counts / counts.sum(), 0.09, color="0.85", label="share of claims")
        axes.plot([0, 1], [0, 1], "--", color="0.5", linewidth=1)
        axes.plot(said, true, "o-", label="covered, say people")
        axes.set(xlim=(0, 1), ylim=(0, 1), title=each.name, xlabel="probability of coverage", aspect="equal")
        axes.legend(loc="upper left", frameon=False)
    try:
        figure.savefig(file, dpi=120)
    except (OSError, ValueError) as error:
        raise InputError(f"{file}: the plot cannot be written: {error}; use a name such as plot.png") from error
