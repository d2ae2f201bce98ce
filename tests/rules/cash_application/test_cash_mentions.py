"""What payers write, and which items it means."""

from datetime import date

import pytest

from duly.cash_application.rules.facts import OpenItem
from duly.cash_application.rules.mentions import Numbers, between, is_near

ON = date(2026, 3, 1)
ITEMS = [
    OpenItem(n, 1, number, "EUR", 100, ON, ON, order=order)
    for n, (number, order) in enumerate(
        [
            ("INV-2025-004123", "PO000111"),
            ("INV-2025-004129", ""),
            ("RE2500881", ""),
            ("90023051", ""),
            ("CNINV-2025-004130", ""),
            ("4101", ""),
            ("4103", ""),
            ("4105", ""),
            ("00017", ""),
        ]
    )
]
NUMBERS = Numbers(ITEMS)


def read(text: str) -> list[list[str]]:
    """The numbers that each place in a text may mean."""
    return [[item.number for item in m.items] for m in NUMBERS.read(text).mentions]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Invoices INV-2025-004123, INV-2025-004129", ["INV-2025-004123", "INV-2025-004129"]),
        ("inv 2025 004123", ["INV-2025-004123"]),
        ("4123 / 4129", ["INV-2025-004123", "INV-2025-004129"]),
        ("INV2025004123RE2500881", ["INV-2025-004123", "RE2500881"]),
        ("004123004129", ["INV-2025-004123", "INV-2025-004129"]),
        ("INV-2025-004132", ["INV-2025-004123"]),
        ("RE2500818", ["RE2500881"]),
        ("RE250881", ["RE2500881"]),
        ("YOUR ORDER PO000111", ["INV-2025-004123"]),
        ("INV 17", ["00017"]),
        ("CN INV 2025 004130 LESS 004129", ["CNINV-2025-004130", "INV-2025-004129"]),
        ("23051 of 12.05.2025", ["90023051"]),
        ("INV-2025-004123 + INV-2025-00", ["INV-2025-004123"]),
    ],
)  # fmt: skip
def test_numbers_are_found_however_they_are_written(text: str, meant: list[str]) -> None:
    assert read(text) == [[number] for number in meant]


@pytest.mark.parametrize("text", ["", "THANK YOU", "23/05/2025", "PAYMENT 99", "9999 8888"])
def test_nothing_is_found_where_nothing_is_named(text: str) -> None:
    assert read(text) == []


def test_what_is_not_understood_is_told() -> None:
    assert NUMBERS.read("004123 AND 777777").unknown == ("777777",)
    assert NUMBERS.read("CUST 0142 004123", ignore=("142",)).unknown == ()
    assert NUMBERS.read("INV-2025-004123 INV-2025-0").is_cut
    assert NUMBERS.read("AKONTO").says_on_account


def test_a_range_is_between_two_numbers() -> None:
    for text in ("4101-4105", "4101 bis 4105", "4101 TO 4105"):
        ((one, other),) = NUMBERS.read(text).ranges
        found = between(one.items[0], other.items[0], ITEMS)
        assert [item.number for item in found] == ["4101", "4103", "4105"]
    assert NUMBERS.read("4101, 4105").ranges == ()


def test_a_place_that_may_mean_two_items_stays_so() -> None:
    twins = Numbers([ITEMS[0], ITEMS[0]._replace(id=9, number="RE-004123")])
    (mention,) = twins.read("4123").mentions
    assert {item.number for item in mention.items} == {"INV-2025-004123", "RE-004123"}


def test_one_sign_is_near_and_two_are_not() -> None:
    assert is_near("INV2025004213", "INV2025004123")
    assert is_near("INV202500412", "INV2025004123")
    assert not is_near("INV2025004223", "INV2025004132")
