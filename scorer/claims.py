"""A reference answer to weighted claims. The one seam between references and everything that scores them.

Sentences that make no point are dropped: those that frame the answer, announce what comes, say the question
again, or conclude with what was said before. Each other sentence gives its points (`scorer.splitter`), a list its
items under what introduces them; points that say nearly the same become one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scorer.errors import InputError
from scorer.lexicon import Rarity, words
from scorer.records import Claim, Dropped, Question, Span
from scorer.splitter import VERSION as SPLITTER_VERSION
from scorer.splitter import Point
from scorer.text import sentences

# Change it with anything here that changes claims.
VERSION = f"{SPLITTER_VERSION}.1"

_TALK = "discuss|explore|explain|outline|describe|talk|walk|begin|start|address|cover|look"
_OPENINGS = (
    (
        r"as we (?:delve|dive|explore|embark|consider|continue|move|look|navigate|discuss)\b",
        "opens or closes the talk",
    ),
    (rf"(?:let(?:['’]s| us)|allow me to) (?:{_TALK})\b", "announces what comes"),
    (
        r"(?:in this (?:answer|essay|response),? )?(?:i|we)(?: will| would like to| shall| want to| am going to|['’]ll)"
        rf" (?:{_TALK})\b",
        "announces what comes",
    ),
    (
        r"(?:drawing (?:up)?on )?my (?:own )?(?:experience|background|work|role|research|perspective|career)\b",
        "presents the speaker",
    ),
    (
        r"(?:this|that)(?: is|['’]s) an? (?:great|good|interesting|important|complex|excellent|fascinating) question\b",
        "comments on the question",
    ),
    (r"(?:thank you|thanks) for\b", "thanks"),
    (
        r".*\b(?:can(?:not|['’]t| not) be (?:overlooked|ignored|overstated|understated|denied|neglected)"
        r"|double-edged sword|mixed blessing"
        r"|balanced approach is (?:necessary|needed|required|essential|key)"
        r"|(?:benefits|advantages|challenges|risks|drawbacks)\b.* are (?:vast|many|numerous|manifold))\W*$",
        "only says that there is something to say",
    ),
    (
        r"there are (?:\w+ )?(?:many|several|various|numerous|both|a number of|two|three|four|five)\b[^,:]*"
        r"\b(?:benefits|advantages|challenges|risks|drawbacks|aspects|points|factors|reasons|ways|sides)\W*$",
        "only says that there is something to say",
    ),
)
_FRAMES = tuple((re.compile(pattern, re.IGNORECASE | re.DOTALL), reason) for pattern, reason in _OPENINGS)
_CONCLUDES = re.compile(
    r"(?:in (?:sum|summary|conclusion|closing|short|essence)|to (?:sum up|summari[sz]e|conclude|wrap up)"
    r"|overall|all in all|ultimately)\b",
    re.IGNORECASE,
)
_CONNECTIVE = re.compile(
    r"(?:moreover|additionally|furthermore|in addition|besides|however|nevertheless|therefore|thus|finally|first"
    r"|firstly|second|secondly|third|thirdly|lastly|also|on (?:the )?(?:one|other) hand),\s+(?=\S)",
    re.IGNORECASE,
)
_LIST_MARKER = re.compile(r"(?:[-*+•‣▪–]|\d{1,3}[.)]|\(?\w{1,4}\))[ \t]*\Z")
# A conclusion repeats where at least this share of its content words was said before it.
_REPEATED = 0.4
# A sentence says the question again where this share of its content words stands in the question, and this share
# of the question's in the sentence: a question that tells a long story contains most words of its answer.
_ASKED, _ASKED_BACK = 0.65, 0.5
# Two points are one where their content words overlap at least this much (Jaccard's index), and no word that turns
# a meaning round differs.
_SAME = 0.8
_TURNING = re.compile(
    r"n['’]t\b|\d[\d.,]*|\b(?:no|not|never|without|neither|nor|none|only|all|some|most|few|fewer|less|more|least"
    r"|greater|smaller|larger|longer|shorter|higher|lower|faster|slower|before|after|above|below|increases?|decreases?)\b"
)


# Claims, or sentences of a reference: time and memory grow with claims times sentences of the answer.
MOST = 500


@dataclass(frozen=True)
class Split:
    """The claims of one reference, in its order, and the sentences that are none. The weights sum to 1."""

    claims: tuple[Claim, ...]
    dropped: tuple[Dropped, ...] = ()


def split_reference(
    reference: str, question: str, rarity: Rarity, points_of: Callable[[Sequence[Span]], list[list[Point]]]
) -> Split:
    """Draw claims from a reference answer to `question`, weighed by how much each says that the question does not.

    `points_of` gives the points of each sentence. A reference that is not blank always yields at least one claim:
    where every sentence would be dropped, the longest one stays. Raises InputError for a reference that is blank or has
    more than MOST sentences.
    """
    if not reference.strip():
        raise InputError("the reference answer is blank; write what a good answer should say")
    found = sentences(reference)
    _limit(len(found), "sentences in the reference")
    introductions = _introductions(reference, found)
    reasons = _reasons(reference, found, set(introductions.values()), content_stems(question, rarity), rarity)
    if all(reasons):
        reasons[max(range(len(found)), key=lambda i: len(found[i].text))] = ""
    kept = [span for span, reason in zip(found, reasons, strict=True) if not reason]
    points = [
        Point(introductions.get(point.span.start, "") + _without_connective(point.text), point.span)
        for each in points_of(kept)
        for point in each
    ]
    merged = _merged(points, rarity)
    told = {word.stem for word in words(question)}
    masses = [_information(text, told, rarity) for text, _ in merged]
    total = sum(masses)
    return Split(
        tuple(Claim(text, mass / total, spans) for (text, spans), mass in zip(merged, masses, strict=True)),
        tuple(Dropped(span, reason) for span, reason in zip(found, reasons, strict=True) if reason),
    )


def claims_of(
    question: Question, rarity: Rarity, points_of: Callable[[Sequence[Span]], list[list[Point]]]
) -> list[Split]:
    """The author's claims, or those drawn from each reference, as alternatives."""
    if question.claims:
        return [Split(question.claims)]
    return [split_reference(each, question.text, rarity, points_of) for each in question.references]


def given_claims(texts: tuple[str, ...]) -> Split:
    """Claims exactly as written by a person, with equal weights. Raises InputError for none, or more than MOST."""
    kept = [text.strip() for text in texts if text.strip()]
    if not kept:
        raise InputError("there are no claims; give at least one, one claim a line")
    _limit(len(kept), "claims")
    return Split(tuple(Claim(text, 1.0 / len(kept)) for text in kept))


def _limit(found: int, what: str) -> None:
    if found > MOST:
        raise InputError(f"there are {found:,} {what}, the limit is {MOST}; make several questions of them")


def _reasons(
    reference: str, found: Sequence[Span], introductions: set[str], asked: frozenset[str], rarity: Rarity
) -> list[str]:
    """For each sentence why it is no claim, or an empty text. `asked` are the content stems of the question."""
    said = set(asked)
    concluding = False
    reasons = []
    for i, span in enumerate(found):
        if i and "\n\n" in reference[found[i - 1].end : span.start].replace("\r", "").replace(" ", ""):
            concluding = False
        concluding = concluding or _CONCLUDES.match(span.text) is not None
        stems = content_stems(span.text, rarity)
        reason = next((reason for pattern, reason in _FRAMES if pattern.match(span.text)), "")
        if not reason and _introduction(span.text) in introductions:
            reason = "introduces a list"
        told = len(stems & asked)
        if not reason and told >= 2 and told >= _ASKED * len(stems) and told >= _ASKED_BACK * len(asked):
            reason = "says the question again"
        if not reason and concluding and stems and len(stems & said) >= _REPEATED * len(stems):
            reason = "concludes with what was said before"
        reasons.append(reason)
        said |= stems
    return reasons


def content_stems(text: str, rarity: Rarity) -> frozenset[str]:
    """The stems of `text` that carry meaning of their own."""
    return frozenset(word.stem for word in words(text) if rarity.is_content(word.stem))


def _without_connective(text: str) -> str:
    """A claim stands alone: "Moreover, costs rise." becomes "Costs rise."."""
    connective = _CONNECTIVE.match(text)
    if connective is None:
        return text
    rest = text[connective.end() :]
    return rest[:1].upper() + rest[1:]


def _information(text: str, told: set[str], rarity: Rarity) -> float:
    """How much a claim says that the question does not: the sum of its words' inverse document frequencies.

    At least 1, so that a claim made of the question's words keeps a little weight.
    """
    return max(1.0, sum(rarity.idf(stem) for stem in sorted({word.stem for word in words(text)} - told)))


def _introduction(text: str) -> str:
    """What a sentence that ends in a colon puts before each item of the list below it."""
    start = text.rstrip(": \t")
    return f"{start} " if re.search(r"\b(?:are|is|include|includes|were|was)\Z", start) else f"{start}: "


def _introductions(reference: str, found: Sequence[Span]) -> dict[int, str]:
    """{start of a list item: what introduces it}, for items that are no sentences of their own."""
    carried, introduced = "", {}
    for span in found:
        is_item = _LIST_MARKER.search(reference[max(0, span.start - 8) : span.start]) is not None
        if is_item and carried and not (span.text.endswith((".", "!", "?")) and len(span.text.split()) > 3):
            introduced[span.start] = carried
        elif not is_item:
            carried = _introduction(span.text) if span.text.endswith(":") else ""
    return introduced


def _merged(points: Sequence[Point], rarity: Rarity) -> list[tuple[str, tuple[Span, ...]]]:
    """Points with those that say nearly the same made one, under the first one's words, with all their spans."""
    kept: list[tuple[str, frozenset[str], dict[Span, None]]] = []
    for point in points:
        stems = content_stems(point.text, rarity)
        twin = next((spans for text, other, spans in kept if _same(point.text, stems, text, other)), None)
        if twin is None:
            kept.append((point.text, stems, {point.span: None}))
        else:
            twin[point.span] = None
    return [(text, tuple(spans)) for text, _, spans in kept]


def _same(a: str, stems_a: frozenset[str], b: str, stems_b: frozenset[str]) -> bool:
    if a == b:
        return True
    if _TURNING.findall(a.lower()) != _TURNING.findall(b.lower()):
        return False
    return bool(stems_a and stems_b) and len(stems_a & stems_b) >= _SAME * len(stems_a | stems_b)
