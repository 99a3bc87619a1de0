"""What changed between two runs, as text, Markdown for a pull request, and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from scorer.regression import Comparison, Difference, Failure, Flip, Group
from scorer.report.junit import to_junit
from scorer.report.markdown import escaped
from scorer.report.wording import MARKS, printable
from scorer.runs import Judgement

FORMATS = ("text", "markdown", "json", "junit")
# Parts of the signature, and answers, that are named before the rest is only counted.
_SHOWN = 8
# Rows of a table in Markdown: a comment on a pull request holds some 65,000 characters.
_ROWS = 50


def render_comparison(compared: Comparison, failed: Sequence[Failure], form: str) -> str:
    """A comparison and what fails the gate in one of FORMATS, ending in a line feed."""
    if form == "json":
        return _json(compared, failed)
    if form == "junit":
        return to_junit(compared, failed)
    return "\n".join(_markdown(compared, failed) if form == "markdown" else _text(compared, failed)) + "\n"


def differences_text(found: Sequence[Difference]) -> str:
    """What `verify` found, a line a difference, ending in a line feed."""
    return "".join(
        f"{printable(each.report)}: {each.part} is {_value(each.found)}, stored is {_value(each.stored)}\n"
        for each in found
    )


def _value(value: object) -> str:
    return "absent" if value is None else printable(json.dumps(value, ensure_ascii=False))


def _json(compared: Comparison, failed: Sequence[Failure]) -> str:
    document = {
        "schema_version": 1,
        "old": compared.old,
        "new": compared.new,
        "comparable": compared.comparable,
        "signature": [asdict(each) for each in compared.signature],
        "flips": [{**asdict(flip), "visible": flip.visible, "lost": flip.lost} for flip in compared.flips],
        "scores": [{**asdict(each), "change": each.change} for each in compared.moved],
        "groups": [asdict(group) for group in compared.groups],
        "reworded": dict(compared.reworded),
        "added": list(compared.added),
        "removed": list(compared.removed),
        "failures": [asdict(each) for each in failed],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _text(compared: Comparison, failed: Sequence[Failure]) -> Iterator[str]:
    yield from (printable(line) for line in _facts(compared))
    for title, flips in _flips(compared):
        yield f"\n{title}:"
        for flip in flips:
            yield f"  {printable(flip.case)}  {_verdict(flip.old)} → {_verdict(flip.new)}"
            yield f"      {printable(flip.new.text)}"
            yield f"      before: {printable(flip.old.reason)}"
            yield f"      now:    {printable(flip.new.reason)}"
    title, groups = _groups(compared)
    yield f"\n{title}:"
    for group in groups:
        yield f"  {_group_name(group):<16}{group.answers:>5} answers  {_change(group)}"
    if failed:
        yield f"\nFailed ({len(failed)}):"
        yield from (f"  {printable(each.case)}: {printable(each.message)}" for each in failed)


def _markdown(compared: Comparison, failed: Sequence[Failure]) -> Iterator[str]:
    yield f"## {_count(len(compared.lost), 'covered claim')} lost"
    yield ""
    yield from (f"- {escaped(line)}" for line in _facts(compared))
    for title, flips in _flips(compared):
        yield from ("", "<details>", f"<summary>{title}</summary>", "")
        yield from ("| answer | claim | before | now |", "| --- | --- | --- | --- |")
        for flip in flips[:_ROWS]:
            before, now = (f"{_verdict(each)}: {escaped(each.reason)}" for each in (flip.old, flip.new))
            yield f"| {escaped(flip.case)} | {escaped(flip.new.text)} | {before} | {now} |"
        yield from ("", f"and {len(flips) - _ROWS} more") if len(flips) > _ROWS else ()
        yield from ("", "</details>")
    title, groups = _groups(compared)
    yield from ("", f"### {title}", "", "| which | answers | change |", "| --- | --- | --- |")
    yield from (f"| {escaped(_group_name(group))} | {group.answers} | {_change(group)} |" for group in groups)
    if failed:
        yield from ("", f"### Failed ({len(failed)})", "")
        yield from (f"- {escaped(each.case)}: {escaped(each.message)}" for each in failed)


def _facts(compared: Comparison) -> Iterator[str]:
    """The lines above the tables: what was compared, whether it can be, and which answers only one run has."""
    yield f"{compared.old} → {compared.new}: {_count(len(compared.moved), 'answer')} in both"
    if compared.comparable:
        yield "Comparable: the signatures agree."
    else:
        yield "Not the same scorer or questions: the signatures differ in"
        changes = [f"{each.key}: {each.old or 'absent'} → {each.new or 'absent'}" for each in compared.signature]
        yield from (f"  {line}" for line in changes[:_SHOWN])
        if len(changes) > _SHOWN:
            yield f"  and {len(changes) - _SHOWN} more"
    for what, names in (("New answers", compared.added), ("Removed answers", compared.removed)):
        if names:
            more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            yield f"{what}, not compared: {', '.join(names[:_SHOWN])}{more}"
    if compared.reworded:
        number = _count(sum(compared.reworded.values()), "claim")
        yield f"In one of the two only, not compared: {number} of {_count(len(compared.reworded), 'answer')}"
    unseen = sum(not flip.visible for flip in compared.flips)
    if unseen:
        yield f"Other verdicts of the same printed probabilities: {_count(unseen, 'claim')}"


def _flips(compared: Comparison) -> Iterator[tuple[str, list[Flip]]]:
    lost = list(compared.lost)
    others = [flip for flip in compared.flips if flip.visible and not flip.lost]
    for title, flips in (("Lost: covered before, not now", lost), ("Other changes of verdict", others)):
        if flips:
            yield f"{title} ({len(flips)})", flips


def _groups(compared: Comparison) -> tuple[str, list[Group]]:
    """A title, and all but the questions where nothing moved."""
    changed = {each.question for each in compared.moved if each.change}
    shown = [group for group in compared.groups if group.kind != "question" or group.name in changed]
    drawn = compared.groups[0].change
    how = f", paired bootstrap, {drawn.resamples} resamples, seed {drawn.seed}" if drawn.resamples else ""
    return f"Scores, now less before{how}", shown


def _group_name(group: Group) -> str:
    return f"{group.kind} {group.name}".strip()


def _change(group: Group) -> str:
    found = group.change.difference
    p_value = group.change.p_value
    if p_value is None:
        return f"{found.value:+.4f}"
    return f"{found.value:+.4f} [{found.low:+.4f}, {found.high:+.4f}], p {p_value:.4f}"


def _verdict(claim: Judgement) -> str:
    probability = claim.contradiction if claim.verdict == "contradicted" else claim.coverage
    return f"{MARKS[claim.verdict]} {probability or 0.0:.2f} {claim.verdict}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
