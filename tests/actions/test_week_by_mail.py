"""The week by mail: once, on Monday morning, under the guarantees of any message."""

from datetime import UTC, date, datetime

import pytest

from collecting import ENTITY, CollectionsDesk, desk, mail  # noqa: F401
from duly.collections.actions import hold_day
from duly.collections.models import Message
from duly.collections.rules.handing import Clock
from duly.interfaces.jobs.mailing import send_waiting
from duly.interfaces.jobs.weekly import last_week
from shell import duly

MONDAY = datetime(2026, 3, 9, 7, 30, tzinfo=UTC)
READERS = ("ann@northwind.example", "bob@northwind.example")


@pytest.fixture
def week(desk: CollectionsDesk) -> CollectionsDesk:  # noqa: F811
    desk.customer("C0")
    desk.invoice("I-0", "C0", "500.00", late=70)
    desk.open_for_mail()
    duly("sending", "from", "money@northwind.example", "--reply-to", "ann@northwind.example")
    assert duly("sending", "digest", *READERS)["readers"] == list(READERS)
    return desk


def test_it_comes_once_on_monday_morning(week: CollectionsDesk) -> None:
    early = Clock(datetime(2026, 3, 9, 5, 30, tzinfo=UTC))
    assert send_waiting(early).counts["sent"] == 1  # of the week before, nobody had it yet
    assert [send_waiting(Clock(MONDAY)).counts["sent"] for _ in range(3)] == [1, 0, 0]
    assert send_waiting(Clock(datetime(2026, 3, 15, 12, tzinfo=UTC))).counts["sent"] == 0
    before, this = week.server.taken
    assert "the week to 2026-03-01" in before.mail["Subject"]
    assert this.mail["Subject"] == f"{ENTITY}: the week to 2026-03-08"
    assert this.to == READERS
    assert "Customers owe EUR 500.00, of which 500.00 is late." in this.text
    assert "<td" in this.mail.get_body(("html",)).get_content()
    assert this.mail["Auto-Submitted"] == "auto-generated"
    assert this.mail["In-Reply-To"] is None
    assert this.message_id != before.message_id
    [mailed] = duly("digest", "--on", "2026-03-08")["mailed"]
    assert (mailed["state"], mailed["to"]) == ("sent", list(READERS))
    assert duly("messages")["messages"] == []  # it is no message to a customer
    duly("check")


def test_it_waits_for_the_switch_and_its_list(week: CollectionsDesk) -> None:
    duly("sending", "off")
    send_waiting(Clock(MONDAY))
    assert not Message.objects.exists()
    duly("sending", "test", "--allow", READERS[0])
    assert send_waiting(Clock(MONDAY)).counts["sent"] == 0
    assert Message.objects.get().why_code == "test_mode"
    duly("sending", "test", "--allow", READERS[0], "--allow", READERS[1])
    assert send_waiting(Clock(MONDAY)).counts["sent"] == 1


def test_it_is_no_step_of_a_day_and_is_not_held_with_one(week: CollectionsDesk) -> None:
    duly("sending", "test", "--allow", "nobody@northwind.example")
    send_waiting(Clock(MONDAY))
    row = Message.objects.get()
    assert hold_day(entity_id=row.entity_id, on=row.planned_on, actor="t", at=MONDAY) == 0
    assert [step["customer"] for step in duly("day", "--on", row.planned_on)["steps"]] == ["C0"]


def test_a_lost_answer_makes_it_unknown_and_never_sent_again(week: CollectionsDesk) -> None:
    week.server.fault = lambda address: "cut-after-text"
    send_waiting(Clock(MONDAY))
    week.server.fault = lambda address: "none"
    for _ in range(3):
        assert send_waiting(Clock(MONDAY)).counts["sent"] == 0
    assert len(week.server.taken) == 1
    assert Message.objects.get().state == "unknown"
    [task] = duly("task", "list")["tasks"]
    assert (task["kind"], task["customer"]) == ("message_unknown", None)


def test_nobody_named_nothing_sent(week: CollectionsDesk) -> None:
    assert duly("sending", "digest")["readers"] == []
    send_waiting(Clock(MONDAY))
    assert week.server.taken == []


@pytest.mark.parametrize(
    ("local", "last"),
    [
        (datetime(2026, 3, 8, 23, 59), date(2026, 3, 1)),
        (datetime(2026, 3, 9, 6, 59), date(2026, 3, 1)),
        (datetime(2026, 3, 9, 7, 0), date(2026, 3, 8)),
        (datetime(2026, 3, 11, 0, 0), date(2026, 3, 8)),
        (datetime(2026, 3, 14, 23, 0), date(2026, 3, 8)),
        (datetime(2027, 1, 4, 7, 0), date(2027, 1, 3)),
    ],
)
def test_which_week_is_told(local: datetime, last: date) -> None:
    assert last_week(local) == last
