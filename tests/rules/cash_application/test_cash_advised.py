"""Payments explained by the payer's advice: followed whole, or left to a person (pain C12)."""

from datetime import timedelta

import pytest
from tests.rules.cash_application.test_cash_matching import (
    BALTIC,
    INVOICES,
    ON,
    item,
    match,
    paid,
)

from duly.cash_application.policy import CARVE, MatchingPolicy
from duly.cash_application.rules.advices import AdviceLine, kept_back, line_of
from duly.cash_application.rules.matching import AUTO, SUGGEST
from duly.cash_application.rules.residuals import Line

CARVING = MatchingPolicy(short_pays=CARVE)


def test_the_advice_says_which_of_equal_items_are_paid() -> None:
    """Pain C2: without it nothing tells."""
    items = [item(f"INV-10000{n}", 45_000) for n in range(5)]
    assert match(paid(90_000), *items)[0].decision == SUGGEST
    lines = (AdviceLine("INV-100001", None, 45_000), AdviceLine("100003", None, 45_000))
    (told,) = match(paid(90_000, advised=lines), *items)
    assert (told.decision, told.unique, told.on_account) == (AUTO, True, 0)
    assert told.lines == (Line(100001, 45_000), Line(100003, 45_000))
    assert told.way.startswith("advised/")
    assert "The payer's advice names INV-100001, INV-100003." in told.because


def test_a_short_pay_carries_the_payers_reason() -> None:
    """Pain C5, F-04: 50 of 2,000 are kept back, code 01."""
    items = [item("INV-1001", 300_000), item("INV-1002", 200_000)]
    lines = (
        line_of("INV-1001", 300_000, 300_000),
        line_of("INV-1002", 200_000, 195_000, 0, 5_000, "01", "pricing"),
    )
    (told,) = match(paid(495_000, advised=lines), *items, policy=CARVING)
    assert told.decision == AUTO
    assert told.lines == (
        Line(1001, 300_000),
        Line(1002, 195_000),
        Line(1002, 5_000, "short_pay", "01 pricing"),
    )
    assert "It keeps 50.00 EUR back: 01 pricing." in told.because
    (left_open,) = match(paid(495_000, advised=lines), *items)
    assert left_open.lines == told.lines[:2]


def test_discounts_count_within_the_terms_only() -> None:
    own = item("INV-1001", 100_000, discount_until=ON, discount_minor=2_000)
    advised = (line_of("INV-1001", 100_000, 98_000, 2_000),)
    (told,) = match(paid(98_000, advised=advised), own)
    assert told.lines == (Line(1001, 98_000), Line(1001, 2_000, "discount"))
    late = own._replace(discount_until=ON - timedelta(days=30))
    for kept in (late, own._replace(discount_minor=1_000)):
        (told,) = match(paid(98_000, advised=advised), kept, policy=CARVING)
        assert told.way == "advised/full/unearned"
        assert told.lines == (Line(1001, 98_000), Line(1001, 2_000, "short_pay"))


def test_credit_notes_are_netted_and_a_lone_deduction_goes_to_the_largest() -> None:
    items = [*INVOICES, item("CN-900001", -10_000)]
    lines = (
        line_of("INV-100001", paid=50_000),
        line_of("INV-100003", paid=91_207),
        line_of("CN-900001", paid=-10_000),
        kept_back(1_207, "", "freight"),
    )
    (told,) = match(paid(130_000, advised=lines), *items, policy=CARVING)
    assert told.decision == AUTO
    assert told.lines == (
        Line(100001, 50_000),
        Line(100003, 90_000),
        Line(100003, 1_207, "short_pay", "freight"),
        Line(900001, -10_000),
    )


def test_numbers_alone_are_followed_where_they_add_up() -> None:
    lines = (AdviceLine("INV-100001"), AdviceLine("INV-100002"))
    (told,) = match(paid(120_033, advised=lines), *INVOICES)
    assert (told.decision, len(told.lines)) == (AUTO, 2)
    (told,) = match(paid(120_000, advised=lines), *INVOICES)
    assert (told.decision, told.lines) == (SUGGEST, ())
    assert "are open to 1200.33 EUR" in " ".join(told.against)


def test_instalments_of_a_document_are_paid_in_their_order() -> None:
    first = item("INV-100001", 50_000)
    later = first._replace(id=7, due_on=first.due_on + timedelta(days=30))
    lines = (AdviceLine("INV-100001", None, 70_000),)
    (told,) = match(paid(70_000, advised=lines), first, later)
    assert (told.decision, told.lines) == (AUTO, (Line(100001, 50_000), Line(7, 20_000)))


@pytest.mark.parametrize(
    ("minor", "lines", "why"),
    [
        (50_000, (AdviceLine("INV-777777", None, 50_000),), "names what is not open of theirs"),
        (
            60_000,
            (AdviceLine("INV-100001", None, 50_000), AdviceLine("X-1", None, 10_000)),
            "not open of theirs: X-1",
        ),
        (50_000, (AdviceLine("INV-100001", None, 49_000),), "make 490.00 EUR, the payment is 500"),
        (60_000, (AdviceLine("INV-100001", None, 60_000),), "which is open to 500.00 EUR"),
        (
            40_000,
            (AdviceLine("INV-100001", None, 40_000), AdviceLine("", None, 0, 0, -5)),
            "money that is for no document",
        ),
    ],
    ids=["unknown", "one unknown", "sum", "beyond", "no document"],
)  # fmt: skip
def test_what_does_not_hold_goes_to_a_person_with_the_reason(
    minor: int, lines: tuple[AdviceLine, ...], why: str
) -> None:
    """Also where an item would make the amount: the advice is not overruled."""
    (told,) = match(paid(minor, advised=lines), *INVOICES, item("INV-100009", 60_000))
    assert (told.decision, told.unique, told.lines) == (SUGGEST, False, ())
    assert why in " ".join(told.against)


def test_a_payment_that_names_something_else_is_not_overruled_either() -> None:
    lines = (AdviceLine("INV-100001", None, 50_000),)
    (told,) = match(paid(50_000, "INV-100002", advised=lines), *INVOICES)
    assert told.decision == SUGGEST
    assert "INV-100002" in " ".join(told.against)


def test_who_paid_is_told_by_what_the_advice_names_where_nothing_else_does() -> None:
    theirs = item("INV-200001", 70_000, BALTIC)
    lines = (AdviceLine("INV-200001", None, 70_000),)
    payment = paid(70_000, advised=lines)._replace(name="", account="")
    (told,) = match(payment, *INVOICES, theirs)
    assert (told.customer, told.decision) == (BALTIC, AUTO)


def test_an_end_that_two_items_have_waits_unless_the_amount_tells() -> None:
    items = [item("A-10001", 100), item("B-10001", 200)._replace(id=8)]
    assert match(paid(200, advised=(AdviceLine("10001", None, 200),)), *items)[0].lines == (
        Line(8, 200),
    )
    (told,) = match(paid(50, advised=(AdviceLine("10001", None, 50),)), *items)
    assert told.decision == SUGGEST
