"""Scored answers as they are kept between two runs: results, and baselines that read well under version control."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

from scorer.errors import InputError
from scorer.files import read_text
from scorer.records import Verdict

SCHEMA_VERSION = 1
BASELINE = "score-answer baseline"
_VERDICTS = get_args(Verdict)
# These parts of a signature belong to one answer; the others are those of the whole run.
_OWN = ("claims", "question")


@dataclass(frozen=True)
class Judgement:
    """What a run said of one claim: fields as in `ClaimVerdict`; `reason` quotes the evidence."""

    text: str
    weight: float
    verdict: Verdict
    coverage: float
    contradiction: float | None
    reason: str


@dataclass(frozen=True)
class Scored:
    """What a run said of one answer; `signature` maps each part's key to its value."""

    name: str
    question: str
    score: float
    signature: Mapping[str, str]
    claims: tuple[Judgement, ...]


@dataclass(frozen=True)
class Run:
    """The scored answers of one run by name. `source` says where they come from, such as a file."""

    source: str
    answers: Mapping[str, Scored]


def run_of(reports: Sequence[Mapping[str, Any]], names: Sequence[str], source: str) -> Run:
    """A run of `reports`, each as `ScoreReport.to_dict` gives it, under `names`, all different.

    Raises InputError naming `source` and the report that cannot be used.
    """
    answers = {
        name: _scored(report, name, f"{source}, report {number} ({name})")
        for number, (name, report) in enumerate(zip(names, reports, strict=True), start=1)
    }
    return Run(source, answers)


def read_run(file: Path) -> Run:
    """Read a result (JSON, or JSON Lines with a report a line) or a baseline.

    An answer is called by the name of its file without folder and extension. Raises InputError where the file is
    neither, or has no answers.
    """
    if file.suffix.lower() == ".jsonl":
        return _of_results(file)
    document = _document(file)
    return _of_baseline(document, file) if document.get("kind") == BASELINE else _of_results(file)


def read_baseline(file: Path) -> Run:
    """Read a baseline. Raises InputError where the file is none, or is empty."""
    document = _document(file)
    if document.get("kind") != BASELINE:
        raise InputError(f"{file} is no baseline; write one with: score-answer check CASES --baseline FILE --update")
    return _of_baseline(document, file)


def read_reports(file: Path) -> list[dict[str, Any]]:
    """The reports of a stored result, JSON or JSON Lines, as they stand. Raises InputError where it is none."""
    if file.suffix.lower() == ".jsonl":
        lines = [line for line in read_text(file).split("\n") if line.strip()]
        reports: Any = [_json(line, f"{file}, line {number}") for number, line in enumerate(lines, start=1)]
    else:
        reports = _document(file).get("reports")
    if not isinstance(reports, list) or not reports or not all(isinstance(report, dict) for report in reports):
        raise InputError(f"{file} holds no reports; give what `score-answer … -o FILE.json` wrote")
    for number, report in enumerate(reports, start=1):
        if report.get("error") is not None:
            raise InputError(f"{file}, report {number} failed when it was made: {report['error']}; score it again")
    return reports


def baseline_text(run: Run) -> str:
    """A run as a baseline: JSON with sorted keys and a claim a line, so that a diff shows what changed."""
    shared = {key: value for each in run.answers.values() for key, value in each.signature.items() if key not in _OWN}
    cases = ",\n".join(_baseline_case(run.answers[name]) for name in sorted(run.answers))
    rest = {"kind": BASELINE, "schema_version": SCHEMA_VERSION, "signature": shared}
    return "\n".join(("{", '"cases": {', cases, "},", ",\n".join(_entries(rest)), "}")) + "\n"


def _baseline_case(scored: Scored) -> str:
    claims = ",\n".join(f"  {_dump(asdict(claim))}" for claim in scored.claims)
    own = {key: value for key, value in scored.signature.items() if key in _OWN}
    rest = _entries({"question": scored.question, "score": scored.score, "signature": own})
    return "\n".join((f" {_dump(scored.name)}: {{", ' "claims": [', claims, " ],", " " + ",\n ".join(rest), " }"))


def _entries(values: Mapping[str, Any]) -> list[str]:
    return [f"{_dump(key)}: {_dump(values[key])}" for key in sorted(values)]


def _dump(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _document(file: Path) -> dict[str, Any]:
    found = _json(read_text(file), str(file))
    if not isinstance(found, dict):
        raise InputError(f"{file} is neither a result nor a baseline of score-answer; name the right file")
    if found.get("schema_version") != SCHEMA_VERSION:
        raise InputError(
            f"{file} has schema_version {found.get('schema_version')!r}, this program reads {SCHEMA_VERSION}; "
            "name a result or a baseline of score-answer, or write it anew"
        )
    return found


def _json(text: str, place: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{place} is no JSON ({error}); name a result or a baseline of score-answer") from error


def _of_results(file: Path) -> Run:
    reports = read_reports(file)
    return run_of(reports, _names(reports), str(file))


def _names(reports: Sequence[Mapping[str, Any]]) -> list[str]:
    """A name for each report: its file's, in full where two have the same, numbered where that does not tell them."""
    sources = [str(report.get("source") or report.get("question") or "answer") for report in reports]
    short = [Path(source).name.removesuffix(".txt") or source for source in sources]
    twice = Counter(short)
    names = [source if twice[name] > 1 else name for source, name in zip(sources, short, strict=True)]
    again, seen = Counter(names), Counter[str]()
    for i, name in enumerate(names):
        seen[name] += 1
        names[i] = f"{name} ({seen[name]})" if again[name] > 1 else name
    return names


def _of_baseline(document: Mapping[str, Any], file: Path) -> Run:
    cases, shared = document.get("cases"), document.get("signature")
    if not isinstance(cases, dict) or not cases or not isinstance(shared, dict):
        raise InputError(f"{file} is a damaged baseline: no cases; write it anew with --update")
    answers = {}
    for name, entry in cases.items():
        place = f"{file}, case {name}"
        if not isinstance(entry, dict) or not isinstance(entry.get("signature"), dict):
            raise InputError(f"{place}: no scored answer; write the baseline anew with --update")
        signature = "|".join(f"{key}:{value}" for key, value in {**shared, **entry["signature"]}.items())
        answers[name] = _scored({**entry, "signature": signature}, name, place)
    return Run(str(file), answers)


def _scored(report: Mapping[str, Any], name: str, place: str) -> Scored:
    try:
        claims = tuple(_judgement(claim) for claim in report["claims"])
        signature = _signature(_text(report["signature"]))
        found = Scored(_text(name), _text(report["question"]), _share(report["score"]), signature, claims)
    except (KeyError, TypeError, ValueError) as error:
        why = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise InputError(f"{place}: no scored answer ({why}); score it again") from error
    if not claims:
        raise InputError(f"{place}: no scored answer (it has no claims); score it again")
    return found


def _signature(text: str) -> dict[str, str]:
    parts = [part.partition(":") for part in text.split("|")]
    if not all(colon for _, colon, _ in parts):
        raise ValueError(f"signature {text[:40]!r} is not key:value|key:value")
    return {key: value for key, _, value in parts}


def _judgement(claim: Mapping[str, Any]) -> Judgement:
    if claim["verdict"] not in _VERDICTS:
        raise ValueError(f"verdict {claim['verdict']!r}")
    denial = claim["contradiction"]
    return Judgement(
        text=_text(claim["text"]),
        weight=_share(claim["weight"]),
        verdict=claim["verdict"],
        coverage=_share(claim["coverage"]),
        contradiction=None if denial is None else _share(denial),
        reason=_text(claim["reason"]),
    )


def is_text(value: Any) -> bool:
    """Whether `value` is text that can be written as UTF-8; JSON can name half a character."""
    try:
        return isinstance(value, str) and value.encode() is not None
    except UnicodeEncodeError:
        return False


def _text(value: Any) -> str:
    if not is_text(value):
        raise ValueError(f"{value!r} is not text")
    return str(value)


def _share(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0.0 <= value <= 1.0:
        raise ValueError(f"{value!r} is not a number in 0..1")
    return float(value)
