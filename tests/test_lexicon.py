from pathlib import Path

import pytest

from scorer.errors import ModelError
from scorer.lexicon import Rarity, words


@pytest.mark.parametrize(
    ("text", "stems"),
    [
        ("", []),
        ("— … 😀", []),
        ("Models modelling, MODELED!", ["model", "model", "model"]),
        ("don’t don't", ["don't", "don't"]),
        ("3.5 GPUs_of x2", ["3", "5", "gpus", "of", "x2"]),
        ("Zürich 北京", ["zürich", "北京"]),
    ],
)
def test_words(text: str, stems: list[str]) -> None:
    found = words(text)
    assert [word.stem for word in found] == stems
    assert all(text[word.start : word.end].lower()[0] == word.stem[0] for word in found)


def test_rare_words_weigh_more(rarity: Rarity) -> None:
    order = [rarity.idf(stem) for stem in ("the", "peopl", "innov", "deepfak")]
    assert order == sorted(order)
    assert order[0] > 0
    assert [rarity.is_content(stem) for stem in ("the", "and", "innov", "deepfak")] == [False, False, True, True]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"documents": 1}'])
def test_a_damaged_table_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "w.json").write_text(content)
    with pytest.raises(ModelError, match=r"w\.json is missing or damaged"):
        Rarity.load(tmp_path / "w.json")
