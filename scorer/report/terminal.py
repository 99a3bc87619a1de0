"""The report on a terminal, drawn by rich: as wide as it, and in colours that tell apart with any colour vision.

Every colour stands beside a mark and a word. Only the sixteen colours are used, which follow the terminal's own theme.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from scorer.records import ClaimVerdict, ScoreReport, Verdict
from scorer.report.parts import Piece, Point, cut, grouped
from scorer.report.wording import MARKS, points, printable

# Cyan, yellow and red differ in brightness too; magenta turned inside out differs from all of them.
_STYLES: dict[Verdict, str] = {
    "covered": "bold cyan",
    "partial": "bold yellow",
    "missing": "bold red",
    "contradicted": "bold reverse magenta",
}
_TITLES = {"contradicted": "Contradicted", "missing": "Missing", "partial": "Partly covered", "covered": "Covered"}
_NARROW, _WIDEST = 40, 120


def to_terminal(reports: Sequence[ScoreReport], width: int) -> str:
    """All reports for a terminal of `width` columns, with its control sequences, ending in a line feed."""
    console = Console(
        file=io.StringIO(),
        width=max(_NARROW, min(width, _WIDEST)),
        force_terminal=True,
        color_system="standard",
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
    )
    with console.capture() as captured:
        for report in reports:
            for part in _parts(report, console.width):
                console.print(part)
            # On one line, however long: it is there to be copied.
            console.print(Text(f"\n{report.signature}\n", style="dim"), soft_wrap=True)
    return captured.get()


def _parts(report: ScoreReport, width: int) -> Iterator[RenderableType]:
    pieces, claims = cut(report.answer, report.sentences, report.claims)
    yield Rule(
        Text(" ".join(filter(None, (report.question, printable(report.source)))) or "answer", style="bold"), style="dim"
    )
    yield _score(report, width)
    yield _counts(grouped(claims))
    for flag in report.flags:
        yield Text(f"Note: {printable(flag)}")
    for verdict, found in grouped(claims):
        if found:
            yield Text(f"\n{_TITLES[verdict]} ({len(found)})", style="bold")
            yield from (_claim(point) for point in found)
    yield Text("\nThe answer; in brackets the claims that a sentence is evidence of", style="bold")
    yield Padding(_answer(pieces, report), (0, 0, 0, 2))
    if report.harmful:
        yield Text("\nWithout this sentence the score would be higher", style="bold")
        yield from (_line(points(rise), printable(span.text)) for span, rise in report.harmful)
    if report.unsupported:
        yield Text("\nIn the answer, but matching none of the claims", style="bold")
        yield from (_line("-", printable(span.text)) for span in report.unsupported)


def _score(report: ScoreReport, width: int) -> RenderableType:
    """The score, and a line from 0 to 1 on which it stands as a block in its interval."""
    low, high = report.interval
    said = Text.assemble((f"Score {report.score:.2f}", "bold"), f"  95 % interval {low:.2f} to {high:.2f}")
    cells = min(40, width - 4)
    at, start, end = (round(value * (cells - 1)) for value in (report.score, low, high))
    bar = Text("0 ")
    for i in range(cells):
        bar.append("█" if i == at else "━" if start <= i <= end else "─", "" if start <= i <= end else "dim")
    return Group(said, bar.append(" 1"))


def _counts(groups: Sequence[tuple[Verdict, Sequence[Point]]]) -> Text:
    found = [Text(f"{MARKS[verdict]} {len(claims)} {verdict}", style=_STYLES[verdict]) for verdict, claims in groups]
    return Text("   ").join(found)


def _claim(point: Point) -> RenderableType:
    claim = point.claim
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=3, justify="right", style="dim")
    grid.add_column(width=1, style=_STYLES[claim.verdict])
    grid.add_column(ratio=1)
    grid.expand = True
    why = Text(printable(claim.reason), style="dim")
    said = Group(Text(printable(claim.text)), why, Text(" · ".join(_figures(claim))))
    grid.add_row(Text(str(point.number)), Text(MARKS[claim.verdict]), said)
    return grid


def _figures(claim: ClaimVerdict) -> list[str]:
    found = [f"coverage {claim.coverage:.2f}"]
    found += [f"denial {claim.contradiction:.2f}"] if claim.contradiction is not None else []
    found += [f"{points(claim.gain)} if covered"] if claim.verdict != "covered" else []
    return [*found, f"weight {claim.weight:.2f}", f"margin {claim.margin:.2f}"]


def _answer(pieces: Sequence[Piece], report: ScoreReport) -> Text:
    """The answer with its sentences numbered, as the reasons number them."""
    found = Text()
    for piece in pieces:
        if piece.number is None:
            found.append(_kept(piece.text))
            continue
        found.append(f"{piece.number} ", "dim")
        found.append(_kept(piece.text), "" if piece.verdict is None else "underline")
        for number in piece.points:
            verdict = report.claims[number - 1].verdict
            found.append(f" [{number}{MARKS[verdict]}]", _STYLES[verdict])
    found.rstrip()
    return found or Text("(blank)")


def _kept(text: str) -> str:
    """`text` with its lines, but without other control characters."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)


def _line(first: str, text: str) -> RenderableType:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(ratio=1)
    grid.expand = True
    grid.add_row(Text(f"  {first}"), Text(text))
    return grid
