"""Questions from tables, JSON Lines, Markdown and plain text to files of a bank, and from a bank to rows."""

from scorer.exchange.adding import Addition, add
from scorer.exchange.entry import Defaults, Entry, question_file
from scorer.exchange.read import EXTENSIONS, FORMATS, read_entries
from scorer.exchange.tables import FIELDS, summary, to_row

__all__ = [
    "EXTENSIONS",
    "FIELDS",
    "FORMATS",
    "Addition",
    "Defaults",
    "Entry",
    "add",
    "question_file",
    "read_entries",
    "summary",
    "to_row",
]
