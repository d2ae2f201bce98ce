"""Plan, look, change, release: what was looked at leaves, or less of it where money came."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from tests.interfaces.web.conftest import take_in
from tests.interfaces.web.desk_books import ITEMS, late_books, number_of
from tests.interfaces.web.shown import text

from duly.access.models import Change
from duly.collections.actions import place_block
from duly.collections.models import DayPlan, Message, WorklistRow
from duly.collections.queries.standing import next_sending_day
from duly.interfaces.jobs.planned import plan_ahead
from duly.interfaces.web.current import now
from duly.parties.models import Entity


@pytest.fixture
def late(entity: Entity, today: date) -> Entity:
    """C1 and C2 owe, each with an address; C3 has none."""
    return late_books(entity, today)


@pytest.fixture
def desk(late: Entity, open_as: Callable[[str], Client]) -> Client:
    """A collector whose day is planned."""
    client = open_as("collector")
    assert client.post("/today/plan/").status_code == 302
    return client


def look(client: Client) -> dict[str, str]:
    """What a person looks at, as the page carries it."""
    html = client.get("/today/leaving/").content.decode()
    found = dict(re.findall(r'name="(looked_at|held)" value="(\w*)"', html))
    assert found, text(html)
    return found


def release(client: Client, seen: dict[str, str]):  # noqa: ANN201
    return client.post("/today/release/", seen, follow=True)


def take_back(client: Client, released: bytes) -> None:
    token = re.search(r'name="token" value="([^"]+)"', released.decode())[1]
    client.post("/undo/", {"token": token})


def invoice(entity: Entity, today: date, customer: str, amount: str) -> None:
    ago = [(today - timedelta(days=days)).isoformat() for days in (60, 30)]
    take_in(entity, "items", ITEMS, ("invoice", f"NEW-{customer}", customer, "GBP", *ago, amount))


def money(entity: Entity, today: date, customer: str, amount: str) -> None:
    names = ("payment_id", "currency", "received_on", "amount", "customer_id")
    take_in(entity, "payments", names, (f"P-{customer}", "GBP", str(today), amount, customer))


def asked() -> dict[int, int]:
    return dict(Message.objects.values_list("customer_id", "amount_minor"))


def test_planning_sends_nothing_and_release_sends_what_was_seen(desk: Client) -> None:
    assert not Message.objects.exists()
    html = desk.get("/today/leaving/").content.decode()
    assert "Firm 1" in html
    assert "Firm 2" in html
    assert "Firm 3" not in html  # it has no address
    release(desk, look(desk))
    assert asked() == {number_of("C1"): 100_000, number_of("C2"): 200_000}
    one = Message.objects.first()
    assert one.not_before > one.queued_at  # the minute in which it can be taken back


def test_money_that_comes_between_makes_less_of_it_and_asks_nobody_to_look_again(
    desk: Client, late: Entity, today: date
) -> None:
    seen = look(desk)
    money(late, today, "C1", "1000.00")
    money(late, today, "C2", "300.00")
    told = text(release(desk, seen).content.decode())
    assert "Released: 1 reminders" in told
    assert "1 of those looked at may not leave any more." in told
    assert asked() == {number_of("C2"): 170_000}


def test_a_snooze_between_drops_its_message(desk: Client, late: Entity, today: date) -> None:
    seen = look(desk)
    place_block(
        entity_id=late.pk,
        customer_id=number_of("C1"),
        kind="snooze",
        reason="Later",
        from_on=today,
        until_on=None,
        actor="test",
        at=now(),
    )
    release(desk, seen)
    assert list(asked()) == [number_of("C2")]


@pytest.mark.parametrize("is_planned_anew", [False, True])
def test_what_nobody_saw_is_refused_with_what_changed(
    desk: Client, late: Entity, today: date, is_planned_anew: bool
) -> None:
    """The defect: a plan made anew by anybody was released under the eyes of who saw another."""
    seen = look(desk)
    invoice(late, today, "C1", "250.00")
    take_in(late, "customers", ("customer_id", "name", "email"), ("C3", "Firm 3", "c3@c.example"))
    money(late, today, "C2", "2000.00")
    if is_planned_anew:
        plan_ahead(entity=late, on=today, actor="another", at=now())
    response = release(desk, seen)
    assert response.status_code == 409
    told = text(response.content.decode())
    assert "Not released: 1 came and 1 changed since you looked." in told
    assert "C3 is new: friendly, GBP 3,000.00." in told
    assert "C1 asks for another item: friendly, GBP 1,250.00, before 1,000.00." in told
    assert "C2 would not leave: friendly, GBP 2,000.00." in told
    assert not Message.objects.exists()
    desk.post("/today/plan/")
    assert look(desk) != seen
    release(desk, look(desk))
    assert asked() == {number_of("C1"): 125_000, number_of("C3"): 300_000}


def test_the_same_plan_made_again_is_the_one_looked_at(desk: Client, late: Entity) -> None:
    seen = look(desk)
    for _ in range(4):
        desk.post("/today/plan/")
    assert DayPlan.objects.count() == 2  # the newest, and the one before
    assert look(desk) == seen
    assert "Released: 2" in text(release(desk, seen).content.decode())
    assert release(desk, seen).status_code == 200, "a second click does nothing more"
    assert Message.objects.count() == 2


def test_of_earlier_days_no_row_is_kept(desk: Client, late: Entity, today: date) -> None:
    plan_ahead(entity=late, on=today + timedelta(days=1), actor="t", at=now())
    assert set(WorklistRow.objects.values_list("plan__on", flat=True)) == {
        today + timedelta(days=1)
    }
    plan_ahead(entity=late, on=today, actor="t", at=now())  # an earlier day leaves the newest
    assert WorklistRow.objects.count() == 3


def test_a_release_is_taken_back_whole_and_made_again(desk: Client) -> None:
    take_back(desk, release(desk, look(desk)).content)
    assert set(Message.objects.values_list("state", flat=True)) == {"held"}
    assert "2 reminders" in desk.get("/today/").content.decode()
    assert "Firm 1" in desk.get("/today/leaving/").content.decode()
    release(desk, look(desk))
    assert set(Message.objects.values_list("state", flat=True)) == {"queued"}
    assert Message.objects.count() == 2
    # Each message tells who held the day back and who let it go.
    trail = Change.objects.filter(noun="message").order_by("id")
    assert [(row.actor, row.before, row.after["state"]) for row in trail] == [
        ("collector@example.org", {"state": "queued"}, "held"),
        ("collector@example.org", {"state": "queued"}, "held"),
        ("collector@example.org", {"state": "held"}, "queued"),
        ("collector@example.org", {"state": "held"}, "queued"),
    ]


def test_what_has_left_is_not_said_to_be_held(desk: Client) -> None:
    html = release(desk, look(desk)).content.decode()
    token = re.search(r'name="token" value="([^"]+)"', html)[1]
    Message.objects.update(state="sent")
    assert desk.post("/undo/", {"token": token}).status_code == 422
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}


def test_a_day_nobody_looked_at_is_not_released(late: Entity, open_as) -> None:  # noqa: ANN001
    response = open_as("collector").post("/today/release/")
    assert response.status_code == 409
    assert b"DAY_NOT_PLANNED" in response.content
    assert not Message.objects.exists()


def test_a_hold_on_a_later_day_shows_where_today_is_released(
    desk: Client, late: Entity, today: date
) -> None:
    assert "Held back" not in text(desk.get("/today/leaving/").content.decode())
    later = next_sending_day(late, today)
    desk.post("/outbox/planned/hold/", {"customer": number_of("C1"), "on": str(later)})
    seen = look(desk)
    assert "Held back" in text(desk.get("/today/leaving/").content.decode())
    release(desk, seen)
    assert set(asked()) == {number_of("C2")}


def test_what_a_colleague_took_back_meanwhile_is_not_released(
    desk: Client, late: Entity, open_as: Callable[[str], Client]
) -> None:
    """The defect: a release queued again whatever was held, also what its page had not shown."""
    released = release(desk, look(desk)).content
    take_in(late, "customers", ("customer_id", "name", "email"), ("C3", "Firm 3", "c3@c.example"))
    manager = open_as("manager")
    manager.post("/today/plan/")
    seen = look(manager)  # of C3 alone: the others have left
    take_back(desk, released)
    refused = release(manager, seen)
    assert refused.status_code == 409
    assert 'href="/today/leaving/">Look at the day</a>' in refused.content.decode()
    assert set(Message.objects.values_list("state", flat=True)) == {"held"}
    told = text(release(manager, look(manager)).content.decode())
    assert "Released: 3 reminders" in told
    assert set(Message.objects.values_list("state", flat=True)) == {"queued"}


def test_a_second_release_tells_of_its_own_alone(desk: Client, late: Entity) -> None:
    release(desk, look(desk))
    Message.objects.update(state="sent")
    take_in(late, "customers", ("customer_id", "name", "email"), ("C3", "Firm 3", "c3@c.example"))
    desk.post("/today/plan/")
    assert "Released: 1 reminders" in text(release(desk, look(desk)).content.decode())
