"""`duly remittance`: from a payer's table to the right invoices, through the shell."""

import io
from pathlib import Path

import pytest

from building import broken, row_count
from shell import attempt, duly, write

pytestmark = pytest.mark.django_db

ITEMS = """
kind,number,customer_id,currency,issued_on,due_on,amount
invoice,RE-4711,A,EUR,2026-02-01,2026-03-03,119.00
invoice,RE-4712,A,EUR,2026-02-01,2026-03-03,119.00
invoice,RE-4713,A,EUR,2026-02-01,2026-03-03,119.00
"""
MONEY = """
payment_id,currency,received_on,amount,payer_name
P1,EUR,2026-03-09,238.00,Acme GmbH
"""
ON = ("--on", "2026-03-10")
PASTED = """
Zahlungsavis Acme GmbH
Rechnung RE-4711  119,00 EUR
Rechnung RE-4713  119,00 EUR
Summe 238,00 EUR
"""


@pytest.fixture
def books(company: None, tmp_path: Path) -> Path:
    """Three equal invoices, of which money pays two."""
    files = [
        write(tmp_path, "customers.csv", "customer_id,name\nA,Acme GmbH"),
        write(tmp_path, "items.csv", ITEMS),
        write(tmp_path, "payments.csv", MONEY),
    ]
    duly("import", *files)
    return tmp_path


def test_pasted_text_tells_which_of_equal_invoices_are_paid(
    books: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (before,) = duly("match", "--auto", "--on", "2026-03-10")["payments"]
    assert before["outcome"] == "proposed"
    stdin = io.TextIOWrapper(io.BytesIO(PASTED.encode()))
    monkeypatch.setattr("sys.stdin", stdin)
    told = duly("remittance", "add", "-", "--on", "2026-03-10")
    assert (told["new"], told["same"]) == (1, 0)
    (advice,) = told["advices"]
    assert (advice["file"], advice["state"], advice["payments"], advice["customer"]) == (
        *("pasted text", "joined", ["P1"], "A"),
    )
    (done,) = duly("match", "--auto", "--on", "2026-03-10")["payments"]
    assert (done["outcome"], [one["item"] for one in done["lines"]]) == (
        "applied",
        ["RE-4711", "RE-4713"],
    )
    assert "The payer's advice names RE-4711, RE-4713." in done["because"]
    assert broken() == {}


def test_inspect_and_a_dry_run_write_nothing(books: Path) -> None:
    path = write(books, "advice.txt", PASTED)
    before = row_count()
    (file,) = duly("remittance", "inspect", path)["files"]
    assert (file["kind"], file["advices"][0]["total"], file["problems"]) == ("text", "238.00", [])
    assert duly("remittance", "add", path, "--dry-run")["new"] == 1
    assert row_count() == before
    assert attempt("remittance", "inspect", path)[1].splitlines()[:2] == [
        "advice.txt (text)",
        "  238.00 EUR of a payer not told",
    ]


def test_list_and_void(books: Path) -> None:
    path = write(books, "advice.txt", PASTED)
    (advice,) = duly("remittance", "add", path, "--key", "k", *ON)["advices"]
    assert duly("remittance", "add", path, "--key", "k", *ON)["advices"] == [advice]
    assert duly("remittance", "add", path)["same"] == 1
    status, out, _ = attempt("remittance", "list")
    assert status == 0
    assert "joined   P1" in out
    assert "RE-4713" in out
    duly("remittance", "void", advice["id"])
    assert duly("remittance", "list")["advices"] == []
    assert duly("remittance", "void", advice["id"], code=3)["code"] == "ADVICE_UNKNOWN"


def test_refused_as_a_whole_with_every_place(books: Path) -> None:
    good = write(books, "good.txt", PASTED)
    bad = write(books, "bad.csv", "invoice;amount paid\nRE-4711;x\nRE-4712;y")
    told = duly("remittance", "add", good, bad, books / "none.csv", code=3)
    assert told["code"] == "REMITTANCE_UNREADABLE"
    assert [(one["file"], one["where"]) for one in told["facts"]["problems"]] == [
        ("none.csv", "none.csv"),
        ("bad.csv", "line 2"),
        ("bad.csv", "line 3"),
    ]
    assert duly("remittance", "list")["advices"] == []
