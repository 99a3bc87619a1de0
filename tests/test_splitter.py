from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorer.records import Span
from scorer.splitter import Splitter

TABLE: list[tuple[str, list[str]]] = [
    # coordinated clauses, with the subject and the helper carried along
    (
        "Dropout disables random units and prevents co-adaptation.",
        ["Dropout disables random units.", "Dropout prevents co-adaptation."],
    ),
    (
        "It can reduce cost, improve speed, and save energy.",
        ["It can reduce cost.", "It can improve speed.", "It can save energy."],
    ),
    ("He was forced to resign and left the country.", ["He was forced to resign.", "He left the country."]),
    ("A stack is LIFO; a queue is FIFO.", ["A stack is LIFO.", "A queue is FIFO."]),
    (
        "The minister denied the report, but an aide confirmed it.",
        ["The minister denied the report.", "An aide confirmed it."],
    ),
    (
        "Producers make food, consumers eat it, and decomposers return nutrients to the soil.",
        ["Producers make food.", "Consumers eat it.", "Decomposers return nutrients to the soil."],
    ),
    # a clause without a subject has the one of the clause that it hangs on, not the first one of the sentence
    (
        "The mother feeds the young, and the father guards the nest and drives off intruders.",
        ["The mother feeds the young.", "The father guards the nest.", "The father drives off intruders."],
    ),
    (
        "The tax was not abolished, but the fees were lowered and paid back.",
        ["The tax was not abolished.", "The fees were lowered.", "The fees were paid back."],
    ),
    (
        "Three people were killed and at least 20 others injured.",
        ["Three people were killed.", "At least 20 others were injured."],
    ),
    # "it" and "they" for the first subject, where they can stand for nothing else
    (
        "A binary search is fast, but it requires a sorted list and wastes nothing.",
        [
            "A binary search is fast.",
            "A binary search requires a sorted list.",
            "A binary search wastes nothing.",
        ],
    ),
    (
        "The government approved the plan on Tuesday, but it will not take effect until next year.",
        ["The government approved the plan on Tuesday.", "It will not take effect until next year."],
    ),
    (
        "The mayor will resign, but it is not clear who will succeed her.",
        ["The mayor will resign.", "It is not clear who will succeed her."],
    ),
    # a contrast
    (
        "Nuclear power runs day and night, whereas wind and solar power depend on the weather.",
        ["Nuclear power runs day and night.", "Wind and solar power depend on the weather."],
    ),
    # lists under one verb
    (
        "Metrics could include the number of users, the cost of training, and the speed of answers.",
        [
            "Metrics could include the number of users.",
            "Metrics could include the cost of training.",
            "Metrics could include the speed of answers.",
        ],
    ),
    # "including", "which includes", other clauses set off by a comma
    (
        "There is a risk of misuse, including the spread of lies, copyright infringement, and the creation of fakes.",
        [
            "There is a risk of misuse.",
            "A risk of misuse includes the spread of lies.",
            "A risk of misuse includes copyright infringement.",
            "A risk of misuse includes the creation of fakes.",
        ],
    ),
    (
        "We must advocate for responsible open-sourcing, which includes establishing clear ethical guidelines, "
        "providing access to computational resources for underrepresented groups, and creating a robust community of "
        "practice that prioritizes collaboration over competition.",
        [
            "We must advocate for responsible open-sourcing.",
            "Responsible open-sourcing includes establishing clear ethical guidelines.",
            "Responsible open-sourcing includes providing access to computational resources for underrepresented "
            "groups.",
            "Responsible open-sourcing includes creating a robust community of practice that prioritizes "
            "collaboration over competition.",
        ],
    ),
    (
        "The company, which employs 4,000 people, will close its plant in May.",
        ["The company will close its plant in May.", "The company employs 4,000 people."],
    ),
]

DOUBTFUL = [
    "Costs.",
    "Both sides must compromise.",
    "If taxes rise too quickly, firms invest less and unemployment grows.",  # the condition holds for both
    "It blurs the line between home and office, which makes rest harder.",  # "which" is the whole clause
    "A magnet attracts iron, nickel, and cobalt but not copper.",
    "The string vibrates faster, so the pitch is higher.",  # cause and effect are one point
    "Recursion needs a base case, or it never ends.",
    "Vertebrates are divided into five groups, including mammals, birds and reptiles.",
    "Many of the objections to crops, including fears about allergies and control, deserve an answer.",
    "The four pillars of object-oriented programming are encapsulation, abstraction, inheritance and polymorphism.",
    "Yes. He said (and I quote) it works.",
    "Firefighters rescued a family of five and their dog from the roof.",
]


@pytest.fixture(scope="module")
def splitter() -> Splitter:
    return Splitter()


def split(splitter: Splitter, text: str) -> list[str]:
    (points,) = splitter.points([Span(0, len(text), text)])
    return [point.text for point in points]


@pytest.mark.parametrize(("sentence", "points"), TABLE)
def test_points(splitter: Splitter, sentence: str, points: list[str]) -> None:
    assert split(splitter, sentence) == points


@pytest.mark.parametrize("sentence", DOUBTFUL)
def test_where_a_split_is_doubtful_there_is_none(splitter: Splitter, sentence: str) -> None:
    assert split(splitter, sentence) == [sentence]


def test_every_point_keeps_its_sentence(splitter: Splitter) -> None:
    spans = [Span(3, 20, "Costs fall\r\nnow."), Span(30, 60, "A stack is LIFO; a queue is FIFO.")]
    points = splitter.points(spans)
    assert [[point.span for point in each] for each in points] == [[spans[0]], [spans[1], spans[1]]]
    assert points[0][0].text == "Costs fall now."


WORDS = [
    "and",
    "or",
    "which",
    "including",
    ",",
    ";",
    "(",
    '"',
    "models",
    "include",
    "fall",
    "costs",
    "not",
    "x",
    "的",
    "😀",
]


def test_a_list_that_stands_before_its_noun_is_left_alone(splitter: Splitter) -> None:
    """ "including" hangs on "costs", before which there is nothing that could include anything."""
    assert split(splitter, "including which ; fall costs")


@settings(max_examples=60)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=14).map(" ".join))
def test_any_words_give_points_made_of_them(splitter: Splitter, text: str) -> None:
    points = split(splitter, text)
    assert points
    said = {word.strip('.,;:?!()"').lower() for point in points for word in point.split()}
    assert said <= {word.strip('.,;:?!()"').lower() for word in text.split()} | {"includes", "include", ""}
