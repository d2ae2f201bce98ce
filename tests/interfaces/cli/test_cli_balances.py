"""`duly aging`, `items`, `customers`: every field that they print, on hand-worked figures."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from duly.interfaces.cli.main import run
from duly.ledger.models import Batch
from duly.parties.models import Entity
from queries.planting import change
from shell import attempt, duly, write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trading")]

DUE = ["current", "1-30", "31-60", "61-90", "over-90"]


def cells(*amounts: str) -> dict[str, str]:
    return dict(zip([*DUE, "unapplied", "total"], amounts, strict=True))


def test_the_aging_by_customer() -> None:
    told = duly("aging", "--on", "2026-03-10")
    assert (told["on"], told["basis"], told["buckets"]) == ("2026-03-10", "due", DUE)
    assert told["rows"] == [
        {"customer": None, "name": "", "currency": "EUR"}
        | cells("0.00", "0.00", "0.00", "0.00", "0.00", "-55.55", "-55.55"),
        {"customer": "GULF", "name": "Gulf Crates", "currency": "KWD"}
        | cells("0.000", "12.345", "0.000", "0.000", "0.000", "0.000", "12.345"),
        {"customer": "HARBOUR", "name": "Harbour & Sons", "currency": "EUR"}
        | cells("200.00", "0.00", "0.00", "0.00", "0.00", "0.00", "200.00"),
        {"customer": "MERIDIAN", "name": "Meridian Foods", "currency": "EUR"}
        | cells("450.50", "400.00", "0.00", "0.00", "0.00", "0.00", "850.50"),
        {"customer": "SANTIAGO", "name": "Santiago Envases", "currency": "CLF"}
        | cells("7.0001", "0.0000", "0.0000", "0.0000", "0.0000", "0.0000", "7.0001"),
        {"customer": "TALLOAKS", "name": "Tall Oaks Timber", "currency": "EUR"}
        | cells("0.00", "780.00", "0.00", "0.00", "0.00", "-80.00", "700.00"),
    ]
    assert told["totals"]["EUR"] == cells(
        "650.50", "1180.00", "0.00", "0.00", "0.00", "-135.55", "1694.95"
    )
    assert told["tie_out"]["EUR"] == {
        "open_items": "1694.95",
        "control_account": "1694.95",
        "difference": "0.00",
    }
    assert told["tie_out"]["KWD"]["difference"] == "0.000"
    assert {tie["difference"].strip("0.") for tie in told["tie_out"].values()} == {""}
    assert told["tie_out_of"] == "rows"


def test_figures_are_never_cut_however_narrow_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    run(["aging", "--on", "2026-03-10"])
    told = capsys.readouterr().out
    for figure in ("850.50", "7.0001", "-135.55", "1694.95"):
        assert figure in told.split()
    assert "…" not in told


def test_before_anything_there_is_nothing() -> None:
    told = duly("aging", "--on", "2026-01-01")
    assert (told["rows"], told["totals"], told["tie_out"]) == ([], {}, {})


def test_a_later_application_leaves_the_item_open() -> None:
    row = duly("aging", "--on", "2026-02-20", "--customer", "MERIDIAN")["rows"][0]
    assert (row["1-30"], row["unapplied"]) == ("1000.00", "-600.00")
    row = duly("aging", "--on", "2026-02-21", "--customer", "MERIDIAN")["rows"][0]
    assert (row["1-30"], row["unapplied"]) == ("400.00", "0.00")


def test_by_invoice_date() -> None:
    told = duly("aging", "--on", "2026-03-10", "--basis", "invoice", "--by", "none")
    assert told["buckets"] == ["0-30", "31-60", "61-90", "over-90"]
    assert told["rows"] == []
    assert told["totals"]["EUR"] == {
        "0-30": "650.50",  # M-2 of 28 days, H-1 of 9
        "31-60": "1180.00",  # M-1 of 59 days, T-1 of 49
        "61-90": "0.00",
        "over-90": "0.00",
        "unapplied": "-135.55",
        "total": "1694.95",
    }


def test_by_currency() -> None:
    told = duly("aging", "--on", "2026-03-10", "--by", "currency")
    assert [(row["customer"], row["name"], row["currency"]) for row in told["rows"]] == [
        (None, "", code) for code in ("CLF", "EUR", "KWD")
    ]
    for row in told["rows"]:
        total = told["totals"][row["currency"]]
        assert {key: row[key] for key in total} == total
    (row,) = duly("aging", "--on", "2026-03-10", "--by", "currency", "--customer", "GULF")["rows"]
    assert (row["currency"], row["total"]) == ("KWD", "12.345")


def test_a_day_of_knowledge_ends_where_the_company_is() -> None:
    """Half past eleven in the evening of UTC is the next day in Berlin."""
    Entity.objects.update(timezone="Europe/Berlin")
    for pk in Batch.objects.values_list("pk", flat=True):
        change("ledger_batch", pk, recorded_at=datetime(2026, 3, 1, 23, 30, tzinfo=UTC))
    line = ("aging", "--on", "2026-03-10", "--known")
    assert duly(*line, "2026-03-01")["rows"] == []
    assert duly(*line, "2026-03-02")["rows"]
    assert duly(*line, "2026-03-02T00:29")["rows"] == []
    assert duly(*line, "2026-03-02T00:31")["rows"]
    assert duly(*line, "2026-03-01T23:31+00:00")["rows"]


def test_one_currency_alone() -> None:
    told = duly("aging", "--on", "2026-03-10", "--currency", "KWD")
    assert [row["customer"] for row in told["rows"]] == ["GULF"]
    assert list(told["totals"]) == ["KWD"]
    assert (told["tie_out_of"], list(told["tie_out"])) == ("rows", ["KWD"])
    assert told["tie_out"]["KWD"]["control_account"] == told["totals"]["KWD"]["total"]


def test_one_customer_alone_keeps_the_certificate_of_the_whole() -> None:
    told = duly("aging", "--on", "2026-03-10", "--customer", "GULF")
    assert [row["customer"] for row in told["rows"]] == ["GULF"]
    assert told["tie_out"]["EUR"]["open_items"] == "1694.95"
    assert told["tie_out_of"] == "whole_book"
    one = duly("aging", "--on", "2026-03-10", "--customer", "GULF", "--currency", "KWD")
    assert (one["tie_out_of"], list(one["tie_out"])) == ("whole_book", ["KWD"])


def test_a_customer_that_is_not_there() -> None:
    assert duly("aging", "--customer", "NOBODY", code=3)["code"] == "CUSTOMER_UNKNOWN"


@pytest.mark.parametrize("bounds", ["30,20", "x", "0,0", ""])
def test_bounds_that_do_not_rise(bounds: str) -> None:
    assert duly("aging", "--buckets", bounds, code=3)["code"] == "BUCKETS_UNCLEAR"


def test_any_bounds() -> None:
    told = duly("aging", "--on", "2026-03-10", "--buckets", "7,19,45", "--by", "none")
    assert told["buckets"] == ["current", "1-7", "8-19", "20-45", "over-45"]
    assert told["totals"]["EUR"]["8-19"] == "780.00"  # T-1, 19 days late
    assert told["totals"]["EUR"]["20-45"] == "400.00"  # M-1, 29 days late


def test_as_known_then(tmp_path: Path) -> None:
    known = duly("imports")["imports"][0]["recorded_at"]
    before = duly("aging", "--on", "2026-03-10")
    late = write(
        tmp_path,
        "late.csv",
        "kind,number,customer_id,currency,issued_on,due_on,amount\n"
        "invoice,BACK-1,MERIDIAN,EUR,2026-01-02,2026-02-01,11.00",
    )
    duly("import", late)
    assert duly("aging", "--on", "2026-03-10") != before
    assert duly("aging", "--on", "2026-03-10", "--known", known) == before
    assert duly("aging", "--known", "whenever", code=3)["code"] == "INVALID_DATE"


@pytest.mark.parametrize("flag", ["--csv", "--xlsx"])
def test_a_file_holds_the_same_rows(tmp_path: Path, flag: str) -> None:
    path = tmp_path / f"aging.{flag[2:]}"
    told = duly("aging", "--on", "2026-03-10", flag, path)
    if flag == "--csv":
        rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    else:
        sheet = load_workbook(path).active
        rows = [["" if v is None else str(v) for v in row] for row in sheet.values]
    assert rows[0] == ["customer", "name", "currency", *DUE, "unapplied", "total"]
    assert len(rows) == len(told["rows"]) + 1
    meridian = next(row for row in rows if row[0] == "MERIDIAN")
    assert float(meridian[-1]) == 850.5


def test_items_of_a_customer_with_every_field() -> None:
    told = duly("items", "--on", "2026-03-10", "--customer", "TALLOAKS")
    assert [
        {key: item[key] for key in item if key not in ("state", "instalment")}
        for item in told["items"]
    ] == [
        {
            "number": "T-CN1",
            "kind": "credit_note",
            "customer": "TALLOAKS",
            "currency": "EUR",
            "issued_on": "2026-02-05",
            "due_on": "2026-02-05",
            "amount": "80.00",
            "open": "80.00",
            "days_past_due": 33,
            "disputed": "0.00",
            "promised": "0.00",
        },
        {
            "number": "T-1",
            "kind": "invoice",
            "customer": "TALLOAKS",
            "currency": "EUR",
            "issued_on": "2026-01-20",
            "due_on": "2026-02-19",
            "amount": "780.00",
            "open": "780.00",
            "days_past_due": 19,
            "disputed": "0.00",
            "promised": "0.00",
        },
    ]


def test_open_items_alone() -> None:
    def numbers(*more: str) -> set[str]:
        return {i["number"] for i in duly("items", "--on", "2026-03-06", *more)["items"]}

    assert numbers() - numbers("--open") == {"K-1"}


def test_customers_are_found_as_typed() -> None:
    (row,) = duly("customers", "kobo")["customers"]
    assert (row["customer"], row["name"], row["currency"]) == ("KOBO", "Kōbō Paper", "JPY")
    assert len(duly("customers")["customers"]) == 6
    assert len(duly("customers", "--limit", "2")["customers"]) == 2


def test_people_read_tables_and_scripts_read_json() -> None:
    status, out, _ = attempt("aging", "--on", "2026-03-10")
    assert status == 0
    assert "1694.95" in out
    assert "difference 0.00" in out
    assert attempt("items", "--on", "2026-03-10")[0] == 0
    assert "Kōbō Paper" in attempt("customers")[1]


def test_two_companies_age_apart(tmp_path: Path) -> None:
    duly("init", "--entity", "Benelux", "--currency", "EUR", "--country", "NL")
    path = write(
        tmp_path,
        "b.csv",
        "kind,number,customer_id,currency,issued_on,due_on,amount\n"
        "invoice,B-1,B,EUR,2026-03-01,2026-03-31,5.05",
    )
    duly("import", path, "--entity", "Benelux", "--create-customers")

    def total(*more: str) -> str:
        told = duly("aging", "--on", "2026-03-10", *more)
        assert told["tie_out"]["EUR"]["difference"] == "0.00"
        return told["totals"]["EUR"]["total"]

    assert duly("aging", "--on", "2026-03-10", code=3)["code"] == "ENTITY_UNCLEAR"
    told = duly("aging", "--on", "2026-03-10", "--by", "entity", "--currency", "EUR")
    assert [(row["customer"], row["name"], row["total"]) for row in told["rows"]] == [
        (None, "Benelux", "5.05"),
        (None, "Northwind Packaging", "1694.95"),
    ]
    assert (told["tie_out_of"], list(told["tie_out"])) == ("rows", ["EUR"])
    assert told["tie_out"]["EUR"]["control_account"] == "1700.00"
    (row,) = duly("aging", "--on", "2026-03-10", "--by", "entity", "--entity", "Benelux")["rows"]
    assert (row["name"], row["currency"], row["total"]) == ("Benelux", "EUR", "5.05")
    assert total("--entity", "Benelux") == "5.05"
    assert total("--entity", "Northwind Packaging") == "1694.95"


def test_the_tie_out_of_a_part_says_that_it_is_of_the_whole() -> None:
    whole = "EUR: open items 1694.95 = control account 1694.95"
    line = ("aging", "--on", "2026-03-10")
    assert f"The whole company, {whole}" in attempt(*line, "--customer", "MERIDIAN")[1]
    _, out, _ = attempt(*line)
    assert whole in out
    assert "whole company" not in out


def test_under_a_parent_rows_bear_the_parent_asked_for(tmp_path: Path) -> None:
    rows = "customer_id,name,parent_id\nTOP,Top,\nS1,Middle,TOP\nMERIDIAN,Meridian Foods,S1\n"
    duly("import", write(tmp_path, "parents.csv", rows))
    line = ("aging", "--on", "2026-03-10", "--by", "parent")
    (row,) = duly(*line, "--parent", "S1")["rows"]
    assert (row["customer"], row["total"]) == ("S1", "850.50")
    assert "TOP" in {row["customer"] for row in duly(*line)["rows"]}
