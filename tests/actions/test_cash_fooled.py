"""What banks and payers write, made to fool, through the books: nothing is applied by it (C1, C13).

The rules alone are in tests/rules/cash_application/test_cash_attacks.py.
"""

import pytest
from tests.stories.test_cash_pains import ACCOUNT, ON, accept, match, money, outcomes, undo

from building import Books, broken, day, minor
from duly.cash_application.models import Match
from duly.cash_application.queries import aliases
from duly.receivables.actions import RefundDraft, ask_refund
from duly.receivables.models import Payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> Books:
    books = Books()
    books.customer("ACME", "Acme Tools GmbH", country="DE")
    books.customer("KESTREL", "Kestrel Optics GmbH", country="DE")
    for number, amount in (("INV-1001", "1190.00"), ("INV-1002", "357.00"), ("INV-1003", "88.25")):
        books.invoice(number, "ACME", amount, issued="2026-01-15", due="2026-02-14")
    books.invoice("INV-2001", "KESTREL", "1190.00", issued="2026-01-20", due="2026-02-19")
    return books


@pytest.mark.parametrize("nothing", ["NOTPROVIDED", "not provided", "N/A", "---"])
def test_what_banks_write_for_no_name_is_nobodys_name(books: Books, nothing: str) -> None:
    (payment,) = money(books, ("357.00", "?"), name=nothing, account=nothing)
    accept(books, payment, ("INV-1002", "357.00", "settled"))
    assert aliases(entity_id=books.entity_id) == []
    money(books, ("61.00", "of somebody else"), name=nothing, account=nothing)
    (told,) = match(books)
    assert told.customer is None


def test_a_wrong_match_teaches_nothing_once_it_is_taken_back(books: Books) -> None:
    """Two wrong payments of one bearer, the first taken back: nobody's money is ACME's by it."""
    first, second = money(
        books, ("357.00", "?"), ("88.25", "??"), name="J. Miller", account=ACCOUNT
    )
    accept(books, first, ("INV-1002", "357.00", "settled"))
    accept(books, second, ("INV-1003", "88.25", "settled"))
    undo(books, first)
    undo(books, second)
    assert aliases(entity_id=books.entity_id) == []
    money(books, ("1190.00", "???"), name="J. Miller", account=ACCOUNT)
    told = match(books)
    assert outcomes(told)
    assert "applied" not in outcomes(told)
    assert Match.objects.filter(decided="auto").count() == 0
    assert broken() == {}


@pytest.mark.parametrize("text", ["INV-0990", "inv-0990,", "INV-09\u200b90", "ref INV-0990."])
def test_a_number_that_is_settled_is_seen_however_it_is_written(books: Books, text: str) -> None:
    books.invoice("INV-0990", "KESTREL", "5.00", issued="2026-01-02", due="2026-01-31")
    books.payment("P-0", "KESTREL", "5.00", on="2026-01-30")
    books.apply("P-0", "INV-0990", "5.00", on="2026-01-30")
    money(books, ("357.00", text))
    assert outcomes(match(books)) == ["proposed"]


def test_one_end_to_end_id_for_all_tells_nothing(books: Books) -> None:
    money(
        books, ("357.00", "INV-1002"), ("357.00", "INV-1002 2nd"), ("88.25", "INV-1003"),
        end_to_end="PAYROLL-1",
    )  # fmt: skip
    match(books)
    assert (books.open("INV-1002", ON), books.open("INV-1003", ON)) == ("0.00", "0.00")
    assert books.aging(ON)["EUR"]["unapplied"] == "-357.00"
    assert broken() == {}


def test_money_that_is_to_go_back_is_left_out_once(books: Books) -> None:
    """Of 457.00 a refund of 100.00 is asked for: 357.00 are free, and they are found."""
    (payment,) = money(books, ("457.00", "INV-1002"))
    books.attribute(payment.number, "ACME", on=ON)
    draft = RefundDraft(payment.pk, None, minor("100.00", "EUR"), "too much", day(ON))
    with books.recording("refund") as recorder:
        ask_refund(recorder=recorder, entity_id=books.entity_id, draft=draft)
    assert outcomes(match(books)) == ["applied"]
    assert books.open("INV-1002", ON) == "0.00"
    assert Payment.objects.get(pk=payment.pk).unapplied_minor == 10_000
    assert broken() == {}
