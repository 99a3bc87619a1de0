import subprocess
import sys

import pytest

HEAVY = ("torch", "onnxruntime", "sklearn", "scipy", "sentence_transformers", "transformers", "spacy", "numpy", "click")
SERVING = ("jinja2", "starlette", "uvicorn", "markdown_it", "sqlite3")
SHOWING = ("rich", "pandas", "matplotlib")


@pytest.mark.parametrize(
    ("statement", "allowed"),
    [
        ("import scorer", ()),
        ("from scorer import QuestionBank; list(QuestionBank())", ()),
        ("import scorer.cli", ("click",)),
        ("from scorer import AnswerScorer; AnswerScorer().score('a', question='q7x2')", ("onnxruntime", "numpy")),
        ("import scorer.report", ()),
    ],
)
def test_nothing_heavy_is_imported_before_it_is_needed(statement: str, allowed: tuple[str, ...]) -> None:
    program = f"{statement}\nimport sys\nprint([m for m in {HEAVY + SERVING + SHOWING!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert set(eval(done.stdout)) <= set(allowed)  # noqa: S307  a list that this test itself printed


def test_an_unknown_name_is_an_attribute_error() -> None:
    import scorer

    with pytest.raises(AttributeError, match="no_such_name"):
        _ = scorer.no_such_name
