"""A returned payment: its items are open again, and no day before has moved (pain C8)."""

import pytest

from building import Books, broken, day
from duly.ledger.errors import PeriodLocked
from duly.receivables.actions import ReturnDraft, return_payments
from duly.receivables.errors import (
    AlreadyReturned,
    AlreadyVoid,
    ItemSettled,
    PaymentUnknown,
    ReturnReasonUnknown,
    TakenBackTooEarly,
)
from duly.receivables.queries import payment_view, returns_of
from duly.receivables.queries.timeline import timeline
from northwind import northwind

pytestmark = pytest.mark.django_db

DAYS = [f"2026-0{month}-{on:02}" for month in (1, 2, 3) for on in (1, 9, 10, 11, 20, 28)]


@pytest.fixture
def books() -> Books:
    """Meridian owes 100.00 since 9 February, and pays 100.00 on the 10th."""
    books = northwind()
    books.invoice("M-1", "MERIDIAN", "100.00", issued="2026-01-10", due="2026-02-09")
    books.payment("P-1", "MERIDIAN", "100.00", on="2026-02-10")
    return books


def agings(books: Books, until: str = "2027") -> dict[str, dict[str, dict[str, str]]]:
    return {on: books.aging(on) for on in DAYS if on < until}


def test_what_it_paid_is_open_again_since_its_old_due_date(books: Books) -> None:
    books.apply("P-1", "M-1", "100.00", on="2026-02-11")
    before = agings(books, "2026-02-20")
    books.return_payment("P-1", on="2026-02-20")
    assert agings(books, "2026-02-20") == before
    assert books.aging("2026-02-20")["EUR"] == {"1-30": "100.00", "total": "100.00"}
    assert books.state("M-1", "2026-02-19") == "paid"
    assert books.state("M-1", "2026-02-20") == "overdue"
    assert broken() == {}


def test_money_that_was_not_applied_goes_back_too(books: Books) -> None:
    assert books.aging("2026-02-20")["EUR"]["unapplied"] == "-100.00"
    books.return_payment("P-1", on="2026-02-20")
    assert "unapplied" not in books.aging("2026-02-20")["EUR"]
    assert books.aging("2026-02-19")["EUR"]["unapplied"] == "-100.00"
    assert broken() == {}


def test_it_books_what_the_bank_did(books: Books) -> None:
    pk = payment_id(books)
    books.return_payment("P-1", on="2026-02-20")
    view = payment_view(pk)
    assert view is not None
    assert view.payment.is_void is False
    came, went = view.entries
    assert (came.reason, went.reason) == ("payment", "returned")
    legs = {leg.account: leg.amount_minor for leg in came.postings}
    assert {leg.account: -leg.amount_minor for leg in went.postings} == legs


def test_the_discount_beside_is_taken_back_as_well(books: Books) -> None:
    books.invoice("H-1", "HARBOUR", "200.00", issued="2026-02-01", discount=("2026-02-20", "4.00"))
    books.payment("P-2", "HARBOUR", "196.00", on="2026-02-10")
    books.apply("P-2", "H-1", "196.00", on="2026-02-10", discount="4.00")
    assert books.state("H-1", "2026-02-11") == "paid"
    books.return_payment("P-2", on="2026-02-11")
    assert books.open("H-1", "2026-02-11") == "200.00"
    assert books.open("H-1", "2026-02-10") == "0.00"
    # The discount may be taken again by who pays again in time.
    books.payment("P-3", "HARBOUR", "196.00", on="2026-02-18")
    books.apply("P-3", "H-1", "196.00", on="2026-02-18", discount="4.00")
    assert broken() == {}


def test_what_was_applied_after_its_return_is_taken_back_on_its_own_day(books: Books) -> None:
    """The bank's word comes late: on the 20th somebody applied what had gone on the 11th."""
    books.apply("P-1", "M-1", "100.00", on="2026-02-20")
    before = agings(books, "2026-02-11")
    books.return_payment("P-1", on="2026-02-11")
    assert agings(books, "2026-02-11") == before
    assert {on: books.open("M-1", on) for on in ("2026-02-11", "2026-02-20", "2026-03-01")} == {
        "2026-02-11": "100.00",
        "2026-02-20": "100.00",
        "2026-03-01": "100.00",
    }
    assert broken() == {}


def test_several_of_one_file_go_together_once_each(books: Books) -> None:
    books.payment("P-2", "TALLOAKS", "7.00", on="2026-02-10")
    first, second = payment_id(books), payment_id(books, "P-2")
    drafts = [ReturnDraft(pk, day("2026-02-20"), "R01") for pk in (first, second)]
    with books.recording() as recorder:
        return_payments(recorder=recorder, entity_id=books.entity_id, returns=drafts)
    found = returns_of([first, second])
    assert {one.reason.words for one in found.values()} == {
        "there was not enough money on the account"
    }
    assert all(one.reason.is_worth_a_try for one in found.values())
    with pytest.raises(AlreadyReturned), books.recording() as recorder:
        return_payments(recorder=recorder, entity_id=books.entity_id, returns=drafts[:1])


class TestRefused:
    def test_twice(self, books: Books) -> None:
        books.return_payment("P-1", on="2026-02-20")
        with pytest.raises(AlreadyReturned):
            books.return_payment("P-1", on="2026-02-21")
        with pytest.raises(AlreadyReturned):
            books.void_payment("P-1", on="2026-02-21")

    def test_in_one_batch_twice(self, books: Books) -> None:
        draft = ReturnDraft(payment_id(books), day("2026-02-20"), "R01")
        with pytest.raises(AlreadyReturned), books.recording() as recorder:
            return_payments(recorder=recorder, entity_id=books.entity_id, returns=[draft, draft])

    def test_what_is_void(self, books: Books) -> None:
        pk = payment_id(books)
        books.void_payment("P-1", on="2026-02-20")
        with pytest.raises(AlreadyVoid), books.recording() as recorder:
            return_payments(
                recorder=recorder,
                entity_id=books.entity_id,
                returns=[ReturnDraft(pk, day("2026-02-20"), "R01")],
            )

    def test_before_the_money_was_there(self, books: Books) -> None:
        with pytest.raises(TakenBackTooEarly) as refused:
            books.return_payment("P-1", on="2026-02-09")
        assert refused.value.facts["since"] == "2026-02-10"

    def test_while_part_of_it_was_applied_until_later(self, books: Books) -> None:
        """On the days from the 11th to the 19th its money settled an item: that stays true."""
        books.apply("P-1", "M-1", "60.00", on="2026-02-11")
        books.unapply("P-1", on="2026-02-20")
        with pytest.raises(TakenBackTooEarly) as refused:
            books.return_payment("P-1", on="2026-02-15")
        assert refused.value.facts["since"] == "2026-02-20"
        books.return_payment("P-1", on="2026-02-20")
        assert broken() == {}

    def test_on_a_closed_day(self, books: Books) -> None:
        books.lock("2026-02-20")
        with pytest.raises(PeriodLocked):
            books.return_payment("P-1", on="2026-02-20")

    def test_for_a_reason_that_nobody_knows(self, books: Books) -> None:
        with pytest.raises(ReturnReasonUnknown):
            books.return_payment("P-1", on="2026-02-20", reason="BECAUSE")

    def test_what_is_not_there(self, books: Books) -> None:
        with pytest.raises(PaymentUnknown), books.recording() as recorder:
            return_payments(
                recorder=recorder,
                entity_id=books.entity_id,
                returns=[ReturnDraft(99, day("2026-02-20"), "R01")],
            )

    def test_voiding_an_invoice_that_was_paid_before_its_return(self, books: Books) -> None:
        books.apply("P-1", "M-1", "100.00", on="2026-02-11")
        books.return_payment("P-1", on="2026-02-20")
        with pytest.raises(ItemSettled):
            books.void("M-1", on="2026-02-15")
        books.void("M-1", on="2026-02-20")
        assert broken() == {}


def test_a_banks_own_code_is_kept_as_told(books: Books) -> None:
    pk = payment_id(books)
    with books.recording() as recorder:
        return_payments(
            recorder=recorder,
            entity_id=books.entity_id,
            returns=[ReturnDraft(pk, day("2026-02-20"), "zz 9")],
            is_told_by_bank=True,
        )
    assert returns_of([pk])[pk].reason.words == "the bank says ZZ 9"


def test_the_timeline_tells_of_it(books: Books) -> None:
    books.apply("P-1", "M-1", "100.00", on="2026-02-11")
    books.return_payment("P-1", on="2026-02-20")
    rows = timeline(customer_id=books.customer_id("MERIDIAN"))
    told = [(row.kind, row.number, row.is_taken_back) for row in rows]
    assert told == [
        ("returned", "P-1", False),
        ("cash", "M-1", True),
        ("cash", "M-1", False),
        ("payment", "P-1", False),
        ("invoice", "M-1", False),
    ]


def payment_id(books: Books, number: str = "P-1") -> int:
    from duly.receivables.queries import payments_by_number

    return payments_by_number(books.entity_id, [number])[number].id


def test_money_that_changed_hands_goes_from_whom_it_was_held_to_be(books: Books) -> None:
    """Nobody knew who paid while 30.00 of it were applied; then it was said to be Tall Oaks'."""
    books.payment("P-9", None, "90.00", on="2026-02-10")
    books.apply("P-9", "M-1", "30.00", on="2026-02-10")
    books.attribute("P-9", "TALLOAKS", on="2026-02-12")
    before = agings(books, "2026-02-20")
    with pytest.raises(TakenBackTooEarly) as refused:
        books.return_payment("P-9", on="2026-02-11")
    assert refused.value.facts["since"] == "2026-02-12"
    books.return_payment("P-9", on="2026-02-20")
    assert agings(books, "2026-02-20") == before
    assert books.open("M-1", "2026-02-20") == "100.00"
    assert not any(books.aging("2026-02-20", customer="TALLOAKS").values())
    assert broken() == {}
