"""The workspace of a call: what stands on it, one record at its end, taken back whole."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from tests.interfaces.web.conftest import take_in
from tests.interfaces.web.desk_books import late_books, number_of
from tests.interfaces.web.test_desk import take_back
from tests.interfaces.web.test_security import check

from duly.collections.actions import TaskDraft, place_block, raise_tasks
from duly.collections.models import Call, ExcuseTold, Message, Promise, Task
from duly.disputes.models import Dispute
from duly.interfaces.cli import home
from duly.parties.models import Entity
from duly.receivables.models import Document, Item


@pytest.fixture
def late(entity: Entity, today: date) -> Entity:
    late_books(entity, today)
    take_in(
        entity,
        "contacts",
        ("customer_id", "name", "role", "email", "phone"),
        ("C1", "Mia Okafor", "accounts_payable", "mia@c.example", "+44 20 7946 0001"),
    )
    return entity


@pytest.fixture
def desk(late: Entity, open_as: Callable[[str], Client]) -> Client:
    return open_as("collector")


def sheet(client: Client, code: str = "C1") -> str:
    response = client.get(f"/customers/{number_of(code)}/call/?back=/today/")
    assert response.status_code == 200
    check(response)
    return response.content.decode()


def record(client: Client, code: str = "C1", **typed: object) -> str:
    """Where one is sent to after a record."""
    given = {"currency": "GBP", "back": "/today/"} | typed
    response = client.post(
        f"/customers/{number_of(code)}/call/", given, headers={"HX-Request": "true"}
    )
    assert response.status_code == 204, response.content.decode()
    return str(response["HX-Redirect"])


def item_of(number: str) -> str:
    document = Document.objects.get(number=number)
    return str(Item.objects.get(document_id=document.pk).pk)


def test_all_of_it_stands_on_one_page(desk: Client) -> None:
    html = sheet(desk)
    assert f"It is {datetime.now(ZoneInfo('Europe/London')):%H:}" in html
    assert 'href="tel:+44 20 7946 0001"' in html
    assert len(re.findall(r'name="excuse" value="\w+"', html)) == 28
    assert html.count("data-pick=") == 28 + 7
    picked = re.findall(r'data-pick="(.)"', html)
    assert len(set(picked)) == len(picked), "a key picks one thing"
    assert "1,000.00 GBP" in html  # in the opening
    assert 'value="Mia Okafor"' in html
    assert 'name="amount" value="1,000.00"' in html


def test_one_record_is_written_confirmed_and_taken_back(desk: Client, today: date) -> None:
    due = today + timedelta(days=5)
    item = item_of("INV-1")
    assert (
        record(
            desk,
            outcome="promised",
            excuse="short_or_damaged",
            amount="700.00",
            due_on=due.isoformat(),
            then_amount="200",
            then_on=(due + timedelta(days=2)).isoformat(),
            disputed=item,
            disputed_amount="100",
            reason="damage",
            copies=[item],
            person="Mia Okafor",
            recording="https://pbx.example/7",
            is_confirmed="on",
            key="once",
        )
        == "/today/"
    )
    assert record(desk, outcome="promised", amount="1", due_on=due, key="other", excuse="")
    assert [row.amount_minor for row in Promise.objects.order_by("pk")] == [70000, 20000, 100]
    first = Message.objects.order_by("pk")[0]
    assert (first.recipients, first.state) == (["mia@c.example"], "queued")
    assert first.not_before is not None
    assert Dispute.objects.get().amount_minor == 10000
    assert ExcuseTold.objects.get().dispute_id == Dispute.objects.get().pk
    html = desk.get("/today/").content.decode()
    assert "Call to Firm 1 recorded" in html
    assert "Its confirmation to mia@c.example leaves in a minute." in html


def test_it_is_taken_back_whole(desk: Client, today: date) -> None:
    record(
        desk,
        outcome="objected",
        excuse="wrong_price",
        disputed=item_of("INV-1"),
        reason="price",
        is_confirmed="on",
    )
    token = re.search(r'data-undo="([^"]+)"|name="token" value="([^"]+)"',
                      desk.get("/today/").content.decode())  # fmt: skip
    assert token
    assert take_back(desk, {"undo": token.group(1) or token.group(2)}) == 204
    assert Dispute.objects.get().verdict == "mistake"
    assert Message.objects.get().state == "cancelled"
    assert Call.objects.get().taken_back_at is not None
    assert not Task.objects.filter(done_at=None).exists()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({}, "Say what came of it"),
        ({"outcome": "promised"}, "Name the day on which it is to be here"),
        ({"outcome": "promised", "amount": "x", "due_on": "2026-03-06"}, "is no amount"),
        ({"outcome": "reached", "next_on": "soon"}, "This is no day"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_lost(
    desk: Client, typed: dict[str, str], told: str
) -> None:
    given = {"currency": "GBP", "note": "said so", **typed}
    response = desk.post(
        f"/customers/{number_of('C1')}/call/", given, headers={"HX-Request": "true"}
    )
    assert response.status_code == 422
    html = response.content.decode()
    assert told in html
    assert "said so" in html
    assert not Call.objects.exists()


def test_who_may_not_collect_may_not_call(late: Entity, open_as) -> None:  # noqa: ANN001
    response = open_as("viewer").get(f"/customers/{number_of('C1')}/call/")
    assert response.status_code == 403


def test_calls_stand_in_the_order_of_their_hours(desk: Client, late: Entity, today: date) -> None:
    for code in ("C1", "C2"):
        raise_tasks(
            entity_id=late.pk,
            drafts=[TaskDraft(number_of(code), f"k{code}", "call_again", "Call again.", today)],
            actor="test",
            at=home.now(),
        )
    response = desk.get("/today/calls/")
    check(response)
    html = response.content.decode()
    assert "2 customers to call" in html
    assert html.index("Firm 1") < html.index("Firm 2")
    assert f"/customers/{number_of('C1')}/call/" in html
    record(desk, outcome="reached")
    assert "1 customer to call" in desk.get("/today/calls/").content.decode()


def test_under_a_stay_nothing_is_asked_and_nothing_promised(
    desk: Client, late: Entity, today: date
) -> None:
    who = {"actor": "t", "at": home.now()}
    pk = number_of("C1")
    place_block(entity_id=late.pk, customer_id=pk, kind="legal", reason="Chapter 11",
                from_on=today, until_on=None, **who)  # fmt: skip
    raise_tasks(
        entity_id=late.pk,
        drafts=[TaskDraft(pk, "stay-C1", "call_again", "Call again", today)],
        **who,
    )
    html = sheet(desk)
    assert "Do not call now: ALL-STAY" in html
    assert "Nothing may be asked for." in html
    assert "The law stops this call" in html
    assert "All of it today" not in html
    assert 'name="amount" value="1,000.00"' not in html
    listed = desk.get("/today/calls/").content.decode()
    assert "Not to be called" in listed
    assert "ALL-STAY" in listed
    typed = {"currency": "GBP", "back": "/today/", "outcome": "promised", "has_promise": "on",
             "amount": "1,000.00", "due_on": str(today + timedelta(days=3))}  # fmt: skip
    response = desk.post(f"/customers/{pk}/call/", typed, headers={"HX-Request": "true"})
    assert response.status_code == 422
    assert "under a stay" in str(response.headers) + response.content.decode()
    assert not Promise.objects.exists()
