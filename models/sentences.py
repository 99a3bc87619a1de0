"""Rewriting parsed sentences: what `denials.py` and `rewording.py` share."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import lemminflect
from spacy.tokens import Doc, Token

SUBJECTS = frozenset({"nsubj", "nsubjpass", "expl"})
PARTS = {"VERB": "verb", "ADJ": "adj", "ADV": "adv", "NOUN": "noun"}
_HERE = Path(__file__).parent
_UNINFLECTED = frozenset({"JJ", "RB", "NN", "VB", "VBP", "IN", "RP"})


def main_verb(doc: Doc) -> Token | None:
    """The verb of a sentence that is one statement."""
    root = next((t for t in doc if t.dep_ == "ROOT"), None)
    joined = root is not None and any(t.dep_ == "conj" for t in root.children)
    return None if root is None or joined or root.pos_ not in {"VERB", "AUX"} or "?" in doc.text else root


def changed(doc: Doc, changes: Mapping[int, str]) -> str:
    """The text of `doc` with some tokens replaced."""
    text = ""
    for token in doc:
        word = changes.get(token.i, token.text)
        glued = token.i + 1 in changes and not token.whitespace_ and doc[token.i + 1].is_alpha
        space = " " if glued else token.whitespace_
        text += word + space if word else ("" if text.endswith(" ") or not text else space)
    return sentence(text)


def sentence(text: str) -> str:
    """`text` with a capital first and one stop last."""
    tidy = " ".join(text.split()).replace(" .", ".").replace(" ,", ",")
    return tidy[:1].upper() + tidy[1:] + ("" if tidy.endswith((".", "!", "?", '"')) else ".")


def small(text: str) -> str:
    """`text` with a small letter first."""
    return text[:1].lower() + text[1:]


def span(token: Token) -> tuple[int, int]:
    """Where the words that hang on `token` begin and end."""
    places = [t.i for t in token.subtree]
    return min(places), max(places) + 1


def inflected(lemma: str, tag: str) -> str:
    """`lemma` in the form of a Penn Treebank tag."""
    forms = lemminflect.getInflection(lemma, tag) if tag not in _UNINFLECTED else ()
    return str(forms[0]) if forms else lemma


@cache
def word_pairs(*names: str) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """The pairs in lists such as `antonyms.txt`: (word, part of speech) to the words that it is paired with."""
    lines = [line for name in names for line in (_HERE / name).read_text(encoding="utf-8").splitlines()]
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for word, other, part in (line.split() for line in lines if line and not line.startswith("#")):
        for a, b in ((word, other), (other, word)):
            found[a, part] = (*found.get((a, part), ()), b)
    return found
