"""Make pairs of evidence and claim from answers that people labelled, for `train_entailment.py`.

    python models/coverage_pairs.py SET[-train].jsonl SET-dev.jsonl --most 5000 -o pairs.jsonl

The evidence is the sentence of the answer that is most like the claim, or, for a quarter of the claims that are not
covered, the next one. Of a graded answer only the claims of its best-covered reference count, and those of an answer
that is not correct only where the reference is one claim. Half of the pairs are covered, as far as there are enough
of each; at most a quarter is contradicted. One set of files at a time: name-train and name-dev are one.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from scorer import AnswerScorer
from scorer.labelled import LabelledAnswer, LabelledSet, read_sets
from scorer.second_look import Windows
from scorer.tasks import Task

_VERDICTS = {"correct": "covered", "incorrect": "missing", "contradictory": "contradicted"}
Found = tuple[str, str, str, str]


def pairs(labelled: LabelledSet, scorer: AnswerScorer, random_: random.Random) -> Iterator[Found]:
    """(group, evidence, claim, verdict) of each claim that has a label."""
    tasks = scorer.tasks([row.request() for row in labelled.rows])
    for row, task, windows in zip(labelled.rows, tasks, scorer.gatherer.windows(tasks), strict=True):
        verdicts = row.verdicts or _verdicts(row, task, windows)
        for (claim, texts), verdict in zip(windows.texts, verdicts, strict=True):
            if verdict:
                nearest = verdict == "covered" or random_.random() < 0.75
                yield row.group, texts[0 if nearest else -1], claim, verdict


def _verdicts(row: LabelledAnswer, task: Task, windows: Windows) -> list[str]:
    """What a grade says of each claim of all references; "" where it says nothing."""
    sizes = [len(split.claims) for split in task.splits]
    ends = np.cumsum(sizes)
    best = int(np.argmax([windows.overlap[end - n : end].mean() for end, n in zip(ends, sizes, strict=True)]))
    verdict = _VERDICTS[row.label]
    if sizes[best] > 1 and verdict != "covered":
        return [""] * int(ends[-1])
    return [verdict if each == best else "" for each, n in enumerate(sizes) for _ in range(n)]


def chosen(found: list[Found], most: int, random_: random.Random) -> list[Found]:
    """At most `most` different ones, in random order."""
    verdicts = dict.fromkeys(verdict for *_, verdict in found)
    by_verdict = {verdict: sorted({each for each in found if each[3] == verdict}) for verdict in verdicts}
    for members in by_verdict.values():
        random_.shuffle(members)
    denied = by_verdict.get("contradicted", [])[: most // 4]
    covered = by_verdict["covered"][: (most - len(denied)) // 2]
    result = covered + by_verdict["missing"][: most - len(denied) - len(covered)] + denied
    random_.shuffle(result)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--most", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--out", type=Path, required=True)
    given = parser.parse_args()
    (labelled,) = read_sets(given.files)
    random_ = random.Random(given.seed)
    found = chosen(list(pairs(labelled, AnswerScorer(contradiction=False), random_)), given.most, random_)
    rows = [
        {"id": f"{labelled.name}-{i}", "group": group, "question": "", "answer": evidence, "claims": [claim]}
        | {"verdicts": [verdict]}
        for i, (group, evidence, claim, verdict) in enumerate(found)
    ]
    given.out.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    main()
