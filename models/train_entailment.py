"""Teach the encoder to read evidence and claim together: low-rank adapters and a head over its frozen weights.

    python models/train_entailment.py NLI.jsonl… --denials pairs.jsonl --measure DEV.jsonl… --work FOLDER

The input is `[CLS] evidence [SEP] claim [SEP]`, the head reads the mean and the maximum of the claim's last hidden
states and the state of [CLS] (as in Conneau et al. 2017, on one side), the output is covered, missing or
contradicted. Each of the six weight matrices of a layer gets an adapter (Hu et al. 2021). The learning rate warms up,
stays, and falls over the last part, so that a run can be continued from a checkpoint before the fall.

A checkpoint is written to FOLDER every few hundred steps, a run started again goes on from it, and figures on the
sets named by --measure go to FOLDER/log.jsonl: none of them is trained on. The result is `entailment.safetensors`
in FOLDER.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from denials import Pair, read_pairs
from peft import LoraConfig, get_peft_model
from safetensors.numpy import load_file, save_file
from sklearn.metrics import roc_auc_score
from tokenizers import Tokenizer
from torch import nn
from transformers import BertModel

from scorer.encoder.onnx import END, START, Manifest, load_tokenizer
from scorer.entailment import LONGEST, LONGEST_CLAIM, VERDICTS

RANK = 32
_ADAPTED = ["query", "key", "value", "attention.output.dense", "intermediate.dense", "output.dense"]
_BATCH = 32


class Entailment(nn.Module):
    """The encoder with adapters, and the head: (b, t) token ids to (b, 3) logits."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        bert = BertModel.from_pretrained(folder, add_pooling_layer=False)
        for module in bert.modules():
            if isinstance(module, nn.Dropout):
                module.p = 0.0
        config = LoraConfig(r=RANK, lora_alpha=2 * RANK, target_modules=_ADAPTED, lora_dropout=0.0)
        self.encoder = get_peft_model(bert, config)
        self.head = nn.Sequential(nn.Linear(3 * 384, 128), nn.GELU(), nn.Linear(128, len(VERDICTS)))

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor) -> torch.Tensor:
        hidden = self.encoder(input_ids=ids, attention_mask=mask, token_type_ids=types).last_hidden_state
        claim = types.unsqueeze(-1).float()
        mean = (hidden * claim).sum(1) / claim.sum(1)
        most = hidden.masked_fill(claim == 0, -1e4).max(1).values
        logits: torch.Tensor = self.head(torch.cat([mean, most, hidden[:, 0]], dim=1))
        return logits


Example = tuple[list[int], list[int], int]


def encoded(pairs: Sequence[Pair], tokenizer: Tokenizer) -> list[Example]:
    """Token ids, token types and label of each pair; evidence that is too long loses its end."""
    evidence = tokenizer.encode_batch([pair.evidence for pair in pairs], add_special_tokens=False)
    claims = tokenizer.encode_batch([pair.claim for pair in pairs], add_special_tokens=False)
    examples = []
    for pair, first, second in zip(pairs, evidence, claims, strict=True):
        claim = second.ids[:LONGEST_CLAIM]
        read = first.ids[: LONGEST - 3 - len(claim)]
        ids = [START, *read, END, *claim, END]
        types = [0] * (len(read) + 2) + [1] * (len(claim) + 1)
        examples.append((ids, types, VERDICTS.index(pair.verdict)))
    return examples


def batches(examples: Sequence[Example], random_: random.Random) -> Iterator[list[Example]]:
    """Shuffled batches of examples of about one length."""
    order = list(range(len(examples)))
    random_.shuffle(order)
    found = []
    for start in range(0, len(order), 50 * _BATCH):
        run = sorted(order[start : start + 50 * _BATCH], key=lambda i: len(examples[i][0]))
        found += [run[i : i + _BATCH] for i in range(0, len(run), _BATCH)]
    random_.shuffle(found)
    for members in found:
        yield [examples[i] for i in members]


def tensors(batch: Sequence[Example]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    longest = max(len(ids) for ids, _, _ in batch)
    ids = torch.zeros(len(batch), longest, dtype=torch.long)
    mask, types = torch.zeros_like(ids), torch.zeros_like(ids)
    for row, (tokens, kinds, _) in enumerate(batch):
        ids[row, : len(tokens)] = torch.tensor(tokens)
        types[row, : len(kinds)] = torch.tensor(kinds)
        mask[row, : len(tokens)] = 1
    return ids, mask, types, torch.tensor([label for _, _, label in batch])


def rate(step: int, total: int) -> float:
    """Warm-up over 150 steps, then constant, then a linear fall over the last third."""
    return min(1.0, (step + 1) / 150, max(0.0, (total - step) / (total / 3)))


@torch.no_grad()
def measure(model: Entailment, sets: dict[str, list[Example]]) -> dict[str, float]:
    """AUC of covered against the rest and of contradicted against the rest, where a set has both sides."""
    figures = {}
    for name, examples in sets.items():
        order = sorted(range(len(examples)), key=lambda i: len(examples[i][0]))
        logits = np.zeros((len(examples), 3))
        for start in range(0, len(order), 64):
            members = order[start : start + 64]
            ids, mask, types, _ = tensors([examples[i] for i in members])
            logits[members] = model(ids, mask, types).log_softmax(1).numpy()
        labels = np.array([label for _, _, label in examples])
        for verdict in (0, 2):
            if 0 < (labels == verdict).sum() < len(labels):
                auc = roc_auc_score(labels == verdict, logits[:, verdict])
                figures[f"{name} {VERDICTS[verdict]}"] = round(float(auc), 4)
    return figures


def train(
    given: argparse.Namespace, model: Entailment, passes: list[list[Example]], sets: dict[str, list[Example]]
) -> None:
    total = sum(-(-len(examples) // _BATCH) for examples in passes)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], given.rate, weight_decay=0.01)
    checkpoint = given.work / "checkpoint.pt"
    done = 0
    if checkpoint.exists():
        state = torch.load(checkpoint)
        done = state["step"]
        model.load_state_dict(state["model"], strict=False)
        optimizer.load_state_dict(state["optimizer"])
    step, losses, started = 0, [], time.monotonic()
    for number, examples in enumerate(passes):
        for batch in batches(examples, random.Random(given.seed + number)):
            step += 1
            if step <= done:
                continue
            for group in optimizer.param_groups:
                group["lr"] = given.rate * rate(step, total)
            ids, mask, types, labels = tensors(batch)
            loss = nn.functional.cross_entropy(model(ids, mask, types), labels)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            losses.append(loss.item())
            if step % 100 == 0:
                print(
                    step, total, round(float(np.mean(losses[-100:])), 4), round(time.monotonic() - started), flush=True
                )
            if step % given.every == 0 or step == total:
                trained = {k: v for k, v in model.state_dict().items() if "lora" in k or k.startswith("head")}
                torch.save({"step": step, "model": trained, "optimizer": optimizer.state_dict()}, checkpoint)
                entry = {
                    "step": step,
                    "of": total,
                    "loss": float(np.mean(losses[-given.every :])),
                    **measure(model, sets),
                }
                with (given.work / "log.jsonl").open("a", encoding="utf-8") as log:
                    log.write(json.dumps(entry) + "\n")


def export(model: Entailment, file: Path) -> None:
    """Adapters and head in half precision; the scale of the adapters is multiplied into `b`."""
    arrays = {}
    for name, value in model.state_dict().items():
        array = value.numpy()
        if "lora_" in name:
            short = name.removeprefix("encoder.base_model.model.").replace(".default.weight", "")
            arrays[short] = (array * 2.0 if "lora_B" in name else array).astype(np.float16)
        elif name.startswith("head"):
            arrays[name] = array.astype(np.float16)
    save_file(arrays, file)


def resume(model: Entailment, file: Path) -> None:
    """Go on from adapters and head that `export` wrote."""
    state = {}
    for name, learnt in load_file(file).items():
        array = torch.from_numpy(learnt.astype(np.float32))
        if "lora_" in name:
            state[f"encoder.base_model.model.{name}.default.weight"] = array / 2.0 if "lora_B" in name else array
        else:
            state[name] = array
    unknown = model.load_state_dict(state, strict=False).unexpected_keys
    if unknown:
        raise SystemExit(f"{file} does not fit the model: {unknown[0]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--denials", type=Path, required=True)
    parser.add_argument("--each", type=int, default=30_000, help="made pairs in each pass")
    parser.add_argument("--passes", type=int, default=2)
    parser.add_argument("--measure", type=Path, nargs="*", default=[])
    parser.add_argument("--most", type=int, default=500, help="pairs of each set to measure on")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="go on from these adapters")
    parser.add_argument("--rate", type=float, default=6e-4)
    parser.add_argument("--every", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(given.seed)
    manifest = Manifest.load(Path(__file__).parent / "all-MiniLM-L6-v2")
    tokenizer = load_tokenizer(manifest.weights_folder() / manifest.tokenizer, manifest.tokenizer_sha256)
    labelled = encoded(read_pairs(given.files), tokenizer)
    made = encoded([Pair(**json.loads(line)) for line in given.denials.read_text("utf-8").splitlines()], tokenizer)
    passes = []
    for number in range(given.passes):
        start = number * given.each % max(1, len(made) - given.each + 1)
        passes.append(labelled + made[start : start + given.each])
    random_ = random.Random(0)
    sets = {}
    for file in given.measure:
        pairs = read_pairs([file])
        sets[file.stem] = encoded(random_.sample(pairs, min(given.most, len(pairs))), tokenizer)
    model = Entailment(manifest.weights_folder())
    if given.start is not None:
        resume(model, given.start)
    train(given, model, passes, sets)
    export(model, given.work / "entailment.safetensors")


if __name__ == "__main__":
    main()
