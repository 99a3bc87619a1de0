"""The plugin in runs of pytest of their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from scorer import AnswerScorer
from scorer.errors import InputError
from scorer.pytest_plugin import AnswerAssertions
from tests.conftest import PACKAGES

PASSES = """
def test_{n}(answer_scorer):
    answer = "Costs fall. Rules prevent misuse."
    report = answer_scorer.assert_covers(
        answer, claims=["Costs fall.", "Rules prevent misuse."], min_score=0.9, must_cover=["costs"],
        must_not_contradict=True,
    )
    assert report.score >= 0.9
"""


def run_pytest(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "scorer.pytest_plugin", "-q", "-p", "no:cacheprovider", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(PACKAGES)}
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, check=False)


@pytest.fixture(scope="module")
def assertions(scorer: AnswerScorer) -> AnswerAssertions:
    return AnswerAssertions(lambda: scorer)


def test_inert_until_used(tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text(
        "import sys\ndef test_a():\n"
        "    assert not {'numpy', 'onnxruntime', 'click', 'scorer.pipeline'} & set(sys.modules)\n"
    )
    done = run_pytest(tmp_path)
    assert (done.returncode, "1 passed" in done.stdout) == (0, True), done.stdout
    assert "score" not in re.sub(r"(?s)^.*?\[pytest\] configuration", "", run_pytest(tmp_path, "--help").stdout)


def test_under_xdist(tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text("".join(PASSES.format(n=n) for n in range(2)))
    done = run_pytest(tmp_path, "-n", "2")
    assert (done.returncode, "2 passed" in done.stdout) == (0, True), done.stdout


def test_a_failure_shows_every_claim(tmp_path: Path, scorer: AnswerScorer) -> None:
    claims = ["The drug reduces pain.", "The drug is cheap.", "Nurses like it."]
    answer = "The drug does not reduce pain. The drug is cheap."
    (tmp_path / "test_a.py").write_text(
        f"def test_a(answer_scorer):\n"
        f"    answer_scorer.assert_covers({answer!r}, claims={claims!r}, min_score=0.6,\n"
        f"        must_cover=['Nurses'], must_not_contradict=True)\n"
    )
    done = run_pytest(tmp_path)
    report = scorer.score(answer, claims=claims)
    denied, cheap, nurses = report.claims
    limits = scorer.thresholds
    assert done.returncode == 1
    for line in (
        f"the answer scores {report.score:.4f}, below 0.6",
        "1 of 1 required claims not covered",
        "the answer denies 1 of 3 claims",
        f"✗ denied {denied.contradiction:.2f} ≥ {limits.contradicted:.2f}  {claims[0]}",
        denied.reason,
        f"✓ {cheap.coverage:.2f} ≥ {limits.covered:.2f}  {claims[1]}",
        f"✗ {nurses.coverage:.2f} < {limits.covered:.2f}  required: {claims[2]}",
        nurses.reason,
    ):
        assert line in done.stdout
    assert "pytest_plugin.py" not in done.stdout


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({}, "nothing is asserted; give min_score"),
        ({"must_cover": ["no such point"]}, "0 of the 2 claims contain 'no such point'"),
        ({"must_cover": ["s"]}, "2 of the 2 claims contain 's'"),
        ({"must_cover": [" "]}, "claims contain ' '"),
        ({"must_cover": "Costs fall."}, "must_cover is a text; give a list"),
        ({"min_score": 60}, "min_score is 60; give a number from 0 to 1"),
        ({"min_score": float("nan")}, "min_score is nan; give a number from 0 to 1"),
    ],
)
def test_what_cannot_be_asserted(assertions: AnswerAssertions, asked: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        assertions.assert_covers("Costs fall.", claims=["Costs fall.", "Rules help."], **asked)  # type: ignore[arg-type]


def test_one_of_two_claims_that_share_words(assertions: AnswerAssertions) -> None:
    claims = ["Costs fall.", "Costs fall. They fall fast."]
    assert assertions.assert_covers("Costs fall.", claims=claims, must_cover=["costs fall."]).claims[0].coverage > 0.9


def test_denials_are_not_excluded_by_a_scorer_that_is_blind_to_them() -> None:
    blind = AnswerAssertions(lambda: AnswerScorer(contradiction=False))
    with pytest.raises(InputError, match="needs the second look; make the scorer with contradiction=True"):
        blind.assert_covers("Costs do not fall.", claims=["Costs fall."], must_not_contradict=True)
