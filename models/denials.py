"""Make pairs of evidence and claim that differ by a denial, from pairs that people labelled.

    python models/denials.py SEED NLI.jsonl… -o pairs.jsonl

Inference sets hold few denials that reuse the claim's words, and few negations that deny nothing; without both, a
model learns that a shared word means "covered" or that a "not" means "contradicted". Here a sentence is rewritten so
that it says the opposite (negated, an opposite word, another number, another name, roles swapped, called a myth) or
the same in a form that looks like a denial ("it is no myth that", "not only … but also"). From an entailed pair
(P, H) come (P, not H) and (not H, H), contradicted; from a contradicted one (P, not H), covered; a neutral one stays
neutral under any of this. Some evidence gets a second sentence about something else.

The claim is also said in other words (`rewording.py`), and so are some of its denials, so that neither other words nor
the same ones decide.

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
from functools import partial
from pathlib import Path

from rewording import passive, restated, reworded
from sentences import PARTS, SUBJECTS, changed, inflected, main_verb, sentence, small, span, word_pairs
from spacy.tokens import Doc, Token

from scorer.labelled import read_rows
from scorer.splitter import load_parser

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
    "seconds": ("hours", "minutes", "years"),
    "minutes": ("days", "seconds", "weeks"),
    "hours": ("months", "seconds", "weeks"),
    "days": ("decades", "minutes", "months"),
    "weeks": ("hours", "years"),
    "months": ("centuries", "hours", "minutes"),
    "years": ("days", "hours", "weeks"),
    "decades": ("days", "weeks"),
    "centuries": ("months", "weeks"),
    "thousand": ("billion", "dozen"),
    "million": ("billion", "thousand"),
    "billion": ("million", "thousand"),
    "half": ("a tenth", "nine tenths"),
    "mainly": ("never", "hardly ever"),
    "mostly": ("never", "hardly ever"),
    "largely": ("not at all", "hardly"),
    "highest": ("lowest",),
    "lowest": ("highest",),
    "nothing": ("everything",),
    "everything": ("nothing",),
    "everyone": ("no one",),
    "nobody": ("everybody",),
}
_NUMBERS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "twenty", "thirty", "forty", "fifty", "hundred"),
)
# Where a noun stands for what the sentence is about.
_PLACES = frozenset(("nsubj", "nsubjpass", "dobj", "pobj", "attr"))
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
_DIRECTIONS = frozenset(("above", "after", "before", "behind", "below", "beneath", "inside", "into", "under"))
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
    root = main_verb(doc)
    if root is None:
        return None
    negation = next((t for t in root.children if t.dep_ == "neg"), None)
    if negation is not None:
        return _without_negation(doc, root, negation)
    subject = next((t for t in root.children if t.dep_ in SUBJECTS), None)
    if subject is None or subject.lower_ in _QUANTIFIED or any(t.lower_ in _QUANTIFIED for t in subject.lefts):
        return None
    helper = next((t for t in root.children if t.dep_ in {"aux", "auxpass"} and t.tag_ != "TO" and t.i < root.i), None)
    if helper is None and root.lemma_ == "be" and root.tag_ in {"VBZ", "VBP", "VBD"}:
        helper = root
    if helper is not None and helper.i >= subject.i and helper.tag_ in {"VBZ", "VBP", "VBD", "MD"}:
        word = random_.choice(("not", "not", "not", "never", "hardly"))
        return changed(doc, {helper.i: f"{helper.text} {word}"})
    if root.tag_ not in {"VBZ", "VBP", "VBD"}:
        return None
    lemma = root.lemma_
    support = {"VBZ": "does", "VBP": "do", "VBD": "did"}[root.tag_]
    forms = [f"{support} not {lemma}"] * 3 + [f"never {root.text}", f"hardly {root.text}", f"rarely {root.text}"]
    forms += [f"{inflected('fail', root.tag_)} to {lemma}", f"{support}n't {lemma}"]
    return changed(doc, {root.i: random_.choice(forms)})


def opposite(doc: Doc, random_: random.Random) -> str | None:
    """Put the opposite in place of one verb, adjective, adverb or noun."""
    found: list[tuple[Token, str]] = []
    for token in doc:
        part = PARTS.get(token.pos_, "")
        for word in (token.lemma_.lower(), token.lower_):
            found += [(token, other) for other in word_pairs("antonyms.txt", "opposites.txt").get((word, part), ())]
    if not found:
        return None
    token, other = random_.choice(found)
    return changed(doc, {token.i: inflected(other, token.tag_)})


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
    return changed(doc, {place: word})


def swapped(doc: Doc, random_: random.Random) -> str | None:
    """Let two sides change places that cannot: of a one-way verb, of a comparison, of a direction."""
    found = [pair for verb in doc if verb.pos_ in {"VERB", "AUX"} for pair in _sides(doc, verb)]
    if not found:
        return None
    first, second = random_.choice(found)
    texts = [doc[a:b].text for a, b in (first, second)]
    if first[0] == 0 and doc[0].pos_ != "PROPN":
        texts[0] = small(texts[0])
    pieces = (doc[: first[0]].text, texts[1], doc[first[1] : second[0]].text, texts[0], doc[second[1] :].text)
    return sentence(" ".join(piece for piece in pieces if piece))


def _sides(doc: Doc, verb: Token) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    subject = next((t for t in verb.children if t.dep_ == "nsubj"), None)
    if subject is None or any(t.dep_ == "neg" for t in verb.children):
        return
    targets = [t for t in verb.children if t.dep_ == "dobj" and verb.lemma_ in _ONE_WAY]
    for word in doc[verb.i + 1 :]:
        if (word.lower_ in _DIRECTIONS and word.head == verb) or (word.lower_ == "than" and verb.dep_ == "ROOT"):
            targets += [t for t in word.children if t.dep_ == "pobj"]
    for target in targets:
        first, second = span(subject), span(target)
        alike = (subject.tag_ in {"NNS", "NNPS"}) == (target.tag_ in {"NNS", "NNPS"})
        if alike and first[1] <= second[0] and not {subject.pos_, target.pos_} - {"NOUN", "PROPN"}:
            yield first, second


def not_only(doc: Doc, random_: random.Random) -> str | None:  # noqa: ARG001
    """Turn "A and B" into "not only A but also B": a "not" that denies nothing."""
    for token in doc:
        joint = next((t for t in token.children if t.dep_ == "cc" and t.lower_ == "and"), None)
        if joint is None or token.dep_ not in {"dobj", "attr", "acomp", "pobj"} or joint.i == 0:
            continue
        start = min(t.i for t in token.subtree)
        if len([t for t in token.children if t.dep_ == "conj"]) == 1 and doc[joint.i - 1].text != ",":
            return changed(doc, {start: f"not only {doc[start].text}", joint.i: "but also"})
    return None


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
    """Makes pairs.

    `names` are the named things that occur, by kind, and `nouns` the others, by tag, to put one in place of another;
    `alike` maps texts to the same in other words; `others` are sentences about something else.
    """

    def __init__(
        self,
        random_: random.Random,
        names: Mapping[str, Sequence[str]],
        nouns: Mapping[str, Sequence[str]],
        alike: Mapping[str, Doc],
        others: Sequence[str],
    ) -> None:
        self._random = random_
        self._names = names
        self._nouns = nouns
        self._alike = alike
        self._others = others

    def from_row(self, evidence: Doc, claim: Doc, verdict: str) -> Iterator[Pair]:
        """The new pairs of one labelled pair."""
        if verdict == "covered":
            yield from self._denials(evidence, claim)
            yield from self._harmless(evidence, claim)
            yield from self._in_other_words(evidence, claim)
        elif verdict == "contradicted":
            flipped = negated(claim, self._random)
            if flipped is not None:
                yield Pair(evidence.text, flipped, "covered", "negated contradiction")
        else:
            for rewrite in (denied, negated):
                other = rewrite(claim, self._random)
                if other is not None and self._random.random() < 0.2:
                    yield Pair(evidence.text, other, "missing", "negated neutral")

    def _denials(self, evidence: Doc, claim: Doc) -> Iterator[Pair]:
        kinds: list[tuple[str, Rewrite, float]] = [
            *_OPPOSING,
            ("renamed", self._renamed, 1.0),
            ("refilled", partial(self._refilled, evidence), 1.5),
        ]
        weights = [weight for _, _, weight in kinds]
        for kind, rewrite, _ in dict.fromkeys(self._random.choices(kinds, weights, k=3)):
            way = self._random.random()
            # A denial in other words than the claim's, or in its own.
            source = self._alike.get(claim.text, claim) if self._random.random() < 0.4 else claim
            other = rewrite(source, self._random)
            if other is None:
                continue
            if way < 0.35 or kind == "denied":
                yield Pair(other, claim.text, "contradicted", f"{kind} claim as evidence")
            elif way < 0.6:
                yield Pair(claim.text, other, "contradicted", f"{kind} claim of itself")
            else:
                yield Pair(evidence.text, other, "contradicted", f"{kind} claim")

    def _in_other_words(self, evidence: Doc, claim: Doc) -> Iterator[Pair]:
        alike = self._alike.get(claim.text)
        chosen = [
            (0.6, restated(claim, self._random), "restated"),
            (0.6, None if alike is None else restated(alike, self._random), "reworded"),
            (0.2, self._alike[evidence.text].text if evidence.text in self._alike else None, "reworded"),
            (0.5, passive(claim if alike is None else alike, self._random), "passive"),
        ]
        for share, text, kind in chosen:
            if text is not None and self._random.random() < share:
                yield Pair(text, claim.text, "covered", kind)

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

    def _refilled(self, evidence: Doc, doc: Doc, random_: random.Random) -> str | None:
        """Put another thing in place of one that is spoken of: who says "from air" denies "from water".

        It comes from the evidence where that has one, so that it is about the same.
        """
        nouns = [t for t in doc if _names_a_thing(t)]
        if len(nouns) < 2:
            return None
        noun = random_.choice(nouns)
        near = [t.lower_ for t in evidence if _names_a_thing(t) and t.tag_ == noun.tag_]
        other = random_.choice(near if near and random_.random() < 0.6 else self._nouns[noun.tag_])
        return None if other[:4] in doc.text.lower() else changed(doc, {noun.i: other})

    def with_distraction(self, pair: Pair) -> Pair:
        """Some evidence stands beside a sentence about something else."""
        if self._random.random() > 0.25:
            return pair
        other = self._random.choice(self._others)
        sentences = [sentence(pair.evidence), sentence(other)]
        self._random.shuffle(sentences)
        return replace(pair, evidence=" ".join(sentences))


def _names_a_thing(token: Token) -> bool:
    return token.tag_ in {"NN", "NNS"} and not token.ent_type_ and token.is_alpha and token.dep_ in _PLACES


def _without_negation(doc: Doc, root: Token, negation: Token) -> str | None:
    if negation.lower_ == "never":
        return changed(doc, {negation.i: ""})
    if negation.lower_ not in {"not", "n't", "n’t"} or negation.i == 0:
        return None
    helper = doc[negation.i - 1]
    if helper.lemma_ != "do":
        return changed(doc, {negation.i: "", helper.i: {"ca": "can", "wo": "will"}.get(helper.lower_, helper.text)})
    return changed(doc, {negation.i: "", helper.i: "", root.i: inflected(root.lemma_, helper.tag_)})


def _wrapped(doc: Doc, frame: str) -> str | None:
    """`doc` in a frame, where it is one whole statement."""
    if main_verb(doc) is None or not any(t.dep_ in SUBJECTS for t in doc) or len(doc) < 4:
        return None
    keep = doc[0].pos_ == "PROPN" or doc[0].text == "I" or doc[0].ent_type_ not in {"", "CARDINAL"}
    return _framed(doc.text if keep else small(doc.text), frame, lower=False)


def _framed(text: str, frame: str, lower: bool = True) -> str:
    inner = small(text) if lower and not text.startswith("I ") else text
    return sentence(frame.format(inner.rstrip(" .!")))


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
    parse = load_parser()
    texts = list(dict.fromkeys(text for pair in pairs for text in (pair.evidence, pair.claim)))
    docs = dict(zip(texts, parse.pipe(texts, batch_size=256), strict=True))
    names: dict[str, set[str]] = {}
    nouns: dict[str, set[str]] = {}
    for doc in docs.values():
        for entity in doc.ents:
            if entity.label_ in {"PERSON", "GPE", "NORP", "ORG"}:
                names.setdefault(entity.label_, set()).add(entity.text)
        for token in doc:
            if _names_a_thing(token):
                nouns.setdefault(token.tag_, set()).add(token.lower_)
    random_ = random.Random(seed)
    others = [(text, other) for text, doc in docs.items() if (other := reworded(doc, random_)) is not None]
    alike = dict(zip((text for text, _ in others), parse.pipe((other for _, other in others)), strict=True))
    generator = Generator(random_, _listed(names), _listed(nouns), alike, texts)
    found = [
        generator.with_distraction(new)
        for pair in pairs
        for new in generator.from_row(docs[pair.evidence], docs[pair.claim], pair.verdict)
        if new.evidence != new.claim or new.verdict == "covered"
    ]
    random_.shuffle(found)
    return found


def _listed(found: Mapping[str, set[str]]) -> dict[str, list[str]]:
    return {key: sorted(values) for key, values in found.items()}


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
