"""Finance charges on pages: worked out, charged, opened to their parts, waived with four eyes."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from tests.interfaces.web.conftest import take_in
from tests.interfaces.web.shown import text

from duly.access.actions import Author
from duly.access.models import Approval
from duly.collections.actions.charging import set_charging
from duly.collections.models import Charge
from duly.collections.queries.charges import charge_documents
from duly.parties.models import Customer, Entity

ITEMS = ("kind", "number", "customer_id", "currency", "issued_on", "due_on", "amount")


@pytest.fixture
def month(books: Entity, today: date) -> str:
    """The last month that is over; its second customer's invoice is late all through it."""
    first = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    due = first - timedelta(days=40)
    issued = due - timedelta(days=30)
    take_in(books, "customers", ("customer_id", "name", "currency"), ("LATE", "Late & Sons", "GBP"))
    row = ("invoice", "L-1", "LATE", "GBP", str(issued), str(due), "36500.00")
    take_in(books, "items", ITEMS, row)
    customer = Customer.objects.get(entity=books, code="LATE")
    knobs = {"basis": "terms", "signed_on": "2020-01-01", "rate": "10"}
    author = Author("test", books.created_at)
    set_charging(entity=books, knobs=knobs, month_on=first, author=author, customer_id=customer.pk)
    return f"{first:%Y-%m}"


def charged(client: Client, month: str) -> str:
    client.post("/charges/run/", {"month": month})
    return charge_documents(entity_id=Charge.objects.first().entity_id)[0].number


def test_a_month_is_worked_out_then_charged_once(
    month: str, open_as: Callable[[str], Client]
) -> None:
    manager = open_as("manager")
    assert "Work it out" in text(manager.get(f"/charges/?month={month}").content.decode())
    told = text(manager.get(f"/charges/?month={month}&propose=1").content.decode())
    assert "What would be charged" in told
    assert "LATE" in told
    assert Charge.objects.count() == 0
    number = charged(manager, month)
    charged(manager, month)
    assert Charge.objects.count() == 1
    assert number in text(manager.get(f"/charges/?month={month}").content.decode())
    listed = manager.get(f"/charges/charges.csv?month={month}").content.decode("utf-8-sig")
    assert listed.splitlines()[1].startswith(f"{number},LATE,{month},")


def test_one_opens_to_its_parts_and_stands_on_the_customer_s_page(
    month: str, open_as: Callable[[str], Client]
) -> None:
    manager = open_as("manager")
    number = charged(manager, month)
    told = text(manager.get(f"/charges/{number}/").content.decode())
    for part in ("L-1", "36500.00", "10 %", "terms of 2020-01-01", "days of 365"):
        assert part in told
    customer = Customer.objects.get(code="LATE")
    assert "finance charges" in text(manager.get(f"/customers/{customer.pk}/").content.decode())
    assert number in text(manager.get("/charges/?customer=LATE").content.decode())


def test_a_form_that_is_sent_twice_acts_once(month: str, open_as: Callable[[str], Client]) -> None:
    manager = open_as("manager")
    number = charged(manager, month)
    page = manager.get(f"/charges/{number}/").content.decode()
    (key,) = re.findall(r'name="key" value="(\w+)"', page)
    given = {"reason": "goodwill", "amount": "1.00", "key": key}
    for _ in range(2):
        manager.post(f"/charges/{number}/waive/", given)
        manager.post(f"/charges/{number}/ask/", {**given, "key": key[::-1]})
    (row,) = charge_documents(entity_id=Charge.objects.get().entity_id)
    assert [one.amount_minor for one in row.reliefs] == [1_00]
    assert Approval.objects.count() == 1


def test_a_collector_asks_and_a_manager_waives(
    month: str, open_as: Callable[[str], Client]
) -> None:
    manager, collector = open_as("manager"), open_as("collector")
    number = charged(manager, month)
    assert collector.post("/charges/run/", {"month": month}).status_code == 403
    assert collector.post(f"/charges/{number}/waive/", {"reason": "x"}).status_code == 404
    collector.post(f"/charges/{number}/ask/", {"reason": "goodwill", "amount": "1.00"})
    asked = text(manager.get(f"/charges/?month={month}").content.decode())
    assert "Waivers that wait" in asked
    assert "goodwill" in asked

    approval = Approval.objects.get()
    assert collector.post(f"/charges/waivers/{approval.pk}/approve/").status_code == 403
    manager.post(f"/charges/waivers/{approval.pk}/approve/")
    (row,) = charge_documents(entity_id=Charge.objects.get().entity_id)
    assert row.amount_minor - row.open_minor == 1_00
    assert "asked for by" in row.reliefs[0].reason
    manager.post(f"/charges/{number}/waive/", {"reason": ""})
    manager.post(f"/charges/{number}/waive/", {"reason": "the rest"})
    (row,) = charge_documents(entity_id=row.lines[0].entity_id)
    assert row.state == "waived"
    assert "the rest" in text(manager.get(f"/charges/{number}/").content.decode())
