"""The most of an item's amount holds over all that one run charges it."""

from datetime import date
from decimal import Decimal

from duly.collections.rules.charges.charging import Debt, Month, Objected, Terms, charge
from duly.collections.rules.charges.interest import Curves, Pricing


def _day(month: int, day: int) -> int:
    return date(2026, month, day).toordinal()


def test_interest_and_that_after_a_dispute_stay_within_one_cap() -> None:
    """1,000 at 20 %: the month bears 16.99, the dispute of 400 bore more than 3.01 is left."""
    terms = Terms("terms", Curves(Pricing(Decimal(20))), "365", 0, 0, Decimal(2), None, "")
    denied = Objected(7, _day(2, 1), _day(3, 1), 400_00, is_denied=True)
    debt = Debt(
        1, 1, 1, "I1", "GBP", _day(1, 1), _day(1, 15), 1000_00, 1000_00, objections=[denied]
    )
    month = Month(_day(3, 1), _day(3, 31), "2026-03")
    lines = charge(debt, terms, month, (), ())
    assert [(one.kind, one.amount_minor) for one in lines] == [
        ("interest", 16_99),
        ("dispute", 3_01),
    ]


def test_two_disputes_stay_within_one_cap() -> None:
    terms = Terms("terms", Curves(Pricing(Decimal(20))), "365", 0, 0, Decimal(2), None, "")
    told = [
        Objected(7, _day(1, 16), _day(3, 31), 400_00, is_denied=True),
        Objected(8, _day(1, 16), _day(3, 31), 600_00, is_denied=True),
    ]
    debt = Debt(1, 1, 1, "I1", "GBP", _day(1, 1), _day(1, 15), 1000_00, 1000_00, objections=told)
    lines = charge(debt, terms, Month(_day(3, 1), _day(3, 31), "2026-03"), (), ())
    assert sum(one.amount_minor for one in lines) == 20_00
