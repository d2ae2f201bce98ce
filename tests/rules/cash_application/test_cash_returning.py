"""Which payment a bank's line takes back: what it says decides, and a tie abstains (pain C8)."""

from datetime import date

import pytest

from duly.cash_application.rules.lines import undoings_of, undone_by
from duly.cash_application.rules.returning import Came, Undoing, find_returned
from duly.cash_application.rules.statements import Detail, Entry

DAY = date(2026, 3, 20)
LINE = Undoing(DAY, "EUR", 11900, 0, "AM04")
IBANS = ("DE89370400440532013000", "FR1420041010050500013M02606")


def came(pk: int = 1, **said: object) -> Came:
    return Came(pk, f"PAY-{pk}", 7, "EUR", 11900, date(2026, 3, 9))._replace(**said)


@pytest.mark.parametrize(
    ("line", "payment", "because"),
    [
        ({"bank_reference": "2026-0309/77"}, {"bank_reference": "20260309 77"}, "at the bank"),
        ({"text": "return of 20260309/77 AM04"}, {"bank_reference": "20260309/77"}, "at the bank"),
        ({"end_to_end": "E2E-1"}, {"end_to_end": "e2e-1"}, "end-to-end id"),
        ({"mandate": "M-7"}, {"mandate": "M-7"}, "mandate"),
        ({"account": IBANS[0]}, {"account": "DE89 3704 0044 0532 0130 00"}, "account"),
        ({"text": "RE 4711"}, {"text": "re 4711"}, "its reference"),
        ({"text": "cheque PAY-1 no cover"}, {}, "its reference"),
        ({"name": "Acme GmbH"}, {"name": "ACME GMBH"}, "payer's name"),
    ],
)
def test_what_speaks_for_a_payment(
    line: dict[str, str], payment: dict[str, str], because: str
) -> None:
    found = find_returned(LINE._replace(**line), [came(**payment), came(2, name="Baker")])
    assert found.payment is not None
    assert found.payment.payment_id == 1
    assert because in found.because


def test_the_stronger_word_decides_between_two() -> None:
    line = LINE._replace(mandate="M-7", end_to_end="E-2")
    first, second = came(1, mandate="M-7"), came(2, mandate="M-7", end_to_end="E-2")
    found = find_returned(line, [first, second])
    assert found.payment == second


def test_twins_abstain_and_name_whose_they_are() -> None:
    line = LINE._replace(account=IBANS[0])
    found = find_returned(line, [came(1, account=IBANS[0]), came(2, account=IBANS[0])])
    assert (found.payment, found.customer_id) == (None, 7)
    assert found.because == "2 payments fit as well: PAY-1, PAY-2"


def test_the_amount_alone_names_nobody() -> None:
    found = find_returned(LINE, [came()])
    assert found.payment is None
    assert "nothing on the line says which" in found.because


@pytest.mark.parametrize(
    "said",
    [
        {"end_to_end": "E-9"},  # another collection of the same mandate
        {"mandate": "M-9"},
        {"account": IBANS[1]},
    ],
)
def test_what_says_something_else_speaks_against_it(said: dict[str, str]) -> None:
    line = LINE._replace(end_to_end="E-1", mandate="M-7", account=IBANS[0], name="Acme")
    payment = came(end_to_end="E-1", mandate="M-7", account=IBANS[0], name="Acme")
    assert find_returned(line, [payment]).payment == payment
    assert find_returned(line, [payment._replace(**said)]).payment is None


@pytest.mark.parametrize(
    "payment",
    [
        came(mandate="M-7", amount_minor=11800),
        came(mandate="M-7", currency="USD"),
        came(mandate="M-7", received_on=date(2026, 3, 21)),  # after it was taken back
        came(mandate="M-7", received_on=date(2024, 3, 21)),
    ],
)
def test_amount_currency_and_days_must_fit(payment: Came) -> None:
    found = find_returned(LINE._replace(mandate="M-7"), [payment])
    assert found.because == "no payment of this amount came in before"


def test_charges_that_the_bank_tells_are_not_the_payments() -> None:
    line = LINE._replace(amount_minor=12250, charges_minor=350, mandate="M-7")
    assert find_returned(line, [came(mandate="M-7")]).payment is not None
    unknown = line._replace(charges_minor=0)
    assert find_returned(unknown, [came(mandate="M-7")]).payment is None


def test_a_mandate_that_says_nothing_is_none() -> None:
    line = LINE._replace(mandate="NOTPROVIDED", end_to_end="NOTPROVIDED")
    payment = came(mandate="notprovided", end_to_end="NOTPROVIDED")
    assert find_returned(line, [payment]).payment is None


@pytest.mark.parametrize(
    ("told", "undoes"),
    [
        ({"code": "PMNT-IDDT-UPDD"}, "in"),
        ({"code": "PMNT-RCHQ-UPCQ"}, "in"),
        ({"code": "555"}, "in"),
        ({"code": "557"}, "in"),
        ({"code": "NTRF+109"}, "in"),
        ({"code": "NDDT-109"}, "in"),
        ({"code": "NRTI"}, "in"),
        ({"code": "NTRF-116"}, ""),
        ({"code": "PMNT-ICDT-ESCT"}, ""),
        ({"code": "475"}, ""),
        ({"is_reversal": True}, "in"),
        ({"return_reason": "R01"}, "in"),
        ({"details": (Detail(-100, return_reason="AM04"), Detail(-200))}, "in"),
    ],
)
def test_which_lines_take_money_back(told: dict[str, object], undoes: str) -> None:
    line = Entry("line 1", DAY, None, -300, "EUR", **told)
    assert undone_by(line) == undoes
    assert bool(undoings_of(line, DAY)) is (undoes == "in")
    assert undoings_of(line._replace(minor=300), DAY) == ()


def test_a_batch_of_returns_is_opened() -> None:
    parts = (Detail(-100, "Acme", return_reason="AC04"), Detail(-200, "Baker", mandate="M-1"))
    line = Entry("line 1", DAY, None, -300, "EUR", return_reason="MS03", details=parts)
    assert [(one.amount_minor, one.name, one.reason) for one in undoings_of(line, DAY)] == [
        (100, "Acme", "AC04"),
        (200, "Baker", "MS03"),
    ]
    whole = undoings_of(line._replace(details=(Detail(None, "A"), Detail(None, "B"))), DAY)
    assert [one.amount_minor for one in whole] == [300]
