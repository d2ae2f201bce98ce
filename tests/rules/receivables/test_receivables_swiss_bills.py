"""The text of a Swiss QR code, line by line as the implementation guidelines 2.3 have it."""

import pytest

from duly.parties.rules.addresses import Address
from duly.receivables.rules.swiss_bills import Bill, message_of, party, swiss_text, written

HOME = Address("Lagerstrasse", "7", "8004", "Zürich", "CH")
CREDITOR = party("Nordwind Verpackungen AG", HOME)
DEBTOR = party("Müller & Söhne", Address("Postfach", "", "9490", "Vaduz", "LI"))


def test_every_element_stands_on_its_line() -> None:
    assert CREDITOR is not None
    bill = Bill(
        "CH4431999123000889012",
        CREDITOR,
        194_975,
        "CHF",
        DEBTOR,
        "QRR",
        "210000000003139471430009017",
        "Kontoauszug, C-0117",
    )
    assert swiss_text(bill).split("\n") == [
        "SPC", "0200", "1", "CH4431999123000889012",
        "S", "Nordwind Verpackungen AG", "Lagerstrasse", "7", "8004", "Zürich", "CH",
        "", "", "", "", "", "", "",
        "1949.75", "CHF",
        "S", "Müller & Söhne", "Postfach", "", "9490", "Vaduz", "LI",
        "QRR", "210000000003139471430009017", "Kontoauszug, C-0117", "EPD",
    ]  # fmt: skip


def test_without_debtor_and_reference_their_lines_are_empty() -> None:
    assert CREDITOR is not None
    bill = Bill("CH9300762011623852957", CREDITOR, 5, "EUR", None, "NON", "", "")
    lines = swiss_text(bill).split("\n")
    assert lines[18:] == ["0.05", "EUR", *[""] * 7, "NON", "", "", "EPD"]


def test_the_longest_of_everything_is_within_what_a_code_may_hold() -> None:
    address = Address("S" * 70, "1" * 16, "9" * 16, "T" * 35, "CH")
    long = party("N" * 90, address)
    assert long is not None
    message = message_of("M" * 200)
    bill = Bill("CH" + "9" * 19, long, 99_999_999_999, "CHF", long, "QRR", "1" * 27, message)
    assert len(swiss_text(bill)) <= 997


@pytest.mark.parametrize(
    "address",
    [
        None,
        HOME._replace(town=""),
        HOME._replace(postcode=""),
        HOME._replace(street="S" * 71),
        HOME._replace(town="T" * 36),
        HOME._replace(town="東京"),
    ],
)
def test_an_address_that_does_not_fit_makes_no_party(address: Address | None) -> None:
    assert party("Nordwind", address) is None


def test_a_name_in_other_letters_makes_no_party_and_a_long_one_is_cut() -> None:
    assert party("株式会社", HOME) is None
    assert party(" ", HOME) is None
    long = party("N" * 90, HOME)
    assert long is not None
    assert long.name == "N" * 70


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Zürich Čapek ȘȚ 5 €", "Zürich Čapek ȘȚ 5 €"),
        ("a\nb\r\nc\td", "a b c d"),
        ("“Tom’s” – No…", '"Tom\'s" - No...'),
        ("Nguyễn", "Nguyen"),
        ("Ma\u0308rz", "März"),
        ("Ωmega", None),
        ("duck 🦆", None),
    ],
)
def test_only_characters_that_the_code_allows(text: str, expected: str | None) -> None:
    assert written(text) == expected
