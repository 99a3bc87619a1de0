"""Say a sentence in other words: synonyms, active for passive, a phrase moved, a filler beside it.

The synonyms are WordNet's (`synonyms.txt`, each the first sense of both words) and some by hand (`alike.txt`).
"""

from __future__ import annotations

import random

from sentences import PARTS, changed, inflected, main_verb, sentence, small, span, word_pairs
from spacy.tokens import Doc, Token

_FILLERS = (
    "{1}, of course",
    "{1}, as is well known",
    "{1} indeed",
    "Clearly, {0}",
    "Also, {0}",
    "Of course {0}",
    "We know that {0}",
    "I think that {0}",
    "So {0}",
    "{1}, and that matters",
    "Another point is that {0}",
)
# How often a word that has a synonym gets it.
_OFTEN = 0.75


def restated(doc: Doc, random_: random.Random) -> str | None:
    """Say the same in almost the same words: as it stands, with a phrase moved, added, or a filler beside it."""
    way = random_.random()
    if way < 0.35:
        return doc.text
    if way < 0.6:
        return _fronted(doc) or doc.text
    text = doc.text.rstrip(" .!")
    return sentence(random_.choice(_FILLERS).format(small(text), text))


def reworded(doc: Doc, random_: random.Random) -> str | None:
    """Put synonyms in place of most of the words that have one."""
    changes: dict[int, str] = {}
    for token in doc:
        others = () if token.ent_type_ or _has_particle(token) else _synonyms(token)
        if others and random_.random() < _OFTEN:
            changes[token.i] = inflected(random_.choice(others), token.tag_)
            before = doc[token.i - 1] if token.i else None
            if before is not None and before.lower_ in {"a", "an"}:
                changes[before.i] = "an" if changes[token.i][0] in "aeiou" else "a"
    return changed(doc, changes) if changes else None


def passive(doc: Doc, random_: random.Random) -> str | None:  # noqa: ARG001
    """Turn "Heat melts ice in spring" into "Ice is melted by heat in spring"."""
    root = main_verb(doc)
    if root is None or root.tag_ not in {"VBZ", "VBD", "VBP", "VB"} or "neg" in {t.dep_ for t in root.children}:
        return None
    subject = next((t for t in root.children if t.dep_ == "nsubj"), None)
    target = next((t for t in root.children if t.dep_ == "dobj"), None)
    if subject is None or target is None or {subject.pos_, target.pos_} - {"NOUN", "PROPN"}:
        return None
    (first, end), (begin, last) = span(subject), span(target)
    between = doc[end : root.i].text
    modal = len(between.split()) == 1 and doc[end].tag_ == "MD"
    if begin != root.i + 1 or (between and not modal) or (root.tag_ == "VB" and not modal):
        return None
    many = target.tag_ in {"NNS", "NNPS"} or any(t.dep_ == "conj" for t in target.children)
    past = root.tag_ == "VBD"
    helper = f"{between} be" if modal else {(0, 0): "is", (1, 0): "are", (0, 1): "was", (1, 1): "were"}[many, past]
    agent = doc[first:end].text
    if first == 0 and doc[0].pos_ != "PROPN":
        agent = small(agent)
    pieces = (doc[:first].text, doc[begin:last].text, helper, inflected(root.lemma_, "VBN"), "by", agent)
    return sentence(" ".join(piece for piece in (*pieces, doc[last:].text) if piece))


def _synonyms(token: Token) -> tuple[str, ...]:
    part = PARTS.get(token.pos_)
    return () if part is None else word_pairs("synonyms.txt", "alike.txt").get((token.lemma_.lower(), part), ())


def _has_particle(token: Token) -> bool:
    return any(t.dep_ == "prt" for t in token.children)


def _fronted(doc: Doc) -> str | None:
    """Turn "It rained in 1980" into "In 1980, it rained"."""
    root = main_verb(doc)
    last = [t for t in root.children if t.dep_ == "prep" and t.i > root.i] if root is not None else []
    end = len(doc) - (1 if doc[-1].is_punct else 0)
    if not last or span(last[-1])[1] != end or doc[0].text == "I":
        return None
    start = last[-1].i
    phrase, rest = doc[start:end].text, doc[:start].text
    if doc[0].pos_ != "PROPN":
        rest = small(rest)
    return sentence(f"{phrase}, {rest}")
