"""A day's plan is one, wherever it is looked at: kept, laid aside when something is recorded."""

from datetime import UTC, date, datetime, timedelta

import pytest

from building import Books
from duly.collections.actions import end_block, place_block
from duly.collections.models import DayPlan, Silence
from duly.collections.queries.coming import held_steps, steps_to_come, sums_to_come
from duly.collections.queries.desk import (
    Wanted,
    foreseen_plan,
    kept_rows,
    leaving_rows,
    newest_plan,
)
from duly.interfaces.jobs.planned import foresee, plan_ahead
from duly.parties.models import Customer
from duly.parties.queries import entity

AT = datetime(2026, 3, 2, 7, tzinfo=UTC)
TODAY, TOMORROW = date(2026, 3, 2), date(2026, 3, 3)


@pytest.fixture
def books(db: None) -> Books:
    """A owes in euros, B in a currency that has no rate; both can be written to."""
    found = Books("One")
    for code, currency in (("A", "EUR"), ("B", "SEK")):
        found.customer(code)
        found.invoice(
            f"I-{code}", code, "500.00", issued="2026-01-01", due="2026-01-31", currency=currency
        )
        Customer.objects.filter(code=code).update(email=f"{code}@c.example")
    found.payment("P-1", None, "1.00", on="2026-03-02")
    return found


def coming(books: Books) -> DayPlan:
    return foresee(entity=entity(None), on=TOMORROW, actor="t", at=AT)


def test_a_day_to_come_is_planned_once_until_something_is_recorded(books: Books) -> None:
    first = coming(books)
    assert coming(books).pk == first.pk
    books.payment("P-2", "A", "500.00", on="2026-03-02")
    second = coming(books)
    assert second.pk != first.pk
    assert [one.currency for one in steps_to_come(second, (), first=0, limit=9)] == ["SEK"]
    assert DayPlan.objects.count() == 1


def test_a_hold_is_laid_over_the_plan(books: Books) -> None:
    plan = coming(books)
    customer_id = Customer.objects.get(code="A").pk
    block = place_block(
        entity_id=books.entity_id, customer_id=customer_id, kind="hold", reason="Wait",
        from_on=TOMORROW, until_on=None, actor="t", at=AT,
    )  # fmt: skip
    assert coming(books).pk == plan.pk
    assert held_steps(plan, {customer_id}) == 1
    assert list(sums_to_come(plan, {customer_id})) == [("SEK", 1, 0, 50_000)]
    # Planned anew while it stands, it is seen as held, and leaves once it is released.
    books.payment("P-2", None, "1.00", on="2026-03-02")
    anew = coming(books)
    assert anew.pk != plan.pk
    assert anew.counts["silent"] == {"hold": 1}
    end_block(block_id=block.pk, actor="t", at=AT)
    assert len(list(sums_to_come(anew, ()))) == 2


def test_a_plan_of_tomorrow_is_not_the_days_worklist_and_ends_no_silence(books: Books) -> None:
    Customer.objects.filter(code="A").update(email="")
    plan_ahead(entity=entity(None), on=TODAY, actor="t", at=AT)
    Customer.objects.filter(code="A").update(email="a@c.example")
    plan = coming(books)
    assert newest_plan(books.entity_id).on == TODAY
    assert Silence.objects.get().until_on is None
    assert len(steps_to_come(plan, (), first=0, limit=9)) == 2
    # Its day has come: it goes, and the day is planned as days are.
    plan_ahead(entity=entity(None), on=TOMORROW, actor="t", at=AT + timedelta(days=1))
    assert foreseen_plan(books.entity_id, TOMORROW) is None
    assert Silence.objects.get().until_on == TOMORROW


def test_who_can_not_be_ranked_is_looked_at_like_others(books: Books) -> None:
    """The defect: what had no rate stood in no row, so that no release ever sent it."""
    plan = plan_ahead(entity=entity(None), on=TODAY, actor="t", at=AT)
    assert [row.currency for row in leaving_rows(plan)] == ["EUR", "SEK"]
    assert [row.currency for row in kept_rows(plan, Wanted())] == ["EUR", "SEK"]
    assert plan.counts["rows"] == 2
    assert plan.counts["to_send"] == 2
