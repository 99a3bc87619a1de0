"""What a sentence has that tells it from a claim: numbers and negations."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAMED = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
# "One" is a pronoun as often as a number.
_NUMBERS = {name: str(value) for value, name in enumerate(_NAMED, start=1) if name != "one"}
_NEGATION = re.compile(
    r"\b(?:not|never|no|none|nobody|nothing|neither|nor|cannot|without|hardly|rarely|seldom|scarcely|myth|false|untrue"
    r"|mistaken|fail(?:s|ed)? to|lacks?)\b|n['’]t\b",
    re.IGNORECASE,
)
_HARMLESS = re.compile(
    r"\b(?:not (?:only|just|merely|simply)|no (?:doubt|longer than|fewer than|less than))\b", re.IGNORECASE
)


def negation_differs(claim: str, sentence: str) -> bool:
    """Whether one of the two holds an odd number of negations and the other an even one; "not only" is none."""
    return negations(claim) % 2 != negations(sentence) % 2


def negations(text: str) -> int:
    """How many words of a text deny something."""
    evenly = " ".join(text.split())
    return len(_NEGATION.findall(evenly)) - len(_HARMLESS.findall(evenly))


def numbers_differ(claim: str, sentence: str) -> bool:
    """Whether both hold numbers, and the sentence not all of the claim's."""
    wanted, found = numbers_in(claim), numbers_in(sentence)
    return bool(wanted and found) and not wanted <= found


def numbers_in(text: str) -> set[str]:
    """The numbers of a text, as digits without separators of thousands."""
    digits = {match.replace(",", "").rstrip(".") for match in _NUMBER.findall(text)}
    return digits | {_NUMBERS[word] for word in re.findall(r"[a-z]+", text.lower()) if word in _NUMBERS}
