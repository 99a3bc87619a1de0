"""Coverage-guided fuzz of what reads a person's text: the question-file parser, the splitter, the arithmetic of spans.

    pip install atheris && python tests/fuzz/fuzz.py [CORPUS] -max_total_time=600

Each input is a text, tried three ways; whatever is raised beside `InputError`, and each property that does not hold, is
a crash. Only modules of `scorer/` are instrumented. The figures of the last run are in `SECURITY.md`.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["scorer"]):
    from scorer.bank import parse_question
    from scorer.claims import MOST, split_reference
    from scorer.encoder.base import windows
    from scorer.errors import InputError
    from scorer.evidence import quotations
    from scorer.files import measured
    from scorer.language import WordOrder, heaps
    from scorer.lexicon import Rarity, words
    from scorer.splitter import Splitter
    from scorer.text import LONGEST, sentences

RARITY = Rarity.load(measured("word_counts.json"))
ORDER = WordOrder.load(measured("word_order.json"))
SPLITTER = Splitter()


def question_file(text: str) -> None:
    """A question, or one line that names the file and a line of it."""
    try:
        question = parse_question(text, "x", "x.txt")
    except InputError as error:
        refusal = str(error)
    else:
        refusal = "x.txt, line 1: none"
        assert question.text.strip()
        assert question.level in question.levels
        assert all(reference.strip() for reference in question.references)
        assert not question.claims or abs(sum(claim.weight for claim in question.claims) - 1.0) < 1e-9
    assert refusal.startswith("x.txt, line ")
    assert len(refusal.splitlines()) == 1


def spans(text: str) -> None:
    """Sentences are slices of the text in its order, none of them empty or too long; nothing with a letter is lost."""
    found = sentences(text)
    end = 0
    for span in found:
        assert end <= span.start < span.end
        assert text[span.start : span.end] == span.text == span.text.strip()
        assert len(span.text) <= LONGEST
        end = span.end
    assert bool(found) == bool(text.strip())
    assert heaps(found, ORDER, RARITY) <= set(range(len(found)))
    for span in found:
        for word in words(span.text):
            assert 0 <= word.start < word.end <= len(span.text)
    cut = windows([char == " " for char in text], 7)
    assert "".join(text[a:b] for a, b in cut) == text
    assert all(b - a <= 7 for a, b in cut)


def splitter(text: str) -> None:
    """A reference that is not blank has a claim; weights sum to 1; each claim is drawn from places of the reference."""
    try:
        split = split_reference(text, "Why do costs fall?", RARITY, SPLITTER.points)
    except InputError:
        assert not text.strip() or len(sentences(text)) > MOST
        return
    assert split.claims
    assert abs(sum(claim.weight for claim in split.claims) - 1.0) < 1e-9
    for claim in split.claims:
        assert claim.text.strip()
        assert claim.spans
        assert all(text[span.start : span.end] == span.text for span in claim.spans)
    wordings = [(claim.text, *(span.text for span in claim.spans)) for claim in split.claims]
    assert quotations(wordings, [split.claims[0].spans[0].text])[0, 0]


def one_input(data: bytes) -> None:
    """Try one text in one of three ways, as its first byte says."""
    text = data[1:].decode("utf-8", errors="ignore")
    (question_file, spans, splitter)[data[0] % 3 if data else 1](text)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
