"""How late what customers owe is, kept beside their balances: as the aging counts it."""

import random
from datetime import date, timedelta

import pytest

from building import Books, day, proved
from duly.receivables.actions import age_balances
from duly.receivables.actions.sums import Sums
from duly.receivables.models import NOT_AGED, CustomerBalance
from duly.receivables.queries import Scope, aging
from duly.receivables.queries.aged import ages_of, has_moved
from northwind import trading_northwind

pytestmark = pytest.mark.django_db


@pytest.fixture
def books(db: None) -> Books:
    return trading_northwind()


def balances(books: Books) -> list[CustomerBalance]:
    return list(CustomerBalance.objects.filter(entity_id=books.entity_id))


def kept(books: Books, on: date) -> dict[tuple[int, str], tuple[int, ...]]:
    """What is kept for a day without counting, zeros left out."""
    return {
        (row.customer_id, row.currency): (
            row.owed_minor - row.overdue_minor,
            row.late_30_minor,
            row.late_60_minor,
            row.late_90_minor,
            row.late_more_minor,
        )
        for row in balances(books)
        if row.owed_minor and row.aged_until >= on
    }


def counted(books: Books, on: date) -> dict[tuple[int, str], tuple[int, ...]]:
    told = aging(on=on, scope=Scope(entity_id=books.entity_id))
    return {(r.customer_id or 0, r.currency): r.amounts for r in told.rows if any(r.amounts)}


def test_ages_are_those_of_the_aging(books: Books) -> None:
    for on in map(day, ("2026-03-12", "2026-03-13", "2026-03-20", "2026-06-15", "2027-01-01")):
        age_balances(entity_id=books.entity_id, on=on)
        assert kept(books, on) == counted(books, on) != {}
        assert all(
            row.overdue_minor
            == row.late_30_minor + row.late_60_minor + row.late_90_minor + row.late_more_minor
            for row in balances(books)
        )


def test_they_stay_until_the_first_amount_moves_on() -> None:
    books = Books()
    books.customer("A")
    books.invoice("I-1", "A", "10.00", issued="2026-01-01", due="2026-01-31")
    books.invoice("I-2", "A", "7.00", issued="2026-01-01", due="2026-02-20")
    age_balances(entity_id=books.entity_id, on=day("2026-01-10"))
    (row,) = balances(books)
    assert (row.overdue_minor, row.aged_until) == (0, day("2026-01-31"))
    assert not has_moved(books.entity_id, day("2026-01-31"))
    assert has_moved(books.entity_id, day("2026-02-01"))
    assert age_balances(entity_id=books.entity_id, on=day("2026-01-31")) == 0
    for on, overdue, until in (
        ("2026-02-01", 1000, "2026-02-20"),
        ("2026-02-21", 1700, "2026-03-02"),  # the thirtieth day of the first
        ("2026-05-20", 1700, "2026-05-21"),  # the ninetieth of the second
        ("2026-05-22", 1700, "9999-12-31"),
    ):
        assert age_balances(entity_id=books.entity_id, on=day(on)) == 1
        (row,) = balances(books)
        assert (row.overdue_minor, row.aged_until) == (overdue, day(until))


def test_a_write_moves_them(books: Books) -> None:
    on = day("2026-03-20")
    age_balances(entity_id=books.entity_id, on=on)
    meridian = books.customer_id("MERIDIAN")
    books.unapply("P-1", on="2026-03-20")
    books.apply("P-1", "M-2", "450.50", on="2026-03-20")
    row = CustomerBalance.objects.get(customer_id=meridian)
    assert row.aged_until == NOT_AGED
    assert ages_of([row], on)[meridian, "EUR"].amounts == counted(books, on)[meridian, "EUR"]
    others = CustomerBalance.objects.exclude(customer_id=meridian)
    assert all(other.aged_until >= on for other in others)
    assert age_balances(entity_id=books.entity_id, on=on) == 1
    assert kept(books, on) == counted(books, on)


def test_a_write_that_leaves_the_sum_moves_them_too() -> None:
    books = Books()
    books.customer("A")
    books.invoice("OLD", "A", "10.00", issued="2026-01-01", due="2026-01-31")
    on = day("2026-06-01")
    age_balances(entity_id=books.entity_id, on=on)
    sums = Sums(books.entity_id)
    customer = books.customer_id("A")
    sums.item(customer, "EUR", "2026-01-31", "2026-01-01", -1000)
    sums.item(customer, "EUR", "2026-05-31", "2026-05-01", 1000)
    sums.flush()
    assert balances(books)[0].aged_until == NOT_AGED


def test_so_many_at_once(books: Books) -> None:
    on = day("2026-03-20")
    whole = len(balances(books))
    assert age_balances(entity_id=books.entity_id, on=on, limit=2) == 2
    assert len([row for row in balances(books) if row.aged_until >= on]) == 2
    assert age_balances(entity_id=books.entity_id, on=on) == whole - 2


def test_any_book_on_any_day() -> None:
    chance = random.Random(3)
    books = Books()
    for code in "ABC":
        books.customer(code)
    start = day("2026-01-01")
    for n in range(40):
        issued = start + timedelta(days=chance.randrange(60))
        due = issued + timedelta(days=chance.choice((0, 10, 30, 60)))
        books.invoice(
            f"I-{n}",
            chance.choice("ABC"),
            f"{chance.randrange(1, 900)}.{chance.randrange(100):02d}",
            issued=issued.isoformat(),
            due=due.isoformat(),
            currency=chance.choice(("EUR", "USD")),
        )
    on = day("2026-03-05")
    while on < day("2026-08-01"):
        age_balances(entity_id=books.entity_id, on=on)
        assert kept(books, on) == counted(books, on)
        on += timedelta(days=chance.randrange(1, 9))


def test_an_age_that_is_wrong_is_named(books: Books) -> None:
    age_balances(entity_id=books.entity_id, on=day("2026-03-20"))
    assert proved()["I2"].violations == []
    meridian = books.customer_id("MERIDIAN")
    CustomerBalance.objects.filter(customer_id=meridian).update(late_60_minor=1)
    (violation,) = proved()["I2"].violations
    assert (violation["customer_id"], violation["currency"]) == (meridian, "EUR")
