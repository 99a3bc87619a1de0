"""A `ScoreReport` to something to read. Every view shows the same facts and computes none."""

from scorer.report.render import FORMATS, render

__all__ = ["FORMATS", "render"]
