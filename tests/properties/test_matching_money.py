"""Money matched, accepted, undone, returned, refunded and given its payer in any order (I1 to I20).

Random small books and payments: after each act every invariant holds and no item or payment crosses
zero; a second run of matching changes nothing; what was undone is never applied by itself again;
and once all is undone, the aging is what it was before anything was applied.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.properties.test_going_back import refund

from banking import line, statement, take
from building import Books, broken, day, row_count
from duly.cash_application.actions import accept_match, match_payments, undo_items, undo_matches
from duly.cash_application.models import Match
from duly.cash_application.policy import MatchingPolicy
from duly.cash_application.rules.residuals import Line
from duly.kernel.errors import DulyError
from duly.receivables.models import Item, Payment

pytestmark = pytest.mark.django_db

ON = "2026-03-28"
NAMES = {"ACME": "Acme Tools GmbH", "KESTREL": "Kestrel Optics GmbH"}
GENEROUS = MatchingPolicy(
    tolerance_minor=10**6,
    tolerance_percent=Decimal(10**6),
    tolerance_year_minor=10**9,
    charges_most_minor=10**6,
)
CUSTOMERS = st.sampled_from(sorted(NAMES))
CENTS = st.sampled_from([100, 250, 999, 1_000, 1_001, 2_000, 7_713, 12_345])
ITEMS = st.lists(st.tuples(CUSTOMERS, CENTS, st.integers(0, 40)), min_size=2, max_size=6)
# What is paid: items by their places, with so much more or less; what its text says; who is named.
MONEY = st.lists(
    st.tuples(
        st.sets(st.integers(0, 5), min_size=1, max_size=3),
        st.sampled_from([0, 0, 0, 1, -1, 500, -37]),
        st.sampled_from(["all", "all", "one", "none", "other"]),
        st.sampled_from([*NAMES, "nobody"]),
    ),
    min_size=1,
    max_size=4,
)
RESIDUALS = ("settled", "tolerance", "bank_fee", "discount")  # what the rest of an item may be
ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "match",
                "match",
                *RESIDUALS,
                "undo",
                "undo one",
                "return",
                "refund",
                "attribute",
                "revert",
            ]
        ),
        st.integers(0, 3),
        st.integers(0, 5),
    ),
    min_size=2,
    max_size=7,
)


@contextmanager
def books_of(items: list[Any], paid: list[Any]) -> Iterator[Books]:
    """Books with these items and payments, and nothing of it afterwards."""
    with transaction.atomic():
        books = Books()
        for code, name in NAMES.items():
            books.customer(code, name, country="DE")
        for n, (code, cents, late) in enumerate(items):
            due = f"2026-0{2 + late // 28}-{1 + late % 28:02}"
            amount = f"{cents // 100}.{cents % 100:02}"
            books.invoice(f"INV-10{n}7", code, amount, issued="2026-01-15", due=due)
        told = [_line(items, n, *one) for n, one in enumerate(paid)]
        take(books, statement(*told))
        yield books
        transaction.set_rollback(True)


def _line(items: list[Any], n: int, places: set[int], more: int, says: str, who: str) -> Any:
    chosen = sorted({place % len(items) for place in places})
    cents = max(1, sum(items[place][1] for place in chosen) + more)
    named = {"all": chosen, "one": chosen[:1], "none": [], "other": [(chosen[0] + 1) % len(items)]}
    text = " ".join(f"INV-10{place}7" for place in named[says])
    name = NAMES.get(who, "Somebody Else")
    return line("2026-03-10", f"{cents // 100}.{cents % 100:02}", text, f"R{n}", name=name)


def match(books: Books) -> None:
    match_payments(entity=books.entity, on=day(ON), auto=True, actor="night", at=books.moment())


def undo(books: Books, *payments: Payment) -> None:
    with books.recording("unapply") as recorder:
        undo_matches(
            recorder=recorder,
            entity_id=books.entity_id,
            payment_ids=[one.pk for one in payments],
            on=day(ON),
        )


def undo_one(books: Books, payment: Payment, item: Item) -> None:
    with books.recording("unapply") as recorder:
        undo_items(
            recorder=recorder,
            entity_id=books.entity_id,
            payment_id=payment.pk,
            item_ids={item.pk},
            on=day(ON),
        )


def accept(books: Books, payment: Payment, item: Item, rest: str) -> None:
    """Pay an item as far as the money goes; of what is short some is let go."""
    paid = max(1, min(item.open_minor, payment.unapplied_minor))
    if rest != "settled":
        paid = max(1, paid - 37)
    left = item.open_minor - paid
    lines = [
        Line(item.pk, paid),
        *([Line(item.pk, left, rest)] if left and rest != "settled" else []),
    ]
    accept_match(
        entity=books.entity,
        payment_id=payment.pk,
        customer_id=item.customer_id,
        lines=lines,
        on=day(ON),
        actor="Ada",
        at=books.moment(),
        policy=GENEROUS,
    )


def carry_out(books: Books, act: str, payment: Payment, item: Item, place: int) -> bool:
    """Do it, or be refused: then nothing has happened."""
    before = row_count()
    try:
        with transaction.atomic():
            if act == "match":
                match(books)
            elif act in RESIDUALS:
                accept(books, payment, item, act)
            elif act == "undo one":
                undo_one(books, payment, item)
            elif act == "undo":
                undo(books, payment)
            elif act == "return":
                books.return_payment(payment.number, on=ON)
            elif act == "refund":
                refund(books, payment.number, f"{1 + place}.00", ON)
            elif act == "revert":
                books.revert(payment.batch_id)
            else:
                books.attribute(payment.number, sorted(NAMES)[place % 2], on=ON)
    except DulyError:
        assert row_count() == before
        return False
    return True


def look(books: Books) -> None:
    """What holds whatever was done."""
    assert broken() == {}
    for item in Item.objects.filter(entity_id=books.entity_id):
        assert 0 <= item.open_minor <= item.amount_minor
    for payment in Payment.objects.filter(entity_id=books.entity_id):
        assert 0 <= payment.unapplied_minor <= payment.amount_minor


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(items=ITEMS, paid=MONEY, acts=ACTS)
def test_in_any_order_the_books_hold(items: list[Any], paid: list[Any], acts: list[Any]) -> None:
    with books_of(items, paid) as books:
        undone: set[int] = set()
        for act, which, place in acts:
            payments = list(Payment.objects.filter(entity_id=books.entity_id).order_by("id"))
            debts = list(Item.objects.filter(entity_id=books.entity_id).order_by("id"))
            payment, item = payments[which % len(payments)], debts[place % len(debts)]
            autos = _decided_by_itself(undone)
            done = carry_out(books, act, payment, item, place)
            assert _decided_by_itself(undone) == autos  # never again by itself
            if done and act == "undo":
                undone.add(payment.pk)
            if done and act == "match":
                rows = row_count(), books.aging(ON)
                match(books)
                assert (row_count(), books.aging(ON)) == rows
            look(books)
            if done and act == "revert":
                break  # no money is left


def _decided_by_itself(payment_ids: set[int]) -> int:
    return Match.objects.filter(payment_id__in=payment_ids, decided="auto").count()


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(items=ITEMS, paid=MONEY, acts=ACTS)
def test_all_undone_is_as_before(items: list[Any], paid: list[Any], acts: list[Any]) -> None:
    with books_of(items, paid) as books:
        before = books.aging(ON)
        for act, which, place in acts:
            payments = list(Payment.objects.filter(entity_id=books.entity_id).order_by("id"))
            debts = list(Item.objects.filter(entity_id=books.entity_id).order_by("id"))
            if act not in ("return", "refund", "revert"):  # what is not undone by undoing
                carry_out(
                    books, act, payments[which % len(payments)], debts[place % len(debts)], place
                )
        for payment in Payment.objects.filter(entity_id=books.entity_id):
            carry_out(books, "undo", payment, debts[0], 0)
        assert books.aging(ON) == before
        assert broken() == {}
