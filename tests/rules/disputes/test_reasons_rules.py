"""Customers' codes and ours, and who clears what from which day on."""

from datetime import date

import pytest

from duly.disputes.policy import DISPUTES, Duty
from duly.disputes.rules.reasons import Reading, duties_on, read_reason, their_code

MAPPINGS = {(0, "07"): "quantity", (7, "07"): "price", (0, "PRICE"): "contract"}


@pytest.mark.parametrize(
    ("told", "customer", "reading"),
    [
        ("07", 7, Reading("price", "07", True)),  # the customer's own word comes first
        (" 07 ", 8, Reading("quantity", "07", True)),
        ("price", 8, Reading("contract", "PRICE", True)),  # a mapping goes before our own name
        ("set-off", 8, Reading("set_off", "", True)),
        ("nobody knows", 8, Reading("other", "NOBODY KNOWS", False)),
        ("", 8, Reading("other", "", True)),  # no code was told, so none is unknown
    ],
)
def test_a_code_is_read(told: str, customer: int, reading: Reading) -> None:
    assert read_reason(told, customer, MAPPINGS, DISPUTES) == reading


def test_a_code_is_kept_no_longer_than_fits() -> None:
    assert len(their_code("x" * 100)) == 64


def test_duties_change_on_their_day() -> None:
    march, april = date(2026, 3, 1), date(2026, 4, 1)
    versions = [
        (april, "price", "pricing desk", 7),
        (march, "price", "key accounts", 5),  # written later, holds earlier
        (march, "price", "key accounts", 4),
    ]
    own = {"price": Duty("sales", 10), "tax": Duty("billing", 3)}
    assert duties_on(own, versions, date(2026, 2, 28)) == own
    assert duties_on(own, versions, march)["price"] == Duty("key accounts", 4)
    assert duties_on(own, versions, april) == {**own, "price": Duty("pricing desk", 7)}
