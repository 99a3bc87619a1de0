"""A comparison as JUnit XML, which most continuous integration shows as a list of tests: an answer is a test."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from scorer.regression import Comparison, Failure
from scorer.report.wording import printable


def to_junit(compared: Comparison, failed: Sequence[Failure]) -> str:
    """One suite with a test for each answer in both runs or with a failure, skipped ones for answers in one only."""
    by_case: dict[str, list[Failure]] = {each.case: [] for each in compared.moved}
    for each in failed:
        by_case.setdefault(each.case, []).append(each)
    alone = [(name, which) for names, which in ((compared.added, "new"), (compared.removed, "old")) for name in names]
    alone = [(name, which) for name, which in alone if name not in by_case]
    counts = {"tests": len(by_case) + len(alone), "failures": sum(map(bool, by_case.values())), "skipped": len(alone)}
    suites = Element("testsuites")
    totals = {key: str(number) for key, number in counts.items()}
    suite = SubElement(suites, "testsuite", {"name": "score-answer", "errors": "0", **totals})
    evidence = {(f.case, f.new.text): f"before: {f.old.reason}\nnow: {f.new.reason}" for f in compared.lost}
    questions = {each.case: each.question for each in compared.moved}
    for case, reasons in by_case.items():
        test = SubElement(suite, "testcase", classname=printable(questions.get(case, "")), name=printable(case))
        if reasons:
            said = [part for each in reasons for part in (each.message, evidence.get((case, each.claim), "")) if part]
            message = f"{len(reasons)} failed: {reasons[0].message}"
            SubElement(test, "failure", message=printable(message)).text = "\n".join(_lines(said))
    for case, which in alone:
        test = SubElement(suite, "testcase", classname="", name=printable(case))
        SubElement(test, "skipped", message=f"only the {which} run has it")
    indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(suites, encoding="unicode")}\n'


def _lines(texts: Sequence[str]) -> list[str]:
    """Lines without the control characters that XML cannot hold."""
    return [printable(line) for text in texts for line in text.split("\n")]
