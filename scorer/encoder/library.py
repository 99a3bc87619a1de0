"""Any Sentence-Transformers folder, through the library itself. Slow to import, so only where it is asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from scorer.encoder.base import Encoding, Vectors, batches, unit_rows, windows
from scorer.errors import ModelError
from scorer.files import sha256

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_TOKEN_BUDGET = 2048
# What the library would unpickle for a module that has no safetensors beside it.
_PICKLED = {".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt"}


class LibraryEncoder:
    """Encodes with the Sentence-Transformers model in `folder`, on the CPU, without a network.

    Only safetensors are loaded, and no code that came with the model is run. A text longer than the model reads is
    encoded in windows. Raises ModelError where the folder holds no such model.
    """

    def __init__(self, folder: Path) -> None:
        weights = sorted(folder.rglob("*.safetensors")) if (folder / "modules.json").is_file() else []
        if not weights:
            raise ModelError(
                f"{folder} is no Sentence-Transformers model: it needs modules.json and weights as .safetensors; "
                "name the folder that SentenceTransformer.save_pretrained wrote"
            )
        pickled = sorted(file for file in folder.rglob("*") if file.suffix in _PICKLED)
        if alone := [file for file in pickled if not any(file.parent.glob("*.safetensors"))]:
            raise ModelError(f"{alone[0]} is pickled and could run code; save the model with safetensors")
        self._name = folder.resolve().name
        self._digest = hashlib.sha256("".join(sha256(file) for file in weights).encode()).hexdigest()
        self._model = _load(folder)
        self._tokenizer: Any = self._model.tokenizer
        if not getattr(self._tokenizer, "is_fast", False):
            raise ModelError(f"{folder} has no fast tokenizer (tokenizer.json); save the model with one")

    @property
    def signature(self) -> str:
        return f"{self._name}@{self._digest[:8]}"

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        if not texts:
            return []
        unique = list(dict.fromkeys(texts))
        cut = [(text, part) for text in unique for part in self._windows(text)]
        outputs = self._run([text[a:b] for text, (a, b) in cut])
        by_text: dict[str, list[tuple[int, Vectors, Vectors, np.ndarray]]] = {text: [] for text in unique}
        for (text, (start, _)), (vector, tokens, offsets) in zip(cut, outputs, strict=True):
            by_text[text].append((start, vector, tokens, offsets))
        encoded = {text: _joined(parts) for text, parts in by_text.items()}
        return [encoded[text] for text in texts]

    def _windows(self, text: str) -> list[tuple[int, int]]:
        """Character ranges that fit the model's limit of tokens, in order; the whole text where it fits."""
        limit = self._model.max_seq_length or 512
        pieces = self._tokenizer(
            text, add_special_tokens=False, return_offsets_mapping=True, truncation=False, verbose=False
        )
        offsets = pieces["offset_mapping"]
        words = pieces.word_ids()
        starts = [i == 0 or word != words[i - 1] for i, word in enumerate(words)]
        runs = windows(starts, limit - self._tokenizer.num_special_tokens_to_add())
        if len(runs) == 1:
            return [(0, len(text))]
        return [(offsets[a][0], offsets[b - 1][1]) for a, b in runs]

    def _run(self, texts: list[str]) -> list[tuple[Vectors, Vectors, np.ndarray]]:
        """Sentence vector, token vectors and offsets of each text; texts of one length share a batch, unpadded."""
        pieces = self._tokenizer(texts, return_offsets_mapping=True, return_special_tokens_mask=True)
        found: dict[int, tuple[Vectors, Vectors, np.ndarray]] = {}
        for members in batches([len(ids) for ids in pieces["input_ids"]], _TOKEN_BUDGET):
            outputs: Any = self._model.encode(
                [texts[i] for i in members], output_value=None, batch_size=len(members), show_progress_bar=False
            )
            for i, output in zip(members, outputs, strict=True):
                kept = np.array(pieces["special_tokens_mask"][i]) == 0
                rows = output["token_embeddings"].float().cpu().numpy()
                if len(rows) != len(kept):
                    raise ModelError(
                        f"{self._name}: {len(rows)} token vectors for {len(kept)} tokens; "
                        "use a model that keeps one vector a token"
                    )
                vector = output["sentence_embedding"].float().cpu().numpy()
                offsets = np.array(pieces["offset_mapping"][i], dtype=np.int32)[kept]
                found[i] = (vector, rows[kept], offsets)
        return [found[i] for i in range(len(texts))]


def _joined(parts: list[tuple[int, Vectors, Vectors, np.ndarray]]) -> Encoding:
    """One encoding from those of a text's windows; its vector is their mean, weighted by tokens."""
    sizes = np.array([max(1, len(tokens)) for _, _, tokens, _ in parts], dtype=np.float32)
    vectors = np.stack([vector for _, vector, _, _ in parts])
    return Encoding(
        vector=unit_rows((sizes @ vectors / sizes.sum())[None])[0],
        tokens=unit_rows(np.concatenate([tokens for _, _, tokens, _ in parts])),
        offsets=np.concatenate([offsets.reshape(-1, 2) + start for start, _, _, offsets in parts]).astype(np.int32),
    )


def _load(folder: Path) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, AttributeError, ImportError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise ModelError(
            f"{folder} cannot be loaded as a Sentence-Transformers model ({reason}); save it anew"
        ) from error
