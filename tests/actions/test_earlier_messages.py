"""What a message says of the ones before it: only what is known to have been sent.

The defects: a customer never written to read "we wrote to you on" the very day; a step followed a
message that may never have arrived, and told it as taken.
"""

from datetime import timedelta

import pytest

from collecting import TODAY, CollectionsDesk, after, desk, mail  # noqa: F401
from duly.collections.models import Message
from shell import duly, write

OLD_BOOK = """name = "firm"
entry_step = 2
gap_days = 1
[[steps]]
code = "friendly"
days = 3
template = "friendly"
[[steps]]
code = "reminder"
days = 10
wait_days = 1
template = "reminder"
[[steps]]
code = "third"
days = 12
wait_days = 1
template = "reminder"
"""


@pytest.fixture
def firm(desk: CollectionsDesk) -> CollectionsDesk:  # noqa: F811
    """ALDER, in German, is late by so much that an old book enters with it at the reminder."""
    desk.customer("ALDER", language="de")
    desk.invoice("I-1", "ALDER", "500.00")
    file = write(desk.folder, "firm.toml", OLD_BOOK)
    duly("policy", "set", file, "--from", TODAY)
    duly("policy", "choose", "firm", "--on", TODAY)
    desk.open_for_mail()
    return desk


def test_who_was_never_written_to_gets_the_friendly_text(firm: CollectionsDesk) -> None:
    assert firm.outcomes() == {"ALDER": ["reminder"]}
    first = Message.objects.get()
    assert first.subject.startswith("Zahlungserinnerung von Northwind")
    assert "haben wir Ihnen geschrieben" not in first.body
    assert firm.work()["sent"] == 1
    firm.bank_is_fresh(after(1))
    assert firm.outcomes(after(1)) == {"ALDER": ["third"]}
    second = Message.objects.latest("pk")
    assert "am 10. März 2026 haben wir Ihnen geschrieben" in second.body


def test_a_preview_says_so_and_shows_a_day_before(firm: CollectionsDesk) -> None:
    show = ("template", "show", "reminder", "--language", "en", "--customer", "ALDER", "--on")
    told = duly(*show, TODAY)
    assert "we wrote to you on 24 February 2026" in told["body"]
    assert "friendly" in told["note"]
    firm.day()
    firm.work()
    told = duly(*show, TODAY + timedelta(days=1))
    assert ("10 March 2026" in told["body"], told["note"]) == (True, "")


def test_nothing_follows_a_message_that_may_not_have_arrived(firm: CollectionsDesk) -> None:
    firm.day()
    Message.objects.update(state="unknown")
    firm.bank_is_fresh(after(3))
    assert firm.outcomes(after(3)) == {"ALDER": ["undecided"]}
    [step] = duly("why", "ALDER", "--on", after(1))["steps"]
    assert step["why"]["code"] == "undecided"
    assert "was taken" not in step["why"]["text"]
    duly("message", "arrived", duly("messages")["messages"][0]["id"])
    assert firm.outcomes(after(3)) == {"ALDER": ["third"]}
