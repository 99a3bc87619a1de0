import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer.text import LONGEST, sentences, straight

TABLE: list[tuple[str, list[str]]] = [
    ("", []),
    (" \n\t ", []),
    ("*** --- !!!", ["*** --- !!!"]),
    (" \n", []),
    ("One.", ["One."]),
    ("No final stop", ["No final stop"]),
    ("First one. Second one", ["First one.", "Second one"]),
    ("Dr. Smith met J. K. Rowling. They talked.", ["Dr. Smith met J. K. Rowling.", "They talked."]),
    ("It rose by 3.5 percent, e.g. in May. Then it fell.", ["It rose by 3.5 percent, e.g. in May.", "Then it fell."]),
    ("Is it?! Yes… and no.", ["Is it?!", "Yes… and no."]),
    ("- one\n- two; three\n* four", ["one", "two; three", "four"]),
    ("1. First item\n2) Second item\n(c) Third item", ["First item", "Second item", "Third item"]),
    ("# A heading\nSome text follows here.", ["A heading", "Some text follows here."]),
    ("Intro:\n\n- a point that goes\n  on below", ["Intro:", "a point that goes\n  on below"]),
    ("Faster innovation\nMore scrutiny\nMisuse", ["Faster innovation", "More scrutiny", "Misuse"]),
    (
        "a sentence that goes\non in a second line. Then more.",
        ["a sentence that goes\non in a second line.", "Then more."],
    ),
    (
        "Code:\n```python\nx = f(1.0). Y\nprint(x)\n```\nAfter it.",
        ["Code:", "```python\nx = f(1.0). Y\nprint(x)\n```", "After it."],
    ),
    ("```\nnever closed. Really.", ["```\nnever closed. Really."]),
    ("Ein Satz — 😀 with emoji. Ünïcödé next.", ["Ein Satz — 😀 with emoji.", "Ünïcödé next."]),
    ("First line.\r\nSecond line.\r\n\r\nThird.\rFourth.", ["First line.", "Second line.", "Third.", "Fourth."]),
    ("3.14 is pi.", ["3.14 is pi."]),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [span.text for span in sentences(text)] == expected


def test_of_punctuation_alone_the_beginning_counts() -> None:
    assert [(span.start, span.end) for span in sentences(" " * 6_000 + "?" * 6_000)] == [(6_000, 6_000 + LONGEST)]


@pytest.mark.parametrize("text", ["word " * 3_000, "x" * 12_000, "a b\n" * 4_000 + "c"])
def test_what_is_no_sentence_any_more_is_cut(text: str) -> None:
    spans = sentences(text)
    assert max(len(span.text) for span in spans) <= LONGEST
    assert "".join("".join(span.text.split()) for span in spans) == "".join(text.split())
    assert len(spans) <= 2 + len(text) // (LONGEST - 10)


@given(st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from("aA .\n\r-#`1)\t")), max_size=300))
def test_spans_are_slices_in_order_and_lose_no_word(text: str) -> None:
    spans = sentences(text)
    end = 0
    for span in spans:
        assert end <= span.start < span.end
        assert span.text == text[span.start : span.end] == span.text.strip()
        end = span.end
    if not any(c in text for c in "#`-)\n\r\x1c\x1d\x1e\x85\u2028\u2029\v\f"):  # no marker or line to leave out
        left = "".join(span.text for span in spans)
        assert sum(c.isalpha() for c in left) == sum(c.isalpha() for c in text)


def test_typographic_marks_become_straight_ones_in_their_places() -> None:
    text = "“It isn’t ‘so’,” she said."
    assert straight(text) == "\"It isn't 'so',\" she said."
    assert len(straight(text)) == len(text)
