"""Twenty minutes: at most three acts, each recorded by one tap; and the week that adds up."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.interfaces.web.conftest import AT
from tests.interfaces.web.desk_books import late_books, number_of
from tests.interfaces.web.shown import section, text, values

from duly.collections.actions import PromiseDraft, judge_promises, make_promises, place_block
from duly.collections.models import Call, DayPlan, Task
from duly.collections.queries.week import week_to
from duly.interfaces.exchange.week import week_document
from duly.interfaces.web.pages.desk.customer_now import Together
from duly.parties.models import Entity


@pytest.fixture
def owner(entity: Entity, today: date, open_as: Callable[[str], Client]) -> Client:
    late_books(entity, today, 6)
    client = open_as("manager")
    client.post("/today/plan/")
    return client


def page(client: Client) -> str:
    response = client.get("/owner/")
    assert response.status_code == 200
    return response.content.decode()


def test_three_acts_and_what_depends_on_them(owner: Client) -> None:
    html = page(owner)
    assert html.count('class="card deed"') == 2  # five may be written to, one has no address
    assert "Two things today, about 8 minutes" in text(html)
    at_stake, released, called = values(html)[:3]
    assert at_stake == released + called
    assert released == Decimal("15000.00")


def test_one_tap_records_and_the_act_is_gone(owner: Client, today: date) -> None:
    html = page(owner)
    deed = section(html, f"/customers/{number_of('C6')}/acts/call/", "</form>")
    assert "no_answer" in deed
    owner.post(
        f"/customers/{number_of('C6')}/acts/call/",
        {"outcome": "no_answer", "next_on": (today + timedelta(days=1)).isoformat()},
    )
    assert Call.objects.get().outcome == "no_answer"
    assert Task.objects.get().due_on > today
    assert "Firm 6" not in section(page(owner), 'id="owner-acts"', "</ol>")


def test_while_sending_is_off_nobody_was_written_to(owner: Client) -> None:
    owner.post("/today/release/", {"looked_at": DayPlan.objects.get().leaving})
    told = text(page(owner))
    assert "Sending is off: 5 reminders wait in the outbox." in told
    assert "runs by itself" not in told
    assert "Written to" not in text(owner.get("/today/").content.decode())


def test_the_week_adds_up(owner: Client, entity: Entity, today: date) -> None:
    made_on, due_on = today - timedelta(days=20), today - timedelta(days=9)
    drafts = [PromiseDraft(number_of("C1"), "GBP", 50_000, due_on)]
    make_promises(entity_id=entity.pk, drafts=drafts, on=made_on, actor="test", at=AT)
    judge_promises(entity=entity, on=today, actor="test", at=AT)
    soon = PromiseDraft(number_of("C2"), "GBP", 70_000, today + timedelta(days=10))
    make_promises(entity_id=entity.pk, drafts=[soon], on=today, actor="test", at=AT)
    [told] = week_document(entity, week_to(entity=entity, on=today))["currencies"]
    assert told["owed"] == told["overdue"] == "21000.00"
    assert sum(map(Decimal, told["ages"].values())) == Decimal(told["owed"])
    assert (told["received"], told["missed"]) == ("10.00", "500.00")
    assert told["largest"][0]["customer"] == "C6"
    assert [week["promised"] for week in told["expected"]] == ["0.00", "700.00", "0.00", "0.00"]
    html = owner.get("/owner/week/").content.decode()
    assert "Broken" in html
    assert values(section(html, 'class="truth"', "</p>"))[:3] == [
        Decimal("21000.00"),
        Decimal("21000.00"),
        Decimal("10.00"),
    ]


def test_what_is_at_risk_adds_up_on_the_page(owner: Client, entity: Entity, today: date) -> None:
    part = week_to(entity=entity, on=today).part("GBP")
    html = owner.get("/owner/week/").content.decode()
    shown = values(section(html, 'id="q3"'))
    assert shown[0] == sum(shown[1:], Decimal(0)) == Decimal(part.owed.at_risk_minor) / 100


def test_who_is_shown_together_is_read_at_once_and_as_if_alone(entity: Entity, today: date) -> None:
    late_books(entity, today, 4)
    place = {"entity_id": entity.pk, "kind": "snooze", "reason": "x", "until_on": None}
    place_block(customer_id=number_of("C2"), from_on=today, actor="test", at=AT, **place)
    ids = tuple(number_of(f"C{n}") for n in (4, 2, 1))
    together = Together(entity, today, ids)
    for id_ in ids:
        alone = Together(entity, today, (id_,))
        assert together.rows[id_] == alone.rows[id_] != []
        assert together.plans[id_] == alone.plans[id_]
    with CaptureQueriesContext(connection) as several:
        assert Together(entity, today, ids).plans
    with CaptureQueriesContext(connection) as one:
        assert Together(entity, today, ids[:1]).plans
    assert len(several) == len(one)
