"""Customers in lists: with what they owe, in any order, narrowed, a page at a time."""

import random
from datetime import date, timedelta

import pytest

from building import Books, day
from duly.parties.queries.finding import (
    CustomerFilter,
    collectors_in_use,
    countries_in_use,
    segments_in_use,
)
from duly.receivables.actions import age_balances
from duly.receivables.queries import (
    CustomerLine,
    Owing,
    Scope,
    aging,
    balance_currencies,
    customers_page,
)

pytestmark = pytest.mark.django_db

ON = day("2026-03-20")
CODES = [f"C{n:02d}" for n in range(24)]


@pytest.fixture
def books() -> Books:
    """Two dozen customers in two currencies; some owe nothing, some the same."""
    chance = random.Random(5)
    books = Books()
    rows = [
        f"{code},{chance.choice(('Meridian', 'Oak', 'Çelik'))} {n % 7},"
        f"{('DE', 'FR', '')[n % 3]},{('gold', 'iron', '')[n % 3]},{('Kim', 'Lee')[n % 2]}"
        for n, code in enumerate(CODES)
    ]
    header = "customer_id,name,country,segment,collector\n"
    books.take_in("customers", header + "\n".join(rows))
    lines = []
    for n in range(60):
        issued = ON - timedelta(days=chance.randrange(1, 150))
        due = issued + timedelta(days=chance.choice((10, 60)))
        amount = chance.choice(("10.00", "20.00", "33.33"))
        code, currency = chance.choice(CODES[:18]), chance.choice(("EUR", "EUR", "USD"))
        lines.append(f"invoice,I-{n},{code},{currency},{issued},{due},{amount}")
    lines.append(f"credit_note,CN,C20,EUR,{ON},{ON},5.00")
    items = "kind,number,customer_id,currency,issued_on,due_on,amount\n"
    books.take_in("items", items + "\n".join(lines))
    books.take_in("payments", "payment_id,currency,received_on,amount,customer_id\n"
                  f"P-1,USD,{ON},7.00,C21\nP-2,USD,{ON},9.00,\n")  # fmt: skip
    return books


@pytest.fixture(params=["as kept", "as counted"])
def read(books: Books, request: pytest.FixtureRequest) -> Books:
    """The same books with and without the ages kept: nobody must see a difference."""
    if request.param == "as kept":
        age_balances(entity_id=books.entity_id, on=ON)
    return books


def page(books: Books, **asked: object) -> list[CustomerLine]:
    return customers_page(entity_id=books.entity_id, on=ON, limit=100, **asked)


def told(books: Books, on: date = ON) -> dict[tuple[str, str], tuple[tuple[int, ...], int]]:
    rows = aging(on=on, scope=Scope(entity_id=books.entity_id)).rows
    return {(r.code, r.currency): (r.amounts, r.unapplied) for r in rows if r.code}


def shown(lines: list[CustomerLine]) -> dict[tuple[str, str], tuple[tuple[int, ...], int]]:
    return {
        (line.customer.code, row.currency): (row.amounts, row.unapplied)
        for line in lines
        for row in line.rows
    }


def test_everyone_is_listed_with_what_the_aging_says(read: Books) -> None:
    lines = page(read)
    assert sorted(line.customer.code for line in lines) == CODES
    assert [line.place for line in lines] == sorted(line.place for line in lines)
    assert shown(lines) == told(read)


def test_an_invoice_of_a_later_day_is_not_owed_yet(books: Books) -> None:
    books.invoice("LATER", "C23", "99.00", issued="2026-03-21", due="2026-04-30")
    age_balances(entity_id=books.entity_id, on=ON)
    assert shown(page(books)) == told(books)
    assert ("C23", "EUR") not in shown(page(books))


@pytest.mark.parametrize("currency", ["EUR", "USD"])
@pytest.mark.parametrize("order", ["owed", "overdue"])
def test_most_first(read: Books, order: str, currency: str) -> None:
    lines = page(read, order=order, owing=Owing(currency))
    of = {
        code: sum(amounts[1:] if order == "overdue" else amounts)
        for (code, one), (amounts, _) in told(read).items()
        if one == currency
    }
    assert {line.customer.code: line.place[0] for line in lines} == of
    amounts = [line.place[0] for line in lines]
    assert amounts == sorted(amounts, reverse=True)
    assert shown(lines) == {key: row for key, row in told(read).items() if key[1] == currency}


@pytest.mark.parametrize("currency", ["", "EUR", "USD"])
def test_only_who_is_late(read: Books, currency: str) -> None:
    late = {
        code
        for (code, one), (amounts, _) in told(read).items()
        if currency in ("", one) and sum(amounts[1:])
    }
    assert 0 < len(late) < 18
    found = page(read, owing=Owing(currency, is_overdue=True))
    assert {line.customer.code for line in found} == late
    if currency:
        found = page(read, owing=Owing(currency, is_overdue=True), order="overdue")
        assert {line.customer.code for line in found} == late


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (CustomerFilter(country="DE"), range(0, 24, 3)),
        (CustomerFilter(segment="iron"), range(1, 24, 3)),
        (CustomerFilter(collector="Lee"), range(1, 24, 2)),
        (CustomerFilter(country="DE", collector="Lee"), range(3, 24, 6)),
        (CustomerFilter(text="c07"), [7]),
        (CustomerFilter(text="c07", segment="gold"), []),
        (CustomerFilter(text="%"), []),
    ],
)
def test_narrowed(books: Books, wanted: CustomerFilter, numbers: range) -> None:
    codes = {CODES[n] for n in numbers}
    assert {line.customer.code for line in page(books, wanted=wanted)} == codes
    by_amount = page(books, wanted=wanted, order="owed", owing=Owing("EUR"))
    in_eur = {code for code, currency in told(books) if currency == "EUR"}
    assert {line.customer.code for line in by_amount} == codes & in_eur


def test_accents_do_not_matter(books: Books) -> None:
    found = page(books, wanted=CustomerFilter(text="CELIK"))
    assert found
    assert all(line.customer.name.startswith("Çelik") for line in found)


@pytest.mark.parametrize("order", ["name", "owed", "overdue"])
@pytest.mark.parametrize("is_overdue", [False, True])
def test_pages_are_the_list(read: Books, order: str, is_overdue: bool) -> None:
    owing = Owing("EUR", is_overdue)
    whole = page(read, order=order, owing=owing)
    paged, after = [], None
    while lines := customers_page(
        entity_id=read.entity_id, on=ON, owing=owing, order=order, after=after, limit=3
    ):
        paged += lines
        after = lines[-1].place
    assert paged == whole


def test_many_are_found_as_few_are(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where too many fit to be named, whoever is walked is looked at; the answer is the same."""
    asked = [
        {"wanted": CustomerFilter(text=text, country=country), "owing": owing, "order": order}
        for text in ("", "meridian", "c meridian")
        for country in ("", "DE")
        for owing in (Owing("EUR"), Owing("USD", is_overdue=True))
        for order in ("name", "owed", "overdue")
    ]
    named = [page(books, **one) for one in asked]
    monkeypatch.setattr("duly.parties.queries.finding.MOST_HITS", 0)
    monkeypatch.setattr("duly.receivables.queries.customers.few", lambda ids: None)
    assert [page(books, **one) for one in asked] == named
    assert any(named)


def test_what_can_be_chosen(books: Books) -> None:
    pk = books.entity_id
    assert balance_currencies(pk) == ["EUR", "USD"]
    assert segments_in_use(pk) == ["gold", "iron"]
    assert collectors_in_use(pk) == ["Kim", "Lee"]
    assert countries_in_use(pk) == ["DE", "FR"]
    other = Books("Other")
    assert balance_currencies(other.entity_id) == segments_in_use(other.entity_id) == []
    assert customers_page(entity_id=other.entity_id, on=ON) == []


@pytest.mark.parametrize("order", ["name", "overdue"])
def test_a_page_asks_as_often_for_many_as_for_few(
    read: Books, order: str, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(10):
        page(read, order=order, owing=Owing("EUR"), wanted=CustomerFilter(text="meridian"))
