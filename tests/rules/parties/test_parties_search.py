"""By which words a customer is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duly.parties.rules.search import ceiling, fold, words_of


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (("Meridian Foods",), {"meridian", "foods"}),
        (("Çelik Söhne GmbH", "C-0117"), {"celik", "sohne", "gmbh", "c", "0117", "c0117"}),
        (("O'Brien",), {"o", "brien", "obrien"}),
        (("A.B.C. Ltd",), {"a", "b", "c", "abc", "ltd"}),
        (("STRASSE straße",), {"strasse"}),
        (("ann@firm.example",), {"ann", "firm", "example", "annfirmexample"}),
        (("東京 株式会社",), {"東京", "株式会社"}),
        (("東京・ABC株式会社",), {"東京", "abc株式会社", "東京abc株式会社"}),
        (("हिन्दी प्रेस",), {"हिनदी", "परेस"}),
        (("", "  "), set()),
        (("café CAFÉ cafe",), {"cafe"}),
    ],
)
def test_words(texts: tuple[str, ...], words: set[str]) -> None:
    assert set(words_of(*texts)) == words


@pytest.mark.parametrize("text", ["Harbour & Sons", "Harbour - Sons", "Harbour / Sons"])
def test_signs_are_no_words(text: str) -> None:
    assert words_of(text) == ["harbour", "sons"]


@pytest.mark.parametrize(
    ("name", "typed"),
    [("Jørgensen", "jorgensen"), ("Łódź", "lodz"), ("Đorđe", "dorde"), ("Ærø", "aero")],
)
def test_letters_with_a_stroke_are_found_without_it(name: str, typed: str) -> None:
    assert typed in words_of(name)


@given(st.text(max_size=40))
def test_words_are_whole_folded_and_each_there_once(name: str) -> None:
    words = words_of(name)
    assert len(words) == len(set(words))
    assert all(word and word.split() == [word] for word in words)
    assert words_of(fold(name)) == words_of(fold(fold(name)))


@given(st.text(min_size=1, max_size=10), st.text(max_size=10))
def test_everything_that_begins_so_is_below_the_ceiling(prefix: str, rest: str) -> None:
    word = (prefix + rest).encode("utf-8", "surrogatepass")
    assert prefix.encode("utf-8", "surrogatepass") <= word
    if prefix < "\udc00":
        assert word < ceiling(prefix)
