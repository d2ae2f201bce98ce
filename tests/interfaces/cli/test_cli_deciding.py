"""`duly credit list`, `show`, `decide`, `limits` and `policy`, as scripts run them."""

import json
from pathlib import Path

import pytest

from building import Books
from deciding import ANALYST, DIRECTOR, MANAGER, hire, request_of
from duly.credit.models import CreditDecision
from shell import attempt, duly

pytestmark = pytest.mark.django_db
ON = ("--on", "2026-03-10")


@pytest.fixture
def books() -> Books:
    one = Books()
    hire()
    one.customer("C1", "Ostler Brewing", credit_limit_minor=2_000_00, currency="EUR")
    return one


def as_user(author: tuple[str, object, object]) -> tuple[str, str]:
    return ("--user", author[0])


def test_c_09_by_file_tells_methods_and_the_loss_to_expect(tmp_path: Path) -> None:
    facts = {
        "currency": "USD",
        "unit": 1,
        "statements": [],
        "need": {"yearly_purchases": "480000", "terms_days": 30, "slippage_days": 10},
        "insured_limit": "50000",
        "policy": {"combine": "capacity_need", "step": "1000"},
        "expected_loss": {"default_rate": "0.02", "loss_share": "0.5", "margin": "0.25"},
    }
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(facts))
    told = duly("credit", "limit", path)
    assert (told["binding"], told["recommended"]) == ("insured", "50000.00")
    assert told["expected_loss"]["amount"] == "0.00"  # the insurer carries all of it
    assert told["expected_loss"]["is_assumption"]
    assert "insured binds" in attempt("credit", "limit", path)[1]


def test_a_request_goes_its_way(books: Books) -> None:
    request_of(books, "20000")
    (row,) = duly("credit", "list", *ON)["requests"]
    assert (row["state"], row["waits_for"], row["answer_due_on"]) == (
        "open",
        "manager",
        "2026-03-26",
    )
    decide = ("credit", "decide", "CR-0001", "--approve", "20000", "--reason", "Steady", *ON)
    told = duly(*decide, *as_user(ANALYST), code=3)
    assert told["code"] == "DECISION_ABOVE_AUTHORITY"
    told = duly(
        *("credit", "send", "CR-0001", "--to", "director", "--approve", "20000"),
        *("--reason", "Above mine", *ON, *as_user(ANALYST)),
    )
    assert told["request"]["waits_for"] == "director"
    told = duly(*decide, "--condition", "Bank reference", *as_user(DIRECTOR))
    assert (told["decision"]["verdict"], told["granted"]) == ("approve", None)
    told = duly("credit", "meet", "CR-0001", "1", *ON, *as_user(ANALYST))
    assert told["request"]["limit_now"]["amount"] == "20000.00"
    told = duly("credit", "tell", "CR-0001", "--note", "by mail", *ON, *as_user(ANALYST))
    assert told["request"]["state"] == "done"
    assert duly("credit", "show", "CR-0001", *ON)["request"]["memo"]["decision"]["by"] == (
        DIRECTOR.actor
    )
    shown = attempt("credit", "show", "CR-0001", *ON)[1]
    assert "approve 20000.00" in shown
    assert "score none" in shown


def test_a_dry_run_writes_nothing_and_a_key_decides_once(books: Books) -> None:
    request_of(books, "1000")
    decide = ("credit", "decide", "CR-0001", "--decline", "--reason", "Too young", *ON)
    duly(*decide, *as_user(MANAGER), "--dry-run")
    assert not CreditDecision.objects.exists()
    first = duly(*decide, *as_user(MANAGER), "--key", "K")
    assert duly(*decide, *as_user(MANAGER), "--key", "K") == first


def test_limits_are_proposed_decided_lowered_and_remembered(books: Books) -> None:
    words = ("C1", "5000", "EUR", "--reason", "They buy more", *ON)
    (row,) = duly("credit", "limits", "propose", *words, *as_user(ANALYST))["proposals"]
    assert duly("credit", "limits", "proposals")["proposals"] == [row]
    decide = ("credit", "limits", "decide", row["id"], "--approve", "--reason", "Fine", *ON)
    assert duly(*decide, *as_user(ANALYST), code=3)["code"] == "OWN_CREDIT_WORK"
    granted = duly(*decide, *as_user(MANAGER))["granted"]
    assert (granted["before"], granted["amount"]) == ("2000.00", "5000.00")
    lower = ("C1", "4000", "EUR", "--reason", "News", "--replaces", granted["id"], *ON)
    told = duly("credit", "limits", "set", *lower, *as_user(ANALYST))
    assert told["limit"]["amount"] == "4000.00"
    history = duly("credit", "limits", "show", "C1", *ON)["history"]
    assert [one["stands_until"] for one in history] == [None, "2026-03-09"]
    assert "4000.00" in attempt("credit", "limits", "show", "C1", *ON)[1]


def test_a_limit_that_begins_frees_what_waits_for_it_at_once(books: Books) -> None:
    duly("credit", "check-order", "C1", "2500.00", "EUR", "--order", "O-1", *ON)
    duly("credit", "check-order", "C1", "9000.00", "EUR", "--order", "O-2", *ON)
    words = ("C1", "5000", "EUR", "--reason", "They buy more", *ON)
    (row,) = duly("credit", "limits", "propose", *words, *as_user(ANALYST))["proposals"]
    decide = ("credit", "limits", "decide", row["id"], "--approve", "--reason", "Fine", *ON)
    duly(*decide, *as_user(MANAGER))
    assert [one["order"] for one in duly("credit", "holds", *ON)["holds"]] == ["O-2"]
    request_of(books, "20000")
    duly(
        "credit",
        "decide",
        "CR-0001",
        "--approve",
        "20000",
        "--reason",
        "x",
        *ON,
        *as_user(DIRECTOR),
    )
    assert duly("credit", "holds", *ON)["holds"] == []


def test_the_policy_is_data(books: Books) -> None:
    told = duly("credit", "policy", "split_days=60", *ON, *as_user(MANAGER))
    assert told["policy"]["split_days"] == "60"
    assert duly("credit", "policy", "--on", "2026-03-09")["policy"]["split_days"] == "30"


def test_a_memo_as_pdf_and_a_notice_by_mail(books: Books, tmp_path: Path) -> None:
    request_of(books, "2000")
    decide = ("credit", "decide", "CR-0001", "--approve", "2000", "--reason", "Steady", *ON)
    duly(*decide, *as_user(MANAGER))
    path = tmp_path / "memo.pdf"
    told = duly("credit", "memo", "CR-0001", "--pdf", path)
    assert told["memo"] == CreditDecision.objects.get().memo
    assert path.read_bytes().startswith(b"%PDF-")
    mail = ("credit", "tell", "CR-0001", "--mail", *ON, *as_user(MANAGER))
    assert duly(*mail, code=3)["code"] == "NOTICE_ADDRESS_UNFIT"
    told = duly(*mail, "--to", "post@ostler.example")["request"]
    assert told["notice_mail"]["state"] == "queued"
    assert told["decision"]["told_on"] == "2026-03-10"
    assert duly(*mail, "--to", "post@ostler.example", code=3)["code"] == "SEQUEL_UNFIT"
