"""The company and its book: who is there, and whether it looks like a book that someone keeps."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests.world.conftest import UNTIL
from tests.world.files import live_small

from duly.kernel.currencies import exponent
from duly.kernel.dates import month_end
from duly.world.accounts import OWN_ACCOUNTS, mod97_check_digits
from duly.world.behaviour import SEGMENTS
from duly.world.company import PARITIES, build_company
from duly.world.names import plain
from duly.world.records import History


def in_euro(minor: int, currency: str) -> float:
    return minor / 10 ** exponent(currency) / PARITIES[currency]


def open_by_age(history: History, on: date) -> list[float]:
    """What is open on a day in euro: current, 1-30, 31-60, 61-90, over 90 days past due."""
    gone = history.returned()
    settled: Counter[str] = Counter()
    for made in history.applications():
        if made.source not in gone and made.applied_on <= on:
            settled[made.document] += made.amount_minor + made.discount_minor
    buckets = [0.0] * 5
    for document in history.documents():
        if document.kind != "credit_note" and document.issued_on <= on:
            left = document.amount_minor - settled[document.number]
            late = (on - document.due_on).days
            buckets[0 if late <= 0 else min(4, (late - 1) // 30 + 1)] += in_euro(
                left, document.currency
            )
    return buckets


def test_a_healthy_book_over_half_a_year(history: History) -> None:
    """At six month ends nearly all is current, hardly anything over 90 days late."""
    ends = [month_end(date(2026, month, 1)) for month in range(1, 7)]
    shares = []
    for on in ends:
        ages = open_by_age(history, on)
        shares.append([100 * age / sum(ages) for age in ages])
    current, over_90 = (sum(share[at] for share in shares) / len(ends) for at in (0, 4))
    assert 84 <= current <= 92
    assert 0.4 <= over_90 <= 2


def test_few_customers_carry_most_of_the_value(history: History) -> None:
    bought: Counter[str] = Counter()
    for document in history.documents():
        if document.kind == "invoice":
            bought[document.customer] += round(in_euro(document.amount_minor, document.currency))
    values = sorted(bought.values(), reverse=True)
    top = sum(values[: len(history.company.customers) // 5])
    assert top / sum(values) == pytest.approx(0.80, abs=0.05)


def test_everything_that_a_real_book_has_is_there(history: History) -> None:
    customers = history.company.customers
    documents = list(history.documents())
    payments = list(history.payments())
    gone = history.returned()
    applied: Counter[str] = Counter()
    for made in history.applications():
        applied[made.source] += made.amount_minor

    assert {one.segment.name for one in customers.values()} == set(SEGMENTS)
    assert {one.currency for one in documents} >= {"EUR", "USD", "GBP", "JPY", "KWD"}
    assert {one.kind for one in documents} == {"invoice", "credit_note", "debit_note"}
    terms = {one.terms for one in customers.values()}
    assert {"2/10-net30", "50%-net30+50%-net60", "cia"} <= terms
    assert any(one.parent for one in customers.values())
    assert any(one.payer != one.code for one in customers.values())
    assert any(one.method == "direct_debit" for one in payments)
    assert gone
    assert any(made.discount_minor for made in history.applications())

    # Left for whoever applies cash: part, all and unknown.
    left = [one for one in payments if one.bank_reference not in gone]
    assert any(0 < applied[one.bank_reference] < one.amount_minor for one in left)
    assert any(applied[one.bank_reference] == 0 for one in left)
    assert any(one.identified_on > UNTIL for one in left)
    assert any(line.amount_minor < 0 for one in payments for line in one.lines)


def test_dead_payers_stay_in_the_book(history: History) -> None:
    failed = [
        one
        for one in history.company.customers.values()
        if one.failed_on and one.failed_on < UNTIL - timedelta(days=30)
    ]
    gone = history.returned()
    assert len(failed) > 3
    for customer in failed:
        paid = [
            one.received_on
            for one in history.payments()
            if one.payer == customer.code and one.bank_reference not in gone
        ]
        # What was under way still arrives; a direct debit comes back.
        assert max(paid, default=date.min) <= customer.failed_on + timedelta(days=7)
    open_late = [
        one.number
        for one in history.documents()
        if one.kind == "invoice"
        and one.customer in {customer.code for customer in failed}
        and one.due_on < UNTIL
        and one.number not in {made.document for made in history.applications()}
    ]
    assert open_late


def test_references_are_as_good_as_the_fact_sheet_says(history: History) -> None:
    told = [one for one in history.payments() if one.method == "transfer"]
    structured = sum(bool(one.structured_references) for one in told) / len(told)
    silent = sum(
        not one.structured_references and not any(letter.isdigit() for letter in one.remittance)
        for one in told
    ) / len(told)
    assert structured == pytest.approx(0.35, abs=0.08)
    assert silent == pytest.approx(0.20, abs=0.08)


@pytest.mark.parametrize("customers", [1, 2, 9, 10, 57])
def test_any_number_of_customers_is_made(customers: int) -> None:
    start, until = date(2026, 1, 1), date(2026, 3, 31)
    company = build_company(seed=3, customers=customers, start=start, until=until)
    assert len(company.customers) == customers
    names = [plain(one.name) for one in company.customers.values()]
    assert len(set(names)) == customers
    if customers >= 10:
        assert {one.currency for one in company.customers.values()} == set(PARITIES)


def test_accounts_have_true_check_digits_and_belong_to_nobody(history: History) -> None:
    ours = [one.number for one in OWN_ACCOUNTS]
    theirs = [one.account for one in history.company.customers.values() if one.account[0].isalpha()]
    for number in ours + theirs:
        assert number[2:4] == mod97_check_digits(number[4:], number[:2])
        assert number[4] == "9" or number[4] == "Z"
    addresses = [one.email for one in history.company.customers.values() if one.email]
    assert all(one.endswith(".example") for one in addresses)


def test_another_seed_is_another_company() -> None:
    one, other = live_small(seed=1), live_small(seed=2)
    names = [[c.name for c in lived.company.customers.values()] for lived in (one, other)]
    assert len(set(names[0]) & set(names[1])) < 10
    assert [d.amount_minor for d in one.documents()] != [d.amount_minor for d in other.documents()]


def test_amounts_are_in_the_decimals_of_their_currency(history: History) -> None:
    medians = {
        currency: sorted(
            Decimal(one.amount_minor).scaleb(-exponent(currency))
            for one in history.documents()
            if one.currency == currency and one.kind == "invoice"
        )
        for currency in PARITIES
    }
    for currency, amounts in medians.items():
        middle = float(amounts[len(amounts) // 2]) / PARITIES[currency]
        assert 300 < middle < 12_000, currency
