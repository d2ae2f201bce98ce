"""The desk: planned, looked at, changed, released; acts that are done once and taken back."""

import json
import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.interfaces.web.conftest import AT, take_in
from tests.interfaces.web.desk_books import late_books, number_of
from tests.interfaces.web.shown import section, text, values
from tests.interfaces.web.test_security import check

from duly.collections.actions import TaskDraft, raise_tasks
from duly.collections.models import Block, Call, Message, Note, Promise, Silence, Task
from duly.disputes.models import Dispute
from duly.interfaces.web.pages.desk import undoing
from duly.parties.actions import add_entity
from duly.parties.models import Entity


@pytest.fixture
def late(entity: Entity, today: date) -> Entity:
    return late_books(entity, today)


@pytest.fixture
def desk(late: Entity, open_as: Callable[[str], Client]) -> Client:
    """A collector whose day is planned."""
    client = open_as("collector")
    assert client.post("/today/plan/").status_code == 302
    return client


def shown(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def done(client: Client, code: str, name: str, **typed: object) -> dict[str, object]:
    """What the toast says of an act."""
    response = client.post(
        f"/customers/{number_of(code)}/acts/{name}/", typed, headers={"HX-Request": "true"}
    )
    assert response.status_code == 204, response.content.decode()
    return json.loads(response["HX-Trigger"])["duly:toast"]


def take_back(client: Client, toast: dict[str, object]) -> int:
    return client.post(
        "/undo/", {"token": toast["undo"]}, headers={"HX-Request": "true"}
    ).status_code


def names_listed(html: str) -> list[str]:
    return re.findall(r'<span class="name">(.*?)</span>', html)


def test_before_a_plan_the_page_says_what_to_do(late: Entity, open_as) -> None:  # noqa: ANN001
    html = shown(open_as("collector"), "/today/")
    assert "The day is not planned yet" in html
    assert "Plan today" in html
    assert not Message.objects.exists()


def test_the_list_is_ranked_and_its_reasons_add_up(desk: Client) -> None:
    html = shown(desk, "/today/")
    assert names_listed(html) == ["Firm 3", "Firm 2", "Firm 1"]
    for item in re.findall(r'<a class="item".*?</a>', html, re.DOTALL):
        worth, *reasons = values(item)
        assert sum(reasons) == worth
    listed = [values(one)[0] for one in re.findall(r'<span class="worth">.*?</span></data>', html)]
    assert sum(listed) == values(html[html.index('class="end-sum"') :])[0]
    panel = section(html, 'id="item"', "</article>")
    *terms, total = values(section(panel, '<table class="addup">', "</table>"))
    assert sum(terms) == total == listed[0]
    assert text(section(panel, '<div class="say">', "</div>")).startswith("“ INV-3 of 3,000.00")


def test_trouble_with_mail_to_our_own_people_is_no_customers(desk: Client, late: Entity) -> None:
    draft = TaskDraft(0, "week", "message_failed", "The week was not delivered.", date(2026, 1, 1))
    raise_tasks(entity_id=late.pk, drafts=[draft], actor="worker", at=AT)
    assert desk.get("/today/").status_code == 200


@pytest.mark.parametrize(
    ("name", "typed", "record", "stands"),
    [
        ("call", {"outcome": "reached", "person": "Ann"}, Call, {"taken_back_at": None}),
        ("promise", {"amount": "1,000.00", "currency": "GBP"}, Promise, {"state": "open"}),
        ("dispute", {"reason": "price", "amount": "400"}, Dispute, {"verdict": ""}),
        ("snooze", {"reason": "Later"}, Block, {"ended_at": None}),
        ("note", {"text": "Asks for a copy"}, Note, {"taken_back_at": None}),
        ("send", {}, Message, {"state": "queued"}),
    ],
)
def test_an_act_is_done_and_taken_back(
    desk: Client, today: date, name: str, typed: dict[str, str], record, stands: dict[str, object]
) -> None:
    soon = (today + timedelta(days=5)).isoformat()
    item = re.findall(
        r'<option value="(\d+)"', shown(desk, f"/customers/{number_of('C1')}/acts/dispute/")
    )
    days = {
        "promise": {"due_on": soon},
        "snooze": {"until_on": soon},
        "dispute": {"item": item[:1]},
    }
    toast = done(desk, "C1", name, **typed, **days.get(name, {}))
    assert record.objects.filter(**stands).count() == 1
    is_handled = name != "note"
    assert ('<li class="done">' in shown(desk, "/today/")) == is_handled
    assert take_back(desk, toast) == 204
    assert record.objects.filter(**stands).count() == 0
    assert '<li class="done">' not in shown(desk, "/today/")


def test_what_was_taken_back_stands_struck_out_on_the_timeline(desk: Client) -> None:
    take_back(desk, done(desk, "C1", "call", outcome="refused", person="Ann"))
    html = shown(desk, f"/customers/{number_of('C1')}/?show=said")
    entry = section(html, '<li class="is-undone">', "</li>")
    assert "Call: refused to pay" in entry


def test_the_same_form_sent_twice_is_one_act(desk: Client) -> None:
    typed = {"outcome": "reached", "key": "pressed-twice"}
    assert done(desk, "C1", "call", **typed)["text"] == done(desk, "C1", "call", **typed)["text"]
    assert Call.objects.count() == 1


def test_a_call_ends_the_tasks_that_asked_for_it(desk: Client, today: date) -> None:
    done(desk, "C1", "call", outcome="no_answer", next_on=today.isoformat())
    (task,) = Task.objects.filter(done_at=None)
    form = shown(desk, f"/customers/{number_of('C1')}/acts/call/")
    assert f'value="{task.pk}"' in form
    toast = done(desk, "C1", "call", outcome="reached", tasks=[task.pk])
    assert not Task.objects.filter(done_at=None).exists()
    take_back(desk, toast)
    assert Task.objects.filter(done_at=None).count() == 1


@pytest.mark.parametrize(
    ("name", "typed", "complaint"),
    [
        ("promise", {"amount": "ten", "currency": "GBP", "due_on": "2030-01-01"}, "is no amount"),
        ("promise", {"amount": "5", "currency": "GBP", "due_on": "tomorrow"}, "This is no day"),
        ("promise", {"amount": "12,5,0", "currency": "GBP", "due_on": "2030-01-01"}, "no amount"),
        ("call", {"outcome": "sung"}, "Select a valid choice"),
        ("snooze", {"until_on": "2020-01-01", "reason": "x"}, "This day is over"),
        ("note", {"text": "  "}, "Write something down first"),
    ],
)
def test_bad_input_comes_back_with_what_to_enter(
    desk: Client, name: str, typed: dict[str, str], complaint: str
) -> None:
    response = desk.post(f"/customers/{number_of('C1')}/acts/{name}/", typed)
    assert response.status_code == 422
    assert complaint in text(response.content.decode())
    assert 'aria-invalid="true"' in response.content.decode()
    assert [record.objects.count() for record in (Promise, Call, Block, Note)] == [0, 0, 0, 0]


def test_a_promise_too_far_away_is_refused_by_its_rule(desk: Client, today: date) -> None:
    typed = {"amount": "5", "currency": "GBP", "due_on": (today + timedelta(days=99)).isoformat()}
    response = desk.post(f"/customers/{number_of('C1')}/acts/promise/", typed)
    assert response.status_code == 422
    assert b"PROMISE_UNFIT" in response.content


def test_two_people_never_chase_the_same_one(desk: Client, person) -> None:  # noqa: ANN001
    other = Client()
    other.force_login(person("collector", email="bo@example.org", password=None))
    claim = f"/customers/{number_of('C3')}/claim/"
    desk.post(claim)
    html = shown(other, "/today/")
    assert "Some Collector until" in text(html)
    refused = other.post(claim, {"wish": "take"})
    assert refused.status_code == 409
    assert b"CLAIMED_BY_OTHER" in refused.content
    act = f"/customers/{number_of('C3')}/acts/call/"
    assert other.post(act, {"outcome": "reached"}).status_code == 409
    assert not Call.objects.exists()
    assert other.post(claim, {"wish": "takeover"}).status_code == 302
    assert other.post(act, {"outcome": "reached"}).status_code == 302
    desk.post(claim, {"wish": "leave"})  # not one's own any more: nothing happens
    assert desk.post(act, {"outcome": "reached"}).status_code == 409


def test_nobody_takes_back_what_another_did(desk: Client, person) -> None:  # noqa: ANN001
    toast = done(desk, "C1", "note", text="Mine")
    other = Client()
    other.force_login(person("manager", password=None))
    assert other.post("/undo/", {"token": toast["undo"]}).status_code == 422
    assert desk.post("/undo/", {"token": str(toast["undo"])[:-2] + "xx"}).status_code == 422
    assert Note.objects.filter(taken_back_at=None).count() == 1


def test_after_a_minute_it_is_too_late(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    toast = done(desk, "C1", "note", text="Mine")
    monkeypatch.setattr(undoing, "SECONDS", -undoing.GRACE_SECONDS - 1)
    response = desk.post("/undo/", {"token": toast["undo"]})
    assert response.status_code == 422
    assert b"UNDO_TOO_LATE" in response.content


@pytest.mark.parametrize("role", ["viewer", "sales", "clerk", "analyst"])
def test_who_does_not_collect_looks_on(late: Entity, desk: Client, open_as, role: str) -> None:  # noqa: ANN001
    one = number_of("C1")
    client = open_as(role)
    for address in (
        "/today/",
        "/today/silent/",
        "/today/leaving/",
        "/owner/",
        f"/customers/{one}/",
    ):
        html = shown(client, address)
        assert "data-deed" not in html, address
        assert "/today/plan/" not in html, address
    for address in (
        "/today/plan/",
        "/today/release/",
        f"/customers/{one}/claim/",
        f"/customers/{one}/acts/note/",
        "/undo/",
    ):
        assert client.post(address, {"text": "x"}).status_code == 403, address
    assert client.get(f"/customers/{one}/acts/note/").status_code == 403
    assert not Note.objects.exists()


def test_whoever_was_not_chased_has_a_reason_and_a_next_day(desk: Client) -> None:
    html = shown(desk, "/today/silent/")
    assert "No address" in html
    assert "Firm 3" in html
    assert "Firm 1" not in html
    assert "Firm 3" in shown(desk, "/today/silent/?why=no_address&q=firm")
    assert "Nobody fits" in shown(desk, "/today/silent/?why=no_address&q=else")
    one = text(shown(desk, f"/customers/{number_of('C3')}/"))
    assert "Not asked for: The customer has no e-mail address." in one
    assert Silence.objects.filter(customer_id=number_of("C3"), until_on=None).count() == 1


def test_a_silence_is_told_once_and_ends(desk: Client, today: date) -> None:
    desk.post("/today/plan/")
    assert Silence.objects.count() == 1
    done(desk, "C3", "snooze", until_on=str(today + timedelta(days=3)), reason="Later")
    desk.post("/today/plan/")
    told = list(Silence.objects.order_by("pk").values_list("why_code", "until_on"))
    assert [code for code, _ in told] == ["no_address", "snooze"]
    assert told[0][1] is not None
    assert told[1][1] is None


def test_filters_and_views_stand_in_the_address(desk: Client, person) -> None:  # noqa: ANN001
    assert names_listed(shown(desk, "/today/?mine=1")) == ["Firm 1"]
    assert names_listed(shown(desk, "/today/?do=call")) == ["Firm 3"]
    assert names_listed(shown(desk, "/today/?least=9")) == ["Firm 3", "Firm 2"]
    assert names_listed(shown(desk, "/today/?segment=iron")) == ["Firm 2"]
    assert names_listed(shown(desk, "/today/?after=1")) == ["Firm 2", "Firm 1"]
    desk.post("/today/views/", {"name": "Calls", "query": "do=call", "shared": "1"})
    desk.post("/today/views/", {"name": "Only me", "query": "mine=1"})
    other = Client()
    other.force_login(person("manager", password=None))
    html = shown(other, "/today/")
    assert "Calls" in html
    assert "Only me" not in html
    (view_id,) = re.findall(r"/today/views/(\d+)/forget/", shown(desk, "/today/?do=call"))
    assert other.post(f"/today/views/{view_id}/forget/").status_code == 404
    desk.post(f"/today/views/{view_id}/forget/")
    assert "Calls" not in shown(other, "/today/")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/today/?do=sing", 422),
        ("/today/?least=much", 422),
        ("/today/?after=x", 422),
        ("/today/?after=²", 422),
        ("/today/?at=²", 200),
        ("/today/?at=" + "9" * 5_000, 200),
        ("/today/?at=999999", 404),
        ("/today/999999/", 404),
        ("/today/?q=%3Cscript%3E", 200),
        ("/customers/1/acts/dance/", 404),
        ("/owner/week/?currency=ABC", 422),
    ],
)
def test_bad_addresses_are_told(desk: Client, address: str, status: int) -> None:
    response = desk.get(address)
    assert response.status_code == status
    assert b"<script>alert" not in response.content


def test_what_is_of_other_books_is_not_there(desk: Client, late: Entity) -> None:

    theirs = add_entity(
        name="Else", currency="GBP", country="GB", timezone="UTC", terms="net30", at=AT
    )
    raise_tasks(
        entity_id=theirs.pk,
        drafts=[TaskDraft(10**6, "k", "call", "Call", date(2026, 3, 2))],
        actor="test",
        at=AT,
    )
    task = Task.objects.get()
    assert desk.post(f"/tasks/{task.pk}/done/").status_code == 404
    assert Task.objects.get().done_at is None


def test_a_task_of_a_customer_who_is_not_late_is_seen_and_done(
    desk: Client, late: Entity, today: date
) -> None:
    take_in(late, "customers", ("customer_id", "name"), ("P1", "Prompt Payer"))
    draft = TaskDraft(number_of("P1"), "k", "message_unknown", "Look whether it arrived", today)
    raise_tasks(entity_id=late.pk, drafts=[draft], actor="test", at=AT)
    html = section(shown(desk, "/today/"), 'aria-labelledby="others-h"')
    assert "Prompt Payer" in html
    assert "Firm" not in html
    desk.post(f"/tasks/{Task.objects.get().pk}/done/")
    assert "others-h" not in shown(desk, "/today/")


def test_items_say_what_of_them_is_disputed_or_promised(desk: Client, today: date) -> None:
    page = f"/customers/{number_of('C1')}/"
    item = re.findall(r'<option value="(\d+)"', shown(desk, f"{page}acts/dispute/"))[0]
    done(desk, "C1", "dispute", item=item, reason="price", amount="400")
    assert "Disputed in part" in shown(desk, page)
    assert "400.00 in dispute" in shown(desk, page)
    soon = (today + timedelta(days=5)).isoformat()
    done(desk, "C2", "promise", amount="2000", currency="GBP", due_on=soon)
    assert "Promised</span>" in shown(desk, f"/customers/{number_of('C2')}/")


def test_hostile_names_are_text_and_pages_keep_to_the_policy(desk: Client, late: Entity) -> None:
    hostile = '"><script>alert(1)</script>'
    take_in(late, "customers", ("customer_id", "name"), ("C1", hostile), ("C3", hostile))
    take_in(late, "contacts", ("customer_id", "name", "role"), ("C3", hostile, "owner"))
    done(desk, "C3", "note", text=hostile)
    desk.post("/today/plan/")
    one = number_of("C3")
    for address in (
        "/today/",
        f"/today/{one}/",
        "/today/silent/",
        "/today/leaving/",
        "/owner/",
        "/owner/week/",
        f"/customers/{one}/?show=said",
        f"/customers/{one}/acts/call/",
    ):
        response = desk.get(address)
        check(response)
        assert b"<script>alert" not in response.content, address
        assert b"&lt;script&gt;alert" in response.content, address


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as told:
        shown(client, address)
    return len(told)


def test_pages_ask_the_same_whatever_the_book_holds(entity: Entity, today: date, open_as) -> None:  # noqa: ANN001
    late_books(entity, today, 2)
    client = open_as("collector")
    client.post("/today/plan/")
    pages = ("/today/", "/today/silent/", "/today/leaving/", f"/today/{number_of('C1')}/")
    for address in pages:
        shown(client, address)
    few = {address: queries(client, address) for address in pages}
    late_books(entity, today, 25)
    client.post("/today/plan/")
    for address in pages:
        shown(client, address)  # what is kept from page to page is counted anew
    assert {address: queries(client, address) for address in pages} == few
    assert few["/today/"] < 110
