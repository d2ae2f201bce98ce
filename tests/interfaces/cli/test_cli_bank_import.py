"""`duly import STATEMENT`: bytes of a bank in, lines once, money without payer seen."""

import hashlib
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from building import broken, row_count
from duly.interfaces.exchange.evidence import evidence_of
from duly.receivables.models import Payment
from duly.world.company import build_company
from duly.world.statements import write_statements
from duly.world.trading import World
from shell import duly, write

pytestmark = pytest.mark.django_db

MT940 = """
:20:ST1
:25:37040044/0532013000
:28C:00001/001
:60F:C260309EUR1000,00
:61:2603090309C119,00NTRFNONREF//B00001
:86:166?00GUTSCHRIFT?20RE 4711?31DE75512108001245126199?32ACME GMBH
:61:2603100310C88,88NTRFNONREF
:86:166?00GUTSCHRIFT?20PAYMENT?32BAKER GMBH
:61:2603100310C88,88NTRFNONREF
:86:166?00GUTSCHRIFT?20PAYMENT?32BAKER GMBH
:61:2603110311D12,50NTRFNONREF//B00002
:86:808?00GEBUEHREN?20FEES
:62F:C260311EUR1284,26
-
"""
KBC = """
Rekeningnummer;Munt;Datum;Valuta;Bedrag;Saldo;Omschrijving;rekeningnummer tegenpartij;Naam tegenpartij;gestructureerde mededeling;Vrije mededeling
BE11123456789012;EUR;28/02/2026;01/03/2026;1.250,50;11.250,50;Overschrijving;BE99;ACME;;INV 1001
BE11123456789012;EUR;02/03/2026;02/03/2026;-3,40;11.247,10;Kosten;;;;
"""  # noqa: E501


@pytest.fixture
def statement(tmp_path: Path) -> Path:
    return write(tmp_path, "march.sta", MT940)


def test_a_statement_of_march(company: None, statement: Path, tmp_path: Path) -> None:
    """Twice, renamed and zipped it is one; taken back, nothing of it is left."""
    (first,) = duly("import", statement)["batches"]
    assert [first[key] for key in ("kind", "preset", "rows", "new", "same")] == [
        *("bank", "mt940", 4, 4, 0)
    ]
    assert first["control"] == {"EUR": {"count": 4, "amount": "284.26"}}

    copy = tmp_path / "copy.txt"
    copy.write_bytes(statement.read_bytes())
    with zipfile.ZipFile(tmp_path / "march.zip", "w") as archive:
        archive.write(statement, "inner.sta")
    again = duly("import", copy, tmp_path / "march.zip", "--kind", "bank")["batches"]
    assert [(one["file"], one["new"], one["same"]) for one in again] == [
        ("copy.txt", 0, 4),
        ("march.zip/inner.sta", 0, 4),
    ]

    # Nobody knows yet who paid: a row of its own, inside the totals.
    told = duly("aging", "--on", "2026-03-12", "--by", "customer")
    (unknown,) = [row for row in told["rows"] if row["customer"] is None]
    assert (unknown["unapplied"], unknown["total"]) == ("-296.76", "-296.76")

    digest = hashlib.sha256(statement.read_bytes()).hexdigest()
    assert evidence_of(digest).read_bytes() == statement.read_bytes()
    assert broken() == {}

    back = duly("import", "--revert", first["id"])
    assert (back["payments"], back["bank_lines"]) == (3, 4)
    told = duly("aging", "--on", "2026-03-12", "--by", "customer")
    assert [row for row in told["rows"] if row["customer"] is None] == []
    assert duly("import", statement)["batches"][0]["new"] == 4
    assert broken() == {}


def test_a_dry_run_tells_the_same_and_writes_nothing(company: None, tmp_path: Path) -> None:
    statement = write(tmp_path, "march.sta", MT940.replace("RE 4711", "RE 4712"))
    kept = evidence_of(hashlib.sha256(statement.read_bytes()).hexdigest())
    before = row_count()
    (told,) = duly("import", statement, "--dry-run")["batches"]
    assert row_count() == before
    assert not kept.exists()
    (done,) = duly("import", statement)["batches"]
    assert {**told, "id": 0} == {**done, "id": 0}
    assert kept.exists()


def test_one_that_does_not_add_up_refuses_all_files(
    company: None, statement: Path, tmp_path: Path
) -> None:
    wrong = write(tmp_path, "wrong.sta", MT940.replace("1284,26", "1285,26"))
    customers = write(tmp_path, "more.csv", "customer_id,name\nNEW,New one")
    before = row_count()
    for more in ((), ("--accept-partial",)):
        refusal = duly("import", customers, statement, wrong, *more, code=3)
        assert refusal["code"] == "ROWS_REJECTED"
        (problem,) = refusal["facts"]["problems"]
        assert (problem["file"], problem["code"]) == ("wrong.sta", "DOES_NOT_ADD_UP")
        assert "1.00 EUR" in problem["message"]
        assert problem["where"]
    assert row_count() == before


def test_the_csv_of_a_bank_is_known_by_its_layout(company: None, tmp_path: Path) -> None:
    file = write(tmp_path, "kbc.csv", KBC)
    for more in ((), ("--kind", "bank")):
        (told,) = duly("import", file, "--dry-run", *more)["batches"]
        assert (told["kind"], told["preset"], told["new"]) == ("bank", "csv", 2)
    assert told["control"] == {"EUR": {"count": 2, "amount": "1247.10"}}


def test_what_is_no_bank_file_and_what_is_one(
    company: None, statement: Path, tmp_path: Path
) -> None:
    table = write(tmp_path, "items.csv", "kind,number\ninvoice,1")
    assert duly("import", table, "--kind", "bank", code=3)["code"] == "FORMAT_UNREADABLE"
    assert duly("import", statement, "--kind", "payments", code=3)["code"] == "BANK_FILE"
    assert duly("import", statement, "--preset", "ofx", code=3)["code"] == "PRESET_UNKNOWN"
    assert duly("import", statement, "--preset", "mt940")["batches"][0]["new"] == 4


def test_the_banks_of_the_sample_company_tell_what_its_payers_paid(
    company: None, tmp_path: Path
) -> None:
    """Six accounts, camt.053 and MT940: every amount of money in, by currency."""
    until = date(2026, 2, 20)
    seller = build_company(seed=7, customers=60, start=date(2026, 1, 1), until=until)
    history = World(seller, date(2026, 1, 1)).live(until)
    files = write_statements(history, tmp_path / "bank")
    currency = {one.name: one.currency for one in seller.accounts}
    lines = list(history.bank_lines())

    told = duly("import", *files)["batches"]
    assert {one["preset"] for one in told} == {"camt.053", "mt940"}
    assert sum(one["new"] for one in told) == len(lines)

    came: Counter[str] = Counter()
    for line in lines:
        came[currency[line.account]] += max(line.amount_minor, 0)
    paid: Counter[str] = Counter()
    for code, minor in Payment.objects.values_list("currency", "amount_minor"):
        paid[code] += minor
    assert +paid == +came
    assert len(+came) > 1
    assert sum(one["new"] for one in duly("import", *files)["batches"]) == 0
    assert broken() == {}


def test_the_bank_s_files_are_looked_at(company: None, tmp_path: Path) -> None:
    """I20: one that is missing, and one whose bytes are others, are told by what they should be."""
    files = [write(tmp_path, "march.sta", MT940), write(tmp_path, "kbc.csv", KBC)]
    duly("import", *files)
    kept = [evidence_of(hashlib.sha256(path.read_bytes()).hexdigest()) for path in files]

    def proof(code: int = 0) -> dict[str, Any]:
        (found,) = [one for one in duly("check", code=code)["invariants"] if one["id"] == "I20"]
        return dict(found)

    assert (proof()["checked"], proof()["violations"]) == (2, [])
    held = [path.read_bytes() for path in kept]
    kept[0].unlink()
    kept[1].write_bytes(held[1].replace(b"3,40", b"4,40"))
    told = {one["sha256"]: one["problem"] for one in proof(3)["violations"]}
    assert "missing" in told[kept[0].name]
    assert "other bytes" in told[kept[1].name]
    for path, content in zip(kept, held, strict=True):
        path.write_bytes(content)
    assert proof()["violations"] == []


def test_account_currency_and_layout_are_said(company: None, tmp_path: Path) -> None:
    file = write(tmp_path, "plain.csv", "09.03.2026;RE 4711;09.03.2026;119,00;EUR;x\n")
    said = ("--layout", "Raiffeisen AT", "--account", "AT61 1904 3002 3457 3201")
    told = duly("bank", "inspect", file, *said)["files"][0]["statements"][0]
    assert (told["account"], told["currency"]) == ("AT611904300234573201", "EUR")
    assert duly("import", file, *said[:2], code=3)["code"] == "ROWS_REJECTED"
    assert duly("import", file, *said)["batches"][0]["new"] == 1
    assert duly("import", file, *said)["batches"][0]["same"] == 1


def test_money_is_applied_the_minute_the_file_arrives(
    company: None, statement: Path, tmp_path: Path
) -> None:
    """`--match` applies what is certain; `match` lists what waits; `payers` what was learned."""
    duly(
        "import",
        write(tmp_path, "customers.csv", "customer_id,name,currency\nACME,Acme GmbH,EUR\n"),
        write(
            tmp_path,
            "items.csv",
            "kind,number,customer_id,currency,issued_on,due_on,amount\n"
            "invoice,RE 4711,ACME,EUR,2026-02-01,2026-03-01,119.00\n",
        ),
    )
    told = duly("import", statement, "--match")
    assert (told["match"]["applied"], told["match"]["waiting"]) == (1, 2)
    (item,) = duly("items")["items"]
    assert item["open"] == "0.00"
    waiting = duly("match")["payments"]
    assert [one["outcome"] for one in waiting] == ["unidentified", "unidentified"]
    (learned,) = duly("payers", "list")["payers"]
    assert (learned["customer"], learned["shown"]) == ("ACME", "DE75512108001245126199")
    assert duly("payers", "revoke", learned["id"])["customer"] == "ACME"
    assert duly("payers", "list", "--customer", "ACME")["payers"] == []
    assert duly("matching", "tolerance=2.50")["knobs"]["tolerance"] == "2.50"
    assert broken() == {}


def test_a_difference_waits_for_a_second_person(company: None, tmp_path: Path) -> None:
    duly(
        "import",
        write(tmp_path, "customers.csv", "customer_id,name,currency\nACME,Acme GmbH,EUR\n"),
        write(
            tmp_path,
            "items.csv",
            "kind,number,customer_id,currency,issued_on,due_on,amount\n"
            "invoice,RE 4711,ACME,EUR,2026-02-01,2026-03-01,127.00\n",
        ),
        write(tmp_path, "march.sta", MT940),
    )
    number = next(one for one in duly("match")["payments"] if one["amount"] == "119.00")["payment"]
    asked = duly(
        "difference", "ask", number, "RE 4711=119.00", "--let-pass", "8.00", "--note", "agreed"
    )["differences"][0]
    assert (asked["difference"], asked["state"]) == ("8.00", "asked")
    refusal = duly("difference", "approve", asked["id"], code=3)
    assert refusal["code"] == "OWN_WORK_APPROVAL"
    assert duly("difference", "decline", asked["id"])["differences"][0]["state"] == "declined"
    assert [one["state"] for one in duly("difference", "list")["differences"]] == ["declined"]
