"""Who paid, by what a bank tells."""

import csv
import gzip
from datetime import date
from pathlib import Path

import pytest

from duly.cash_application.rules.facts import BankPayment, Customer
from duly.cash_application.rules.names import likeness, name_of
from duly.cash_application.rules.payers import ACCOUNT, ALIAS, NAME, REFERENCE, SAID, Directory
from duly.receivables.rules.references import creditor_reference, qr_reference

ON = date(2026, 3, 1)
KESTREL = Customer(1, "C-0117", "Kestrel Logistics GmbH", ("DE89370400440532013000",))
OTHERS = [
    Customer(2, "C-0118", "Kestrel Foods Ltd"),
    Customer(3, "C-0119", "Müller & Söhne KG", aliases=("HOLDCO TREASURY",)),
    Customer(4, "C-0120", "Alder Paper GmbH"),
    Customer(5, "C-0121", "Alder Paper Ltd"),
    Customer(6, "C-0122", "Kestrel Logistics Polska Sp. z o.o.", parent_id=1),
]
DIRECTORY = Directory([KESTREL, *OTHERS])
NAMES = Path(__file__).parents[4] / "shared" / "data" / "names"


def payment(name: str = "", account: str = "", text: str = "", **more) -> BankPayment:
    """A payment as a bank tells of it."""
    return BankPayment(1, ON, 1000, "EUR", name, account, text, **more)


@pytest.mark.parametrize(
    ("told", "customer", "how"),
    [
        (payment("ANYBODY", customer_id=4), 4, SAID),
        (payment("KESTREL LOG", "DE89 3704 0044 0532 0130 00"), 1, ACCOUNT),
        (payment("Holdco Treasury"), 3, ALIAS),
        (payment("ANYBODY", text="RF18 ... RF38C0120"), None, ""),
        (payment("KSTREL FOODS"), 2, NAME),
        (payment("MUELLER UND SOEHNE"), 3, NAME),
        (payment("Kestrel Foods"), 2, NAME),
        (payment("KEST FOOD LTD"), 2, NAME),
        (payment("ALDER PAPER LTD"), 5, NAME),
    ],
)
def test_who_paid(told: BankPayment, customer: int | None, how: str) -> None:
    """Pain C13: what was learned is kept, and used before likeness."""
    found = DIRECTORY.identify(told)
    assert (found.customer.id if found.customer else None) == customer
    assert customer is None or found.how == how


def test_a_reference_made_from_a_customers_id_names_them() -> None:
    for reference in (creditor_reference("C-0120"), qr_reference("C-0120")):
        found = DIRECTORY.identify(payment("ANYBODY", reference=reference))
        assert (found.customer, found.how) == (OTHERS[2], REFERENCE)
    assert DIRECTORY.identify(payment("ANYBODY", reference=qr_reference("C-9999"))).how == ""


def test_a_tie_abstains_and_is_told() -> None:
    found = DIRECTORY.identify(payment("ALDER PAPER"))
    assert found.customer is None
    assert {one.id for one in found.candidates} == {4, 5}
    assert DIRECTORY.identify(payment("Umbrella Unrelated Holdings")).possible == ()


def test_an_account_of_somebody_who_pays_for_others_names_nobody() -> None:
    found = DIRECTORY.identify(payment("FACTOR ONE BANK", "DE89370400440532013000"))
    assert found.customer is None
    assert found.candidates == (KESTREL,)
    shared = Directory([KESTREL, OTHERS[0]._replace(accounts=KESTREL.accounts)])
    found = shared.identify(payment("KESTREL", "DE89370400440532013000"))
    assert found.customer is None
    assert len(found.candidates) == 2


def test_a_parent_may_pay_for_its_children() -> None:
    """Pain C14."""
    assert {one.id for one in DIRECTORY.family(KESTREL)} == {1, 6}
    assert {one.id for one in DIRECTORY.family(OTHERS[4])} == {6}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Siemens Aktiengesellschaft", "Siemens AG"),
        ("A B Volvo", "AB VOLVO"),
        ("Alder Paper s.r.o.", "ALDER PAPER"),
        ("Østlund Textiles A/S", "OSTLUND TEXTILES AS"),
        ("JUNIPER LOGISTICS & CO. KG", "Juniper Logistics"),
        ("Murom Plant Open Joint Stock Company", "JSC Murom Plant"),
        ("Stripe Limited Liability Company", "STRIPE LLC"),
        ("Faberlic Europe Sp. z o.o.", "FABERLIC EUROPE"),
    ],
)
def test_names_that_are_one(one: str, other: str) -> None:
    assert likeness(name_of(one), name_of(other)) >= 80


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Volkswagen Aktiengesellschaft", "Siemens Aktiengesellschaft"),
        ("Alder Paper GmbH", "Alder Steel GmbH"),
        ("H. Arends Beheer B.V.", "H. Roosendaal Beheer B.V."),
    ],
)
def test_names_that_are_two(one: str, other: str) -> None:
    assert likeness(name_of(one), name_of(other)) < 80


@pytest.mark.skipif(not NAMES.is_dir(), reason="the labelled names are not here")
def test_labelled_pairs_are_told_apart() -> None:
    """Pairs of public data sets: hardly any two companies are taken for one."""
    with open(NAMES / "nomenklatura-bench" / "company_cases.csv") as file:
        pairs = [(r["name1"], r["name2"], r["is_match"] == "True") for r in csv.DictReader(file)]
    with gzip.open(NAMES / "emm" / "unittest_sample_namepairs.csv.gz", "rt") as packed:
        pairs += [(r["gt_name"], r["name"], r["correct"] == "True") for r in csv.DictReader(packed)]
    said = [is_one for a, b, is_one in pairs if likeness(name_of(a), name_of(b)) >= 80]
    assert sum(said) / len(said) >= 0.95
    assert sum(said) / sum(is_one for *_, is_one in pairs) >= 0.7
