"""Money applied, un-applied, returned and refunded in any order moves no day before (C8, K1).

Random sequences on a small book: each act happens on the day of the one before or later. After
each, every day before tells what it told; when all that stands is un-applied, every balance is what
it was before anything was applied, less what went back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from building import Books, broken, day, minor
from duly.access.actions import Author
from duly.kernel.errors import DulyError
from duly.receivables.actions import RefundDraft, ask_refund, decide_refund, pay_refund
from duly.receivables.queries import payments_by_number
from northwind import northwind

pytestmark = pytest.mark.django_db

PAYMENTS, ITEMS = ("P-1", "P-2", "P-3"), ("I-1", "I-2", "I-3")
DAYS = [f"2026-03-{on:02}" for on in range(1, 29)]
ACTS = st.tuples(
    st.sampled_from(("apply", "apply", "apply", "unapply", "unapply one", "return", "refund")),
    st.sampled_from(PAYMENTS),
    st.sampled_from(ITEMS),
    st.integers(min_value=1, max_value=100),
    st.integers(min_value=0, max_value=4),  # days later than the act before
)


@contextmanager
def rolled_back() -> Iterator[Books]:
    """Three payments and three items of a customer, and nothing of it afterwards."""
    with transaction.atomic():
        books = northwind()
        for place, number in enumerate(ITEMS, 1):
            books.invoice(
                number,
                "MERIDIAN",
                f"{place * 40}.00",
                issued="2026-02-01",
                due=f"2026-02-{place * 9:02}",
                discount=("2026-03-10", "2.00"),
            )
        for number, amount in zip(PAYMENTS, ("100.00", "60.00", "25.00"), strict=True):
            books.payment(number, "MERIDIAN", amount, on="2026-03-01")
        yield books
        transaction.set_rollback(True)


def refund(books: Books, number: str, amount: str, on: str) -> None:
    payment = payments_by_number(books.entity_id, [number])[number]
    draft = RefundDraft(payment.id, None, minor(amount, "EUR"), "too much", day(on))
    with books.recording("refund") as recorder:
        pk = ask_refund(recorder=recorder, entity_id=books.entity_id, draft=draft)
        decide_refund(
            entity_id=books.entity_id,
            refund_id=pk,
            is_approved=True,
            author=Author("boss", recorder.at),
        )
        pay_refund(recorder=recorder, entity_id=books.entity_id, refund_id=pk, on=day(on))


def carry_out(books: Books, act: str, source: str, item: str, amount: str, on: str) -> bool:
    """Do it, or be refused: then nothing has happened."""
    try:
        with transaction.atomic():
            if act == "apply":
                discount = "2.00" if on <= "2026-03-10" and amount.startswith("3") else ""
                books.apply(source, item, amount, on=on, discount=discount)
            elif act == "return":
                books.return_payment(source, on=on)
            elif act == "refund":
                refund(books, source, amount, on)
            else:
                books.unapply(source, item if act == "unapply one" else "", on=on)
    except DulyError:
        return False
    return True


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=st.lists(ACTS, min_size=3, max_size=9))
def test_no_day_before_moves_and_all_comes_back(acts: list[Any]) -> None:
    with rolled_back() as books:
        untouched = books.aging("2026-03-28")["EUR"]
        place, gone = 0, 0
        for act, source, item, units, later in acts:
            place = min(place + later, len(DAYS) - 1)
            on, before = DAYS[place], DAYS[:place]
            told = {one: books.aging(one) for one in before[-3:] + before[:1]}
            left = payments_by_number(books.entity_id, [source])[source]
            if carry_out(books, act, source, item, f"{units}.00", on):
                gone += {"return": left.amount_minor, "refund": units * 100}.get(act, 0)
            assert {one: books.aging(one) for one in told} == told, (act, source, item, on)
        for source in PAYMENTS:
            carry_out(books, "unapply", source, "", "", DAYS[-1])
        back = books.aging(DAYS[-1])["EUR"]
        held = minor(untouched.pop("unapplied"), "EUR") + gone
        total = minor(untouched.pop("total"), "EUR") + gone
        assert (minor(back.pop("unapplied", "0.00"), "EUR"), minor(back.pop("total"), "EUR")) == (
            held,
            total,
        )
        assert back == untouched
        assert broken() == {}
