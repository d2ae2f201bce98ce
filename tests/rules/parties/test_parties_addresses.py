"""Addresses taken apart: what is told apart for sure, and what is not guessed."""

import pytest

from duly.parties.rules.addresses import structured


@pytest.mark.parametrize(
    ("text", "country", "parts"),
    [
        ("Bahnhofstrasse 12\n8001 Zürich", "CH", ("Bahnhofstrasse", "12", "8001", "Zürich")),
        (
            "Rue du Lac 3bis, CH-1000 Lausanne 25",
            "CH",
            ("Rue du Lac 3bis", "", "1000", "Lausanne 25"),
        ),
        ("8001 Zürich", "CH", ("", "", "8001", "Zürich")),
        (
            "Hall 4\nIm Feld 7-9\n9490 Vaduz\nLiechtenstein",
            "LI",
            ("Im Feld", "7-9", "9490", "Vaduz"),
        ),
        ("Via Roma 5\n20121 Milano MI\nItalia", "IT", ("Via Roma", "5", "20121", "Milano MI")),
        ("Damrak 1 A\n1012 LG Amsterdam", "NL", ("Damrak", "1 A", "1012 LG", "Amsterdam")),
        ("Straße 17. Juni 135, 10623 Berlin", "DE", ("Straße 17. Juni", "135", "10623", "Berlin")),
        ("Sveavägen 4\n111 57 Stockholm", "SE", ("Sveavägen", "4", "111 57", "Stockholm")),
        (
            "1 Main Street\nSpringfield, IL 62701",
            "US",
            ("1 Main Street", "", "IL 62701", "Springfield"),
        ),
        ("5 Quay\nBelfast BT1 5GS", "GB", ("5 Quay", "", "BT1 5GS", "Belfast")),
    ],
)
def test_parts(text: str, country: str, parts: tuple[str, ...]) -> None:
    assert structured(text, country) == (*parts, country)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("", "CH"),
        ("Zürich", "CH"),
        ("Bahnhofstrasse 12, Zürich", "CH"),
        ("8001", "CH"),
        ("Way 1\n8001 Zürich", ""),
        ("株式会社\n東京", "JP"),
    ],
)
def test_what_is_not_told_for_sure_is_nothing(text: str, country: str) -> None:
    assert structured(text, country) is None
