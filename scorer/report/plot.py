"""The claims × sentences matrix as a heat map, drawn by matplotlib."""

from __future__ import annotations

import sys
import textwrap
from typing import TYPE_CHECKING

from scorer.records import ScoreReport
from scorer.report.libraries import need
from scorer.report.wording import MARKS, printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LABEL = 44  # characters of a claim's text in a row of its own
_LINES = 2
_NUMBERED = 40  # sentences up to which a cell has room for its number
_WIDEST = 24.0  # inches


def matrix_plot(report: ScoreReport, axes: Axes | None = None) -> Figure:
    """Draw the cosine of each claim (row) with each sentence of the answer (column), the evidence of a claim framed.

    Draws into `axes`, or into a figure of its own, of a size that follows the matrix, and returns the figure. Raises
    LibraryError without matplotlib.
    """
    need("matplotlib", "notebook", "plot()")
    claims, sentences = report.matrix.shape
    if axes is None:
        axes = _figure(min(5.2 + 0.46 * max(sentences, 4), _WIDEST), 1.2 + 0.42 * claims).subplots()
    labels = [_shortened(f"{i} {MARKS[each.verdict]} {each.text}") for i, each in enumerate(report.claims, start=1)]
    # A dollar sign in a text from a file is no formula.
    axes.set_yticks(range(claims), labels, fontsize=8, parse_math=False)
    axes.set_xticks(range(sentences), [str(i + 1) for i in range(sentences)], fontsize=8)
    axes.set_xlabel("sentence of the answer" if sentences else "the answer has no sentence")
    low, high = report.interval
    title = " ".join(part for part in (report.question, printable(report.source)) if part)
    axes.set_title(
        f"{title}\nscore {report.score:.2f}, 95 % interval {low:.2f} to {high:.2f}".lstrip(),
        fontsize=10, loc="left", parse_math=False,
    )  # fmt: skip
    if sentences:
        _cells(report, axes)
    found = axes.get_figure(root=True)
    assert found is not None  # noqa: S101  axes that are drawn into belong to a figure
    return found


def _figure(width: float, height: float) -> Figure:
    """A figure that belongs to nobody, so that none piles up.

    IPython learns to show figures when pyplot makes its first one. Elsewhere pyplot stays out: it would look for a
    window system.
    """
    if "IPython" not in sys.modules:
        from matplotlib.figure import Figure

        return Figure(figsize=(width, height), layout="constrained")
    from matplotlib import pyplot

    figure = pyplot.figure(figsize=(width, height), layout="constrained")
    pyplot.close(figure)
    return figure


def _cells(report: ScoreReport, axes: Axes) -> None:
    from matplotlib.patches import Rectangle

    # Cividis reads the same with every kind of colour vision.
    image = axes.imshow(report.matrix, cmap="cividis", vmin=0.0, vmax=1.0, aspect="auto")
    axes.figure.colorbar(image, ax=axes, label="cosine", shrink=0.6, pad=0.02)
    places = {span: number for number, span in enumerate(report.sentences)}
    for row, claim in enumerate(report.claims):
        if claim.evidence is not None:
            corner = (places[claim.evidence] - 0.5, row - 0.5)
            axes.add_patch(Rectangle(corner, 1, 1, fill=False, edgecolor="white", linewidth=3.0, clip_on=False))
            axes.add_patch(Rectangle(corner, 1, 1, fill=False, edgecolor="black", linewidth=1.4, clip_on=False))
    if len(report.sentences) > _NUMBERED:
        return
    for (row, column), cosine in zip(_places(report.matrix.shape), report.matrix.flat, strict=True):
        ink = "black" if cosine > 0.5 else "white"
        axes.text(column, row, f"{cosine:.2f}", ha="center", va="center", color=ink, fontsize=7)


def _places(shape: tuple[int, ...]) -> list[tuple[int, int]]:
    return [(row, column) for row in range(shape[0]) for column in range(shape[1])]


def _shortened(text: str) -> str:
    return "\n".join(textwrap.wrap(printable(text), _LABEL, max_lines=_LINES, placeholder=" …"))
