"""Two runs over the same answers: are they comparable, which points were lost, what moved; and is a result true."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from scorer.cases import Case
from scorer.errors import InputError
from scorer.measures import Paired, paired
from scorer.pipeline import AnswerScorer
from scorer.runs import Judgement, Run, Scored, run_of

# Probabilities are printed with two decimals: what differs by less looks the same to a person, and fails nothing.
PRECISION = 0.01
# Answers that are scored between two lines of progress.
_CHUNK = 20
# What results of earlier versions do not have; where it is absent it is not compared.
_LATER = ("gain", "sentences")


@dataclass(frozen=True)
class SignatureChange:
    """A part of the signature that is not the same in both runs; None where a run does not have it."""

    key: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class Flip:
    """A claim whose verdict changed in the answer `case`."""

    case: str
    question: str
    old: Judgement
    new: Judgement

    @property
    def visible(self) -> bool:
        """Whether the probability that decided the verdict changed by as much as is printed."""
        if "contradicted" in (self.old.verdict, self.new.verdict):
            moved = (self.old.contradiction or 0.0) - (self.new.contradiction or 0.0)
        else:
            moved = self.old.coverage - self.new.coverage
        return round(abs(moved), 4) >= PRECISION

    @property
    def lost(self) -> bool:
        """Whether the claim was covered and, visibly, is not any more."""
        return self.old.verdict == "covered" and self.visible

    @property
    def unseen_fall(self) -> float:
        """What the score lost, 0..1, because the claim is called denied now by a step that nobody can see."""
        return 0.0 if self.visible or self.new.verdict != "contradicted" else self.new.weight * self.new.coverage


@dataclass(frozen=True)
class Moved:
    """The score of one answer in both runs, 0..1."""

    case: str
    question: str
    old: float
    new: float

    @property
    def change(self) -> float:
        """New less old, rounded to 4 decimals."""
        return round(self.new - self.old, 4)


@dataclass(frozen=True)
class Group:
    """How the scores of some answers moved: `kind` is "all", "level" or "question", `name` which of these."""

    kind: str
    name: str
    answers: int
    change: Paired


@dataclass(frozen=True)
class Comparison:
    """All that differs between two runs over the answers in both.

    `reworded` counts, for an answer, the claims that only one of the runs has. `added` and `removed` name the
    answers that only the new or only the old run has.
    """

    old: str
    new: str
    signature: tuple[SignatureChange, ...]
    flips: tuple[Flip, ...]
    moved: tuple[Moved, ...]
    groups: tuple[Group, ...]
    reworded: Mapping[str, int]
    added: tuple[str, ...]
    removed: tuple[str, ...]

    @property
    def comparable(self) -> bool:
        """Whether all that the numbers depend on is the same in both runs."""
        return not self.signature

    @property
    def lost(self) -> tuple[Flip, ...]:
        """The claims that were covered and are not any more."""
        return tuple(flip for flip in self.flips if flip.lost)


@dataclass(frozen=True)
class Failure:
    """Why a gate fails: `kind` is "lost" (then with the `claim`), "fallen" or "low"."""

    case: str
    kind: str
    message: str
    claim: str = ""


@dataclass(frozen=True)
class Difference:
    """A part of a stored result, such as `claims[2].coverage`, that is not what the scorer says now."""

    report: str
    part: str
    stored: Any
    found: Any


def score_cases(scorer: AnswerScorer, cases: Sequence[Case], source: str, progress: Callable[[str], None]) -> Run:
    """Score every case; `source` says where they come from.

    Raises InputError for a case that cannot be scored, before any is.
    """
    scorer.tasks([case.request for case in cases])
    reports: list[dict[str, Any]] = []
    for start in range(0, len(cases), _CHUNK):
        found = scorer.score_many([case.request for case in cases[start : start + _CHUNK]])
        reports += [report.to_dict() for report in found]
        progress(f"{len(reports)} of {len(cases)} answers")
    return run_of(reports, [case.name for case in cases], source)


def compare(old: Run, new: Run, levels: Mapping[str, str]) -> Comparison:
    """What changed from `old` to `new`. `levels` gives the difficulty of questions by id, where it is known.

    Raises InputError where no answer is in both: to compare nothing is no comparison.
    """
    both = [name for name in old.answers if name in new.answers]
    if not both:
        raise InputError(
            f"{old.source} ({len(old.answers)} answers) and {new.source} ({len(new.answers)} answers) have no answer "
            "in common; compare runs over the same files"
        )
    pairs = [(old.answers[name], new.answers[name]) for name in both]
    moved = tuple(Moved(b.name, b.question, a.score, b.score) for a, b in pairs)
    matched = {b.name: _matched(a, b) for a, b in pairs}
    return Comparison(
        old=old.source,
        new=new.source,
        signature=_signature_changes(pairs),
        flips=tuple(
            Flip(b.name, b.question, before, after)
            for _, b in pairs
            for before, after in matched[b.name]
            if before.verdict != after.verdict
        ),
        moved=moved,
        groups=tuple(_groups(moved, levels)),
        reworded={b.name: n for a, b in pairs if (n := len(a.claims) + len(b.claims) - 2 * len(matched[b.name]))},
        added=tuple(name for name in new.answers if name not in old.answers),
        removed=tuple(name for name in old.answers if name not in new.answers),
    )


def lost_claims(compared: Comparison) -> list[Failure]:
    """A failure for each claim that was covered and is not any more."""
    return [
        Failure(flip.case, "lost", f"covered before, now {flip.new.verdict}: {flip.new.text}", flip.new.text)
        for flip in compared.lost
    ]


def failures(compared: Comparison, new: Run, tolerance: float, minimums: Mapping[str, float]) -> list[Failure]:
    """What fails a gate: claims lost, scores that fell by more than `tolerance`, scores below their minimum.

    `minimums` gives the least score of answers by name. A denied claim earns nothing, so a denial that passes its
    threshold by less than is printed lets the score jump; such a jump is no fall.
    """
    unseen: defaultdict[str, float] = defaultdict(float)
    for flip in compared.flips:
        unseen[flip.case] += flip.unseen_fall
    found = lost_claims(compared)
    found += [
        Failure(each.case, "fallen", f"score {each.new:.4f}, {each.old:.4f} before: a fall of more than {tolerance:g}")
        for each in compared.moved
        if round(-each.change - unseen[each.case], 4) > tolerance
    ]
    found += [
        Failure(name, "low", f"the score {new.answers[name].score:.4f} is below the minimum {least:g}")
        for name, least in minimums.items()
        if new.answers[name].score < least
    ]
    return found


def verify(
    reports: Sequence[Mapping[str, Any]],
    source: str,
    against: Mapping[str, Any],
    scorer: Callable[[bool, bool], AnswerScorer],
) -> list[Difference]:
    """Where stored reports differ from what the scorer says of their answers now; empty where they are verified.

    A report without a question of the bank is scored `against` these keywords of `AnswerScorer.score`. `scorer`
    makes a scorer, with or without the second look, and with or without a score for the answer without each
    sentence, as each report has them. Raises InputError, which names `source`, for a report without what is needed.
    """
    run_of(reports, [f"{i}" for i in range(len(reports))], source)
    requests = [_request(report, against, f"{source}, report {i}") for i, report in enumerate(reports, start=1)]
    made: dict[tuple[bool, bool], AnswerScorer] = {}
    found: list[Difference] = []
    for i, (report, request) in enumerate(zip(reports, requests, strict=True), start=1):
        kind = _kind(report)
        if kind not in made:
            made[kind] = scorer(*kind)
        (now,) = made[kind].score_many([request])
        found += _differences(f"{source}, report {i}", report, now.to_dict())
    return found


def _request(report: Mapping[str, Any], against: Mapping[str, Any], place: str) -> dict[str, Any]:
    if not isinstance(report.get("answer"), str):
        raise InputError(f"{place} does not hold its answer; only results can be verified, not baselines")
    source = str(report.get("source") or "")
    if report["question"]:
        return {"answer": report["answer"], "question": report["question"], "source": source}
    if not {"references", "claims"} & set(against) and _parts(report["signature"]).get("claims") == "given":
        against = {**against, "claims": [claim["text"] for claim in report["claims"]]}
    if not {"references", "claims"} & set(against):
        raise InputError(
            f"{place} was scored against files; give them again with --reference FILE or --claims FILE, and its "
            "--question-text"
        )
    return {"answer": report["answer"], "source": source, **against}


def _kind(report: Mapping[str, Any]) -> tuple[bool, bool]:
    """Whether a report was made with a second look, and with scores without each sentence."""
    looked = _parts(str(report["signature"])).get("entailment") != "none"
    sentences = report.get("sentences") or []
    return looked, isinstance(sentences, list) and any(_has_score(sentence) for sentence in sentences)


def _has_score(sentence: Any) -> bool:
    return isinstance(sentence, dict) and sentence.get("score_without") is not None


def _differences(name: str, stored: Mapping[str, Any], found: Mapping[str, Any]) -> list[Difference]:
    """Parts of the signature first, then the rest; where a result came from is no part of it."""
    before, after = (_parts(str(each["signature"])) for each in (stored, found))
    changed = [(f"signature {key}", before.get(key), after.get(key)) for key in sorted({*before, *after})]
    changed = [each for each in changed if each[1] != each[2]]
    rest = [{key: report[key] for key in report if key not in ("signature", "source")} for report in (stored, found)]
    changed += _unequal("", *rest)
    return [Difference(name, *each) for each in changed]


def _unequal(part: str, stored: Any, found: Any) -> Iterator[tuple[str, Any, Any]]:
    """The innermost parts that differ: place, stored value, value found."""
    if isinstance(stored, dict) and isinstance(found, dict):
        for key in {**found, **stored}:
            if key in stored or key not in _LATER:
                yield from _unequal(f"{part}.{key}".lstrip("."), stored.get(key), found.get(key))
    elif isinstance(stored, list) and isinstance(found, list) and len(stored) == len(found):
        for i, (a, b) in enumerate(zip(stored, found, strict=True)):
            yield from _unequal(f"{part}[{i}]", a, b)
    elif stored != found:
        yield part, stored, found


def _parts(signature: str) -> dict[str, str]:
    return {key: value for key, _, value in (part.partition(":") for part in signature.split("|"))}


def _matched(old: Scored, new: Scored) -> list[tuple[Judgement, Judgement]]:
    """The claims of both, by their texts; of claims with the same text, the first with the first."""
    before = dict(zip(_numbered(old.claims), old.claims, strict=True))
    return [(before[key], claim) for key, claim in zip(_numbered(new.claims), new.claims, strict=True) if key in before]


def _numbered(claims: Sequence[Judgement]) -> list[tuple[str, int]]:
    seen = Counter[str]()
    keys = []
    for claim in claims:
        keys.append((claim.text, seen[claim.text]))
        seen[claim.text] += 1
    return keys


def _signature_changes(pairs: Sequence[tuple[Scored, Scored]]) -> tuple[SignatureChange, ...]:
    changes = [
        SignatureChange(key, old.signature.get(key), new.signature.get(key))
        for old, new in pairs
        for key in {**old.signature, **new.signature}
        if old.signature.get(key) != new.signature.get(key)
    ]
    return tuple(dict.fromkeys(changes))


def _groups(moved: Sequence[Moved], levels: Mapping[str, str]) -> Iterator[Group]:
    yield _group("all", "", moved)
    by_level = [levels.get(each.question, "") for each in moved]
    by_question = [each.question for each in moved]
    for kind, names in (("level", by_level), ("question", by_question)):
        for name in sorted(set(names) - {""}):
            yield _group(kind, name, [each for each, own in zip(moved, names, strict=True) if own == name])


def _group(kind: str, name: str, moved: Sequence[Moved]) -> Group:
    changes = np.array([each.change for each in moved])
    return Group(kind, name, len(moved), paired(changes, [each.question for each in moved]))
