"""More came than was due: the customer is told once what is left, where its policy says so."""

import pytest

from collecting import TODAY, CollectionsDesk, after, desk, mail  # noqa: F401
from shell import duly, write

TELLING = """
name = "telling"
tell_on_account = true

[[steps]]
code = "friendly"
days = 10
template = "friendly"
"""


@pytest.fixture
def overpaid(desk: CollectionsDesk) -> CollectionsDesk:  # noqa: F811
    """Alder paid 120.00 for an invoice of 100.00; Birch's money nobody has matched yet."""
    duly("policy", "set", write(desk.folder, "telling.toml", TELLING), "--on", TODAY)
    duly("policy", "choose", "telling", "--on", TODAY)
    for code in ("ALDER", "BIRCH"):
        desk.customer(code, language="de" if code == "ALDER" else "en")
        desk.invoice(f"I-{code}", code, "100.00", late=1)
    desk.payment("P-1", "ALDER", "120.00")
    duly("apply", "P-1", "I-ALDER=100.00", "--on", TODAY)
    desk.payment("P-2", "BIRCH", "90.00")
    desk.open_for_mail()
    return desk


def told() -> list[tuple[str, str, str]]:
    return [
        (row["customer"], row["amount"], row["state"])
        for row in duly("messages")["messages"]
        if row["step"] == "on_account"
    ]


def test_told_once_and_in_the_customers_language(overpaid: CollectionsDesk) -> None:
    assert overpaid.day(TODAY, "--dry-run")["on_account"] == 1
    assert told() == []
    overpaid.day()
    assert told() == [("ALDER", "-20.00", "queued")]
    overpaid.work()
    assert told() == [("ALDER", "-20.00", "sent")]
    (letter,) = [one for one in overpaid.server.taken if "alder@c.example" in one.to]
    assert "20,00 EUR Guthaben" in str(letter.mail["Subject"])
    assert "P-1" in letter.text
    overpaid.bank_is_fresh(after(1))
    assert overpaid.day(after(1))["on_account"] == 0
    assert told() == [("ALDER", "-20.00", "sent")]


def test_nothing_leaves_that_is_no_longer_so(overpaid: CollectionsDesk) -> None:
    overpaid.day()
    overpaid.invoice("I-2", "ALDER", "20.00", late=-5)
    duly("apply", "P-1", "I-2=20.00", "--on", TODAY)
    overpaid.work()
    assert told() == [("ALDER", "-20.00", "cancelled")]


def test_what_is_asked_back_is_not_told(overpaid: CollectionsDesk) -> None:
    duly("refund", "ask", "P-1", "--amount", "20.00", "--reason", "paid too much", "--on", TODAY)
    overpaid.day()
    assert told() == []


def test_nobody_is_told_unless_the_policy_says_so(desk: CollectionsDesk) -> None:  # noqa: F811
    desk.customer("ALDER")
    desk.payment("P-1", "ALDER", "120.00")
    desk.open_for_mail()
    assert desk.day()["on_account"] == 0
    assert told() == []
