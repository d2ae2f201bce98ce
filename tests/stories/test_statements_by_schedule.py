"""Statements of account that go out by themselves, as a credit manager sees them."""

from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from pypdf import PdfReader

from collecting import ENTITY, CollectionsDesk, desk, mail  # noqa: F401
from duly.access.models import Change
from duly.collections.models import Message, ScheduledRun, Task
from duly.collections.queries.messages import asked_on
from duly.collections.rules.handing import Clock
from duly.interfaces.cli import home
from duly.interfaces.exchange.writers.statements import Letter, running
from duly.interfaces.jobs import scheduled
from duly.interfaces.jobs.planned import send_step
from duly.interfaces.jobs.scheduled import carry_out_due
from duly.interfaces.web.pages.desk.customer_now import CustomerNow
from duly.kernel.errors import Defect
from duly.parties.models import Customer
from duly.parties.queries import entity
from shell import duly

FIRST = date(2026, 3, 1)
LAST = date(2026, 3, 31)  # a Tuesday
MORNING_AFTER = date(2026, 4, 1)


@pytest.fixture
def month(desk: CollectionsDesk) -> CollectionsDesk:  # noqa: F811
    """Five customers of March, and statements of its last business day."""
    desk.customer("ALDER", address="1 Alder Street")
    desk.customer("BIRCH", "", address="2 Birch Street")
    desk.customer("CEDAR", "")
    desk.customer("DOGWOOD")
    desk.customer("ELM", language="de")
    for code, amount in (
        ("ALDER", "500.00"), ("BIRCH", "80.00"), ("CEDAR", "90.00"), ("DOGWOOD", "12.00"),
        ("ELM", "700.00"),
    ):  # fmt: skip
        desk.invoice(f"I-{code}", code, amount)
    set_up()
    desk.open_for_mail()
    desk.bank_is_fresh(MORNING_AFTER)
    duly("sending", "from", "money@northwind.example")
    return desk


def set_up(*more: str) -> dict[str, Any]:
    return duly(
        "schedule", "set", "Month end", "--due", "last-business-day", "--minimum", "50",
        "--on", FIRST, *more,
    )  # fmt: skip


def printed(letter: Any) -> str:
    """The text of the statement that a mail encloses."""
    [enclosed] = letter.mail.iter_attachments()
    pages = PdfReader(BytesIO(enclosed.get_content())).pages
    return " ".join("\n".join(page.extract_text() for page in pages).split())


def outcomes(run: int) -> dict[str, str]:
    """{customer: by which way, and why}."""
    return {
        row["customer"]: " ".join(
            [row["outcome"], row["why"]["code"] if row["why"] else ""]
        ).strip()
        for row in duly("schedule", "run", run)["customers"]
    }


def test_a_month_end_by_mail_and_by_post(month: CollectionsDesk) -> None:
    assert duly("schedule", "list", "--on", FIRST)["schedules"][0]["next"] == [
        "2026-03-31", "2026-04-30", "2026-05-29",
    ]  # fmt: skip
    month.work(LAST)
    assert duly("schedule", "runs")["runs"] == []  # the day is not over
    assert month.work(MORNING_AFTER)["sent"] == 2
    [run] = duly("schedule", "runs")["runs"]
    assert (run["due_on"], run["state"]) == ("2026-03-31", "done")
    assert outcomes(run["run"]) == {
        "ALDER": "mail",
        "BANK": "left_out below_minimum",
        "BIRCH": "post no_address",
        "CEDAR": "left_out no_post_address",
        "DOGWOOD": "left_out below_minimum",
        "ELM": "mail",
    }
    with pikepdf.open(run["pdf"]) as pdf:
        assert len(pdf.pages) == 1
    first, second = month.server.taken
    assert first.mail["Subject"] == f"Statement of account from {ENTITY}, 1 April 2026"
    assert second.mail["Subject"] == f"Kontoauszug von {ENTITY}, 1. April 2026"
    [enclosed] = first.mail.iter_attachments()
    assert enclosed.get_filename() == "statement-ALDER-2026-04-01.pdf"
    assert enclosed.get_content().startswith(b"%PDF")
    for _ in range(3):
        assert month.work(MORNING_AFTER)["sent"] == 0
    assert len(duly("schedule", "runs")["runs"]) == 1
    duly("check")


def test_no_statement_leaves_by_another_door(month: CollectionsDesk) -> None:
    """Switch, hours, suppressed and changed addresses, stays by law, and what was paid since."""
    duly("sending", "off")
    month.work(MORNING_AFTER)
    assert month.server.taken == []
    duly("sending", "on", "--confirm", ENTITY)
    assert month.work(MORNING_AFTER, "--at", "01:00")["sent"] == 0
    assert month.reasons()["ALDER"] == "outside_hours"
    month.payment("P-1", "ALDER", "500.00", on=MORNING_AFTER, item="I-ALDER")
    duly("block", "add", "ELM", "--kind", "legal", "--reason", "Insolvent", "--on", MORNING_AFTER)
    assert month.reasons()["ELM"] == "legal"  # at once, not when its mail would leave
    assert month.work(MORNING_AFTER) == {"sent": 0, "unknown": 0, "failed": 0, "cancelled": 1}
    assert month.reasons() == {"ALDER": "paid", "ELM": "legal"}


def test_a_month_that_waited_is_replaced_by_the_next(month: CollectionsDesk) -> None:
    """Sending was off for weeks: nobody gets the statements of all of them at once."""
    duly("sending", "off")
    month.work(MORNING_AFTER)
    later = date(2026, 5, 4)
    month.bank_is_fresh(later)
    month.work(later)
    duly("sending", "on", "--confirm", ENTITY)
    assert month.work(later)["sent"] == 2
    assert all("4 May" in one.mail["Subject"] for one in month.server.taken[:1])
    told = [row["why"]["code"] for row in duly("messages", "--state", "cancelled")["messages"]]
    assert told == ["replaced", "replaced"]


def test_whom_no_letter_may_reach(month: CollectionsDesk) -> None:
    month.take(
        "customer_id,name,role,email,do_not_contact",
        "ALDER,Ann,accounts_payable,alder@c.example,yes",
    )
    duly("block", "add", "ELM", "--kind", "snooze", "--reason", "Later", "--on", FIRST)
    duly("block", "add", "BIRCH", "--kind", "placed", "--reason", "Agency", "--on", FIRST)
    month.work(MORNING_AFTER)
    [run] = duly("schedule", "runs")["runs"]
    told = outcomes(run["run"])
    assert (told["ALDER"], told["BIRCH"]) == ("left_out do_not_contact", "left_out placed")
    assert told["ELM"] == "mail"  # a statement asks for nothing: a snooze leaves it alone


def test_a_statement_is_no_reminder(month: CollectionsDesk) -> None:
    """The day is planned as if it were not there, and a released day takes none back."""
    before = month.day(MORNING_AFTER, "--dry-run")
    month.work(MORNING_AFTER)
    after = month.day(MORNING_AFTER, "--dry-run")
    assert after["digest"] == before["digest"]
    assert [step["step"] for step in after["steps"]] == [step["step"] for step in before["steps"]]


def test_paused_changed_and_ended_with_a_trail(month: CollectionsDesk) -> None:
    duly("schedule", "pause", "month END", "--on", FIRST)
    month.work(MORNING_AFTER)
    assert duly("schedule", "runs")["runs"] == []
    told = duly("schedule", "resume", "Month end", "--on", MORNING_AFTER)
    assert (told["state"], told["next"][0]) == ("on", "2026-04-30")
    month.work(MORNING_AFTER)
    assert duly("schedule", "runs")["runs"] == []  # what was due meanwhile is not made up for
    set_up("--by", "post")
    duly("schedule", "end", "Month end")
    assert duly("schedule", "list")["schedules"] == []
    assert duly("schedule", "pause", "Month end", code=3)["code"] == "STATEMENT_SCHEDULE_UNKNOWN"
    trail = Change.objects.filter(noun="statement_schedule").order_by("id")
    told = [(row.after["is_paused"], row.after["delivery"], row.after["is_ended"]) for row in trail]
    assert told == [
        (False, "mail", False), (True, "mail", False), (False, "mail", False),
        (False, "post", False), (False, "post", True),
    ]  # fmt: skip


def test_activity_goes_on_where_the_last_one_ended(month: CollectionsDesk) -> None:
    set_up("--kind", "activity", "--by", "post")
    month.work(MORNING_AFTER)
    month.bank_is_fresh(date(2026, 5, 1))
    month.work(date(2026, 5, 1))
    second, first = duly("schedule", "runs")["runs"]
    assert (first["from"], first["due_on"]) == ("2026-02-28", "2026-03-31")
    assert (second["from"], second["due_on"]) == ("2026-04-01", "2026-04-30")


@pytest.mark.parametrize("state", ["queued", "held"])
def test_a_statement_is_no_reminder_that_the_desk_takes_for_one(
    month: CollectionsDesk, state: str
) -> None:
    """The defect: E let a held statement go, or refused a due reminder as sent already."""
    duly("sending", "off")
    month.work(MORNING_AFTER)
    statement = Message.objects.get(
        channel="statement", customer_id=Customer.objects.get(code="ALDER").pk
    )
    if state == "held":
        duly("message", "hold", statement.pk)
    assert asked_on(entity(None).pk, MORNING_AFTER) == set()
    now = CustomerNow(Customer.objects.get(code="ALDER"), MORNING_AFTER, home.now())
    assert now.to_send is not None
    sent = send_step(
        entity=entity(None),
        on=MORNING_AFTER,
        customer_id=statement.customer_id,
        actor="test",
        at=home.now(),
    )
    assert sent.channel == "email"
    statement.refresh_from_db()
    assert statement.state == state


def test_one_that_can_not_be_enclosed_stops_none_behind_it(month: CollectionsDesk) -> None:
    """The defect: every round of the mail ended at the same message, for good."""
    duly("sending", "off")
    month.work(MORNING_AFTER)
    asked = ScheduledRun.objects.get().asked
    del asked["paper"]
    ScheduledRun.objects.update(asked=asked)
    month.day(MORNING_AFTER)
    duly("sending", "on", "--confirm", ENTITY)
    assert month.work(MORNING_AFTER)["failed"] == 2
    assert {one.state for one in Message.objects.filter(channel="statement")} == {"failed"}
    assert {one.state for one in Message.objects.filter(channel="email")} == {"sent"}
    assert Task.objects.filter(kind="message_failed").count() == 2


def test_what_was_paid_since_is_not_asked_for(month: CollectionsDesk) -> None:
    """Statements tell the day that they leave; an activity ends before, and asks for nothing."""
    month.invoice("I-LATER", "ALDER", "30.00", late=-45)
    duly("schedule", "set", "Moved", "--due", "last-day", "--kind", "activity", "--on", FIRST)
    duly("sending", "off")
    month.work(MORNING_AFTER)
    month.payment("P-9", "ALDER", "500.00", on=MORNING_AFTER, item="I-ALDER")
    duly("sending", "on", "--confirm", ENTITY)
    month.work(MORNING_AFTER)
    told = {
        one.mail["Subject"].split(", ")[1]: printed(one)
        for one in month.server.taken
        if one.mail["To"].startswith("alder")
    }
    assert "Please pay EUR 30,00" in told["1 April 2026"]
    assert "I-ALDER" not in told["1 April 2026"]
    assert "Please pay" not in told["31 March 2026"]
    assert "Balance on 31 March 2026: EUR 530,00" in told["31 March 2026"]


def test_an_address_mended_while_it_waited_gets_it(month: CollectionsDesk) -> None:
    duly("sending", "off")
    month.work(MORNING_AFTER)
    month.take("customer_id,name,email,language", "ALDER,Alder,right@c.example,fr")
    duly("sending", "on", "--confirm", ENTITY)
    assert month.work(MORNING_AFTER) == {"sent": 2, "unknown": 0, "failed": 0, "cancelled": 0}
    first = month.server.taken[0].mail
    assert first["To"] == "right@c.example"
    assert first["Subject"] == f"Relevé de compte de {ENTITY}, 1 avril 2026"


def at_ten(day: date) -> Clock:
    """A clock of a morning."""
    return Clock(datetime(day.year, day.month, day.day, 10, tzinfo=UTC))


def test_a_run_that_broke_off_gives_way_to_the_next(
    month: CollectionsDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A week's run ended early: its one mail is taken off before the newer run decides anybody."""
    monkeypatch.setattr(scheduled, "AT_ONCE", 1)
    duly("schedule", "set", "Month end", "--due", "friday", "--on", FIRST)
    is_over = iter([False, True])
    carry_out_due(at_ten(date(2026, 3, 7)), lambda: next(is_over))
    assert (month.states(), month.reasons()) == ({"ALDER": "queued"}, {})
    carry_out_due(at_ten(date(2026, 3, 28)), lambda: True)
    assert month.reasons() == {"ALDER": "replaced"}
    assert carry_out_due(at_ten(date(2026, 3, 28))) == 1
    newer, older = duly("schedule", "runs")["runs"]
    assert (newer["due_on"], newer["state"]) == ("2026-03-27", "done")
    assert (older["due_on"], older["state"], older["mail"]) == ("2026-03-06", "replaced", 1)


def test_what_waits_of_a_schedule_stops_with_it(month: CollectionsDesk) -> None:
    duly("sending", "off")
    month.work(MORNING_AFTER)
    duly("message", "hold", duly("messages")["messages"][0]["id"])
    duly("schedule", "set", "Later", "--due", "last-day", "--on", FIRST)
    carry_out_due(at_ten(MORNING_AFTER), lambda: True)
    duly("schedule", "end", "Month end")
    duly("schedule", "pause", "Later", "--on", MORNING_AFTER)
    later, month_end = duly("schedule", "runs")["runs"]
    assert (later["state"], month_end["state"]) == ("stopped", "done")
    duly("sending", "on", "--confirm", ENTITY)
    assert month.work(MORNING_AFTER)["sent"] == 0
    told = [row["why"]["code"] for row in duly("messages", "--state", "cancelled")["messages"]]
    assert told == ["stopped", "stopped"]


def test_a_customer_held_back_gets_none(month: CollectionsDesk) -> None:
    """Left out where it is held when the day is carried out; waiting where it is held since."""
    held = ("--kind", "hold", "--reason", "Wait for me", "--on")
    duly("block", "add", "ALDER", *held, FIRST)
    duly("sending", "off")
    month.work(MORNING_AFTER)
    [run] = duly("schedule", "runs")["runs"]
    assert outcomes(run["run"])["ALDER"] == "left_out hold"
    duly("block", "add", "ELM", *held, MORNING_AFTER)
    duly("sending", "on", "--confirm", ENTITY)
    assert month.work(MORNING_AFTER)["sent"] == 0
    assert (month.states()["ELM"], month.reasons()["ELM"]) == ("queued", "hold")


def test_activity_leaves_no_day_out_that_was_missed(month: CollectionsDesk) -> None:
    duly("schedule", "end", "Month end")
    weekly = ("schedule", "set", "Weekly", "--kind", "activity", "--by", "post", "--on")
    duly(*weekly, FIRST, "--due", "friday")
    for day in (date(2026, 3, 7), date(2026, 3, 28)):
        carry_out_due(at_ten(day))
    duly("schedule", "pause", "Weekly", "--on", "2026-03-28")
    duly("schedule", "resume", "Weekly", "--on", "2026-04-12")
    carry_out_due(at_ten(date(2026, 4, 18)))
    duly(*weekly, "2026-04-20", "--due", "last-day")
    carry_out_due(at_ten(date(2026, 5, 1)))
    told = [(run["from"], run["due_on"]) for run in reversed(duly("schedule", "runs")["runs"])]
    assert told == [
        ("2026-02-28", "2026-03-06"), ("2026-03-07", "2026-03-27"),
        ("2026-03-28", "2026-04-17"), ("2026-04-18", "2026-04-30"),
    ]  # fmt: skip


def test_one_letter_that_cannot_be_drawn_stops_no_other(
    month: CollectionsDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours in one statement leaves that one out of the PDF for post, and says so."""
    month.customer("FIR", "", address="3 Fir Street")
    month.invoice("I-FIR", "FIR", "100.00")
    drawn = running.page_data

    def faulty(letter: Letter) -> dict[str, Any]:
        if letter.debtor.code == "FIR":
            raise Defect("The statement can't be typeset.")
        return drawn(letter)

    monkeypatch.setattr(running, "page_data", faulty)
    assert carry_out_due(at_ten(MORNING_AFTER)) == 1
    [run] = duly("schedule", "runs")["runs"]
    told = outcomes(run["run"])
    assert (told["BIRCH"], told["FIR"]) == ("post no_address", "left_out unwritten")
    with pikepdf.open(run["pdf"]) as pdf:
        assert len(pdf.pages) == 1
