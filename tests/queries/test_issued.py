"""A payment that carries a reference of ours finds the item it was issued for, and who owes it."""

import pytest

from building import Books, day
from duly.cash_application.queries import propose_matches
from duly.cash_application.queries.near import propose_near
from duly.cash_application.rules.evidence import ITEM, places_in_text
from duly.cash_application.rules.issued import comparable, quoted_in, ways_written
from duly.cash_application.rules.matching import AUTO
from duly.cash_application.rules.payers import REFERENCE
from northwind import northwind

pytestmark = pytest.mark.django_db
ON = "2026-02-20"


@pytest.fixture
def books() -> Books:
    """Three customers, of whom nothing but references tells who paid."""
    books = northwind()
    books.take_in(
        "items",
        "kind,number,customer_id,currency,issued_on,due_on,amount,reference\n"
        "invoice,KID-1,MERIDIAN,EUR,2026-01-10,2026-02-09,101.17,1234567897\n"
        "invoice,KID-2,MERIDIAN,EUR,2026-01-10,2026-02-09,102.17,1009-\n"
        "invoice,FIN-1,MERIDIAN,EUR,2026-01-10,2026-02-09,103.17,1232\n"
        "invoice,FIN-2,MERIDIAN,EUR,2026-01-10,2026-02-09,104.17,202 60011\n"
        "invoice,OCR-1,MERIDIAN,EUR,2026-01-10,2026-02-09,105.17,12344\n"
        "invoice,BEL-1,MERIDIAN,EUR,2026-01-10,2026-02-09,106.17,+++090/9337/55493+++\n"
        "invoice,ISO-1,MERIDIAN,EUR,2026-01-10,2026-02-09,107.17,RF18 5390 0754 7034\n"
        "invoice,QR-1,MERIDIAN,EUR,2026-01-10,2026-02-09,108.17,210000000003139471430009017\n"
        "invoice,OTH-1,TALLOAKS,EUR,2026-01-10,2026-02-09,101.17,\n",
    )
    return books


def pay(books: Books, reference: str, amount: str = "101.17") -> None:
    books.take_in(
        "payments",
        "payment_id,customer_id,currency,received_on,amount,payer_name,reference\n"
        f"P-{len(reference)},,EUR,2026-02-10,{amount},Nobody Known,{reference}",
    )


@pytest.mark.parametrize(
    ("reference", "amount", "number"),
    [
        ("1234567897", "101.17", "KID-1"),
        ("Faktura KID 1234567897 takk", "101.17", "KID-1"),
        ("0000001234567897", "101.17", "KID-1"),
        ("1009-", "102.17", "KID-2"),
        ("1232", "103.17", "FIN-1"),
        ("00000000000000001232", "103.17", "FIN-1"),
        ("viite 202 60011", "104.17", "FIN-2"),
        ("00000000000020260011", "104.17", "FIN-2"),
        ("12344", "105.17", "OCR-1"),
        ("***090/9337/55493***", "106.17", "BEL-1"),
        ("090933755493", "106.17", "BEL-1"),
        ("RF18539007547034", "107.17", "ISO-1"),
        ("21 00000 00003 13947 14300 09017", "108.17", "QR-1"),
    ],
)
def test_each_scheme_finds_its_item(books: Books, reference: str, amount: str, number: str) -> None:
    """F-06 to F-10: nobody knows the payer, and another customer owes the same."""
    pay(books, reference, amount)
    (one,) = propose_matches(entity=books.entity, on=day(ON)).proposals
    assert one.customer is not None
    assert one.customer.code == "MERIDIAN"
    assert [line.item_id for line in one.lines] == [books.item(number).id]
    assert one.decision == AUTO
    near = propose_near(entity=books.entity, payment_id=one.payment.id, on=day(ON))
    assert near is not None
    assert (near.proposal.lines, near.proposal.decision) == (one.lines, one.decision)


def test_a_reference_of_nobody_and_one_of_two_customers_say_nothing(books: Books) -> None:
    books.take_in(
        "items",
        "kind,number,customer_id,currency,issued_on,due_on,amount,reference\n"
        "invoice,OTH-2,TALLOAKS,EUR,2026-01-10,2026-02-09,55.31,1234567897\n",
    )
    for reference in ("1234567897", "20260010"):
        pay(books, reference, "33.33")
    for one in propose_matches(entity=books.entity, on=day(ON)).proposals:
        assert (one.customer, one.lines) == (None, ())


def test_a_reference_of_many_items_names_the_customer(books: Books) -> None:
    books.take_in(
        "items",
        "kind,number,customer_id,currency,issued_on,due_on,amount,reference\n"
        "invoice,REC-1,TALLOAKS,EUR,2026-01-10,2026-02-09,66.41,2345676\n"
        "invoice,REC-2,TALLOAKS,EUR,2026-01-20,2026-02-19,77.52,2345676\n",
    )
    pay(books, "2345676", "77.52")
    (one,) = propose_matches(entity=books.entity, on=day(ON)).proposals
    assert one.payer.how == REFERENCE
    assert [line.item_id for line in one.lines] == [books.item("REC-2").id]


def test_the_page_marks_the_reference_as_its_item(books: Books) -> None:
    pay(books, "Faktura KID 1234567897 takk")
    (one,) = propose_matches(entity=books.entity, on=day(ON)).proposals
    near = propose_near(entity=books.entity, payment_id=one.payment.id, on=day(ON))
    assert near is not None
    numbers = near.gathered.book.numbers([one.customer.id], "EUR")
    chosen = {line.item_id for line in one.lines}
    text = "Faktura KID 1234567897 takk"
    places = places_in_text(text, numbers, chosen, {"1234567897": "KID-1"})
    first = places[0]
    assert (text[first.start : first.end], first.what, first.says) == ("1234567897", ITEM, "KID-1")


def test_short_digits_in_words_are_no_reference() -> None:
    assert [one.reference for one in quoted_in("order 1232 of 12344")] == []
    assert [one.reference for one in quoted_in("pay 1234567897- now")][:1] == ["1234567897"]
    assert comparable("0001009-") in ways_written("1009-")
