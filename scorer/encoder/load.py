"""Which encoder to use."""

from __future__ import annotations

import os
from pathlib import Path

from scorer.encoder.base import Encoder

DEFAULT_MODEL = "all-MiniLM-L6-v2"


def load_encoder(model: str | os.PathLike[str] | None = None, threads: int | None = None) -> Encoder:
    """The default model in ONNX Runtime, or, where `model` names one, a Sentence-Transformers folder.

    `threads` as in OnnxEncoder; PyTorch's are set for the whole process, so a folder takes no notice of it. Raises
    ModelError where a file is missing or changed, or the folder is no model.
    """
    if model is None:
        from scorer.encoder.onnx import OnnxEncoder
        from scorer.files import bundled

        return OnnxEncoder(bundled("models") / DEFAULT_MODEL, threads)
    from scorer.encoder.library import LibraryEncoder

    return LibraryEncoder(Path(model))
