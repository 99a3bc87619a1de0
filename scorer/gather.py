"""An answer's evidence on each claim: the first look at all of it, and the second at what matters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from scorer import evidence, second_look
from scorer.encoder import Encoder, Encoding
from scorer.encoder.base import Memory
from scorer.entailment import Entailment
from scorer.leave_out import Looked, Without, leave_out
from scorer.lexicon import Rarity, stems
from scorer.records import Claim, Span
from scorer.second_look import Windows, choose_windows
from scorer.tasks import GROUP, Task, groups
from scorer.text import straight

# Claims whose encodings are remembered: about 30 KB each.
_CLAIMS = 1_000


@dataclass(frozen=True, eq=False)
class Lacking:
    """The `features` and `quoted` of `Gathered`, had the answer not the sentence at `place`."""

    place: int
    features: evidence.Floats
    quoted: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Gathered:
    """The evidence in one answer on the n claims of one reference.

    `features` (n, len(Gatherer.features)), `quoted` (n,), `cosines` (n, sentences); `supporting` (n,) and
    `denying` (n,) are the indices of the sentences that speak most for and most against each claim. `lacking` is the
    evidence without each sentence that it depends on, where that was asked for.
    """

    claims: tuple[Claim, ...]
    features: evidence.Floats
    quoted: NDArray[np.bool_]
    cosines: evidence.Floats
    supporting: NDArray[np.int64]
    denying: NDArray[np.int64]
    lacking: tuple[Lacking, ...] = ()

    def part(self, chosen: slice) -> Gathered:
        """The same for some of the claims."""
        return Gathered(
            self.claims[chosen],
            self.features[chosen],
            self.quoted[chosen],
            self.cosines[chosen],
            self.supporting[chosen],
            self.denying[chosen],
            tuple(Lacking(each.place, each.features[chosen], each.quoted[chosen]) for each in self.lacking),
        )


@dataclass(frozen=True, eq=False)
class Gatherer:
    """Gathers evidence: with `encoder` and the rarity of words at the first look, with `entailment` at the second.

    Without `entailment` (None) there is one look only. `leave_out` asks for the evidence without each sentence too.
    `memory` holds the claims that were met last: many answers are held against the same ones.
    """

    encoder: Encoder
    rarity: Rarity
    entailment: Entailment | None
    leave_out: bool = False
    memory: Memory = field(default_factory=lambda: Memory(_CLAIMS), repr=False)

    @property
    def features(self) -> tuple[str, ...]:
        """The names of the columns of `Gathered.features`."""
        return evidence.FEATURES + (() if self.entailment is None else second_look.FEATURES)

    @property
    def second(self) -> str:
        """The second look's signature, the first digits of a hash; "none" where there is none."""
        return "none" if self.entailment is None else self.entailment.signature

    def gather(self, tasks: Sequence[Task]) -> Iterator[tuple[Gathered, ...]]:
        """For each task, in order, the evidence on each alternative list of claims; all 0 where nothing is language."""
        for group, known in self._encoded_groups(tasks):
            found = iter(self._both_looks([task for task in group if task.spoken], known))
            for task in group:
                yield next(found) if task.spoken else tuple(self._nothing(task))

    def windows(self, tasks: Sequence[Task]) -> Iterator[Windows]:
        """What the second look would read, for each task whose answer has a sentence that is language."""
        for group, known in self._encoded_groups(tasks):
            for task in group:
                if task.spoken:
                    yield self._first_look(task, known)[1]

    def _encoded_groups(self, tasks: Sequence[Task]) -> Iterator[tuple[list[Task], dict[str, Encoding]]]:
        """Tasks in groups, with the encodings of their texts; of a long answer alone, only those of its claims."""
        for group in groups(tasks):
            texts = [text for task in group if task.spoken for text in task.texts()]
            if sum(map(len, texts)) > GROUP:
                texts = [text for task in group for text in task.claim_texts()]
            claims = {text for task in group for text in task.claim_texts()}
            known = self.memory.find(claims)
            fresh = [text for text in dict.fromkeys(texts) if text not in known]
            known |= dict(zip(fresh, self._encode(fresh), strict=True))
            self.memory.keep({text: known[text] for text in sorted(claims) if text in known})
            yield group, known

    def _encode(self, texts: Sequence[str]) -> list[Encoding]:
        return self.encoder.encode([straight(text) for text in texts])

    def _nothing(self, task: Task) -> Iterator[Gathered]:
        for split in task.splits:
            n, none = len(split.claims), np.zeros(len(split.claims), dtype=np.int64)
            columns = np.zeros((n, len(self.features)))
            yield Gathered(split.claims, columns, none > 0, np.zeros((n, len(task.sentences))), none, none)

    def _both_looks(self, tasks: Sequence[Task], known: Mapping[str, Encoding]) -> list[tuple[Gathered, ...]]:
        """Both looks at the answers of one group; what is read together is read in one go."""
        firsts = [self._first_look(task, known) for task in tasks]
        looks = [gathered for gathered, _, _ in firsts]
        if self.entailment is not None:
            windows = [each for _, whole, without in firsts for each in (whole, *(left.windows for left in without))]
            readings = iter(second_look.look(windows, self.entailment))
            looks = [_with_readings(each, readings) for each in looks]
        found = []
        for task, gathered in zip(tasks, looks, strict=True):
            ends = np.cumsum([len(split.claims) for split in task.splits])
            starts = [0, *ends[:-1]]
            found.append(tuple(gathered.part(slice(a, b)) for a, b in zip(starts, ends, strict=True)))
        return found

    def _first_look(self, task: Task, known: Mapping[str, Encoding]) -> tuple[Gathered, Windows, list[Without]]:
        """The evidence on the claims of all alternatives, and what to read in a second look; and without a sentence."""
        looked = self._looked(task, known)
        features = evidence.features(looked.words, looked.encodings, looked.found, frozenset().union(*looked.stems))
        overlap = features[:, evidence.FEATURES.index("late_interaction")]
        windows = choose_windows(looked.claims, looked.sentences, looked.likeness, overlap, looked.quotations)
        without = leave_out(looked) if self.leave_out and len(task.spoken) > 1 else []
        # From here on indices are those of all sentences.
        spoken = np.array(task.spoken)
        windows = replace(windows, places=np.where(windows.places < 0, -1, spoken[windows.places]))
        cosines = np.zeros((len(looked.claims), len(task.sentences)))
        cosines[:, spoken] = np.round(looked.found.cosines, 6)
        gathered = Gathered(
            claims=tuple(claim for split in task.splits for claim in split.claims),
            features=features,
            quoted=np.asarray(looked.quotations.any(axis=1)),
            cosines=cosines,
            supporting=windows.places[:, 0],
            denying=windows.places[:, 0],
            lacking=tuple(Lacking(int(spoken[each.place]), each.features, each.quoted) for each in without),
        )
        return gathered, windows, without

    def _looked(self, task: Task, known: Mapping[str, Encoding]) -> Looked:
        spans = [task.sentences[i] for i in task.spoken]
        claims = [claim for split in task.splits for claim in split.claims]
        encodings = [known[claim.text] for claim in claims]
        found = evidence.join([evidence.match(encodings, part) for part in self._encoded(spans, known)])
        question_stems = stems(task.question.text)
        weighed = [evidence.claim_words(claim.text, question_stems, self.rarity) for claim in claims]
        wordings = [(claim.text, *(span.text for span in claim.spans)) for claim in claims]
        return Looked(
            claims=[claim.text for claim in claims],
            words=weighed,
            encodings=encodings,
            sentences=[span.text for span in spans],
            stems=[stems(span.text) for span in spans],
            found=found,
            likeness=evidence.by_sentence(weighed, encodings, found),
            quotations=evidence.quotations(wordings, [span.text for span in spans]),
        )

    def _encoded(self, spans: Sequence[Span], known: Mapping[str, Encoding]) -> Iterator[list[Encoding]]:
        part: list[Span] = []
        size = 0
        for span in spans:
            if part and size + len(span.text) > GROUP:
                yield self._lookup(part, known)
                part, size = [], 0
            part.append(span)
            size += len(span.text)
        yield self._lookup(part, known)

    def _lookup(self, part: Sequence[Span], known: Mapping[str, Encoding]) -> list[Encoding]:
        missing = list(dict.fromkeys(span.text for span in part if span.text not in known))
        fresh = {**known, **dict(zip(missing, self._encode(missing), strict=True))}
        return [fresh[span.text] for span in part]


def _with_readings(gathered: Gathered, readings: Iterator[second_look.Reading]) -> Gathered:
    """`gathered` with the second look's features, from the next of `readings`: the whole answer's, then the others."""
    reading = next(readings)
    return replace(
        gathered,
        features=_joined(gathered.features, reading),
        supporting=reading.supporting,
        denying=reading.denying,
        lacking=tuple(
            replace(each, features=_joined(each.features, left))
            for each, left in zip(gathered.lacking, readings, strict=False)
        ),
    )


def _joined(features: evidence.Floats, reading: second_look.Reading) -> evidence.Floats:
    return np.concatenate([features, reading.features], axis=1)
