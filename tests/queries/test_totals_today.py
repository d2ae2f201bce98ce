"""What is open today, from the kept sums: the same as the aging counts."""

import pytest

from building import Books, day
from duly.receivables.queries import (
    Scope,
    aging,
    aging_sums,
    balances_of,
    currencies_of,
    entities_today,
    is_current,
    largest_balances,
    largest_of,
    largest_today,
    totals_today,
)
from duly.receivables.rules.aging import DUE, INVOICE, buckets
from northwind import trading_northwind

pytestmark = pytest.mark.django_db


@pytest.fixture
def books(db: None) -> Books:
    return trading_northwind()


def counted(books: Books, on: str, basis: str) -> dict[str, tuple[tuple[int, ...], int]]:
    told = aging(on=day(on), basis=basis, scope=Scope(entity_id=books.entity_id), by="none")
    return {c: (row.amounts, row.unapplied) for c, row in told.totals.items()}


def kept(books: Books, on: str, basis: str) -> dict[str, tuple[tuple[int, ...], int]]:
    chosen = buckets(basis)
    told = totals_today(on=day(on), chosen=chosen, entity_id=books.entity_id)
    return {c: (row.amounts, row.unapplied) for c, row in told.items()}


@pytest.mark.parametrize("basis", ["due", "invoice"])
def test_todays_totals_are_the_agings(books: Books, basis: str) -> None:
    books.payment("P-4", "MERIDIAN", "70.00", on="2026-03-08")
    books.apply("P-4", "M-2", "20.00", on="2026-03-09")
    books.apply("T-CN1", "T-1", "30.00", on="2026-03-09")
    books.unapply("P-1", on="2026-03-09")
    books.void("G-1", on="2026-03-09")
    for on in ("2026-03-09", "2026-03-31", "2026-07-01"):
        assert kept(books, on, basis) == counted(books, on, basis)


def test_what_is_dated_later_makes_the_sums_kept_no_answer(books: Books) -> None:
    def answers(on: str) -> bool:
        return is_current(on=day(on), entity_id=books.entity_id)

    assert (answers("2026-03-07"), answers("2026-03-08")) == (False, True)
    books.invoice("LATER", "MERIDIAN", "5.00", issued="2026-05-01", due="2026-05-31")
    assert (answers("2026-04-30"), answers("2026-05-01")) == (False, True)
    assert not is_current(on=day("2026-04-30"))
    assert is_current(on=day("2026-04-30"), entity_id=books.entity_id + 1)


def test_an_application_dated_later_is_not_counted_today(books: Books) -> None:
    """Today is 20 March; M-1 was marked as settled as of 1 April."""
    books.payment("P-4", "MERIDIAN", "400.00", on="2026-03-10")
    books.apply("P-4", "M-1", "400.00", on="2026-04-01")
    assert kept(books, "2026-03-20", "due") != counted(books, "2026-03-20", "due")
    assert not is_current(on=day("2026-03-20"), entity_id=books.entity_id)
    assert is_current(on=day("2026-04-01"), entity_id=books.entity_id)
    assert kept(books, "2026-04-01", "due") == counted(books, "2026-04-01", "due")


@pytest.mark.parametrize("last_days", [None, (0,), (7, 19, 45)])
@pytest.mark.parametrize("basis", ["due", "invoice"])
def test_rows_of_today_are_the_agings_largest_first(
    books: Books, basis: str, last_days: tuple[int, ...] | None
) -> None:
    books.payment("P-4", "MERIDIAN", "70.00", on="2026-03-08")
    for code in ("A", "B"):
        books.customer(code)
        books.invoice(code, code, "780.00", issued="2026-03-01", due="2026-03-05")
    books.payment("P-B", "B", "780.00", on="2026-03-08")
    books.apply("P-B", "B", "780.00", on="2026-03-08")
    on, chosen = day("2026-03-09"), buckets(basis, last_days)
    scope = Scope(entity_id=books.entity_id)
    sums = aging_sums(on=on, chosen=chosen, scope=scope)
    for currency in ("EUR", "KWD", "JPY", "USD"):
        whole = largest_of(sums, by="customer", currency=currency)
        of_today = {"entity_id": books.entity_id, "currency": currency}
        pages = [
            row
            for first in range(0, len(whole) + 2, 2)
            for row in largest_today(on=on, chosen=chosen, first=first, limit=2, **of_today)
        ]
        assert pages == whole
        assert [row.owed for row in whole] == sorted((row.owed for row in whole), reverse=True)
    eur = [row.code for row in largest_of(sums, by="customer", currency="EUR")]
    assert eur == ["MERIDIAN", "TALLOAKS", "A", "HARBOUR", None]


def test_each_company_has_a_row_of_today(books: Books) -> None:
    other = Books("Southwind", currency="EUR")
    other.customer("S")
    other.invoice("S-1", "S", "9000.00", issued="2026-03-01", due="2026-03-31")
    on = day("2026-03-09")
    rows = entities_today(on=on, chosen=DUE, currency="EUR")
    assert [(row.entity_id, row.name) for row in rows] == [
        (other.entity_id, "Southwind"),
        (books.entity_id, "Northwind Packaging"),
    ]
    assert rows == largest_of(
        aging_sums(on=on, chosen=DUE, by="entity"), by="entity", currency="EUR"
    )
    both = totals_today(on=on, chosen=DUE)["EUR"]
    assert both.total == sum(row.total for row in rows)


def test_balances_of_customers(books: Books) -> None:
    ids = {code: books.customer_id(code) for code in ("MERIDIAN", "TALLOAKS", "KOBO")}
    told = balances_of(list(ids.values()))
    assert [
        (row.owed_minor, row.credits_minor, row.unapplied_minor) for row in told[ids["TALLOAKS"]]
    ] == [(78000, -8000, 0)]
    assert told[ids["KOBO"]] == []
    (row,) = told[ids["MERIDIAN"]]
    assert row.owed_minor + row.credits_minor + row.unapplied_minor == 85050


def test_largest_balances_are_paged_without_gaps(books: Books) -> None:
    for code in ("A", "B", "C"):
        books.customer(code)
        books.invoice(code, code, "780.00", issued="2026-03-01", due="2026-03-31")
    whole = largest_balances(entity_id=books.entity_id, currency="EUR")
    assert [row.owed_minor for row in whole[:6]] == [85050, 78000, 78000, 78000, 78000, 20000]
    seen, after = [], None
    while page := largest_balances(entity_id=books.entity_id, currency="EUR", after=after, limit=2):
        seen += page
        after = (page[-1].owed_minor, page[-1].customer_id)
    assert seen == whole


def test_currencies_by_the_size_of_their_book(books: Books) -> None:
    assert set(currencies_of(books.entity_id)) == {"EUR", "KWD", "CLF"}  # JPY is paid
    assert currencies_of(books.entity_id)[0] == "EUR"


def test_money_or_credit_alone_makes_a_currency(books: Books) -> None:
    books.payment("P-USD", "MERIDIAN", "5.00", on="2026-03-08", currency="USD")
    books.credit_note("C-GBP", "MERIDIAN", "5.00", issued="2026-03-08", currency="GBP")
    assert currencies_of(books.entity_id)[-2:] == ["GBP", "USD"]
    books.void_payment("P-USD", on="2026-03-09")
    assert "USD" not in currencies_of(books.entity_id)


def test_the_usual_buckets() -> None:
    assert (buckets("due"), buckets("invoice")) == (DUE, INVOICE)
