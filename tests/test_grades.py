from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from scorer import AnswerScorer
from scorer.errors import InputError
from scorer.grades import GradeScale, fit_grades

RNG = np.random.default_rng(0)
SCORES = RNG.uniform(size=200)
GROUPS = [str(i // 10) for i in range(200)]


def test_a_scale_follows_the_marks_and_says_its_error() -> None:
    marks = np.round(5 * SCORES + RNG.normal(0, 0.3, 200), 1).clip(0, 5)
    scale, errors = fit_grades(SCORES, marks, GROUPS)
    assert scale.error == pytest.approx(min(errors.values()), abs=1e-4)
    assert 0.2 < scale.error < 0.5
    assert scale.mark(0.5) == pytest.approx(2.5, abs=0.4)
    assert [scale.mark(s) for s in (0.0, 0.3, 0.6, 1.0)] == sorted(scale.mark(s) for s in (0.0, 0.3, 0.6, 1.0))


@pytest.mark.parametrize(("steep", "kind"), [(True, "isotonic"), (False, "logistic")])
def test_cross_validation_chooses_the_curve(steep: bool, kind: str) -> None:
    smooth = 1 / (1 + np.exp(-4 * (SCORES[:40] - 0.5)))
    marks = (SCORES[:40] > 0.8) * 3.0 + (SCORES[:40] > 0.2) * 1.0 if steep else smooth + RNG.normal(0, 0.2, 40)
    assert fit_grades(SCORES[:40], marks, ["g"] * 40)[0].kind == kind


def test_marks_that_say_nothing() -> None:
    with pytest.raises(InputError, match="9 marked answers; give at least 10"):
        fit_grades(SCORES[:9], SCORES[:9], GROUPS[:9])
    with pytest.raises(InputError, match="all 20 marks are 1; give answers with different marks"):
        fit_grades(SCORES[:20], np.ones(20), GROUPS[:20])


def test_save_load_and_use(tmp_path: Path) -> None:
    scale = GradeScale("isotonic", (0.0, 1.0), (0.0, 6.0), 0.5, 20)
    scale.save(tmp_path / "g.json")
    assert GradeScale.load(tmp_path / "g.json") == scale
    report = AnswerScorer(grades=tmp_path / "g.json", contradiction=False).score("Costs fall.", claims=["Costs fall."])
    assert report.flags == (f"mark {6 * report.score:g} on a scale from 0 to 6, expected error 0.5",)


@pytest.mark.parametrize("content", ["", "{}", '{"kind": "x", "scores": [], "marks": [], "error": 1, "answers": 1}'])
def test_no_scale(tmp_path: Path, content: str) -> None:
    (tmp_path / "g.json").write_text(content)
    with pytest.raises(InputError, match=r"g\.json (is no grading scale|has 0 scores and 0 marks)"):
        GradeScale.load(tmp_path / "g.json")


def test_from_the_command_line(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from scorer.cli import main

    row = {"id": "1", "group": "g", "question": "", "references": ["Costs fall. Scrutiny rises."]}
    answers = ["Costs fall.", "Scrutiny rises.", "Costs fall. Scrutiny rises.", "Bananas are yellow."] * 3
    marks = [3, 3, 6, 0] * 3
    lines = [json.dumps({**row, "answer": a, "grade": m}) for a, m in zip(answers, marks, strict=True)]
    (tmp_path / "marks.jsonl").write_text("\n".join(lines))
    arguments = ["calibrate", "--grades", str(tmp_path / "marks.jsonl"), "-o", str(tmp_path / "g.json")]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0
    assert "(chosen)" in done.stdout
    assert "mean mark 3.000" in done.stdout
    both = CliRunner().invoke(main, [*arguments, str(tmp_path / "marks.jsonl")])
    assert (both.exit_code, "give FILE... to fit the calibration, or --grades FILE" in both.stderr) == (2, True)
