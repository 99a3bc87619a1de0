"""Offline scoring of written answers: what an answer covers of a reference, and what it leaves out.

The modules in the order of the data; each imports only from those above it:

- errors: what can go wrong, each as one line
- records: the records that travel through the scorer
- files: the package's own folders, and reading the files that a person names
- text: text to sentences with character spans
- lexicon: words, their stems, how rare each is
- language: words in order, or a heap of them
- bank: a folder of question files to questions
- exchange: questions from tables, Markdown and text to a bank, and from a bank to rows
- encoder: texts to sentence vectors and token vectors
- similarity: two sets of vectors to matrices
- splitter: sentences to points, with spaCy
- cache: what is kept between runs
- kept: the points of references that were parsed before
- claims: reference answer to weighted claims
- tasks: a request to sentences and alternative lists of claims
- evidence: claim and answer to named features
- contrasts: numbers and negations that tell a sentence from a claim
- entailment: evidence and claim read together
- second_look: each claim's nearest sentences, read with it
- leave_out: what the evidence would be without a sentence
- gather: both looks at an answer, in one place
- calibration: features to probabilities
- coverage: probabilities and weights to verdicts and a score
- reasons: why a claim got its verdict, in words
- grades: scores to marks on a person's own scale
- pipeline: `AnswerScorer`, the one place that knows the order
- variations, selftest: texts changed in known ways, and what must hold of their scores
- rows, batch: files of answers to files of scores
- distributed: the same on a Ray cluster
- lint: what is wrong with a question bank
- labelled, evaluate, measures, baselines, recalibrate: human-labelled answers, how well the scorer and others agree
  with them, and fitting the calibration on them
- runs, cases, regression: results and baselines in files, answers to score again, two runs held against each other
- report: a `ScoreReport` to text, JSON, Markdown, HTML, plots and frames; a comparison to the first three and JUnit XML
- pytest_plugin: assertions on answers in a person's own tests
- practice: a page to practise on, and the same as an HTTP interface
- cli: the command line
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["AnswerScorer", "Question", "QuestionBank", "ScoreReport", "ScorerError", "__version__", "frame"]

if TYPE_CHECKING:
    from scorer.bank import QuestionBank
    from scorer.errors import ScorerError
    from scorer.pipeline import AnswerScorer
    from scorer.records import Question, ScoreReport
    from scorer.report.frames import frame

_HOMES = {
    "AnswerScorer": "scorer.pipeline",
    "Question": "scorer.records",
    "QuestionBank": "scorer.bank",
    "ScoreReport": "scorer.records",
    "ScorerError": "scorer.errors",
    "frame": "scorer.report.frames",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that `import scorer` costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
