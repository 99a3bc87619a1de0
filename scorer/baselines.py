"""What others would say: one value a claim, greater for claims that the answer is more likely to cover."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np

from scorer.calibration import Floats
from scorer.encoder import DEFAULT_MODEL
from scorer.evaluate import Observations
from scorer.files import bundled
from scorer.labelled import LabelledSet

BASELINES = ("cosine", "words", "rouge1", "bertscore")


def baseline(name: str, labelled: LabelledSet, seen: Observations) -> Floats:
    """The values (n,) of one of BASELINES for each claim that was observed.

    - cosine: the best cosine of a sentence of the answer with the claim, the textbook method;
    - words: the share of the claim's words that the answer contains, weighted by rarity;
    - rouge1: ROUGE-1 recall of the claim (Lin 2004) with the library rouge-score, stemmed;
    - bertscore: BERTScore recall of the claim (Zhang et al. 2020) with the library bert-score on the same model.
    """
    if name in ("cosine", "words"):
        return seen.column("cosine" if name == "cosine" else "plain_word_recall")
    answers = [labelled.rows[i].answer for i in seen.answer]
    return _rouge1(seen.claims, answers) if name == "rouge1" else _bertscore(seen.claims, answers)


def _rouge1(claims: Sequence[str], answers: Sequence[str]) -> Floats:
    from rouge_score.rouge_scorer import RougeScorer

    scorer = RougeScorer(["rouge1"], use_stemmer=True)
    found = [scorer.score(claim, answer)["rouge1"].recall for claim, answer in zip(claims, answers, strict=True)]
    return np.array(found, dtype=np.float64)


def _bertscore(claims: Sequence[str], answers: Sequence[str]) -> Floats:
    from scorer.encoder.onnx import Manifest

    folder = Manifest.load(bundled("models") / DEFAULT_MODEL).weights_folder()
    with warnings.catch_warnings():
        # Of the libraries beneath, about themselves.
        warnings.simplefilter("ignore")
        from bert_score import BERTScorer

        scorer = BERTScorer(model_type=str(folder), num_layers=6, device="cpu")
        _, recall, _ = scorer.score(list(answers), list(claims))
    return np.asarray(recall.numpy(), dtype=np.float64)
