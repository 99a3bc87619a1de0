"""A reference answer to weighted claims. The one seam between references and everything that scores them.

First cut: a sentence is a claim, unless it only frames the answer. A sentence that frames is told by how it
opens; one that concludes is dropped only where its words have been said before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from scorer.errors import InputError
from scorer.lexicon import Rarity, words
from scorer.records import Claim, Dropped, Span
from scorer.text import sentences

VERSION = "sentences-1"

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
)
_FRAMES = tuple((re.compile(pattern, re.IGNORECASE), reason) for pattern, reason in _OPENINGS)
_CONCLUDES = re.compile(
    r"(?:in (?:sum|summary|conclusion|closing|short|essence)|to (?:sum up|summari[sz]e|conclude|wrap up)"
    r"|overall|all in all|ultimately)\b",
    re.IGNORECASE,
)
# A conclusion repeats where at least this share of its content words was said before it.
_REPEATED = 0.4


@dataclass(frozen=True)
class Split:
    """The claims of one reference, in its order, and the sentences that are none. The weights sum to 1."""

    claims: tuple[Claim, ...]
    dropped: tuple[Dropped, ...] = ()


def split_reference(reference: str, question: str, rarity: Rarity) -> Split:
    """Draw claims from a reference answer to `question`.

    A reference that is not blank always yields at least one claim. Raises InputError for a blank one.
    """
    if not reference.strip():
        raise InputError("the reference answer is blank; write what a good answer should say")
    found = sentences(reference) or (_whole(reference),)
    said = {word.stem for word in words(question)}
    kept: list[Span] = []
    dropped: list[Dropped] = []
    for span in found:
        stems = {word.stem for word in words(span.text) if rarity.is_content(word.stem)}
        reason = _frames(span.text) or _repeats(span.text, stems, said)
        if reason is None:
            kept.append(span)
        else:
            dropped.append(Dropped(span, reason))
        said |= stems
    if not kept:
        # The filters never empty a reference: the longest sentence stays.
        longest = max(found, key=lambda span: len(span.text))
        kept, dropped = [longest], [each for each in dropped if each.span != longest]
    return Split(tuple(Claim(span.text, 1.0 / len(kept), (span,)) for span in kept), tuple(dropped))


def given_claims(texts: tuple[str, ...]) -> Split:
    """Claims exactly as written by a person, with equal weights. Raises InputError where there are none."""
    kept = [text.strip() for text in texts if text.strip()]
    if not kept:
        raise InputError("there are no claims; give at least one, one claim a line")
    return Split(tuple(Claim(text, 1.0 / len(kept)) for text in kept))


def _whole(text: str) -> Span:
    stripped = text.strip()
    start = len(text) - len(text.lstrip())
    return Span(start, start + len(stripped), stripped)


def _frames(sentence: str) -> str | None:
    return next((reason for pattern, reason in _FRAMES if pattern.match(sentence)), None)


def _repeats(sentence: str, stems: set[str], said: set[str]) -> str | None:
    if _CONCLUDES.match(sentence) is None or not stems:
        return None
    return "concludes with what was said before" if len(stems & said) >= _REPEATED * len(stems) else None
