"""`duly statement`, `duly statements`, `duly bank-details`, as a shell runs them."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pypdf
import pytest

from shell import attempt, duly, write

CUSTOMERS = """customer_id,name,country,language,payment_method,segment
C1,Meridian Foods,GB,en,,gold
C2,Käseglocke AG,DE,de,,gold
C3,Débit SA,FR,fr,direct_debit,silver
"""
ITEMS = """kind,number,customer_id,currency,issued_on,due_on,amount
invoice,I1,C1,EUR,2026-01-01,2026-01-31,1200.50
invoice,I2,C1,USD,2026-02-01,2026-03-31,99.00
credit_note,CN1,C1,EUR,2026-02-10,2026-02-10,100.00
invoice,I3,C2,EUR,2026-01-05,2026-02-04,12345.67
invoice,I4,C3,EUR,2026-01-05,2026-02-04,77.00
"""
PAYMENTS = """payment_id,customer_id,currency,received_on,amount
P1,C1,EUR,2026-02-15,300.00
"""


@pytest.fixture
def books(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Northwind's books, with bank details that two persons put in force."""
    duly("init", "--entity", "Northwind", "--currency", "EUR", "--country", "DE")
    files = (("customers", CUSTOMERS), ("items", ITEMS), ("payments", PAYMENTS))
    duly("import", *(write(tmp_path, f"{name}.csv", text) for name, text in files))
    monkeypatch.setenv("DULY_ACTOR", "ann")
    iban = ("--currency", "EUR", "--iban", "DE89370400440532013000")
    number = duly("bank-details", "ask", *iban)["approval"]
    duly("bank-details", "approve", number, code=3)
    monkeypatch.setenv("DULY_ACTOR", "ben")
    duly("bank-details", "approve", number)


def test_totals_are_those_of_the_aging(books, tmp_path: Path) -> None:
    for on in ("2026-01-15", "2026-02-12", "2026-03-02"):
        aging = duly("aging", "--on", on)
        for code in ("C1", "C2", "C3"):
            pdf = tmp_path / f"{code}-{on}.pdf"
            one = duly("statement", code, "--on", on, "--pdf", pdf)
            found = {
                part["currency"]: part["ages"]
                | {"unapplied": part["unapplied"], "total": part["balance"]}
                for part in one["currencies"]
            }
            expected = {
                row["currency"]: {
                    name: row[name] for name in [*aging["buckets"], "unapplied", "total"]
                }
                for row in aging["rows"]
                if row["customer"] == code
            }
            assert found == expected
            assert one["pdf"]["pdf_a"]
            text = "".join(page.extract_text() for page in pypdf.PdfReader(pdf).pages)
            assert "Northwind" in text


def test_a_run_is_narrowed_by_currency_and_least_balance(books, tmp_path: Path) -> None:
    def told(*narrow: str) -> list[str]:
        place = tmp_path / "-".join(narrow)
        run = duly("statements", "--on", "2026-03-02", "--folder", place, *narrow)
        return [file["customer"] for file in run["files"]]

    assert told("--currency", "USD") == ["C1"]
    assert told("--minimum", "800.50") == ["C1", "C2"]
    assert told("--minimum", "800.51") == ["C2"]
    assert told("--currency", "EUR", "--minimum", "99", "--segment", "gold") == ["C1", "C2"]
    for narrow in (("--minimum", "-1"), ("--currency", "EURO")):
        wrong = ("--combined", tmp_path / "p.pdf", *narrow)
        assert duly("statements", *wrong, code=3)["code"] == "STATEMENT_UNCLEAR"


def test_an_activity_adds_up(books) -> None:
    days = ("--from", "2026-02-01", "--on", "2026-03-02")
    one = duly("statement", "C1", "--kind", "activity", *days)
    euro = one["currencies"][0]
    assert (euro["opening"], euro["activity"], euro["balance"]) == ("1200.50", "-400.00", "800.50")
    assert [row["number"] for row in euro["movements"]] == ["CN1", "P1"]


def test_a_run_writes_who_fits_and_a_second_one_nothing(books, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    run = ["statements", "--on", "2026-03-02", "--segment", "gold", "--folder", folder]
    first = duly(*run)
    assert [one["customer"] for one in first["files"]] == ["C1", "C2"]
    assert duly(*run)["kept"] == 2
    assert sorted(path.name for path in folder.glob("*.pdf")) == [
        "C1-2026-03-02.pdf",
        "C2-2026-03-02.pdf",
    ]


def test_one_pdf_for_post(books, tmp_path: Path) -> None:
    file = tmp_path / "post.pdf"
    run = duly("statements", "--on", "2026-03-02", "--combined", file)
    assert run["statements"] == 3
    pages = [page.extract_text() for page in pypdf.PdfReader(file).pages]
    assert ["C1" in pages[0], "USD" in pages[1], "C2" in pages[2], "C3" in pages[3]] == [True] * 4
    assert "prélevons" in pages[3]


def test_a_run_killed_goes_on(installation, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    head, _ = ITEMS.split("\n", 1)
    customers = "".join(f"K{n:03d},Customer {n}\n" for n in range(60))
    items = "".join(f"invoice,K{n},K{n:03d},EUR,2026-01-01,2026-01-31,5.00\n" for n in range(60))
    files = (("customers", "customer_id,name\n" + customers), ("items", f"{head}\n{items}"))
    installation.run("init", "--entity", "Northwind", "--currency", "EUR", "--country", "DE")
    imported = installation.run(
        "import", *(write(tmp_path, f"{name}.csv", text) for name, text in files)
    )
    assert imported.returncode == 0, imported.stderr
    run = ["statements", "--on", "2026-03-02", "--folder", str(folder), "--processes", "1"]
    process = subprocess.Popen(
        [sys.executable, "-m", "duly", *run], env=installation.environment, start_new_session=True
    )
    while len(list(folder.glob("*.pdf"))) < 30 and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert all(pypdf.PdfReader(path).pages for path in folder.glob("*.pdf"))
    again = json.loads(installation.run(*run, "--json").stdout)
    assert (again["statements"], again["kept"] > 0, again["written"] > 0) == (60, True, True)
    assert len(list(folder.glob("*.pdf"))) == 60


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["statement", "NOBODY"], "CUSTOMER_UNKNOWN"),
        (["statement", "C1", "--kind", "activity"], "STATEMENT_UNCLEAR"),
        (["statement", "C1", "--from", "2026-01-01"], "STATEMENT_UNCLEAR"),
        (["statements", "--on", "2026-03-02"], "STATEMENT_UNCLEAR"),
        (["bank-details", "ask", "--currency", "EUR", "--iban", "DE1"], "BANK_NUMBER_WRONG"),
        (["bank-details", "approve", "99"], "APPROVAL_UNKNOWN"),
        (["statement", "C1", "--pdf", "nowhere/at/all.pdf"], "FILE_UNUSABLE"),
    ],
)
def test_refusals(books, arguments: list[str], code: str) -> None:
    status, out, err = attempt(*arguments, "--json")
    assert status in (3, 4)
    assert json.loads(out)["refusal"]["code"] == code
    assert "Traceback" not in err


def test_a_statement_leaves_out_what_is_in_dispute(books) -> None:
    duly("dispute", "add", "I3", "--customer", "C2", "--amount", "345.67", "--reason", "price")
    (part,) = duly("statement", "C2", "--on", "2026-12-31")["currencies"]
    assert (part["balance"], part["disputed"], part["asked"]) == ("12345.67", "345.67", "12000.00")
    assert part["items"][0]["disputed"] == "345.67"
