"""Refunds: one person asks, another approves, and what is asked for is nobody else's meanwhile."""

from typing import Any

import pytest

from building import Books, broken, day, minor
from duly.access.actions import Author, add_user, set_authority
from duly.access.errors import AuthorityExceeded, OwnWorkApproval
from duly.kernel.money import Money
from duly.ledger.queries import control_totals
from duly.receivables.actions import (
    RefundDraft,
    ask_refund,
    decide_refund,
    pay_refund,
    take_back_applications,
)
from duly.receivables.errors import (
    AmountNotPositive,
    MoneyReserved,
    NothingApplied,
    OverApplied,
    PaymentRefunded,
    PaymentUnknown,
    RefundReasonMissing,
    RefundSettled,
    RefundUnknown,
    TakenBackTooEarly,
)
from duly.receivables.models import Application
from duly.receivables.queries import payments_by_number, payments_to_match, refund_row, refunds
from northwind import northwind

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> Books:
    """Meridian owes 100.00 and has sent 150.00."""
    books = northwind()
    books.invoice("M-1", "MERIDIAN", "100.00", issued="2026-01-10", due="2026-02-09")
    books.take_in(
        "payments",
        "payment_id,customer_id,currency,received_on,amount,payer_account\n"
        "P-1,MERIDIAN,EUR,2026-02-10,150.00,DE89370400440532013000",
    )
    return books


def ask(books: Books, amount: str = "50.00", *, source: str = "P-1", **more: Any) -> int:
    payment = payments_by_number(books.entity_id, [source]).get(source)
    draft = RefundDraft(
        payment.id if payment else None,
        None if payment else books.item(source).id,
        minor(amount, "EUR"),
        more.get("reason", "paid twice"),
        day(more.get("on", "2026-02-12")),
        more.get("account", ""),
    )
    with books.recording("refund") as recorder:
        return ask_refund(recorder=recorder, entity_id=books.entity_id, draft=draft)


def decide(books: Books, refund_id: int, who: str = "boss", *, is_approved: bool = True) -> None:
    decide_refund(
        entity_id=books.entity_id,
        refund_id=refund_id,
        is_approved=is_approved,
        author=Author(who, books.moment()),
    )


def pay(books: Books, refund_id: int, *, on: str = "2026-02-20") -> None:
    with books.recording("refund") as recorder:
        pay_refund(recorder=recorder, entity_id=books.entity_id, refund_id=refund_id, on=day(on))


def test_asked_approved_and_paid(books: Books) -> None:
    books.apply("P-1", "M-1", "100.00", on="2026-02-11")
    number = ask(books)
    assert books.aging("2026-02-19")["EUR"]["unapplied"] == "-50.00"  # still the customer's
    decide(books, number)
    before = {on: books.aging(on) for on in ("2026-02-12", "2026-02-19")}
    pay(books, number)
    assert {on: books.aging(on) for on in before} == before
    assert not any(books.aging("2026-02-20").values())
    row = refund_row(books.entity_id, number)
    assert (row.state, row.asked_by, row.decided_by, row.paid_on) == (
        "paid",
        "tester",
        "boss",
        day("2026-02-20"),
    )
    assert set(control_totals(entity_id=books.entity_id, on=day("2026-02-20")).values()) == {0}
    assert broken() == {}


def test_who_asked_can_refuse_it_and_not_approve_it(books: Books) -> None:
    number = ask(books)
    for who in ("tester", " Tester", "shell:tester"):
        with pytest.raises(OwnWorkApproval):
            decide(books, number, who)
    decide(books, number, "tester", is_approved=False)
    assert refund_row(books.entity_id, number).state == "refused"


def test_what_is_asked_for_cant_be_applied(books: Books) -> None:
    number = ask(books, "60.00")
    with pytest.raises(OverApplied):
        books.apply("P-1", "M-1", "100.00", on="2026-02-12")
    books.apply("P-1", "M-1", "90.00", on="2026-02-12")
    assert payments_to_match(books.entity_id, on=day("2026-03-01")) == []
    with pytest.raises(OverApplied) as refused:
        ask(books, "0.01")
    assert refused.value.facts["left"] == "0.00 EUR"
    assert broken() == {}
    decide(books, number, is_approved=False)
    books.apply("P-1", "M-1", "10.00", on="2026-02-12")


def test_what_was_approved_can_still_be_refused_and_nothing_twice(books: Books) -> None:
    number = ask(books)
    decide(books, number)
    with pytest.raises(RefundSettled):
        decide(books, number, "another")
    decide(books, number, is_approved=False)
    with pytest.raises(RefundSettled):
        pay(books, number)
    again = ask(books, "150.00")
    with pytest.raises(RefundSettled):
        pay(books, again)  # nobody has approved it
    decide(books, again)
    pay(books, again)
    with pytest.raises(RefundSettled):
        pay(books, again)
    assert broken() == {}


def test_another_account_is_told_loudly(books: Books) -> None:
    told = [
        refund_row(books.entity_id, ask(books, "1.00", account=account))
        for account in ("", "DE89 3704 0044 0532 0130 00", "FR7630006000011234567890189")
    ]
    assert [bool(row.warning) for row in told] == [False, False, True]
    assert "call the customer" in told[2].warning
    books.payment("P-2", "MERIDIAN", "9.00", on="2026-02-10")
    unknown = refund_row(books.entity_id, ask(books, "1.00", source="P-2"))
    assert unknown.warning == "It is not said to which account it goes."


def test_a_credit_note_is_refunded_too(books: Books) -> None:
    books.credit_note("M-CN", "MERIDIAN", "30.00", issued="2026-02-01")
    number = ask(books, "30.00", source="M-CN")
    with pytest.raises(OverApplied):
        books.apply("M-CN", "M-1", "1.00", on="2026-02-12")
    decide(books, number)
    pay(books, number)
    assert books.open("M-CN", "2026-02-20") == "0.00"
    assert books.open("M-CN", "2026-02-19") == "-30.00"
    assert broken() == {}


def test_a_payment_that_the_bank_takes_back_is_not_refunded(books: Books) -> None:
    waiting, approved = ask(books, "50.00"), ask(books, "100.00")
    decide(books, approved)
    books.return_payment("P-1", on="2026-02-20")
    assert {row.state for row in refunds(books.entity_id)} == {"lapsed"}
    for number in (waiting, approved):
        with pytest.raises(RefundSettled):
            decide(books, number)
    assert broken() == {}


def test_what_was_refunded_cant_come_back_as_well(books: Books) -> None:
    number = ask(books)
    decide(books, number)
    pay(books, number)
    with pytest.raises(PaymentRefunded):
        books.return_payment("P-1", on="2026-02-25")
    application = Application.objects.get(reason="refunded")
    with pytest.raises(NothingApplied), books.recording() as recorder:
        take_back_applications(
            recorder=recorder,
            entity_id=books.entity_id,
            application_ids=[application.pk],
            on=None,
        )


def test_lists_what_waits_first(books: Books) -> None:
    numbers = [ask(books, amount) for amount in ("1.00", "2.00", "3.00")]
    decide(books, numbers[0])
    decide(books, numbers[1], is_approved=False)
    listed = refunds(books.entity_id)
    assert [row.id for row in listed] == [numbers[2], numbers[1], numbers[0]]
    assert [row.id for row in refunds(books.entity_id, limit=1, offset=1)] == [numbers[1]]
    assert [row.id for row in refunds(books.entity_id, states=["approved"])] == [numbers[0]]


class TestRefused:
    def test_nothing_more_than_there_is_and_not_without_a_reason(self, books: Books) -> None:
        with pytest.raises(AmountNotPositive):
            ask(books, "0.00")
        with pytest.raises(OverApplied):
            ask(books, "150.01")
        with pytest.raises(RefundReasonMissing):
            ask(books, reason="  ")
        with pytest.raises(PaymentUnknown):
            ask(books, source="M-1")

    def test_one_that_is_not_there(self, books: Books) -> None:
        with pytest.raises(RefundUnknown):
            decide(books, 99)
        with pytest.raises(RefundUnknown):
            pay(books, 99)

    def test_paid_before_the_money_was_free(self, books: Books) -> None:
        books.apply("P-1", "M-1", "100.00", on="2026-02-11")
        books.unapply("P-1", on="2026-02-25")
        number = ask(books, "150.00")
        decide(books, number)
        with pytest.raises(TakenBackTooEarly) as refused:
            pay(books, number, on="2026-02-20")
        assert refused.value.facts["since"] == "2026-02-25"
        pay(books, number, on="2026-02-25")
        assert broken() == {}

    def test_voiding_money_that_a_refund_waits_for(self, books: Books) -> None:
        ask(books)
        with pytest.raises(MoneyReserved):
            books.void_payment("P-1", on="2026-02-20")


def test_above_ones_authority_is_refused_also_in_two_halves(books: Books) -> None:
    boss = add_user(
        email="boss@firm.example", name="Bea", role="manager", password=None, at=books.moment()
    )
    set_authority(
        role="manager",
        act="approve_refund",
        up_to=Money.parse("49.99", "EUR"),
        author=Author("ada", books.moment()),
    )
    first, second = ask(books, "25.00"), ask(books, "25.00")
    decide(books, first, boss.email)
    with pytest.raises(AuthorityExceeded):
        decide(books, second, boss.email)
    assert [refund_row(books.entity_id, one).state for one in (first, second)] == [
        "approved",
        "asked",
    ]
    decide(books, second, boss.email, is_approved=False)
