from __future__ import annotations

from pathlib import Path

import pytest

from scorer import kept as kept_module
from scorer.bank import QuestionBank
from scorer.cache import Cache
from scorer.claims import split_reference
from scorer.errors import ModelError
from scorer.files import bundled
from scorer.kept import KeptPoints, points_key
from scorer.lexicon import Rarity
from scorer.splitter import Splitter
from scorer.text import sentences

TEXT = "Costs fall. A stack is LIFO; a queue is FIFO."


def no_parser() -> Splitter:
    raise ModelError("no parser is to be loaded here")


def test_points_are_parsed_once_and_kept(tmp_path: Path) -> None:
    spans = sentences(TEXT)
    first = KeptPoints(tmp_path / "cache").of(spans)
    assert [[point.text for point in each] for each in first] == [
        ["Costs fall."],
        ["A stack is LIFO.", "A queue is FIFO."],
    ]
    assert KeptPoints(tmp_path / "cache", no_parser).of(spans) == first
    assert Cache(tmp_path / "cache").size()[0] == 1


def test_the_same_sentences_elsewhere_keep_their_own_spans(tmp_path: Path) -> None:
    kept = KeptPoints(tmp_path)
    for text in (TEXT, f"\n\n  {TEXT.replace('. ', '.   ')}"):
        points = [point for each in kept.of(sentences(text)) for point in each]
        assert [text[point.span.start : point.span.end] for point in points] == [point.span.text for point in points]


@pytest.mark.parametrize("damage", [None, {}, [["one"]], [["one"], 3], [[], []], "two"])
def test_a_damaged_entry_is_parsed_anew(tmp_path: Path, damage: object) -> None:
    spans = sentences(TEXT)
    first = KeptPoints(tmp_path).of(spans)
    Cache(tmp_path).put(points_key(spans), damage)
    assert KeptPoints(tmp_path).of(spans) == first
    assert KeptPoints(tmp_path, no_parser).of(spans) == first


def test_a_folder_that_cannot_be_written_to_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    spans = sentences(TEXT)
    assert KeptPoints(tmp_path / "file").of(spans) == KeptPoints(tmp_path / "cache").of(spans)


def test_the_shipped_bank_needs_no_parser_and_is_kept_as_the_splitter_says(tmp_path: Path, rarity: Rarity) -> None:
    """When this fails, run models/keep_points.py."""
    splitter = Splitter()
    keys = set()
    for question in QuestionBank():
        for reference in question.references:
            shipped = split_reference(reference, question.text, rarity, KeptPoints(tmp_path, no_parser).of)
            assert shipped == split_reference(reference, question.text, rarity, splitter.points)
            kept = [drop.span for drop in shipped.dropped]
            keys.add(points_key([span for span in sentences(reference) if span not in kept]))
    assert keys == {file.stem for file in (bundled("models") / "points").iterdir()}


def test_memory_does_not_grow_with_the_number_of_references(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is forgotten is read again from the cache; the references that were used last stay."""
    monkeypatch.setattr(kept_module, "_REMEMBERED", 2)
    kept = KeptPoints(tmp_path)
    texts = [f"Costs fall by {i}." for i in range(3)]
    first = [kept.of(sentences(text)) for text in texts]
    assert list(kept._known) == [points_key(sentences(text)) for text in texts[1:]]
    assert [kept.of(sentences(text)) for text in texts] == first
