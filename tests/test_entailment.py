from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scorer.encoder import DEFAULT_MODEL
from scorer.entailment import VERDICTS, Entailment
from scorer.errors import ModelError
from scorer.files import bundled, measured, read_text
from scorer.text import sentences

FOLDER = bundled("models") / DEFAULT_MODEL
PAIRS = [
    ("The drug reduces pain in most adults.", "The drug reduces pain in adults."),
    ("The drug reduces pain in most adults.", "The drug does not reduce pain."),
    ("A man is playing a guitar on a stage.", "The man is famous and rich."),
    ("It is a myth that cats hate water.", "Cats hate water."),
    ("", ""),
    ("word " * 300, "claim " * 300),
]


@pytest.fixture(scope="module")
def entailment() -> Entailment:
    return Entailment(FOLDER, FOLDER / "entailment.safetensors")


def test_plain_cases(entailment: Entailment) -> None:
    verdicts = [VERDICTS[i] for i in entailment.read(PAIRS[:4]).argmax(axis=1)]
    assert verdicts == ["covered", "contradicted", "missing", "contradicted"]


def test_a_pair_does_not_depend_on_the_others(entailment: Entailment) -> None:
    together = entailment.read([*PAIRS, *PAIRS[::-1]])
    assert (together[: len(PAIRS)] == together[len(PAIRS) :][::-1]).all()
    assert (together[: len(PAIRS)] == np.concatenate([entailment.read([pair]) for pair in PAIRS])).all()
    single = Entailment(FOLDER, FOLDER / "entailment.safetensors", threads=1).read(PAIRS)
    assert (single == together[: len(PAIRS)]).all()


CLAIMS = [
    "Dropout switches off random units during training.",
    "A stack is a LIFO data structure.",
    "The bridge cost twice as much as planned.",
]


def background(characters: int) -> str:
    """Sentences about other things, until there are so many characters."""
    long = ""
    for span in sentences(read_text(measured("background.txt"))):
        long += f"{span.text} " if len(long) < characters else ""
    return long


@pytest.mark.parametrize("claim", CLAIMS)
def test_long_evidence_is_read_to_its_end(entailment: Entailment, claim: str) -> None:
    """The claim stands after some 600 characters about other things."""
    alone, last = entailment.read([(claim, claim), (background(600) + claim, claim)])
    assert VERDICTS[last.argmax()] == VERDICTS[alone.argmax()] == "covered"


@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize(
    "characters",
    [
        80,
        pytest.param(600, marks=pytest.mark.xfail(strict=True, reason="since the eighth stage, models/README.md")),
    ],
)
def test_evidence_about_other_things_says_nothing(entailment: Entailment, claim: str, characters: int) -> None:
    (read,) = entailment.read([(background(characters), claim)])
    assert VERDICTS[read.argmax()] != "covered"


REPETITIVE = [
    f"The day is long {'and the train to the city leaves at noon from the old station ' * 12}. ",
    "The train to the city leaves at noon from the old station. " * 10,
]


@pytest.mark.parametrize(
    "long",
    [
        REPETITIVE[0],
        pytest.param(
            REPETITIVE[1], marks=pytest.mark.xfail(strict=True, reason="since the seventh stage, models/README.md")
        ),
    ],
)
def test_repetitive_evidence_is_read_to_its_end(entailment: Entailment, long: str) -> None:
    claim = "Cats hate water."
    alone, last = entailment.read([(claim, claim), (long + claim, claim)])
    assert VERDICTS[last.argmax()] == VERDICTS[alone.argmax()] == "covered"


@pytest.mark.parametrize("long", REPETITIVE)
def test_repetitive_evidence_about_other_things_says_nothing(entailment: Entailment, long: str) -> None:
    (read,) = entailment.read([(long, "Cats hate water.")])
    assert VERDICTS[read.argmax()] != "covered"


def test_these_are_log_probabilities(entailment: Entailment) -> None:
    assert np.exp(entailment.read(PAIRS)).sum(axis=1) == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04"])
def test_no_adapters(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "a.safetensors").write_bytes(content)
    with pytest.raises(ModelError, match=r"a\.safetensors is missing or damaged .*; reinstall"):
        Entailment(FOLDER, tmp_path / "a.safetensors")


def test_the_adapters_are_small() -> None:
    assert (FOLDER / "entailment.safetensors").stat().st_size < 3_100_000
