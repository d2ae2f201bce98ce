"""Flags tell what they saw; a firm without anything odd has none."""

from datetime import date
from typing import Any

import pytest
from tests.applying import application

from duly.credit.rules.answers import read_answers
from duly.credit.rules.flags import Flag, Known, find_flags, keys_of
from duly.credit.rules.guarantees import weaknesses, wording
from duly.credit.rules.identifiers import look_at_account, look_at_company_number, look_at_tax_id
from duly.credit.rules.request_form import usual_form

ON = date(2026, 3, 10)


def values(**changes: Any) -> dict[str, Any]:
    return read_answers(usual_form(), application(**changes), ON).values


def flags(*others: Known, **changes: Any) -> dict[str, Flag]:
    return {one.code: one for one in find_flags(values(**changes), others=others, on=ON)}


def test_a_firm_with_nothing_odd_has_no_flag() -> None:
    assert flags() == {}


@pytest.mark.parametrize(
    ("changes", "code", "seen"),
    [
        ({"payables_email": "meadow@gmail.com"}, "free_email", "gmail.com"),
        ({"formed_on": "2025-12-01"}, "young_firm", "99 days"),
        ({"shipping_address": "Freight Forwarding, Dock 4"}, "forwarder_address", "freight"),
        ({"first_order_on": "2026-03-11"}, "urgent_first_order", "2026-03-11, tomorrow"),
        ({"first_order_on": "2026-02-11"}, "urgent_first_order", "a day that is over"),
        ({"first_order": "100000"}, "size_out_of_line", "4 times"),
        ({"amount": "90000", "monthly_purchases": "20000"}, "size_out_of_line", "4 times"),
        ({"yearly_sales": "1000000"}, "size_out_of_line", "30 percent"),
    ],
)  # fmt: skip
def test_each_flag_tells_what_it_saw(changes: dict[str, Any], code: str, seen: str) -> None:
    assert seen in flags(**changes)[code].text


def test_a_referee_at_the_applicant_s_own_domain_is_doubtful() -> None:
    rows = application()["trade_references"]
    rows[1] = {**rows[1], "email": "bo@meadow.example"}
    assert "Tall Oaks" in flags(trade_references=rows)["referee_doubtful"].text


def test_the_same_numbers_as_a_customer_are_told_each_by_itself() -> None:
    other = Known("customer", "C9", "Nothing Alike SA", keys_of(values()))
    assert set(flags(other)) >= {"same_tax_id", "same_registration", "same_account", "same_phone"}
    assert "C9" in flags(other)["same_tax_id"].text


def test_a_copy_of_a_good_customer_writes_from_elsewhere() -> None:
    good = Known(
        "customer", "C1", "Meadow Prints", frozenset(), frozenset({"meadowprints.example"})
    )
    found = flags(good)
    assert {"near_name", "identity_copy"} == set(found)
    assert "meadowprints.example" in found["identity_copy"].text
    same = good._replace(mails=frozenset({"meadow.example"}))
    assert "identity_copy" not in flags(same)


def test_an_account_that_the_customer_never_paid_from_is_told() -> None:
    known = frozenset({("account", "DE89370400440532013000")})
    assert "changed_account" in flags(Known("customer", "C1", "Meadow Prints", known))


@pytest.mark.parametrize(
    ("number", "country", "is_fit"),
    [
        ("GB980780684", "GB", True),
        ("GB980780685", "GB", False),
        ("DE136695976", "DE", True),
        ("FR40303265045", "FR", True),
        ("12-3456789", "US", True),
        ("00-1234567", "US", False),
        ("1234", "QA", None),
        ("1234", "", None),
    ],
)
def test_tax_numbers_by_their_form(number: str, country: str, is_fit: bool | None) -> None:
    assert look_at_tax_id(number, country).is_fit is is_fit


@pytest.mark.parametrize(
    ("number", "country", "is_fit"),
    [
        ("01234567", "GB", True),
        ("0123456", "GB", False),
        ("HRB 12345", "DE", True),
        ("12345", "DE", False),
        ("552100554", "FR", True),
        ("552100555", "FR", False),
        ("1234", "US", None),
    ],
)
def test_company_numbers_by_their_form(number: str, country: str, is_fit: bool | None) -> None:
    assert look_at_company_number(number, country).is_fit is is_fit


def test_accounts_by_their_form() -> None:
    assert look_at_account("GB33 BUKB 2020 1555 5555 55").is_fit is True
    assert look_at_account("GB33 BUKB 2020 1555 5555 56").is_fit is False
    assert look_at_account("12345678").is_fit is None


@pytest.mark.parametrize(
    ("signed", "count"),
    [
        ("Ann Lee", 0),
        ("ann  lee", 0),
        ("Ann Lee, Director", 1),
        ("Ann Lee Director", 2),
        ("Meadow Prints Ltd", 2),
        ("Bo Marsh", 1),
    ],
)
def test_what_weakens_a_personal_signature(signed: str, count: int) -> None:
    assert len(weaknesses(kind="personal", signed=signed, named="Ann Lee")) == count
    assert weaknesses(kind="corporate", signed=signed, named="Ann Lee") == []


def test_a_wording_says_who_for_whom_up_to_what() -> None:
    told = wording(usual="", kind="personal", applicant="{entity}", entity="Northwind", cap="")
    assert "personal capacity" in told
    assert "without limit" in told
    assert "{entity} on credit" in told  # an applicant's name is no placeholder
