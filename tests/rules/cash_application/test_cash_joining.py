"""Advices and payments find each other; either may come first, and a tie abstains (pain C12)."""

from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duly.cash_application.policy import JOINING
from duly.cash_application.rules.advices import Advice, AdviceLine
from duly.cash_application.rules.joining import (
    NOTHING_AGAINST,
    PAYER,
    REFERENCE,
    AdviceFacts,
    Joined,
    Joins,
    PaymentFacts,
    Tied,
    join,
    share_of,
)

ON = date(2026, 3, 31)
IBAN = "DE89370400440532013000"


def told(id_: int, minor: int | None = 50_000, on: date = ON, **said) -> AdviceFacts:
    """An advice in euro."""
    facts = {k: said.pop(k) for k in ("customers", "names", "accounts") if k in said}
    given = {"amount_minor": minor, "currency": "EUR", "paid_on": ON, **said}
    return AdviceFacts(id_, Advice("file", **given), on, **facts)


def came(id_: int, minor: int = 50_000, on: date = ON, **said) -> PaymentFacts:
    """A payment in euro."""
    return PaymentFacts(id_, on, minor, **{"currency": "EUR", **said})


def found(advices: list[AdviceFacts], payments: list[PaymentFacts]) -> Joins:
    return join(advices, payments, JOINING)


@pytest.mark.parametrize(
    ("advice", "payment", "by"),
    [
        ({"payment_reference": "ZA-2026-17"}, {"text": "re. za 2026 17", "name": "X"}, REFERENCE),
        ({"payer_account": IBAN}, {"account": "DE89 3704 0044 0532 0130 00"}, PAYER),
        ({"payer_name": "Alder Foods GmbH"}, {"name": "ALDER FOODS GMBH"}, PAYER),
        ({"names": ("Alder Foods",)}, {"name": "Alder Foods Ltd."}, PAYER),
        ({"customers": frozenset({7})}, {"customer_id": 7}, PAYER),
        ({"accounts": frozenset({IBAN})}, {"account": IBAN, "name": "Somebody"}, PAYER),
        ({}, {}, NOTHING_AGAINST),
        ({"payer_name": "Alder Foods"}, {}, NOTHING_AGAINST),
    ],
)
def test_by_what_they_find_each_other(advice, payment, by: int) -> None:
    assert found([told(1, **advice)], [came(9, **payment)]) == Joins((Joined(1, (9,), by),))


@pytest.mark.parametrize(
    ("advice", "payment"),
    [
        ({}, {"minor": 50_001}),
        ({}, {"currency": "USD"}),
        ({}, {"on": ON + timedelta(days=8)}),
        ({}, {"on": ON - timedelta(days=4)}),
        ({"payer_name": "Alder Foods GmbH"}, {"name": "Baltic Steel Ltd"}),
        ({"payer_account": IBAN}, {"account": "GB82WEST12345698765432"}),
        ({"customers": frozenset({7})}, {"customer_id": 8}),
        ({"minor": None}, {}),
        ({"paid_on": None, "on": ON - timedelta(days=15)}, {}),
    ],
)
def test_what_keeps_them_apart(advice, payment) -> None:
    assert found([told(1, **advice)], [came(9, **payment)]) == Joins()


def test_the_money_may_have_waited_or_the_advice() -> None:
    for days in (-45, 0, 14):
        advice = told(1, paid_on=None, on=ON)
        assert found([advice], [came(9, on=ON + timedelta(days=days))]).joined


def test_a_tie_abstains_and_is_told() -> None:
    assert found([told(1)], [came(8), came(9)]) == Joins((), (Tied(1, (8, 9)),))
    two = [
        told(1, payer_name="Alder Foods"),
        told(2, payer_name="Alder Foods", on=ON - timedelta(9)),
    ]
    assert found(two, [came(9, name="Alder Foods")]).joined == ()


def test_what_is_found_surely_leaves_the_rest_clear() -> None:
    """Two equal payments of one payer: one advice names the reference, so the other is the rest."""
    alder = {"payer_name": "Alder Foods"}
    advices = [
        told(1, lines=(AdviceLine("A", None, 50_000),), **alder),
        told(2, payment_reference="ZA-2026-17", **alder),
    ]
    payments = [came(8, name="Alder Foods"), came(9, name="Alder Foods", text="ZA-2026-17")]
    assert set(found(advices, payments).joined) == {
        Joined(1, (8,), PAYER),
        Joined(2, (9,), REFERENCE),
    }


def test_one_telling_twice_by_mail_and_as_a_file_is_one() -> None:
    joins = found([told(1), told(2, on=ON + timedelta(days=1))], [came(9)])
    assert joins.joined == (Joined(1, (9,), NOTHING_AGAINST),)


@pytest.mark.parametrize(
    ("advice", "payment"),
    [
        ({"payer_name": "Alder Foods GmbH"}, {"name": "ALDER FOODS"}),
        ({"accounts": frozenset({IBAN})}, {"account": IBAN}),
        ({"customers": frozenset({7})}, {"customer_id": 7}),
        ({"payment_reference": "ZA-2026-17"}, {"text": "ZA-2026-17"}),
    ],
)
def test_one_that_tells_no_amount_is_found_by_its_payer_alone(advice, payment) -> None:
    others = [came(n, name="Baltic Steel", account="X", customer_id=8) for n in range(20, 25)]
    joins = found([told(1, None, **advice)], [came(9, **payment), *others])
    assert [one.payment_ids for one in joins.joined] == [(9,)]


def test_several_payments_only_where_it_names_them_all() -> None:
    lines = (AdviceLine("A", None, 20_000), AdviceLine("B", None, 31_000))
    advice = told(1, 51_000, payment_reference="TRX-1001 TRX-1002", lines=lines)
    payments = [came(8, 20_000, text="TRX1001"), came(9, 31_000, text="TRX1002")]
    assert found([advice], payments).joined == (Joined(1, (8, 9), REFERENCE),)
    assert share_of(advice.advice, 20_000).lines == lines[:1]
    silent = told(1, 51_000, lines=lines)
    assert found([silent], payments) == Joins()
    assert found([advice], [payments[0], came(9, 30_000, text="TRX1002")]) == Joins()
    twins = advice.advice._replace(lines=(*lines, *lines))
    assert share_of(twins, 20_000) == twins


NAMES = st.sampled_from(["", "Alder Foods GmbH", "Baltic Steel Ltd"])
ADVICES = st.lists(
    st.builds(told, st.just(0), st.sampled_from([100, 200, None]), payer_name=NAMES), max_size=4
)
PAYMENTS = st.lists(
    st.builds(came, st.just(0), st.sampled_from([100, 200]), name=NAMES), max_size=4
)


@settings(max_examples=100, deadline=None)
@given(ADVICES, PAYMENTS)
def test_each_is_joined_once_and_in_any_order_alike(advices, payments) -> None:
    advices = [
        one._replace(id=n, advice=one.advice._replace(lines=(AdviceLine(f"A{n}"),)))
        for n, one in enumerate(advices, 1)
    ]
    payments = [one._replace(id=n) for n, one in enumerate(payments, 1)]
    first = {(one.advice_id, one.payment_ids) for one in found(advices, payments).joined}
    assert len({advice for advice, _ in first}) == len(first)
    assert len({payment for _, (payment,) in first}) == len(first)
    for other in list(permutations(payments))[:6]:
        again = found(advices[::-1], list(other))
        assert {(one.advice_id, one.payment_ids) for one in again.joined} == first
