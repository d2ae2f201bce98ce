"""Which accounts each verb moves: the legs are worked out by hand, debit positive."""

from collections.abc import Callable

import pytest

from building import Books, broken
from duly.ledger.models import Entry, Posting
from duly.ledger.rules.accounts import BY_ID
from northwind import northwind

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> Books:
    books = northwind()
    books.invoice("I", "HARBOUR", "200.00", issued="2026-03-01", discount=("2026-03-11", "4.00"))
    books.credit_note("C", "HARBOUR", "30.00", issued="2026-03-01")
    books.credit_note("CT", "TALLOAKS", "30.00", issued="2026-03-01")
    books.payment("P", "HARBOUR", "100.00", on="2026-03-05")
    books.payment("U", None, "100.00", on="2026-03-05")
    return books


def posted(books: Books, act: Callable[[], object]) -> list[tuple[str, dict[tuple, int]]]:
    """[(reason, {(account, customer): cents})] of what an act posts."""
    last = Entry.objects.latest("id").pk
    act()
    names = {books.customer_id(code): code for code in ("HARBOUR", "TALLOAKS", "MERIDIAN")}
    told = []
    for entry in Entry.objects.filter(pk__gt=last).order_by("id"):
        legs: dict[tuple, int] = {}
        for leg in Posting.objects.filter(entry_id=entry.pk):
            legs[BY_ID[leg.account_id].code, names.get(leg.customer_id)] = leg.amount_minor
        told.append((entry.reason, legs))
    assert broken() == {}
    return told


H, T, NOBODY = "HARBOUR", "TALLOAKS", None
MARCH = "2026-03-20"


@pytest.mark.parametrize(
    ("act", "legs"),
    [
        (
            lambda b: b.invoice("N", H, "9.00", issued=MARCH),
            [("invoice", {("receivable", H): 900, ("billing_clearing", H): -900})],
        ),
        (
            lambda b: b.invoice("N", H, "9.00", issued=MARCH, kind="debit_note"),
            [("debit_note", {("receivable", H): 900, ("billing_clearing", H): -900})],
        ),
        (
            lambda b: b.credit_note("N", H, "9.00", issued=MARCH),
            [("credit_note", {("receivable", H): -900, ("billing_clearing", H): 900})],
        ),
        (
            lambda b: b.invoice("N", H, "9.00", issued=MARCH, settled_before="4.00"),
            [
                ("invoice", {("receivable", H): 900, ("billing_clearing", H): -900}),
                ("opening", {("receivable", H): -400, ("opening_balances", H): 400}),
            ],
        ),
        (
            lambda b: b.payment("N", H, "9.00", on=MARCH),
            [("payment", {("bank", H): 900, ("unapplied_cash", H): -900})],
        ),
        (
            lambda b: b.apply("P", "I", "100.00", discount="4.00", on=MARCH),
            [
                ("cash", {("unapplied_cash", H): 10000, ("receivable", H): -10000}),
                ("discount", {("discount_allowed", H): 400, ("receivable", H): -400}),
            ],
        ),
        (
            lambda b: b.apply("U", "I", "1.00", on=MARCH),
            [("cash", {("unapplied_cash", NOBODY): 100, ("receivable", H): -100})],
        ),
        (lambda b: b.apply("C", "I", "30.00", on=MARCH), []),  # nothing moves between accounts
        (
            lambda b: b.apply("CT", "I", "30.00", on=MARCH),
            [("credit", {("receivable", T): 3000, ("receivable", H): -3000})],
        ),
        (
            lambda b: b.settle_elsewhere("I", "50.00", on=MARCH),
            [("settled_elsewhere", {("settled_elsewhere", H): 5000, ("receivable", H): -5000})],
        ),
        (
            lambda b: b.settle_elsewhere("C", "5.00", on=MARCH),
            [("settled_elsewhere", {("settled_elsewhere", H): -500, ("receivable", H): 500})],
        ),
        (
            lambda b: b.void("I", on=MARCH),
            [("void", {("receivable", H): -20000, ("billing_clearing", H): 20000})],
        ),
        (
            lambda b: b.void_payment("P", on=MARCH),
            [("void", {("bank", H): -10000, ("unapplied_cash", H): 10000})],
        ),
    ],
)
def test_each_verb_moves_its_accounts(
    books: Books, act: Callable[[Books], object], legs: list[tuple[str, dict[tuple, int]]]
) -> None:
    assert posted(books, lambda: act(books)) == legs


def test_taking_back_posts_the_same_turned_round(books: Books) -> None:
    done = posted(books, lambda: books.apply("P", "I", "100.00", discount="4.00", on=MARCH))
    back = posted(books, lambda: books.unapply("P", on=MARCH))
    assert back == [(reason, {key: -value for key, value in legs.items()}) for reason, legs in done]
    entries = {entry.pk: entry.reverses_id for entry in Entry.objects.order_by("-id")[:4]}
    assert sorted(filter(None, entries.values())) == sorted(entries)[:2]
