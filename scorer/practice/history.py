"""What was submitted and what the scorer said of it, in one SQLite file of the user's."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scorer.errors import InputError
from scorer.records import Question

_VERSION = 1
_TABLE = """
CREATE TABLE IF NOT EXISTS attempts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    question TEXT NOT NULL,
    text TEXT NOT NULL,
    topic TEXT NOT NULL,
    level TEXT NOT NULL,
    answer TEXT NOT NULL,
    seconds INTEGER,
    submitted TEXT NOT NULL,
    report TEXT
)
"""
_COLUMNS = "id, question, text, topic, level, answer, seconds, submitted, report"
# Seconds to wait for another writer; each holds the file for some milliseconds.
_PATIENCE = 30.0


@dataclass(frozen=True)
class Attempt:
    """One try at a question: the answer, when it was submitted (UTC), how many seconds it took where that is known.

    `report` is one element of "reports" in the JSON output, None until the answer is scored. `text`, `topic` and
    `level` are the question's at that time.
    """

    id: int
    question: str
    text: str
    topic: str
    level: str
    answer: str
    seconds: int | None
    submitted: datetime
    report: dict[str, Any] | None

    @property
    def score(self) -> float | None:
        """The score, 0..1; None until the answer is scored."""
        return None if self.report is None else float(self.report["score"])

    def to_row(self) -> dict[str, Any]:
        """The attempt as a row of JSON Lines."""
        return {
            "id": self.id,
            "question": self.question,
            "text": self.text,
            "topic": self.topic,
            "level": self.level,
            "answer": self.answer,
            "seconds": self.seconds,
            "submitted": self.submitted.isoformat(timespec="seconds"),
            "report": self.report,
        }


class History:
    """All attempts, in `file` (None: the user's data folder), which only its owner may read.

    Safe to share between threads and processes: each call has a connection of its own, and what it has written is on
    the disk when it returns. Raises InputError where the file cannot be used.
    """

    def __init__(self, file: Path | None = None) -> None:
        self.file = _default_file() if file is None else file
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(self.file, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            raise InputError(f"{self.file} cannot be written: {error.strerror}; name another with --history") from error
        with self._connected() as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version > _VERSION:
                raise InputError(
                    f"{self.file} was written by a later version (format {version}, this one knows {_VERSION}); "
                    "upgrade score-answer, or name another file with --history"
                )
            connection.execute(_TABLE)
            connection.execute(f"PRAGMA user_version = {_VERSION}")

    def add(self, question: Question, answer: str, seconds: int | None) -> int:
        """Keep an answer that is not scored yet; returns the attempt's id."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        values = (question.id, question.text, question.topic, question.level, answer, seconds, now)
        with self._connected() as connection:
            added = connection.execute(
                "INSERT INTO attempts (question, text, topic, level, answer, seconds, submitted) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                values,
            )
            return int(added.lastrowid or 0)

    def keep_report(self, attempt: int, report: dict[str, Any]) -> None:
        """Keep what the scorer said of an attempt, unless it has been scored meanwhile or deleted."""
        text = json.dumps(report, ensure_ascii=False)
        with self._connected() as connection:
            connection.execute("UPDATE attempts SET report = ? WHERE id = ? AND report IS NULL", (text, attempt))

    def get(self, attempt: int) -> Attempt | None:
        """The attempt with this id, None where there is none."""
        found = self._select("WHERE id = ?", attempt)
        return found[0] if found else None

    def all(self, question: str | None = None) -> list[Attempt]:
        """All attempts (at `question`, where it is given), the first one first."""
        return (
            self._select("ORDER BY id")
            if question is None
            else self._select("WHERE question = ? ORDER BY id", question)
        )

    def delete(self, attempt: int | None = None) -> None:
        """Delete one attempt (None: all) so that its text is no longer in the file either."""
        with self._connected() as connection:
            if attempt is None:
                connection.execute("DELETE FROM attempts")
            else:
                connection.execute("DELETE FROM attempts WHERE id = ?", (attempt,))

    def _select(self, condition: str, *values: str | int) -> list[Attempt]:
        with self._connected() as connection:
            rows = connection.execute(f"SELECT {_COLUMNS} FROM attempts {condition}", values).fetchall()  # noqa: S608
        return [_attempt(*row) for row in rows]

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """A connection whose changes are kept together, or not at all where the block raises."""
        try:
            connection = sqlite3.connect(self.file, timeout=_PATIENCE)
            try:
                # What is deleted is overwritten.
                connection.execute("PRAGMA secure_delete = ON")
                with connection:
                    yield connection
            finally:
                connection.close()
        except sqlite3.Error as error:
            raise InputError(f"{self.file}: {error}; move it away, or name another with --history") from error


def _default_file() -> Path:
    from platformdirs import user_data_path

    return user_data_path("score-answer", appauthor=False) / "practice.sqlite3"


def _attempt(
    number: int,
    question: str,
    text: str,
    topic: str,
    level: str,
    answer: str,
    seconds: int | None,
    submitted: str,
    report: str | None,
) -> Attempt:
    found = None if report is None else json.loads(report)
    return Attempt(number, question, text, topic, level, answer, seconds, datetime.fromisoformat(submitted), found)
