"""The textbook method: each claim's best cosine with a sentence of the answer, through sentence-transformers."""

import sys
from pathlib import Path

from sentence_transformers import SentenceTransformer

from scorer.bank import QuestionBank
from scorer.encoder.onnx import Manifest
from scorer.files import bundled
from scorer.text import sentences

model = SentenceTransformer(str(Manifest.load(bundled("models") / "all-MiniLM-L6-v2").weights_folder()), device="cpu")
question = QuestionBank().get(sys.argv[1])
claims = [span.text for span in sentences(question.references[0])]
answer = [span.text for span in sentences(Path(sys.argv[2]).read_text(encoding="utf-8"))]
best = (model.encode(claims) @ model.encode(answer).T).max(axis=1)
print(f"score {best.mean():.3f}")
for claim, cosine in zip(claims, best, strict=True):
    print(f"{cosine:.3f} {claim}")
