"""The second look: evidence and claim read together, by the encoder with low-rank adapters as a cross-encoder.

Vectors of each text alone cannot tell "reduces" from "does not reduce". Here the same encoder, with adapters (Hu et
al. 2021) merged into its weights, reads `[CLS] evidence [SEP] claim [SEP]`, and a small head says what the evidence
does with the claim. `models/train_entailment.py` made both.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer.encoder.base import Vectors, starts_word, windows
from scorer.encoder.onnx import END, START, Manifest, hidden_states, load_session, load_tokenizer
from scorer.errors import ModelError

VERDICTS = ("covered", "missing", "contradicted")
# What was trained on: evidence and claim with [CLS] and two [SEP], and the claim's part of it.
LONGEST = 96
LONGEST_CLAIM = 48

Floats = NDArray[np.float64]


class Entailment:
    """Reads pairs with the graph and the manifest in `folder` and the adapters and head in the file `adapters`.

    `threads` as in OnnxEncoder. Raises ModelError where a file is missing or is not what was measured.
    """

    def __init__(self, folder: Path, adapters: Path, threads: int | None = None) -> None:
        manifest = Manifest.load(folder)
        weights = manifest.weights_folder() / manifest.weights
        learnt, digest = _load(adapters)
        self.signature = digest[:8]
        self._head = [learnt[name].astype(np.float32) for name in ("head.0.weight", "head.0.bias")]
        self._last = [learnt[name].astype(np.float32) for name in ("head.2.weight", "head.2.bias")]
        self._tokenizer = load_tokenizer(weights.parent / manifest.tokenizer, manifest.tokenizer_sha256)
        # Kept, for the session reads them where they are.
        self._merged = {name: _ort_value(matrix) for name, matrix in _merged(weights, learnt).items()}
        self._session = load_session(
            folder / manifest.graph, manifest.graph_sha256, weights.parent, threads, self._merged
        )

    def read(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """Log-probabilities (n, 3), in the order of VERDICTS, for n pairs (evidence, claim); rounded to 4 decimals.

        Evidence that is too long for one reading is read in windows, and the one that most likely covers the claim
        counts. Of a claim the first LONGEST_CLAIM tokens are read. One pair's result does not depend on the others.
        """
        if not pairs:
            return np.zeros((0, len(VERDICTS)))
        unique = list(dict.fromkeys(pairs))
        inputs, owners = self._inputs(unique)
        logits = self._logits(inputs)
        shifted = logits - logits.max(axis=1, keepdims=True)
        found = np.round(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)), 4)
        # The first of each owner's windows, the most covering one first.
        order = np.lexsort((-found[:, VERDICTS.index("covered")], owners))
        _, first = np.unique(np.array(owners)[order], return_index=True)
        by_pair = dict(zip(unique, found[order[first]], strict=True))
        return np.stack([by_pair[pair] for pair in pairs])

    def _inputs(self, pairs: Sequence[tuple[str, str]]) -> tuple[list[tuple[list[int], int]], list[int]]:
        """Token ids of each window of each pair and where its claim begins; and which pair each belongs to."""
        texts = list(dict.fromkeys(text for pair in pairs for text in pair))
        pieces = dict(zip(texts, self._tokenizer.encode_batch(texts, add_special_tokens=False), strict=True))
        inputs, owners = [], []
        for owner, (evidence, claim) in enumerate(pairs):
            second, first = pieces[claim].ids[:LONGEST_CLAIM], pieces[evidence]
            for a, b in windows(starts_word(first.word_ids), LONGEST - 3 - len(second)):
                inputs.append(([START, *first.ids[a:b], END, *second, END], b - a + 2))
                owners.append(owner)
        return inputs, owners

    def _logits(self, inputs: Sequence[tuple[list[int], int]]) -> Floats:
        pooled = np.zeros((len(inputs), self._head[0].shape[1]), dtype=np.float32)
        for i, hidden in hidden_states(self._session, inputs):
            pooled[i] = _pooled(hidden, inputs[i][1])
        inner = _gelu(pooled.astype(np.float64) @ self._head[0].T + self._head[1])
        return np.asarray(inner @ self._last[0].T + self._last[1], dtype=np.float64)


def _pooled(hidden: Vectors, start: int) -> Vectors:
    """Mean and maximum of the claim's states (t, d), and the state of [CLS]: (3 d,)."""
    claim = hidden[start:]
    return np.concatenate([claim.mean(axis=0), claim.max(axis=0), hidden[0]])


def _gelu(values: Floats) -> Floats:
    erf = np.vectorize(math.erf, otypes=[np.float64])(values / math.sqrt(2.0))
    return np.asarray(0.5 * values * (1.0 + erf))


def _ort_value(matrix: Vectors) -> Any:
    from onnxruntime import OrtValue

    return OrtValue.ortvalue_from_numpy(matrix)


def _load(file: Path) -> tuple[dict[str, NDArray[np.float16]], str]:
    """The arrays of adapters and head, and the file's SHA-256."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        data = file.read_bytes()
        return load(data), hashlib.sha256(data).hexdigest()
    except (OSError, SafetensorError) as error:
        raise ModelError(f"{file} is missing or damaged ({error}); reinstall score-answer") from error


def _merged(weights: Path, learnt: dict[str, NDArray[np.float16]]) -> dict[str, Vectors]:
    """Each adapted weight matrix W as W + B A, by its name in the checkpoint and the graph."""
    from safetensors import safe_open

    merged = {}
    with safe_open(weights, "numpy") as checkpoint:
        for name in (key.removesuffix(".lora_A") for key in learnt if key.endswith(".lora_A")):
            a, b = (learnt[f"{name}.lora_{letter}"].astype(np.float32) for letter in "AB")
            merged[f"{name}.weight"] = np.asarray(checkpoint.get_tensor(f"{name}.weight") + b @ a, dtype=np.float32)
    return merged
