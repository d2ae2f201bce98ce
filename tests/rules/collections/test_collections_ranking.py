"""The value of a day's work, and reasons that add up to it; who is written to."""

from decimal import Decimal
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duly.collections.policy import WORTH
from duly.collections.rules.addressing import address, is_address
from duly.collections.rules.ranking import Late, in_entity_currency, value_of, worth

LATE = st.builds(
    Late,
    st.integers(1, 2000),
    st.integers(1, 10**12),
    st.integers(0, 10**12),
    st.integers(0, 10**12),
    st.integers(0, 10**12),
    st.integers(0, 10**12),
)


@pytest.mark.parametrize(
    ("days", "per_mille"),
    [(1, 896), (30, 896), (31, 803), (60, 803), (90, 719), (180, 517), (365, 267), (541, 71)],
)
def test_the_share_that_debts_of_an_age_still_bring(days: int, per_mille: int) -> None:
    """S-01: the fit of collectability over months."""
    assert worth(days, 1000, WORTH) == per_mille


@given(st.lists(LATE, min_size=1, max_size=20), st.integers(-(10**12), 0))
def test_reasons_add_up_and_the_value_is_never_negative(items, credits) -> None:
    value, because = value_of(items, credits, WORTH)
    assert value == sum(reason.minor for reason in because)
    assert 0 <= value <= sum(item.open_minor for item in items)
    assert all(reason.code and reason.text for reason in because)


@given(st.lists(LATE, min_size=1, max_size=5), st.decimals("0.001", "1000", places=4))
def test_reasons_add_up_in_the_entity_s_currency_too(items, rate) -> None:
    _, because = value_of(items, 0, WORTH)
    told = in_entity_currency(because, "JPY", "EUR", Decimal(rate))
    assert len(told) == len(because)


def test_a_promise_lowers_the_value() -> None:
    free, _ = value_of([Late(10, 10000, 0, 0)], 0, WORTH)
    waiting, because = value_of([Late(10, 10000, 0, 10000)], 0, WORTH)
    assert (free, waiting) == (8960, 0)
    assert {reason.code: reason.minor for reason in because} == {
        "overdue": 10000,
        "promised": -10000,
    }


class Customer(NamedTuple):
    email: str = "own@c.example"
    language: str = "de"


class Contact(NamedTuple):
    role: str
    email: str
    language: str = ""
    do_not_contact: bool = False


AP = Contact("accounts_payable", "AP@c.example", "fr")


@pytest.mark.parametrize(
    ("customer", "contacts", "suppressed", "expected"),
    [
        (Customer(), [], set(), ("own@c.example",)),
        (Customer(), [AP], set(), ("AP@c.example",)),
        (Customer(), [Contact("owner", "boss@c.example")], set(), ("own@c.example",)),
        (Customer(), [AP, AP._replace(email="ap@c.example")], set(), ("AP@c.example",)),
        (Customer(), [AP], {"ap@c.example"}, ("own@c.example",)),
        (Customer(), [AP._replace(do_not_contact=True)], set(), ("own@c.example",)),
        (Customer(email=""), [], set(), "no_address"),
        (Customer(email="nonsense"), [], set(), "bad_address"),
        (Customer(), [], {"own@c.example"}, "suppressed"),
        (
            Customer(),
            [Contact("other", "own@c.example", do_not_contact=True)],
            set(),
            "do_not_contact",
        ),
    ],
)
def test_who_is_written_to(customer, contacts, suppressed, expected) -> None:
    told = address(customer, contacts, suppressed, "en")
    assert expected in (told.recipients, told.why_none.code if told.why_none else None)


def test_the_language_is_the_contact_s_then_the_customer_s_then_ours() -> None:
    """Pain A25."""
    assert address(Customer(), [AP], set(), "en").language == "fr"
    assert address(Customer(), [], set(), "en").language == "de"
    assert address(Customer(language=""), [], set(), "nl").language == "nl"
    assert address(Customer(language="ja"), [], set(), "").language == "en"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a@",
        "@b",
        "a b@c.de",
        "a@b c",
        "a@b,c@d",
        "a@b\n",
        "<a@b>",
        "a@b..c",
        "a@@b",
        "a@straße.de",  # strasse.de by one standard, another's domain by the other
        "a@" + "ü" * 64 + ".de",
    ],
)
def test_what_is_no_address(text: str) -> None:
    assert not is_address(text)
