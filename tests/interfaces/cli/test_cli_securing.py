"""`duly credit clocks`, `clock`, `security` and `insurance`."""

import csv
from datetime import date
from pathlib import Path

import pytest

from building import Books
from shell import attempt, duly

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 10)


def policy(**more: str) -> None:
    told = {
        "insurer": "Insurer", "currency": "EUR", "from": "2025-01-01", "to": "2026-12-31",
        "mep-days": "60", "notify-days": "45", "waiting-days": "150", "indemnity": "90",
        "discretionary": "5000.00",
    } | more  # fmt: skip
    options = [part for name, value in told.items() for part in (f"--{name}", value)]
    duly("credit", "insurance", "policy", "P-1", *options)


def test_clocks_with_the_money_at_stake(tmp_path: Path) -> None:
    books = Books()
    books.customer("ALDER", currency="EUR")
    books.invoice("I-1", "ALDER", "400.00", issued="2026-01-10", due="2026-02-09")
    duly("credit", "security", "add", "ALDER", "guarantee", "--amount", "300.00", "--currency",
         "EUR", "--from", "2025-04-01", "--to", "2026-04-01", "--by", "A. Person")  # fmt: skip
    duly("credit", "security", "add", "ALDER", "lien", "--currency", "EUR", "--state", "CA",
         "--date", "completed=2026-03-01", "--from", "2026-01-01")  # fmt: skip
    duly("credit", "clock", "add", "ALDER", "--text", "Consent ends", "--due", "2026-03-09",
         "--opens", "2026-03-01")  # fmt: skip
    told = duly("credit", "clocks", "--on", ON, "--csv", tmp_path / "clocks.csv")
    assert [(row["text"], row["state"], row["at_stake"]) for row in told["clocks"]] == [
        ("Consent ends", "missed", None),
        ("Guarantee ends", "open", "300.00"),
        ("CA: Record the lien (sooner after a recorded notice)", "open", "400.00"),
    ]
    assert told["clocks"][2]["unverified"]
    assert told["at_stake"] == {"EUR": {"open": "700.00"}}
    with (tmp_path / "clocks.csv").open(encoding="utf-8-sig") as file:
        assert [row["due_on"] for row in csv.DictReader(file)] == [
            "2026-03-09",
            "2026-04-01",
            "2026-05-30",
        ]
    key = told["clocks"][1]["key"]
    duly("credit", "clock", "done", key, "--evidence", "Extended by letter", "--on", ON)
    assert duly("credit", "clock", "done", key, "--evidence", "Again", code=3)["code"] == (
        "CLOCK_UNKNOWN"
    )
    assert len(duly("credit", "clocks", "--on", ON)["clocks"]) == 2
    (guarantee, _) = duly("credit", "security", "list")["securities"]
    duly("credit", "security", "release", guarantee["id"], "--reason", "Paid", "--on", ON)
    (guarantee, _) = duly("credit", "security", "list", "--customer", "ALDER")["securities"]
    assert guarantee["released_on"] == "2026-03-10"
    status, out, _ = attempt("credit", "clocks", "--on", ON)
    assert (status, "unverified: ask a lawyer" in out) == (0, True)


def test_what_is_covered_today(tmp_path: Path) -> None:
    books = Books()
    books.customer("ALDER", name="Alder & Sons", currency="EUR", country="DE")
    books.invoice("I-1", "ALDER", "400.00", issued="2026-01-10", due="2026-02-09")
    books.credit_note("C-1", "ALDER", "50.00", issued="2026-01-20")
    policy()
    limit = ("credit", "insurance", "limit", "ALDER", "--policy", "P-1", "--from", "2026-01-01")
    assert duly(*limit, "--amount", "6000.00", "--basis", "agency", "--evidence", "Report",
                code=3)["code"] == "INSURED_LIMIT_UNFIT"  # fmt: skip
    duly(*limit, "--amount", "300.00")
    (buyer,) = duly("credit", "insurance", "cover", "--on", ON)["insured"]
    (item,) = buyer["items"]
    assert (buyer["limit"], buyer["stop"]) == ("300.00", False)
    assert (item["covered"], item["indemnified"], item["until"]) == (
        "300.00",
        "270.00",
        "2026-03-26",
    )
    assert [clause["code"] for clause in item["why_not"]] == ["over_limit"]
    assert [clause["code"] for clause in item["would_void"]] == ["notify", "extend", "dispute"]
    stopped = duly("credit", "insurance", "cover", "--customer", "ALDER", "--on", "2026-04-11")
    assert stopped["insured"][0]["stop"]
    declared = duly("credit", "insurance", "declare", "P-1", "--month", "2026-01", "--csv",
                    tmp_path / "turnover.csv")  # fmt: skip
    assert [(row["country"], row["turnover"]) for row in declared["rows"]] == [("DE", "350.00")]
    with (tmp_path / "turnover.csv").open(encoding="utf-8-sig") as file:
        (row,) = csv.DictReader(file)
    assert (row["policy"], row["month"], row["invoiced"], row["credited"]) == (
        "P-1",
        "2026-01",
        "400.00",
        "50.00",
    )
    status, out, _ = attempt("credit", "insurance", "cover", "--on", ON)
    assert (status, "covered 300.00 until 2026-03-26" in out) == (0, True)


@pytest.mark.parametrize(
    ("more", "code"),
    [({"indemnity": "101"}, 3), ({"to": "2024-01-01"}, 3), ({"mep-days": "-1"}, 2)],
)
def test_a_policy_that_can_not_be_is_refused(more: dict[str, str], code: int) -> None:
    Books()
    if code == 2:
        assert attempt("credit", "insurance", "policy", "P-1", "--mep-days", "-1")[0] == 2
        return
    with pytest.raises(AssertionError, match="INSURANCE_POLICY_UNFIT"):
        policy(**more)
