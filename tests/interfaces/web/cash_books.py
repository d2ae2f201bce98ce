"""A small company with money that waits, and the form of a line as a browser would send it."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any

from django.test import Client
from tests.interfaces.web.conftest import take_in

from duly.parties.models import Entity
from duly.receivables.models import Item, Payment
from duly.receivables.queries import numbers_of_items

HTMX = {"HX-Request": "true"}


def cash_books(entity: Entity, today: date) -> None:
    """P-1 pays A-1001 of Meridian whole, P-2 is 10.00 short of A-1002, P-3 is of a stranger, P-4
    pays two of Tall Oaks less a credit note, P-5 takes a discount in time, P-6 is 0.50 short."""

    def ago(days: int) -> str:
        return (today - timedelta(days=days)).isoformat()

    take_in(
        entity,
        "customers",
        ("customer_id", "name", "country", "currency"),
        ("C1", "Meridian Foods Ltd", "GB", "GBP"),
        ("C2", "Tall Oaks Joinery Ltd", "GB", "GBP"),
        ("C3", "Copperfield Instruments", "GB", "GBP"),
    )
    items = (
        ("invoice", "INV-1001", "C1", 40, "100.00", "", ""),
        ("invoice", "INV-1002", "C1", 35, "250.50", "", ""),
        ("invoice", "INV-2001", "C2", 50, "400.00", "", ""),
        ("invoice", "INV-2002", "C2", 45, "300.00", "", ""),
        ("credit_note", "CN-2003", "C2", 30, "50.00", "", ""),
        ("invoice", "INV-3001", "C3", 8, "1000.00", ago(-2), "20.00"),
        ("invoice", "INV-3002", "C3", 9, "200.00", "", ""),
    )
    take_in(
        entity,
        "items",
        ("kind", "number", "customer_id", "currency", "issued_on", "due_on", "amount",
         "discount_until", "discount_amount"),
        *(
            (kind, number, code, "GBP", ago(days), ago(days - 30), amount, until, discount)
            for kind, number, code, days, amount, until, discount in items
        ),
    )  # fmt: skip
    payments = (
        ("P-1", 6, "100.00", "MERIDIAN FOODS LTD", "INV-1001"),
        ("P-2", 5, "240.50", "MERIDIAN FOODS LTD", "INV-1002"),
        ("P-3", 4, "12.34", "A STRANGER", "THANK YOU 778899"),
        ("P-4", 3, "650.00", "TALL OAKS JOINERY LTD", "INV-2001 INV-2002 CN-2003"),
        ("P-5", 2, "980.00", "COPPERFIELD INSTRUMENTS", "INV-3001"),
        ("P-6", 1, "199.50", "COPPERFIELD INSTRUMENTS", "INV-3002"),
    )
    take_in(
        entity,
        "payments",
        ("payment_id", "currency", "received_on", "amount", "payer_name", "reference"),
        *((n, "GBP", ago(days), amount, name, text) for n, days, amount, name, text in payments),
    )


def payment_id(number: str) -> int:
    return Payment.objects.get(number=number).pk


def item_id(number: str) -> int:
    items = numbers_of_items(list(Item.objects.values_list("pk", flat=True)))
    return next(pk for pk, told in items.items() if told == number)


class _Form(HTMLParser):
    """What the form of a line would send as it stands."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._in, self._select, self._first = False, "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        told = dict(attrs)
        if tag == "form":
            self._in = told.get("id") == "match"
        if not self._in:
            return
        name = told.get("name", "")
        if tag == "select":
            self._select, self._first = name, ""
        elif tag == "option" and self._select:
            if "selected" in told or self._select not in self.fields:
                self.fields[self._select] = [told.get("value", "")]
        elif tag == "input" and (told.get("type") != "checkbox" or "checked" in told):
            self.fields.setdefault(name, []).append(told.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._in = False
        if tag == "select":
            self._select = ""


def form_of(client: Client, number: str, query: str = "") -> dict[str, Any]:
    """The form of a payment's line, as it is shown."""
    response = client.get(f"/cash/{payment_id(number)}/{query}")
    assert response.status_code == 200
    form = _Form()
    form.feed(response.content.decode())
    return {name: values if name == "item" else values[-1] for name, values in form.fields.items()}


def accept(client: Client, number: str, form: dict[str, Any], **more: object) -> Any:
    return client.post(f"/cash/{payment_id(number)}/accept/", {**form, **more}, headers=HTMX)


def toast(response: Any) -> str:
    """What the page is told to say."""
    return str(json.loads(response["HX-Trigger"])["duly:toast"]["text"])


def left_of(number: str) -> int:
    return Payment.objects.get(number=number).unapplied_minor


def open_of(number: str) -> int:
    return Item.objects.get(pk=item_id(number)).open_minor


Opened = Callable[[str], Client]
