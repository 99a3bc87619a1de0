"""Texts to sentence vectors and token vectors.

`Encoder` is what the rest of the scorer relies on. `load_encoder` chooses between the two that there are: the
default model in ONNX Runtime (`onnx`), and any Sentence-Transformers folder through that library (`library`).
"""

from scorer.encoder.base import Encoder, Encoding
from scorer.encoder.load import DEFAULT_MODEL, load_encoder

__all__ = ["DEFAULT_MODEL", "Encoder", "Encoding", "load_encoder"]
