"""`duly refund`, as two persons use it."""

import os
import pwd

import pytest

from collecting import TODAY, CollectionsDesk, desk, mail  # noqa: F401
from shell import attempt, duly


@pytest.fixture
def paid(desk: CollectionsDesk) -> CollectionsDesk:  # noqa: F811
    """Alder sent 80.00 too much."""
    desk.customer("ALDER")
    desk.payment("P-1", "ALDER", "80.00")
    return desk


def act_as(monkeypatch: pytest.MonkeyPatch, who: str) -> None:
    monkeypatch.setenv("DULY_ACTOR", who)


def test_from_asking_to_paid(paid: CollectionsDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    act_as(monkeypatch, "ida")
    ask = ("refund", "ask", "P-1", "--amount", "80.00", "--reason", "paid twice", "--on", TODAY)
    assert duly(*ask, "--dry-run")["state"] == "asked"
    assert duly("refund", "list")["refunds"] == []
    told = duly(*ask)
    assert (told["state"], told["amount"], told["customer"]) == ("asked", "80.00", "ALDER")
    assert told["warning"] == "It is not said to which account it goes."
    number = told["id"]
    assert duly("refund", "approve", number, code=3)["code"] == "OWN_WORK_APPROVAL"
    act_as(monkeypatch, "omar")
    status, said, _ = attempt("refund", "approve", number)
    assert status == 0
    assert said.splitlines() == [
        f"Refund {number}, 80.00 EUR of P-1, is approved.",
        "        ! It is not said to which account it goes.",
    ]
    assert duly("aging", "--on", TODAY)["totals"]["EUR"]["unapplied"] == "-80.00"
    paid_out = duly("refund", "paid", number, "--on", TODAY, "--key", "run-1")
    assert paid_out["paid_on"] == str(TODAY)
    assert duly("refund", "paid", number, "--on", TODAY, "--key", "run-1") == paid_out
    assert "EUR" not in duly("aging", "--on", TODAY)["totals"]
    assert duly("refund", "list")["refunds"] == []
    (row,) = duly("refund", "list", "--all")["refunds"]
    real = pwd.getpwuid(os.getuid()).pw_name
    assert (row["state"], row["asked_by"]) == ("paid", f"shell:{real}:ida")
    assert row["decided_by"] == f"shell:{real}:omar"
    assert duly("check")["ok"]


def test_refused_it_is_free_again(paid: CollectionsDesk) -> None:
    paid.invoice("I-1", "ALDER", "80.00")
    told = duly("refund", "ask", "P-1", "--amount", "80.00", "--reason", "paid twice", "--on",
                TODAY)  # fmt: skip
    refused = duly("apply", "P-1", "I-1=80.00", "--on", TODAY, code=3)
    assert refused["code"] == "OVER_APPLIED"
    assert "80.00 EUR of it wait to be refunded" in refused["message"]
    assert duly("refund", "refuse", told["id"])["state"] == "refused"
    duly("apply", "P-1", "I-1=80.00", "--on", TODAY)
    assert duly("refund", "ask", "NOBODY", "--amount", "1", "--reason", "x", code=3)["code"] == (
        "PAYMENT_UNKNOWN"
    )
