"""Answers a second and peak memory of many answers, side by side: this program, the textbook, and the floor.

    python tests/benchmarks/throughput.py [ROUNDS]

Every way gets the same texts of a round, and every round has texts that no round had before: the bank's sample
answers with another number in each sentence. Each way is a process of its own that is told when to begin, so that
loading is not counted and memory is its own. Medians of the rounds' ratios to one `encode` call of
sentence-transformers.

- first look, both looks: this program, full results with verdicts
- textbook: sentence-transformers called on each answer, best cosine a claim
- one encode call: the sentences of all answers in one call, and nothing else
- bertscore: bert-score on the same model, each answer against its reference
- floor: the same tokens through the bare ONNX session, sorted by length, at the best batch shape

Below them stands how much of what the model reads at each look is padding, over the texts of one round.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from scorer.bank import QuestionBank
from scorer.encoder.onnx import Manifest
from scorer.files import bundled
from scorer.text import sentences

MODEL = bundled("models") / "all-MiniLM-L6-v2"
Answers = list[tuple[str, str]]


def answers(seed: int) -> Answers:
    """(question, answer) of every sample answer, each sentence with a number of its own."""
    found = []
    for file in sorted((bundled("seeds") / "answers").glob("*.txt")):
        spans = sentences(file.read_text(encoding="utf-8"))
        numbered = " ".join(f"{span.text.rstrip('.')}, {1000 * seed + i}." for i, span in enumerate(spans))
        found.append((file.stem.split("--")[0], numbered))
    return found


def ours(contradiction: bool) -> Callable[[Answers], object]:
    from scorer import AnswerScorer

    scorer = AnswerScorer(contradiction=contradiction)
    return lambda found: scorer.score_many([{"answer": text, "question": question} for question, text in found])


def library() -> object:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(Manifest.load(MODEL).weights_folder()), device="cpu")


def textbook() -> Callable[[Answers], object]:
    model = library()
    bank = QuestionBank()
    claims = {q: [span.text for span in sentences(bank.get(q).references[0])] for q in bank.ids()}

    def score(found: Answers) -> object:
        each = [(claims[question], [span.text for span in sentences(text)]) for question, text in found]
        return [(model.encode(a) @ model.encode(b).T).max(axis=1) for a, b in each]  # type: ignore[attr-defined]

    return score


def one_call() -> Callable[[Answers], object]:
    model = library()
    return lambda found: model.encode(  # type: ignore[attr-defined]
        [span.text for _, text in found for span in sentences(text)], show_progress_bar=False
    )


def bertscore() -> Callable[[Answers], object]:
    from bert_score import BERTScorer

    folder = Manifest.load(MODEL).weights_folder()
    scorer = BERTScorer(model_type=str(folder), num_layers=6, device="cpu")
    references = {question.id: question.references[0] for question in QuestionBank()}
    return lambda found: scorer.score([text for _, text in found], [references[question] for question, _ in found])


def floor() -> Callable[[Answers], object]:
    import numpy as np

    from scorer.encoder.onnx import END, START, load_session, load_tokenizer

    manifest = Manifest.load(MODEL)
    folder = manifest.weights_folder()
    session = load_session(MODEL / manifest.graph, manifest.graph_sha256, folder, None)
    tokenizer = load_tokenizer(folder / manifest.tokenizer, manifest.tokenizer_sha256)

    def run(found: Answers) -> object:
        texts = list({span.text for _, text in found for span in sentences(text)})
        pieces = sorted(tokenizer.encode_batch(texts, add_special_tokens=False), key=lambda piece: len(piece.ids))
        for start in range(0, len(pieces), 32):
            batch = pieces[start : start + 32]
            ids = np.zeros((len(batch), len(batch[-1].ids) + 2), dtype=np.int64)
            mask = np.zeros_like(ids)
            for row, piece in enumerate(batch):
                ids[row, : len(piece.ids) + 2] = [START, *piece.ids, END]
                mask[row, : len(piece.ids) + 2] = 1
            feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
            session.run(["token_vectors"], feed)
        return None

    return run


class Counting:
    """A session that counts what it is given to read, and how much of it is tokens."""

    def __init__(self, session: Any) -> None:
        self._session, self.places, self.tokens = session, 0, 0

    def run(self, names: list[str], feed: Mapping[str, Any]) -> Any:
        self.places += feed["attention_mask"].size
        self.tokens += int(feed["attention_mask"].sum())
        return self._session.run(names, feed)


def padding() -> str:
    from scorer import AnswerScorer

    scorer = AnswerScorer()
    looks: dict[str, Any] = {"first look": scorer.gatherer.encoder, "second look": scorer.gatherer.entailment}
    for each in looks.values():
        each._session = Counting(each._session)
    scorer.score_many([{"answer": text, "question": question} for question, text in answers(1)])
    counted = {name: each._session for name, each in looks.items()}
    shares = [f"{name} {1 - each.tokens / each.places:.1%} of {each.places:,}" for name, each in counted.items()]
    return f"padding: {', '.join(shares)}"


WAYS: dict[str, Callable[[], Callable[[Answers], object]]] = {
    "first look": lambda: ours(False),
    "both looks": lambda: ours(True),
    "textbook": textbook,
    "one encode call": one_call,
    "bertscore": bertscore,
    "floor": floor,
}


def work(name: str) -> None:
    """One way: warm up, then for each seed on standard input print seconds and peak memory."""
    way = WAYS[name]()
    way(answers(0)[:8])
    print("ready", flush=True)
    for line in sys.stdin:
        texts = answers(int(line))
        start = time.perf_counter()
        way(texts)
        seconds = time.perf_counter() - start
        print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]), flush=True)


def main(rounds: int) -> None:
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "TQDM_DISABLE": "1", "PYTHONPATH": str(ROOT)}
    workers = {
        name: subprocess.Popen(
            [sys.executable, __file__, "--work", name],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment,
        )
        for name in WAYS
    }  # fmt: skip
    found: dict[str, list[list[float]]] = {name: [] for name in WAYS}
    for worker in workers.values():
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    for seed in range(1, rounds + 1):
        for name, worker in workers.items():
            assert worker.stdin is not None
            assert worker.stdout is not None
            worker.stdin.write(f"{seed}\n")
            worker.stdin.flush()
            found[name].append(json.loads(worker.stdout.readline()))
    for worker in workers.values():
        worker.terminate()
    size = len(answers(1))
    print(f"{rounds} rounds of {size} answers\n| | answers a second | peak MB | speed to one encode call |")
    print("| --- " * 4 + "|")
    for name, runs in found.items():
        ratios = [base[0] / run[0] for run, base in zip(runs, found["one encode call"], strict=True)]
        speed, memory = size / median(run[0] for run in runs), max(run[1] for run in runs)
        print(f"| {name} | {speed:.1f} | {memory:.0f} | {median(ratios):.2f} |")
    print(padding())


if __name__ == "__main__":
    if sys.argv[1:2] == ["--work"]:
        work(sys.argv[2])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
