"""The outbox: what leaves next, single messages, the switch; who may change what."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from tests.interfaces.web.chasing import chased, queue_day
from tests.interfaces.web.shown import section, text

from duly.access.models import Change
from duly.collections.actions import judge_messages, raise_tasks
from duly.collections.actions.queueing import TaskDraft
from duly.collections.models import Block, DayPlan, Message, Sending, Task
from duly.collections.queries.standing import next_sending_day
from duly.collections.rules.handing import Clock, trouble_key
from duly.interfaces.jobs.day import run_day
from duly.interfaces.jobs.planned import plan_ahead
from duly.parties.models import Customer, Entity

__all__ = ["chased"]


@pytest.fixture
def collector(chased: Entity, open_as) -> Client:
    return open_as("collector")


def customer(code: str) -> int:
    return Customer.objects.get(code=code).pk


def shown(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.content.decode()[:2000]
    return text(response.content.decode())


def test_what_leaves_next_is_told_the_day_before_with_who_is_left_out_and_why(
    collector: Client,
) -> None:
    page = shown(collector, "/outbox/planned/")
    assert "2 messages, asking for GBP 285 .75" in page
    assert "Meridian Foods ap@meridian.example friendly 1 item" in page
    assert "No e-mail address 1" in page
    assert "We collect by direct debit 1" in page  # told, not dunned
    assert "Saltmarsh" in shown(collector, "/outbox/planned/?why=direct_debit")


def test_who_looks_at_today_does_not_plan_it(chased: Entity, open_as, today: date) -> None:
    """The defect: a viewer's look made and kept the plan that is released."""
    viewer = open_as("viewer")
    address = f"/outbox/planned/?on={today}"
    assert "Today is not planned yet." in shown(viewer, address)
    assert viewer.get(f"/outbox/planned/leaves.csv?on={today}").status_code == 200
    assert not DayPlan.objects.exists()
    given = {"customer": customer("C1"), "on": str(today)}
    held = open_as("collector").post("/outbox/planned/hold/", given, headers={"HX-Request": "true"})
    assert held.headers["HX-Refresh"] == "true"
    plan_ahead(entity=chased, on=today, actor="t", at=datetime.now(UTC))
    assert "not planned yet" not in shown(viewer, address)


def test_one_of_tomorrows_sends_is_held_and_released(
    chased: Entity, collector: Client, today: date
) -> None:
    on = next_sending_day(chased, today)
    given = {"customer": customer("C1"), "on": on.isoformat()}
    row = collector.post("/outbox/planned/hold/", given, headers={"HX-Request": "true"})
    assert "Held" in text(row.content.decode())
    assert "data-focus" in row.content.decode()
    page = shown(collector, "/outbox/planned/")
    assert "1 message, asking for GBP 35 .25" in page
    assert "1 is held" in page
    run_day(entity=chased, on=on, actor="test", at=datetime.now(UTC), is_dry_run=False)
    assert [row.customer_id for row in Message.objects.all()] == [customer("C2")]
    collector.post("/outbox/planned/release/", given)
    assert Block.objects.get().ended_at is not None
    page = shown(collector, "/outbox/planned/")
    assert "1 message, asking for GBP 250 .50" in page
    assert "1 step of this day is queued" in page


def test_a_hold_on_a_day_to_come_holds_from_today_on(
    chased: Entity, collector: Client, today: date
) -> None:
    later = next_sending_day(chased, next_sending_day(chased, today))
    collector.post("/outbox/planned/hold/", {"customer": customer("C1"), "on": str(later)})
    assert Block.objects.get().from_on == today
    assert "1 is held" in shown(collector, "/outbox/planned/")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/outbox/planned/?on=2020-01-01", 422),
        ("/outbox/planned/?on=2999-01-01", 422),
        ("/outbox/planned/?on=soon", 422),
        ("/outbox/planned/?page=0", 422),
        ("/outbox/planned/?why=nothing", 200),
        ("/outbox/?state=nonsense&step=x", 200),
        ("/outbox/?customer=x", 422),
        ("/outbox/?customer=77777777", 200),
        ("/outbox/?on=31/31/2026", 422),
        ("/outbox/?before=99999999999999999999", 422),
        ("/outbox/999/", 404),
        ("/outbox/99999999999999999999999/", 404),
    ],
)
def test_bad_addresses_are_told(collector: Client, address: str, status: int) -> None:
    assert collector.get(address).status_code == status


def test_a_message_opens_to_its_text_its_items_and_its_step(
    chased: Entity, collector: Client, today: date
) -> None:
    queue_day(chased, today)
    listed = shown(collector, "/outbox/")
    assert "Sending is off: nothing leaves yet." in listed
    assert "Waiting 2" in listed
    row = Message.objects.get(customer_id=customer("C1"))
    response = collector.get(f"/outbox/{row.pk}/")
    page = response.content.decode()
    assert row.body.strip()[:60] in page
    assert "INV-1" in page
    assert "Step friendly of policy firm (version 1): number 1 of 2, 5 days after due" in text(page)
    german = text(collector.get(f"/outbox/{row.pk + 1}/").content.decode())
    assert "in German" in german
    assert "money not applied" in german


def test_letting_go_leaves_a_minute_to_undo(chased: Entity, collector: Client, today: date) -> None:
    queue_day(chased, today)
    pk = Message.objects.earliest("pk").pk
    collector.post(f"/outbox/{pk}/hold/")
    assert "Held 1" in shown(collector, "/outbox/?state=held")
    row = collector.post(f"/outbox/{pk}/release/", headers={"HX-Request": "true"})
    found = re.search(r'data-until="([^"]+)"', row.content.decode())
    left = datetime.fromisoformat(found.group(1)) - datetime.now(UTC)
    assert timedelta(seconds=50) < left <= timedelta(seconds=60)
    # The worker comes by, finds that it waits, and says why: Undo stays for its minute.
    Sending.objects.create(
        entity_id=chased.pk, mode="on", actor="test", changed_at=datetime.now(UTC)
    )
    judge_messages(entity=chased, message_ids=[pk], clock=Clock(datetime.now(UTC)))
    assert Message.objects.get(pk=pk).state == "queued"
    listed = collector.get("/outbox/").content.decode()
    assert "Undo" in section(listed, f'id="m-{pk}"', "</tr>")
    collector.post(f"/outbox/{pk}/hold/")  # what Undo does
    assert Message.objects.get(pk=pk).state == "held"
    before = shown(collector, "/outbox/planned/")
    collector.post(f"/outbox/{pk}/cancel/")
    assert before != shown(collector, "/outbox/planned/")  # what was taken off would be due again
    assert collector.post(f"/outbox/{pk}/release/").status_code == 409
    assert collector.post(f"/outbox/{pk}/eat/").status_code == 404
    assert "Taken off on the outbox page" in shown(collector, f"/outbox/{pk}/")


@pytest.mark.parametrize(("act", "state"), [("arrived", "sent"), ("again", "queued")])
def test_a_person_says_what_became_of_a_message_that_nobody_saw_end(
    chased: Entity, collector: Client, today: date, act: str, state: str
) -> None:
    on = queue_day(chased, today)
    row = Message.objects.earliest("pk")
    row.state, row.attempts = "unknown", 1
    row.save()
    key = trouble_key(row.pk, "unknown", 1)
    draft = TaskDraft(row.customer_id, key, "message_unknown", "Look.", on)
    raise_tasks(entity_id=chased.pk, drafts=[draft], actor="worker", at=datetime.now(UTC))
    assert "1 message may have been sent" in shown(collector, "/outbox/")
    page = collector.get("/outbox/?state=unknown").content.decode()
    assert "It arrived" in page
    assert "Send again" in page
    collector.post(f"/outbox/{row.pk}/{act}/")
    row.refresh_from_db()
    assert row.state == state
    assert (row.not_before is not None) == (act == "again")
    assert Task.objects.get(key=key).done_at is not None
    assert collector.post(f"/outbox/{row.pk}/{act}/").status_code == 409


def test_the_stop_button_stops_every_company_and_tells_who_pressed_it(
    chased: Entity, collector: Client, open_as
) -> None:
    from duly.parties.actions import add_entity

    add_entity(
        name="Other", currency="EUR", country="DE", timezone="UTC", terms="net30",
        at=datetime.now(UTC),
    )  # fmt: skip
    manager = open_as("manager")
    manager.post("/outbox/sending/", {"act": "on", "confirm": chased.name})
    assert "Stop all sending" in shown(collector, "/")
    assert collector.post("/outbox/stop/").status_code == 302
    assert [row.mode for row in Sending.objects.all()] == ["stopped", "stopped"]
    page = shown(collector, "/outbox/sending/")
    assert "by collector@example.org" in page
    assert "Sending is stopped. Not one message leaves" in shown(collector, "/customers/")


def test_test_mode_is_seen_on_every_page_with_whom_it_reaches(
    chased: Entity, open_as, today: date
) -> None:
    manager = open_as("manager")
    queue_day(chased, today)
    wrong = manager.post("/outbox/sending/", {"act": "test", "allowed": "me@here.example\nyou@"})
    assert wrong.status_code == 422
    assert "you@ is no e-mail address" in text(wrong.content.decode())
    assert "me@here.example" in wrong.content.decode()  # what was typed stays
    manager.post("/outbox/sending/", {"act": "test", "allowed": "ap@meridian.example"})
    for address in ("/", "/customers/", "/aging/", "/import/"):
        assert "Test mode. Messages reach only ap@meridian.example" in shown(manager, address)
    listed = manager.get("/outbox/").content.decode()
    reached = section(listed, f'id="m-{Message.objects.get(customer_id=customer("C1")).pk}"', "/tr")
    assert "Test mode" not in reached
    assert listed.count("Test mode: this address is not on the list.") == 1
    wrong = manager.post("/outbox/sending/", {"act": "on", "confirm": "Somebody"})
    assert "Type the company’s name as it stands: Northwind Packaging." in wrong.content.decode()
    manager.post("/outbox/sending/", {"act": "on", "confirm": "Northwind Packaging"})
    assert "Test mode." not in shown(manager, "/")


def test_a_sender_that_is_no_address_is_refused_at_its_field(chased: Entity, open_as) -> None:
    manager = open_as("manager")
    given = {"act": "sender", "sender": "money@here.example", "reply_to": "x\r\nBcc: y"}
    response = manager.post("/outbox/sending/", given)
    assert response.status_code == 422
    assert 'id="reply_to-told"' in response.content.decode()
    given["reply_to"] = "ann@here.example"
    manager.post("/outbox/sending/", given)
    assert Sending.objects.get().sender == "money@here.example"
    manager.post("/outbox/sending/", {"act": "off"})
    assert Change.objects.filter(noun="sending").count() == 2


@pytest.mark.parametrize(
    ("role", "address", "status"),
    [
        ("viewer", "/outbox/1/hold/", 403),
        ("sales", "/outbox/stop/", 403),
        ("clerk", "/outbox/planned/hold/", 403),
        ("collector", "/outbox/sending/", 403),
        ("analyst", "/outbox/stop/", 403),
    ],
)
def test_who_may_not_is_refused(
    chased: Entity, open_as, role: str, address: str, status: int
) -> None:
    client = open_as(role)
    assert client.post(address, {"act": "on", "confirm": chased.name}).status_code == status
    assert client.get("/outbox/planned/").status_code == 200
    assert client.get("/outbox/sending/").status_code == 200
    assert "data-row-key" not in client.get("/outbox/planned/").content.decode() or (
        role == "collector"
    )


def test_the_pages_read_little(
    chased: Entity, collector: Client, today: date, django_assert_max_num_queries
) -> None:
    queue_day(chased, today)
    for address in ("/outbox/", f"/outbox/{Message.objects.earliest('pk').pk}/"):
        with django_assert_max_num_queries(22):
            collector.get(address)
    collector.get("/outbox/planned/")
    with django_assert_max_num_queries(28):
        collector.get("/outbox/planned/")
