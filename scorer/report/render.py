"""Which view to use."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from scorer.records import ScoreReport
from scorer.report.markdown import to_markdown
from scorer.report.text import to_text

FORMATS = ("text", "json", "jsonl", "markdown", "html")
SCHEMA_VERSION = 1


def render(reports: Sequence[ScoreReport], form: str, *, width: int = 80) -> str:
    """All reports in one of FORMATS, ending in a line feed. `width` (columns) is for text only."""
    if form == "json":
        return json.dumps(to_json(reports), indent=2, ensure_ascii=False) + "\n"
    if form == "jsonl":
        return "".join(json.dumps(report.to_dict(), ensure_ascii=False) + "\n" for report in reports)
    if form == "markdown":
        return "\n".join(to_markdown(report) for report in reports)
    if form == "html":
        from scorer.report.html import to_html

        return to_html(reports)
    return "\n".join(to_text(report, width=width) for report in reports)


def to_json(reports: Sequence[ScoreReport]) -> dict[str, Any]:
    """The document that `--format json` prints; `report.schema.json` beside this file describes it."""
    return {"schema_version": SCHEMA_VERSION, "reports": [report.to_dict() for report in reports]}
