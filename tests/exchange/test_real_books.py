"""Real exports into real books, and the balances held against a count of our own.

Each test does what docs/importing.md tells a person to do, through the command line.
"""

import csv
import gzip
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from tests.exchange.einvoice_extracts import extracted

from building import broken
from shell import attempt, duly

DATA = (Path(__file__).resolve().parents[2] / "../shared/data").resolve()
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not DATA.is_dir(), reason="the public collections of ../shared/data are not here"
    ),
]
AFTER = "2026-12-31"

Sums = dict[str, Decimal]


@pytest.fixture(autouse=True)
def company(db: None) -> None:
    duly("init", "--entity", "Northwind", "--currency", "EUR", "--country", "DE")


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def open_sums(on: str = AFTER) -> Sums:
    """What the aging says is open, by currency; it must tie out."""
    told = duly("aging", "--on", on)
    assert {tie["difference"].strip("0.") for tie in told["tie_out"].values()} <= {""}
    sums = {currency: Decimal(row["total"]) for currency, row in told["totals"].items()}
    return {currency: total for currency, total in sums.items() if total}


def counted(pairs: list[tuple[str, Decimal]]) -> Sums:
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for currency, amount in pairs:
        sums[currency] += amount
    return {currency: total for currency, total in sums.items() if total}


XERO_OPEN = "ar_history/xero/xero_invoices_open_at_2020-12-01.csv"
XERO_PAID = "ar_history/xero/xero_invoices_paid_before_2020-12-01.csv"


def test_xero_sales_invoices_open_and_paid() -> None:
    duly("import", DATA / XERO_OPEN, DATA / XERO_PAID, "--create-customers")
    sales = [row for row in rows(XERO_OPEN) if row["type"] == "ACCREC"]
    paid = [row for row in rows(XERO_PAID) if row["type"] == "ACCREC"]
    assert open_sums() == counted([(r["currency_code"], Decimal(r["total"])) for r in sales])
    items = duly("items", "--on", AFTER)["items"]
    assert len(items) == len(sales) + len(paid)
    assert {item["number"] for item in items if Decimal(item["open"])} == {
        row["invoice_number"] for row in sales
    }
    customers = {row["contact_id"] for row in [*sales, *paid]}
    assert {one["customer"] for one in duly("customers")["customers"]} == customers
    assert broken() == {}


def test_xero_buckets_on_a_past_day() -> None:
    """The file is of 1 December 2020: how late each invoice was that day, counted by hand."""
    duly("import", DATA / XERO_OPEN, "--create-customers")
    expected: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in rows(XERO_OPEN):
        if (
            row["type"] == "ACCREC"
            and row["currency_code"] == "USD"
            and row["date"] <= "2020-12-01"
        ):
            year, month, day = map(int, row["due_date"].split("-"))
            late = Decimal(0) + _days(2020, 12, 1) - _days(year, month, day)
            bucket = "current" if late <= 0 else "1-30" if late <= 30 else "31-60"
            bucket = "61-90" if 60 < late <= 90 else "over-90" if late > 90 else bucket
            expected[bucket] += Decimal(row["total"])
    told = duly("aging", "--on", "2020-12-01", "--currency", "USD")["totals"]["USD"]
    found = {name: Decimal(told[name]) for name in told if name not in ("total", "unapplied")}
    assert {name: amount for name, amount in found.items() if amount} == dict(expected)


def _days(year: int, month: int, day: int) -> int:
    from datetime import date

    return date(year, month, day).toordinal()


QUICKBOOKS = "invoices/accounting/dbt-quickbooks/seeds__{}_data.csv"


def test_quickbooks_customers_invoices_and_credit_memos() -> None:
    customers, invoices, memos, payments = (
        QUICKBOOKS.format(name) for name in ("customer", "invoice", "credit_memo", "payment")
    )
    duly("import", DATA / customers)
    duly("import", *(DATA / name for name in (invoices, memos, payments)), "--create-customers")
    standing = [row for row in rows(invoices) if row["_fivetran_deleted"].upper() != "TRUE"]
    left = [row for row in rows(memos) if row["_fivetran_deleted"].upper() != "TRUE"]
    unapplied = [row for row in rows(payments) if Decimal(row["unapplied_amount"] or 0)]
    assert unapplied == []  # all of it was applied in QuickBooks: the open balances tell that
    assert open_sums() == counted(
        [(row["currency_id"], Decimal(row["balance"] or 0)) for row in standing]
        + [(row["currency_id"], -Decimal(row["remaining_credit"] or 0)) for row in left]
    )
    items = [Decimal(item["amount"]) for item in duly("items")["items"]]
    assert sorted(items) == sorted(Decimal(row["total_amount"]) for row in [*standing, *left])
    names = {row["id"]: row["display_name"] for row in rows(customers)}
    there = {one["customer"]: one["name"] for one in duly("customers")["customers"]}
    kept = [row for row in rows(customers) if row["_fivetran_deleted"].upper() != "TRUE"]
    assert {row["id"] for row in kept} <= there.keys()
    assert all(there[row["id"]] == names[row["id"]] for row in kept)
    assert broken() == {}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("invoices/accounting/dbt-netsuite/seeds__netsuite2_customer_data.csv", "id"),
        ("invoices/accounting/dbt-stripe/seeds__customer_data.csv", "id"),
        ("invoices/accounting/dbt-xero/xero_contact_data.csv", "contact_id"),
    ],
)
def test_customers_of_other_systems_come_once(name: str, key: str) -> None:
    (batch,) = duly("import", DATA / name)["batches"]
    there = {one["customer"] for one in duly("customers", "--limit", "1000")["customers"]}
    assert there <= {row[key] for row in rows(name)}
    assert len(there) == batch["new"] == batch["rows"] > 3
    (again,) = duly("import", DATA / name)["batches"]
    assert (again["new"], again["changed"], again["same"]) == (0, 0, batch["rows"])


def test_every_public_e_invoice_that_can_be_owed(tmp_path: Path) -> None:
    """Taken one by one: what is open is the sum of what each of those taken asks for.

    Many stand in two collections, or in two versions under one number: those are known, or refused.
    """
    expected: list[tuple[str, Decimal]] = []
    known = refused = 0
    for path in sorted((DATA / "invoices").rglob("*")):
        if path.suffixes[-1:] == [".gz"]:
            unpacked = tmp_path / path.stem
            unpacked.write_bytes(gzip.decompress(path.read_bytes()))
            path = unpacked
        if path.suffix not in (".xml", ".pdf"):
            continue
        code, _, _ = attempt("import", path, "--create-customers", "--json")
        if code == 3:
            refused += 1
            continue
        assert code == 0
        batch = duly("imports")["imports"][0]
        if not batch["new"]:
            known += 1
            continue
        said = extracted(path)
        payable, prepaid = Decimal(said["payable"]), Decimal(said["prepaid"])
        is_credit = said["kind"] == "credit_note" or payable + prepaid < 0
        expected.append((said["currency"], -abs(payable) if is_credit else payable))
    assert (len(expected) >= 54, known >= 44, refused <= 69) == (True, True, True)
    assert open_sums() == counted(expected)
    assert broken() == {}
