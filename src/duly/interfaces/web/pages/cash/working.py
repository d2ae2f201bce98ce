"""The page: what waits at the left, one line of the bank at the right."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.crypto import get_random_string

from duly.access.rules.roles import may
from duly.cash_application.queries.waiting import bank_accounts, latest_statements, queue
from duly.cash_application.rules.queue import ASKS, STATES, VALUE, Queued, chosen, counted
from duly.disputes.queries.reasons import policy_on
from duly.interfaces.web.current import LARGEST_ID, entity_of, today
from duly.interfaces.web.exporting import Table, amount, file_addresses, file_patterns
from duly.interfaces.web.guard import page
from duly.interfaces.web.numbers import number_in
from duly.interfaces.web.pages.cash.asked import (
    LONGEST_ID,
    OUTCOMES,
    STATE_WORDS,
    Asked,
    read,
)
from duly.interfaces.web.pages.cash.line import LineView, view_of
from duly.interfaces.web.typed import decimal_mark
from duly.kernel.currencies import exponent
from duly.parties.models import Entity
from duly.parties.queries import codes_and_names, search_customers
from duly.parties.queries.reach import rates_on
from duly.receivables.errors import PaymentUnknown
from duly.receivables.queries import items_by_number

PAGE_SIZE = 50
MOST_FOUND = 9
KEYS = (
    ("Apply what is shown, and go on", ("Enter",)),
    ("Another who may have paid", "19"),
    ("To the items; space takes one, arrows move", "I"),
    ("Leave the rest open", "L"),
    ("Discount", "D"),
    ("Bank charges", "B"),
    ("Small difference", "S"),
    ("Carve out as a deduction", "C"),
    ("On account", "O"),
    ("Refund", "R"),
    ("Not a receivable", "N"),
    ("Undo the last one", "U"),
)
"""What each key does, as `?` shows it."""


def _asked_for(entity: Entity, asked: Asked) -> list[Queued]:
    """What waits of what a page asks for."""
    return queue(
        entity_id=entity.pk,
        on=today(entity),
        account_id=asked.account_id,
        statement_id=asked.statement_id,
        customer_id=asked.wanted.customer_id,
    )


@page()
def cash(request: HttpRequest) -> HttpResponse:
    """The whole page."""
    entity = entity_of(request)
    on, asked = today(entity), read(request)
    rows = _asked_for(entity, asked)
    worth = _worth(entity, on) if asked.wanted.order == VALUE else {}
    shown = chosen(rows, asked.wanted, worth)
    at = number_in(request.GET.get("at", ""), LONGEST_ID)
    if at is not None and "page" not in request.GET:  # the page of the list it is on
        place = next((n for n, row in enumerate(shown) if row.id == at), 0)
        asked = replace(asked, number=place // PAGE_SIZE + 1)
    first = (asked.number - 1) * PAGE_SIZE
    some = shown[first : first + PAGE_SIZE]
    if at is None and some:
        at = some[0].id
    told: dict[str, Any] = {
        "asked": asked,
        "on": on,
        "rows": _named(some),
        "first": first,
        "count": len(shown),
        "at": at,
        "newer": asked.query(page=asked.number - 1) if asked.number > 1 else "",
        "all_outcomes": asked.query(outcome=""),
        "following": asked.query(page=asked.number + 1) if first + PAGE_SIZE < len(shown) else "",
        "unrated": sorted({row.currency for row in shown} - worth.keys()) if worth else [],
        **_counts(rows, asked),
        **({} if asked.is_narrow else {"cash_waits": sum(row.state == ASKS for row in rows)}),
        "accounts": bank_accounts(entity.pk),
        "statements": latest_statements(entity.pk, asked.account_id),
        "keys": KEYS,
        "may_apply": may(request.user.role, "apply"),
        "key": get_random_string(22),
        **file_addresses(request, "cash"),
        **(panel_of(request, entity, at) if at is not None else {}),
    }
    return render(request, "web/cash.html", told)


def table(request: HttpRequest) -> Table:
    """The whole queue as it is asked for."""
    entity, asked = entity_of(request), read(request)
    rows = _asked_for(entity, asked)
    cells = (
        [
            row.number,
            row.received_on.isoformat(),
            name or row.number,
            row.reference,
            row.why or OUTCOMES.get(row.outcome, row.outcome),
            row.currency,
            amount(row.amount_minor, row.currency),
            amount(row.unapplied_minor, row.currency),
        ]
        for row, name in _named(chosen(rows, asked.wanted, _worth(entity, today(entity))))
    )
    texts = ["payment", "received_on", "payer", "reference", "what_is_known", "currency"]
    return Table("cash", texts, ["amount", "not_applied"], cells)


def _worth(entity: Entity, on: date) -> dict[str, Decimal]:
    """{currency: what a minor unit of it is worth in units of the entity's}, by stated rates."""
    found = {entity.currency: Decimal(1).scaleb(-exponent(entity.currency))}
    for currency, (_, rate) in rates_on(entity_id=entity.pk, on=on).items():
        if rate > 0:
            found[currency] = Decimal(1).scaleb(-exponent(currency)) / rate
    return found


def _named(rows: list[Queued]) -> list[tuple[Queued, str]]:
    names = codes_and_names({row.customer_id for row in rows if row.customer_id})
    return [
        (row, row.name or (names[row.customer_id][1] if row.customer_id else "")) for row in rows
    ]


def _counts(rows: list[Queued], asked: Asked) -> dict[str, Any]:
    here = [row for row in rows if row.state == asked.wanted.state]
    asks = [row for row in rows if row.state == ASKS]
    by_outcome: dict[str, int] = {}
    for row in here:
        by_outcome[row.outcome] = by_outcome.get(row.outcome, 0) + 1
    return {
        "sums": counted(asks, "state"),
        "asks": len(asks),
        "outcomes": [
            (name, label, by_outcome.get(name, 0), asked.query(outcome=name))
            for name, label in OUTCOMES.items()
            if by_outcome.get(name) or name == asked.wanted.outcome
        ],
        "states": [
            (name, STATE_WORDS[name], sum(row.state == name for row in rows),
             asked.query(state=name if name != ASKS else "", outcome=""))
            for name in STATES
        ],
        "currencies": sorted({row.currency for row in here} | {asked.wanted.currency} - {""}),
    }  # fmt: skip


@page()
def asks(request: HttpRequest) -> HttpResponse:
    """How many lines ask, for the head of the page and the rail, after something was done."""
    entity, asked = entity_of(request), read(request)
    rows = _asked_for(entity, asked)
    told = {"asked": asked, "is_live": True, **_counts(rows, asked)}
    if not asked.is_narrow:
        told["cash_waits"] = told["asks"]
    return render(request, "web/cash_asks.html", told)


@page()
def line(request: HttpRequest, payment_id: int) -> HttpResponse:
    """The panel alone, for the list beside it."""
    told = panel_of(request, entity_of(request), payment_id)
    return render(request, "web/cash_line.html", told)


def panel_of(
    request: HttpRequest, entity: Entity, payment_id: int, said: str = ""
) -> dict[str, Any]:
    """What the panel of a payment shows, for the customer or item that was asked for.

    Refuses: PaymentUnknown.
    """
    if payment_id > LARGEST_ID:
        raise PaymentUnknown("There is no such payment.", remedy="Open the list again.")
    asked = request.GET if request.method == "GET" else request.POST
    customer_id = number_in(asked.get("customer", ""), LONGEST_ID)
    text, item_id = asked.get("q", "").strip()[:120], None
    found: list[Any] = []
    if text:
        customer_id, item_id, found = _find(entity.pk, text, customer_id)
    view = view_of(
        entity, payment_id, today(entity), customer_id=customer_id, item_id=item_id, said=said
    )
    return {
        "view": view,
        "payment_id": payment_id,
        "found": list(enumerate(found, 1)),
        "q": text,
        "reasons": [
            (code, code.replace("_", " ").capitalize())
            for code in policy_on(entity.pk, today(entity)).duties
        ],
        "key": get_random_string(22),
        "mark": decimal_mark(request),
        "may_apply": may(request.user.role, "apply"),
    }


def _find(
    entity_id: int, text: str, customer_id: int | None
) -> tuple[int | None, int | None, list[Any]]:
    """The customer and item of a number, or else customers that a text finds."""
    numbers = items_by_number(entity_id, [text, text.upper()])
    still_open = [item for some in numbers.values() for item in some if item.open_minor]
    if still_open:
        return still_open[0].customer_id, still_open[0].id, []
    found = search_customers(entity_id=entity_id, text=text, limit=MOST_FOUND)
    if len(found) == 1:
        return found[0].id, None, []
    return customer_id, None, found


def line_address(payment_id: int) -> str:
    """The page with a payment at its right."""
    return f"{reverse('cash')}?at={payment_id}#item"


urlpatterns = [
    path("cash/", cash, name="cash"),
    *file_patterns("cash/cash", "cash", table),
    path("cash/asks/", asks, name="cash_asks"),
    path("cash/<int:payment_id>/", line, name="cash_line"),
]

__all__ = ["LineView", "line_address", "panel_of", "urlpatterns"]
