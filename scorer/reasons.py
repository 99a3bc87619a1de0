"""Why a claim got its verdict, in words."""

from __future__ import annotations

from collections.abc import Sequence

from scorer.contrasts import negation_differs, numbers_differ, numbers_in
from scorer.records import Span, Verdict


def reason(verdict: Verdict, claim: str, spans: Sequence[Span], supporting: int, denying: int, both: bool) -> str:
    """One line on `claim`, from the answer's sentences `spans` that speak most for and most against it.

    `both` says that the answer makes a contradicted claim as well.
    """
    nearest = f"‘{_shortened(spans[supporting].text)}’"
    if verdict == "contradicted":
        denial = f"sentence {denying + 1} says the opposite: ‘{_shortened(spans[denying].text)}’"
        return f"{denial}; sentence {supporting + 1} says it: {nearest}" if both else denial
    if verdict == "covered":
        return f"matched {nearest} (sentence {supporting + 1})"
    difference = _difference(claim, spans[supporting].text)
    if verdict == "partial":
        return f"partly matched {nearest} (sentence {supporting + 1}){difference}"
    return f"closest is sentence {supporting + 1}{difference}: {nearest}"


def _difference(claim: str, sentence: str) -> str:
    """What tells the sentence from the claim, where it is a number or a negation."""
    if numbers_differ(claim, sentence):
        wanted, found = numbers_in(claim), numbers_in(sentence)
        ours, theirs = (", ".join(sorted(numbers)) for numbers in (wanted - found, found - wanted or found))
        return f", but the number differs ({ours} against {theirs})"
    if negation_differs(claim, sentence):
        return ", but one of the two is negated"
    return ""


def _shortened(text: str, limit: int = 80) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= limit else one_line[: limit - 1].rstrip() + "…"
