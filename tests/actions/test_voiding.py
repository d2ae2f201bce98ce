"""Void by reversal: as if it had not been, from its day on, and still to be seen (pains K1, K2)."""

import pytest

from building import Books, broken, day
from duly.kernel.errors import DulyError
from duly.ledger.errors import LockGoesBack, PeriodLocked
from duly.ledger.queries import control_totals, entries_with_postings
from duly.receivables.actions import void_documents, void_payments
from duly.receivables.errors import AlreadyVoid, ItemSettled, TakenBackTooEarly
from duly.receivables.queries import document_view, payment_view
from northwind import northwind

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> Books:
    books = northwind()
    books.invoice("M-1", "MERIDIAN", "100.00", issued="2026-01-10", due="2026-02-09")
    return books


def test_a_void_counts_from_its_day(books: Books) -> None:
    books.void("M-1", on="2026-02-15")
    assert books.aging("2026-02-14")["EUR"] == {"1-30": "100.00", "total": "100.00"}
    assert not any(books.aging("2026-02-15").values())
    assert books.state("M-1", "2026-02-15") == "void"
    assert books.state("M-1", "2026-02-14") == "overdue"
    assert broken() == {}


def test_the_reversal_and_what_it_reverses_name_each_other(books: Books) -> None:
    pk = books.item("M-1").document_id
    books.void("M-1", on="2026-02-15")
    view = document_view(pk)
    assert view is not None
    assert view.document.is_void
    issued, void = view.entries
    assert (void.reverses_id, issued.reversed_by_id) == (issued.id, void.id)
    assert (issued.booked_on, void.booked_on) == (day("2026-01-10"), day("2026-02-15"))
    assert [-leg.amount_minor for leg in void.postings] != [0, 0]
    by_account = {leg.account: leg.amount_minor for leg in issued.postings}
    assert {leg.account: -leg.amount_minor for leg in void.postings} == by_account


def test_all_instalments_go_together(books: Books) -> None:
    books.invoice(
        "M-2",
        "MERIDIAN",
        "100.00",
        issued="2026-01-10",
        instalments=[("2026-02-09", "33.34"), ("2026-03-11", "33.33"), ("2026-04-10", "33.33")],
    )
    books.void("M-2", on="2026-03-01")
    assert books.aging("2026-03-01")["EUR"]["total"] == "100.00"
    assert books.aging("2026-02-28")["EUR"]["total"] == "200.00"
    assert broken() == {}


def test_a_credit_note_is_voided_the_other_way_round(books: Books) -> None:
    books.credit_note("CN-1", "MERIDIAN", "30.00", issued="2026-01-15")
    books.void("CN-1", on="2026-01-20")
    assert books.aging("2026-01-19")["EUR"]["unapplied"] == "-30.00"
    assert "unapplied" not in books.aging("2026-01-20")["EUR"]
    assert broken() == {}


def test_what_is_settled_in_part_is_not_voided(books: Books) -> None:
    books.payment("P", "MERIDIAN", "10.00", on="2026-01-20")
    books.apply("P", "M-1", "10.00", on="2026-01-20")
    with pytest.raises(ItemSettled) as refusal:
        books.void("M-1", on="2026-02-01")
    assert refusal.value.facts["settled"] == "10.00"
    with pytest.raises(ItemSettled):
        books.void_payment("P", on="2026-02-01")
    books.unapply("P", on="2026-01-25")
    books.void("M-1", on="2026-02-01")
    books.void_payment("P", on="2026-02-01")
    assert not any(books.aging("2026-02-01").values())
    assert books.aging("2026-01-22")["EUR"] == {"current": "90.00", "total": "90.00"}
    assert broken() == {}


@pytest.mark.parametrize("kind", ["invoice", "credit_note"])
def test_what_was_settled_before_opening_goes_with_the_document(books: Books, kind: str) -> None:
    """It came in with the document, and no one could take it back first."""
    parts = [("2026-02-09", "33.34"), ("2026-03-11", "66.66")]
    books.invoice(
        "O-1",
        "TALLOAKS",
        "100.00",
        issued="2026-01-10",
        kind=kind,
        instalments=parts,
        settled_before="40.00",
    )
    before = books.aging("2026-02-14")
    books.void("O-1", on="2026-02-15")
    assert books.aging("2026-02-14") == before
    assert not books.aging("2026-02-15", customer="TALLOAKS") or not any(
        books.aging("2026-02-15", customer="TALLOAKS").values()
    )
    assert control_totals(on=day("2026-02-15")) == {"EUR": 100_00}  # M-1 alone
    assert broken() == {}


def test_a_file_of_openings_is_reverted_after_one_was_voided(books: Books) -> None:
    text = (
        "kind,number,customer_id,currency,issued_on,due_on,amount,open_amount\n"
        "invoice,O-1,MERIDIAN,EUR,2026-01-10,2026-02-09,50.00,20.00\n"
        "invoice,O-2,MERIDIAN,EUR,2026-01-10,2026-02-09,60.00,60.00\n"
    )
    batch = books.take_in("items", text)["id"]
    books.void("O-1", on="2026-02-15")
    books.revert(batch)
    assert books.aging("2026-02-15")["EUR"]["total"] == "100.00"
    assert broken() == {}


def test_void_twice_is_refused(books: Books) -> None:
    pk = books.item("M-1").document_id
    payment = books.payment("P", "MERIDIAN", "10.00", on="2026-01-20")
    books.void("M-1", on="2026-02-01")
    books.void_payment("P", on="2026-02-01")
    with pytest.raises(AlreadyVoid), books.recording() as recorder:
        void_documents(recorder=recorder, entity_id=books.entity_id, document_ids=[pk], on=None)
    with pytest.raises(AlreadyVoid), books.recording() as recorder:
        void_payments(recorder=recorder, entity_id=books.entity_id, payment_ids=[payment], on=None)


def test_a_voided_number_is_free_again(books: Books) -> None:
    books.void("M-1", on="2026-02-01")
    books.invoice("M-1", "MERIDIAN", "90.00", issued="2026-02-01", due="2026-03-03")
    assert books.aging("2026-02-01")["EUR"]["total"] == "90.00"
    assert broken() == {}


def test_a_voided_payment_goes_back_from_whence_it_came(books: Books) -> None:
    pk = books.payment("P", "MERIDIAN", "10.00", on="2026-01-20")
    books.void_payment("P", on="2026-01-25")
    view = payment_view(pk)
    assert view is not None
    received, void = view.entries
    assert void.reverses_id == received.id
    assert books.aging("2026-01-24")["EUR"]["unapplied"] == "-10.00"
    assert "unapplied" not in books.aging("2026-01-25")["EUR"]
    assert broken() == {}


def test_no_day_shows_a_document_void_and_settled(books: Books) -> None:
    """Settled from the 20th to the 30th of January, so it can't have been void on the 25th."""
    books.payment("P", "MERIDIAN", "10.00", on="2026-01-20")
    books.apply("P", "M-1", "10.00", on="2026-01-20")
    books.unapply("P", on="2026-01-30")
    with pytest.raises(DulyError):
        books.void("M-1", on="2026-01-15")
    with pytest.raises(ItemSettled) as refusal:
        books.void_payment("P", on="2026-01-29")
    assert refusal.value.facts["earliest"] == "2026-01-30"
    books.void("M-1", on="2026-01-30")
    books.void_payment("P", on="2026-01-30")
    assert books.open("M-1", "2026-01-25") == "90.00"
    assert broken() == {}


def test_nothing_is_voided_before_it_was_there(books: Books) -> None:
    books.payment("P", "MERIDIAN", "10.00", on="2026-01-20")
    with pytest.raises(TakenBackTooEarly):
        books.void("M-1", on="2026-01-09")
    with pytest.raises(TakenBackTooEarly):
        books.void_payment("P", on="2026-01-19")


def test_a_revert_voids_from_the_first_day_since_which_nothing_settles_it(books: Books) -> None:
    """Ten days long 10.00 stood on it: of those days that stays true."""
    batch = books.take_in(
        "items",
        "kind,number,customer_id,currency,issued_on,due_on,amount\n"
        "invoice,M-2,MERIDIAN,EUR,2026-01-10,2026-02-09,50.00\n"
        "invoice,M-3,MERIDIAN,EUR,2026-01-10,2026-02-09,60.00\n",
    )["id"]
    books.payment("P", "MERIDIAN", "10.00", on="2026-01-20")
    books.apply("P", "M-2", "10.00", on="2026-01-20")
    books.unapply("P", on="2026-01-30")
    books.revert(batch)
    assert [books.open("M-2", f"2026-01-{day}") for day in (19, 20, 29, 30)] == [
        "50.00",
        "40.00",
        "40.00",
        "0.00",
    ]
    assert books.open("M-3", "2026-01-10") == "0.00"
    assert broken() == {}


class TestClosedPeriod:
    """A closed month never moves (pain K1)."""

    @pytest.fixture
    def books(self) -> Books:
        books = northwind()
        books.invoice("M-1", "MERIDIAN", "100.00", issued="2026-01-10", due="2026-02-09")
        books.credit_note("CN-1", "MERIDIAN", "30.00", issued="2026-01-12")
        books.payment("P", "MERIDIAN", "50.00", on="2026-01-20")
        books.apply("P", "M-1", "20.00", on="2026-01-21")
        books.lock("2026-01-31")
        return books

    def test_nothing_is_booked_in_it(self, books: Books) -> None:
        before = books.aging("2026-01-31")
        with pytest.raises(PeriodLocked):
            books.invoice("M-2", "MERIDIAN", "1.00", issued="2026-01-31")
        with pytest.raises(PeriodLocked):
            books.payment("P-2", "MERIDIAN", "1.00", on="2026-01-31")
        with pytest.raises(PeriodLocked):
            books.apply("P", "M-1", "1.00", on="2026-01-31")
        with pytest.raises(PeriodLocked):
            books.unapply("P", on="2026-01-31")
        with pytest.raises(PeriodLocked):
            books.void("CN-1", on="2026-01-31")
        with pytest.raises(PeriodLocked):
            books.settle_elsewhere("M-1", "1.00", on="2026-01-31")
        assert books.aging("2026-01-31") == before
        assert broken() == {}

    def test_credit_is_not_applied_in_it(self, books: Books) -> None:
        """No account moves, but the aging of the closed month would."""
        with pytest.raises(PeriodLocked):
            books.apply("CN-1", "M-1", "30.00", on="2026-01-25")
        books.apply("CN-1", "M-1", "30.00", on="2026-02-01")
        books.lock("2026-02-28")
        with pytest.raises(PeriodLocked):
            books.unapply("CN-1", on="2026-02-28")

    def test_the_day_after_is_open(self, books: Books) -> None:
        before = books.aging("2026-01-31")
        books.invoice("M-2", "MERIDIAN", "1.00", issued="2026-02-01", due="2026-03-03")
        books.unapply("P", on="2026-02-01")
        books.void("M-1", on="2026-02-02")
        assert books.aging("2026-01-31") == before
        assert broken() == {}

    def test_a_lock_binds_its_own_entity_alone(self, books: Books) -> None:
        other = Books("Northwind Benelux")
        other.customer("B")
        other.invoice("B-1", "B", "1.00", issued="2026-01-31")
        assert other.aging("2026-01-31")["EUR"]["total"] == "1.00"

    def test_an_earlier_lock_does_not_open_it(self, books: Books) -> None:
        with pytest.raises(LockGoesBack) as refusal:
            books.lock("2026-01-30")
        assert refusal.value.facts["locked_through"] == "2026-01-31"
        books.lock("2026-01-31")
        books.lock(None)
        books.lock("2026-01-30")

    def test_opened_again_it_takes_postings(self, books: Books) -> None:
        books.lock(None)
        books.apply("P", "M-1", "30.00", on="2026-01-25")
        assert books.open("M-1", "2026-01-31") == "50.00"

    def test_a_refusal_says_through_which_day(self, books: Books) -> None:
        with pytest.raises(PeriodLocked) as refusal:
            books.invoice("M-2", "MERIDIAN", "1.00", issued="2026-01-31")
        assert refusal.value.facts == {
            "locked_through": "2026-01-31",
            "booked_on": "2026-01-31",
        }


def test_entries_are_never_lost_by_a_void(books: Books) -> None:
    pk = books.item("M-1").document_id
    before = entries_with_postings("document", [pk])
    books.void("M-1", on="2026-02-01")
    after = entries_with_postings("document", [pk])
    assert [entry.postings for entry in after] == [entry.postings for entry in before]


def test_what_was_settled_before_the_books_goes_on_its_own_day() -> None:
    """A part applied for a while moves the void behind it; the opening alone does not."""
    books = northwind()
    for number in ("M-1", "M-2"):
        books.invoice(
            number,
            "MERIDIAN",
            "100.00",
            issued="2026-01-10",
            due="2026-02-09",
            settled_before="60.00",
            settled_on="2026-02-20",
        )
    books.payment("P", "MERIDIAN", "40.00", on="2026-01-15")
    books.apply("P", "M-2", "40.00", on="2026-01-15")
    books.unapply("P", on="2026-01-20")
    books.void("M-1", on=None)
    books.void("M-2", on=None)
    days = ["2026-01-14", "2026-01-15", "2026-01-20", "2026-02-20"]
    assert [books.aging(on)["EUR"].get("total", "0.00") for on in days] == [
        *("100.00", "60.00", "-40.00", "-40.00")
    ]
    assert books.state("M-1", "2026-01-10") == "void"
    assert broken() == {}
