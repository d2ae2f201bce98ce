"""What happened: timelines, documents from all sides, batches, moments known."""

from datetime import timedelta

import pytest

from building import FIRST_MOMENT, Books, day, now_known
from duly.ledger.queries import (
    batches,
    control_totals,
    latest_seal,
    sequence_known_at,
)
from duly.parties.queries import search_customers
from duly.receivables.queries import (
    customers_page,
    document_view,
    find_numbers,
    items_on,
    timeline,
    unapplied_on,
)
from northwind import CUSTOMERS, northwind, trading_northwind

pytestmark = pytest.mark.django_db


@pytest.fixture
def books(db: None) -> Books:
    return trading_northwind()


def told(books: Books, customer: str) -> list[tuple[str, str, str, int]]:
    return [
        (row.on.isoformat(), row.kind, row.number, row.amount_minor)
        for row in timeline(customer_id=books.customer_id(customer))
    ]


def test_a_timeline_tells_everything_newest_first(books: Books) -> None:
    books.unapply("P-1", on="2026-03-01")
    assert told(books, "MERIDIAN") == [
        ("2026-03-01", "cash", "M-1", -60000),
        ("2026-02-21", "cash", "M-1", 60000),
        ("2026-02-20", "payment", "P-1", 60000),
        ("2026-02-10", "invoice", "M-2", 45050),
        ("2026-01-10", "invoice", "M-1", 100000),
    ]
    newest = timeline(customer_id=books.customer_id("MERIDIAN"))[0]
    assert (newest.is_taken_back, newest.other, newest.currency) == (True, "P-1", "EUR")


def test_pages_of_a_timeline_are_the_timeline(books: Books) -> None:
    books.apply("P-3", "M-2", "10.00", on="2026-03-09")
    books.unapply("P-1", on="2026-02-21")  # the day it was applied on
    books.void("T-1", on="2026-02-05")  # the day of the credit note
    for code in ("MERIDIAN", "TALLOAKS"):
        customer = books.customer_id(code)
        whole = timeline(customer_id=customer)
        assert len(whole) > 2
        paged, before = [], None
        while page := timeline(customer_id=customer, limit=1, before=before):
            paged += page
            before = page[-1].position
        assert paged == whole


def test_a_timeline_tells_where_money_went_that_settled_another_customer(books: Books) -> None:
    books.payment("P-X", "HARBOUR", "30.00", on="2026-03-09")
    books.apply("P-X", "M-2", "30.00", on="2026-03-10")
    books.void_payment("P-3", on="2026-03-11")
    assert told(books, "HARBOUR")[0] == ("2026-03-10", "cash", "M-2", 3000)
    assert told(books, "MERIDIAN")[0] == ("2026-03-10", "cash", "M-2", 3000)
    rows = timeline(customer_id=books.customer_id("HARBOUR"))
    assert (rows[0].record, rows[0].other_record, rows[0].other) == ("document", "payment", "P-X")


def test_a_settlement_that_was_taken_back_is_told_as_undone(books: Books) -> None:
    books.unapply("P-1", on="2026-03-01")
    rows = timeline(customer_id=books.customer_id("MERIDIAN"))
    assert [(row.kind, row.is_taken_back, row.is_undone) for row in rows[:2]] == [
        ("cash", True, False),
        ("cash", False, True),
    ]


def test_no_happening_falls_between_two_pages() -> None:
    books = northwind()
    rows = [f"invoice,N-{n},MERIDIAN,EUR,2026-01-01,2026-01-31,1.00" for n in range(7)]
    header = "kind,number,customer_id,currency,issued_on,due_on,amount"
    books.take_in("items", "\n".join([header, *rows]))
    customer = books.customer_id("MERIDIAN")
    first = timeline(customer_id=customer, limit=5)
    rest = timeline(customer_id=customer, limit=5, before=first[-1].position)
    assert len({row.number for row in first + rest}) == 7


def test_a_document_shows_its_items_settlements_and_entries(books: Books) -> None:
    view = document_view(books.item("M-1").document_id)
    assert view is not None
    assert [(row.reason, row.amount_minor, row.source, row.item) for row in view.applications] == [
        ("cash", 60000, "P-1", "M-1")
    ]
    assert [
        (entry.reason, {leg.account: leg.amount_minor for leg in entry.postings})
        for entry in view.entries
    ] == [
        ("invoice", {"Receivable": 100000, "Billing clearing": -100000}),
        ("cash", {"Unapplied cash": 60000, "Receivable": -60000}),
    ]
    assert document_view(999_999) is None


def test_numbers_are_found_by_their_beginning(books: Books) -> None:
    found = find_numbers(entity_id=books.entity_id, text="M-")
    assert [document.number for document in found] == ["M-1", "M-2"]
    assert [d.number for d in find_numbers(entity_id=books.entity_id, text="M-", limit=1)] == [
        "M-1"
    ]
    assert find_numbers(entity_id=books.entity_id, text="") == []
    assert find_numbers(entity_id=books.entity_id + 1, text="M-") == []


def test_void_numbers_are_found_behind_those_that_stand(books: Books) -> None:
    books.invoice("M-0", "MERIDIAN", "1.00", issued="2026-03-01", due="2026-03-31")
    books.void("M-0", on="2026-03-02")
    found = find_numbers(entity_id=books.entity_id, text="M-")
    assert [(one.number, one.is_void) for one in found] == [
        ("M-1", False),
        ("M-2", False),
        ("M-0", True),
    ]
    books.invoice("M-0", "MERIDIAN", "2.00", issued="2026-03-03", due="2026-03-31")
    assert [one.is_void for one in find_numbers(entity_id=books.entity_id, text="M-0")] == [
        False,
        True,
    ]


def test_lists_of_a_day_add_up_to_its_aging(books: Books) -> None:
    for on in ("2026-01-31", "2026-02-20", "2026-03-10"):
        rows = items_on(on=day(on), entity_id=books.entity_id, only_open=True)
        rows += unapplied_on(on=day(on), entity_id=books.entity_id)
        sums: dict[str, int] = {}
        for row in rows:
            sums[row.currency] = sums.get(row.currency, 0) + row.open_minor
        totals = control_totals(on=day(on), entity_id=books.entity_id)
        assert sums == {currency: total for currency, total in totals.items() if total}


class TestMoments:
    def test_what_was_known_at_a_moment(self) -> None:
        books = northwind()
        assert sequence_known_at(FIRST_MOMENT) == 0
        first = now_known()
        books.invoice("I", "MERIDIAN", "1.00", issued="2026-01-01")
        later = books.moment()
        assert sequence_known_at(later) == now_known() == first + 1
        assert sequence_known_at(later - timedelta(minutes=1, seconds=30)) == first
        assert sequence_known_at(later + timedelta(days=3650)) == now_known()

    def test_control_totals_are_the_same_counted_either_way(self, books: Books) -> None:
        for on in (None, day("2026-02-01"), day("2026-03-10")):
            for entity in (None, books.entity_id):
                now = control_totals(on=on, entity_id=entity)
                then = control_totals(on=on, entity_id=entity, known=now_known())
                assert {c: v for c, v in now.items() if v} == {c: v for c, v in then.items() if v}

    def test_batches_are_told_newest_first_with_their_seals(self, books: Books) -> None:
        rows = batches()
        assert [row.note for row in rows] == [
            "applications.csv",
            "payments.csv",
            "items.csv",
            "customers.csv",
        ]
        assert (rows[0].sequence, rows[0].digest) == latest_seal()


class TestFindingCustomers:
    def test_a_list_of_names_is_paged_without_gaps(self) -> None:
        books = Books()
        rows = "\n".join(f"C-{n},Same name" for n in range(7))
        books.take_in("customers", f"customer_id,name\nZ,Zed\nA,Ann\n{rows}")
        asked = {"entity_id": books.entity_id, "on": day("2026-03-01"), "limit": 3}
        seen, after = [], None
        while page := customers_page(**asked, after=after):
            seen += [line.customer.code for line in page]
            after = page[-1].place
        assert sorted(seen) == sorted(["A", "Z", *(f"C-{n}" for n in range(7))])

    @pytest.mark.parametrize("most_hits", [100, 10_000])
    def test_a_frequent_word_does_not_hide_a_rare_one(
        self, most_hits: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("duly.parties.queries.finding.MOST_HITS", most_hits)
        books = Books()
        rows = "\n".join(f"C-{n},International Trading {n}" for n in range(300))
        books.take_in(
            "customers", f"customer_id,name\n{rows}\nY,Trading Alone\nZ,International Zeta"
        )
        found = search_customers(entity_id=books.entity_id, text="international zeta")
        assert [row.code for row in found] == ["Z"]
        found = search_customers(entity_id=books.entity_id, text="trading international", limit=3)
        assert [row.code for row in found] == ["C-0", "C-1", "C-10"]

    def test_an_empty_search_is_the_list(self) -> None:
        books = Books()
        books.take_in("customers", CUSTOMERS)
        assert len(search_customers(entity_id=books.entity_id, text="  ")) == 6
