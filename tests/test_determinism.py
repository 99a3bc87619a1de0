"""The same input gives the same report, byte for byte, whatever stands beside it and whoever computes it."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scorer import AnswerScorer
from scorer.encoder import DEFAULT_MODEL
from scorer.encoder.onnx import OnnxEncoder
from scorer.entailment import Entailment
from scorer.files import bundled
from scorer.records import ScoreReport
from tests.conftest import PACKAGES, ROOT

CLAIMS = ("Open weights help research.", "Rules prevent misuse of models.", "Training costs a lot of money.")
_SUBJECTS = ("Open weights", "Strict rules", "Small laboratories", "Many teachers", "The makers of large models")
_VERBS = ("help", "do not help", "never harm", "slow down", "pay for")
_OBJECTS = ("research", "misuse", "the training of models", "students in 12 countries", "those who can least afford it")


def as_bytes(report: ScoreReport) -> bytes:
    return json.dumps(report.to_dict()).encode()


def requests(number: int) -> list[Mapping[str, Any]]:
    """Answers of one to four sentences, all different in their last one."""
    chosen = random.Random(7)  # noqa: S311
    found: list[Mapping[str, Any]] = []
    for i in range(number):
        sentences = [
            f"{chosen.choice(_SUBJECTS)} {chosen.choice(_VERBS)} {chosen.choice(_OBJECTS)}."
            for _ in range(chosen.randint(0, 3))
        ]
        found.append({"answer": " ".join([*sentences, f"Training cost {i} dollars."]), "claims": CLAIMS})
    return found


def with_threads(threads: int) -> AnswerScorer:
    folder = bundled("models") / DEFAULT_MODEL
    scorer = AnswerScorer()
    scorer.gatherer = replace(
        scorer.gatherer,
        encoder=OnnxEncoder(folder, threads=threads),
        entailment=Entailment(folder, folder / "entailment.safetensors", threads=threads),
    )
    return scorer


def test_twenty_runs(scorer: AnswerScorer, strong: str) -> None:
    assert len({as_bytes(scorer.score(strong, question="q7x2")) for _ in range(20)}) == 1


def test_one_and_two_threads(scorer: AnswerScorer, strong: str, partial: str) -> None:
    for answer in (strong, partial):
        found = {as_bytes(with_threads(n).score(answer, question="q7x2")) for n in (1, 2)}
        assert found == {as_bytes(scorer.score(answer, question="q7x2"))}


def test_alone_and_in_a_batch_of_a_thousand_in_any_order(scorer: AnswerScorer, strong: str) -> None:
    asked = [*requests(999), {"answer": strong, "question": "q7x2"}]
    order = list(range(len(asked)))
    random.Random(3).shuffle(order)  # noqa: S311
    together = [as_bytes(report) for report in scorer.score_many(asked)]
    shuffled = scorer.score_many([asked[i] for i in order])
    assert [together[i] for i in order] == [as_bytes(report) for report in shuffled]
    for i in (*range(0, 1000, 53), 999):
        assert as_bytes(scorer.score_many([asked[i]])[0]) == together[i]


@pytest.mark.parametrize("kept", [True, False])
def test_with_and_without_kept_points(tmp_path: Path, reference: str, kept: bool) -> None:
    """In a process of its own, with an empty cache folder or one that a run before it has filled."""
    (tmp_path / "reference.txt").write_text(f"Trains are fast. {reference}", encoding="utf-8")
    (tmp_path / "answer.txt").write_text("Trains are quick, and open weights speed up research.", encoding="utf-8")
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache"), "PYTHONPATH": str(PACKAGES)}
    command = [sys.executable, "-c", "from scorer.cli import main; main()", "--reference", "reference.txt"]
    runs = [
        subprocess.run(
            [*command, "answer.txt", "--format", "json"],
            capture_output=True, text=True, check=True, cwd=tmp_path, env=environment,
        ).stdout
        for _ in range(2 if kept else 1)
    ]  # fmt: skip
    texts = [(tmp_path / name).read_text(encoding="utf-8") for name in ("answer.txt", "reference.txt")]
    scorer = AnswerScorer(leave_out=True)  # as the command line asks for it
    report = scorer.score(texts[0], references=[texts[1]], source="answer.txt").to_dict()
    assert [json.loads(run)["reports"] for run in runs] == [[report]] * len(runs)


def test_from_a_wheel_and_from_a_checkout(tmp_path: Path) -> None:
    """The wheel carries models and questions inside of the package, a checkout has them beside it."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "wheel")
    answer = (ROOT / "seeds/answers/q7x2--partial.txt").read_text(encoding="utf-8")
    scored = "import json; from scorer import AnswerScorer, bank; print(bank.__file__); "
    scored += f"print(json.dumps(AnswerScorer().score({answer!r}, question='q7x2').to_dict()))"
    found = []
    for packages in (ROOT, tmp_path / "wheel"):
        environment = {**os.environ, "PYTHONPATH": str(packages)}
        command = [sys.executable, "-c", scored]
        done = subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True)
        file, report = done.stdout.splitlines()
        assert Path(file).is_relative_to(packages)
        found.append(report)
    assert found[0] == found[1]


def test_every_verdict_stores_its_margin(scorer: AnswerScorer, partial: str) -> None:
    assert all(claim.margin >= 0 for claim in scorer.score(partial, question="q7x2").claims)
