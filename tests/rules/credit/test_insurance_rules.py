"""Cover of insured items: covered today, until when, what voids it (field idea 10)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from duly.credit.rules.insurance import (
    InsuredFrom,
    ItemAtRisk,
    Terms,
    covers,
    declarations,
    limit_on,
    stops,
)

ON = date(2026, 3, 10)
TERMS = Terms(
    "P-1", "Insurer", "EUR", date(2025, 1, 1), date(2026, 12, 31), 60, 45, 150, Decimal(90)
)
LIMIT = [InsuredFrom(date(2025, 1, 1), None, 500_00)]


def item(number: int, late: int, minor: int = 100_00, **more: object) -> ItemAtRisk:
    """Shipped thirty days before it was due, so many days late on the tenth of March."""
    due = ON - timedelta(days=late)
    shipped = more.pop("shipped_on", due - timedelta(days=30))
    return ItemAtRisk(number, f"I-{number}", shipped, due, minor, **more)  # type: ignore[arg-type]


def codes(found) -> dict[int, list[str]]:  # noqa: ANN001
    return {one.item_id: [clause.code for clause in one.why_not] for one in found}


def test_an_item_is_covered_until_it_must_be_reported() -> None:
    (cover,) = covers([item(1, 10)], LIMIT, TERMS, ON)
    assert (cover.covered_minor, cover.indemnified_minor) == (100_00, 90_00)
    assert cover.until == ON + timedelta(days=35)
    assert [clause.code for clause in cover.would_void] == ["notify", "extend", "dispute"]
    assert cover.would_void[1].on == ON + timedelta(days=50)
    (told,) = covers([item(1, 10, is_notified=True)], LIMIT, TERMS, ON)
    assert (told.until, [clause.code for clause in told.would_void]) == (
        None,
        ["extend", "dispute"],
    )


@pytest.mark.parametrize(("late", "is_covered"), [(45, True), (46, False)])
def test_what_is_not_reported_in_time_is_lost(late: int, is_covered: bool) -> None:
    (cover,) = covers([item(1, late)], LIMIT, TERMS, ON)
    assert cover.is_covered == is_covered
    assert codes([cover]) == {1: [] if is_covered else ["not_notified"]}


def test_the_limit_serves_what_was_shipped_first() -> None:
    found = covers([item(2, 10, 300_00), item(1, 20, 300_00)], LIMIT, TERMS, ON)
    assert [(one.item_id, one.covered_minor) for one in found] == [(1, 300_00), (2, 200_00)]
    assert codes(found) == {1: [], 2: ["over_limit"]}


def test_the_limit_of_the_day_of_shipment_counts() -> None:
    cut = [*LIMIT, InsuredFrom(date(2026, 2, 1), None, 0)]
    before, after = item(1, -20, shipped_on=date(2026, 1, 31)), item(2, -30)
    later = after._replace(shipped_on=date(2026, 2, 1))
    assert codes(covers([before, later], cut, TERMS, ON)) == {1: [], 2: ["no_limit"]}


def test_what_is_shipped_while_an_item_is_beyond_the_extension_is_not_covered() -> None:
    old = item(1, 61, is_notified=True)  # beyond the period from the ninth of March on
    fresh = item(2, -30, shipped_on=ON)
    found = covers([old, fresh], LIMIT, TERMS, ON)
    assert codes(found) == {1: [], 2: ["shipped_after_stop"]}
    agreed = covers([old._replace(is_extended=True), fresh], LIMIT, TERMS, ON)
    assert codes(agreed) == {1: [], 2: []}


def test_disputed_parts_and_other_times_are_not_covered() -> None:
    (half,) = covers([item(1, 5, disputed_minor=40_00)], LIMIT, TERMS, ON)
    assert (half.covered_minor, codes([half])) == (60_00, {1: ["disputed"]})
    early = item(1, 5, shipped_on=date(2024, 12, 31))
    assert codes(covers([early], LIMIT, TERMS, ON)) == {1: ["not_in_policy", "no_limit"]}


@pytest.mark.parametrize(("late", "is_stopped"), [(60, False), (61, True)])
def test_the_insurer_stops_shipments_beyond_the_extension(late: int, is_stopped: bool) -> None:
    assert stops([item(1, late)], LIMIT, TERMS, ON) == is_stopped
    assert not stops([item(1, late, is_extended=True)], LIMIT, TERMS, ON)
    assert not stops([item(1, late)], [], TERMS, ON)  # not insured: nothing to lose


def test_the_limit_in_force() -> None:
    rows = [
        InsuredFrom(date(2025, 1, 1), None, 500_00),
        InsuredFrom(date(2026, 1, 1), date(2026, 3, 9), 800_00),
        InsuredFrom(date(2026, 4, 1), None, 100_00),
    ]
    assert limit_on(rows, date(2025, 6, 1)) == rows[0]
    assert limit_on(rows, date(2026, 3, 9)) == rows[1]
    assert limit_on(rows, ON) is None  # what replaced the first has ended
    assert limit_on(rows[:1] + [rows[0]._replace(minor=1)], ON) == rows[0]._replace(minor=1)


def test_the_first_loss_is_borne_by_us_and_the_waiting_time_counts() -> None:
    """Facts, section 9: deductible each-and-every first loss; waiting from the report."""
    terms = TERMS._replace(first_loss_minor=120_00)
    found = covers([item(1, 20), item(2, 10)], LIMIT, terms, ON)
    told = [(one.covered_minor, one.borne_minor, one.indemnified_minor) for one in found]
    assert told == [(100_00, 100_00, 0), (100_00, 20_00, 72_00)]
    assert codes(found) == {1: ["first_loss"], 2: ["first_loss"]}
    notify_on = ON + timedelta(days=35)
    assert [one.pays_on for one in found] == [None, notify_on + timedelta(days=150)]
    (reported,) = covers([item(1, 10, is_notified=True, notified_on=ON)], LIMIT, TERMS, ON)
    assert reported.pays_on == ON + timedelta(days=150)


def test_a_missed_report_tells_what_it_lost() -> None:
    missed, sound = covers([item(1, 46), item(2, 10)], LIMIT, TERMS, ON)
    assert (missed.covered_minor, missed.lost_minor) == (0, 90_00)
    assert missed.lost_on == ON - timedelta(days=1)
    assert (sound.lost_minor, sound.lost_on) == (0, None)


def test_the_turnover_of_each_month_is_declared() -> None:
    begun = TERMS._replace(declare_days=15, known_on=date(2026, 1, 20))
    assert declarations(begun, ON) == [
        (date(2026, 1, 1), date(2026, 2, 15)),
        (date(2026, 2, 1), date(2026, 3, 15)),
    ]
    assert declarations(TERMS, ON) == []
    over = begun._replace(to_on=date(2026, 1, 31))
    assert len(declarations(over, ON)) == 1
