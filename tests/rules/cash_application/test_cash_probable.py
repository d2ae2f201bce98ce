"""Money not applied yet lowers what its payer probably owes."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from duly.cash_application.rules.facts import OpenItem
from duly.cash_application.rules.probable import spread
from duly.cash_application.rules.residuals import Line

ON = date(2026, 3, 10)


def items(*amounts: int) -> list[OpenItem]:
    """Items due one after the other."""
    return [
        OpenItem(n, 1, f"INV-{n}", "EUR", minor, ON, date(2026, 2, 1 + n))
        for n, minor in enumerate(amounts)
    ]


def test_without_a_proposal_the_oldest_are_probably_paid() -> None:
    """Pain D1: overdue invoices and unapplied cash sit together while the customer owes nothing."""
    found = spread(150, items(100, 100, 100))
    assert [(one.item_id, one.minor, one.per_mille) for one in found] == [
        (0, 100, 1000),
        (1, 50, 500),
    ]


def test_a_proposal_counts_by_its_confidence() -> None:
    found = spread(100, items(100, 100), [Line(1, 100)], Decimal("0.8"))
    assert [(one.item_id, one.per_mille) for one in found] == [(0, 200), (1, 800)]


@given(
    st.integers(1, 10_000),
    st.lists(st.integers(-3_000, 3_000).filter(bool), max_size=8),
    st.decimals(0, 1, places=3),
    st.data(),
)
def test_never_more_than_is_open_nor_than_was_paid(minor, amounts, confidence, data) -> None:
    owed = items(*amounts)
    lines = [
        Line(one.id, data.draw(st.integers(1, 5_000)))
        for one in owed
        if one.open_minor > 0 and data.draw(st.booleans())
    ]
    found = spread(minor, owed, lines, confidence)
    left = {one.id: one.open_minor for one in owed}
    assert all(0 < one.minor <= left[one.item_id] for one in found)
    assert sum(one.minor for one in found) <= minor
