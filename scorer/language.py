"""Whether a text is language at all: words in an order that English has, or a heap of them.

Neither vectors nor word counts see the order of words, so a heap of the right words would look like an answer. Here
two things speak, neither of which knows what the text is about: the order, by a bigram model over classes of words and
its log-likelihood against the same words in any order, and the share of words such as "the" and "of", which a heap of
content words lacks.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from scorer.errors import ModelError
from scorer.lexicon import Rarity, words
from scorer.records import Span

# Log-odds of order against disorder below which words are a heap; of people's answers at most 1 in 100 fall below it
# (models/README.md).
HEAP = -15.0
# Odds at which a sentence is language, whatever stands around it: short shuffled ones reach 8.
_SPARED = 10.0
# A text with fewer known words among its words is no English, and its order cannot be judged.
_KNOWN = 0.5
# Marks inside of words ("do...while", "3.5", "i.e.") say nothing about order.
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[.,;:!?](?=\s|\Z)")
# The share of frequent words in terse language, and in a heap of content words. MultiNLI has half.
_FREQUENT_IN_LANGUAGE, _FREQUENT_IN_HEAPS = 0.3, 0.1
_ENDINGS = (
    *("ing", "ed", "ly", "tion", "ions", "ness", "ment", "ity", "ies", "ers", "er", "al"),
    *("ous", "ive", "able", "ic", "es", "s", "e", "y"),
)


def tokens(text: str) -> list[str]:
    """Words and marks of punctuation, in lower case."""
    return [token.lower() for token in _TOKEN.findall(text)]


def word_class(token: str, frequent: frozenset[str]) -> str:
    """A frequent word stands for itself, a number for "#", another word for its ending."""
    if token in frequent:
        return token
    if token[0].isdigit():
        return "#"
    return "-" + next((ending for ending in _ENDINGS if token.endswith(ending) and len(token) > len(ending) + 2), "")


def class_pairs(found: Sequence[str], frequent: frozenset[str]) -> Iterator[tuple[str, str]]:
    """The classes of `found` two by two, from "^" before the first to "$" after the last."""
    return pairwise(["^", *(word_class(token, frequent) for token in found), "$"])


@dataclass(frozen=True, eq=False)
class WordOrder:
    """How often classes of words follow one another: counts of `pairs`, of the `first` and of the `second` of each.

    `followers` counts the different classes that follow one (Witten and Bell's estimate of the unseen); `total` is
    the sum of all counts.
    """

    frequent: frozenset[str]
    pairs: Mapping[tuple[str, str], int]
    first: Mapping[str, int]
    second: Mapping[str, int]
    followers: Mapping[str, int]
    total: int

    @classmethod
    def load(cls, file: Path) -> WordOrder:
        """Read a table written by `models/count_orders.py`. Raises ModelError where it is missing or damaged."""
        try:
            table = json.loads(file.read_bytes())
            frequent = frozenset(table["frequent"])
            pairs = {(pair.split(" ")[0], pair.split(" ")[1]): int(n) for pair, n in table["pairs"].items()}
        except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            raise ModelError(f"{file} is missing or damaged ({error!r}); reinstall score-answer") from error
        first: Counter[str] = Counter()
        second: Counter[str] = Counter()
        for (a, b), n in pairs.items():
            first[a] += n
            second[b] += n
        return cls(frequent, pairs, first, second, Counter(a for a, _ in pairs), sum(pairs.values()))

    def log_odds(self, text: str) -> float:
        """Log-likelihood ratio of `text` as language against a heap: by order or by frequent words, what is less.

        Grows with the length of a sentence and falls with that of a heap; 0 for a text of fewer than two words.
        """
        found = tokens(text)
        return min(self._order_odds(found), self._frequency_odds(found)) if len(found) > 1 else 0.0

    def _order_odds(self, found: Sequence[str]) -> float:
        """Of the words in their order against the same words in any order."""
        return sum(math.log(self._after(a, b) / self._anywhere(b)) for a, b in class_pairs(found, self.frequent))

    def _frequency_odds(self, found: Sequence[str]) -> float:
        """Of the number of frequent words in language against that in a heap of content words (binomial)."""
        among = [token in self.frequent for token in found if token[0].isalnum()]
        said, heaped = _FREQUENT_IN_LANGUAGE, _FREQUENT_IN_HEAPS
        return sum(math.log(said / heaped) if each else math.log((1 - said) / (1 - heaped)) for each in among)

    def _anywhere(self, this: str) -> float:
        return (self.second.get(this, 0) + 0.5) / (self.total + 0.5 * len(self.second))

    def _after(self, before: str, this: str) -> float:
        """P(this | before), interpolated with P(this) after Witten and Bell (1991)."""
        seen, kinds = self.first.get(before, 0), self.followers.get(before, 0)
        if seen == 0:
            return self._anywhere(this)
        return (self.pairs.get((before, this), 0) + kinds * self._anywhere(this)) / (seen + kinds)


def is_english(text: str, rarity: Rarity) -> bool:
    """Whether at least half of the words of `text` are known to English; a text without words is taken for it."""
    stems = [word.stem for word in words(text) if not word.stem.isdigit()]
    return sum(stem in rarity.counts for stem in stems) >= _KNOWN * len(stems)


def heaps(sentences: Sequence[Span], order: WordOrder, rarity: Rarity) -> frozenset[int]:
    """The indices of `sentences` that are heaps of words.

    A sentence is one whose own odds are below HEAP; disorder in the other sentences counts against it, until only
    odds of _SPARED save it, order in them not for it. One of them counts for HEAP at most, so that a single block of
    signs among sentences does not condemn them. A sentence in another language than English is never called a heap,
    for its order cannot be judged.
    """
    odds = [order.log_odds(span.text) if is_english(span.text, rarity) else 0.0 for span in sentences]
    counted = [max(own, HEAP) for own in odds]
    total = sum(counted)
    others = [min(max(total - own, HEAP - _SPARED), 0.0) for own in counted]
    return frozenset(i for i, own in enumerate(odds) if own + others[i] < HEAP)
