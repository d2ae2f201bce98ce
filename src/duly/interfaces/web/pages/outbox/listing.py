"""The list of messages, by state, day, step and customer; a page at a time."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from duly.access.rules.roles import may
from duly.collections.models import Message, Sending
from duly.collections.queries.messages import (
    MessageFilter,
    counts_by_state,
    messages_page,
    sending_of,
)
from duly.collections.queries.policies import policies_on
from duly.collections.rules.confirming import CONFIRMATION
from duly.collections.rules.on_account import ON_ACCOUNT
from duly.collections.rules.orders_told import GOES, WAITS
from duly.interfaces.web.current import entity_of, now, today
from duly.interfaces.web.exporting import (
    Table,
    all_pages,
    amount,
    file_addresses,
    some_at_a_time,
)
from duly.interfaces.web.guard import page
from duly.interfaces.web.numbers import number_in
from duly.interfaces.web.pages.outbox.words import STATES, SWITCH, TABS, Shown
from duly.kernel.dates import parse_iso_date
from duly.kernel.errors import Malformed
from duly.parties.queries import codes_and_names, customer_by_id

PAGE_SIZE = 50
UNDO = timedelta(seconds=60)
LONGEST_NUMBER = 18
NO_CUSTOMER = ("", "About an applicant")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks of the list."""

    tab: str
    on: date | None
    step: str
    customer_id: int | None

    def address(self, **changes: Any) -> str:
        """The list with some of this changed, from its beginning unless `before` is given."""
        before = changes.pop("before", None)
        asked = replace(self, **changes)
        told = {
            "state": asked.tab if asked.tab != TABS[0][0] else "",
            "on": asked.on.isoformat() if asked.on else "",
            "step": asked.step,
            "customer": asked.customer_id or "",
            "before": before or "",
        }
        told = {name: value for name, value in told.items() if value}
        return reverse("outbox") + (f"?{urlencode(told)}" if told else "")


@dataclass(frozen=True, slots=True)
class Row:
    """A message as a row: what can be done with it, and until when what was done can be undone."""

    message: Message
    code: str
    name: str
    why: str
    undo_until: datetime | None

    @property
    def shown(self) -> Shown:
        """Its state as a badge."""
        return STATES[self.message.state]

    @property
    def cells(self) -> list[str]:
        """The row in a file."""
        row = self.message
        return [
            self.code,
            self.name,
            ", ".join(row.recipients),
            self.shown.label,
            row.subject,
            self.why,
            row.step,
            row.planned_on.isoformat(),
            row.settled_at.isoformat(timespec="seconds") if row.settled_at else "",
            row.currency,
            amount(row.amount_minor, row.currency) if row.currency else "",
        ]


def table(request: HttpRequest) -> Table:
    """Every message that is asked for."""
    entity, at = entity_of(request), now()
    wanted, switch = _wanted(entity.pk, _read(request)), sending_of(entity.pk)

    def read(before: int | None, limit: int) -> list[Message]:
        return messages_page(wanted, before_id=before, limit=limit)

    rows = (
        one.cells
        for some in some_at_a_time(all_pages(read, None, lambda row: row.pk))
        for one in rows_of(some, switch, at)
    )
    texts = ["customer", "name", "to", "state", "subject", "why", "step", "planned_for"]
    return Table(f"outbox-{today(entity)}", [*texts, "settled_at", "currency"], ["asks_for"], rows)


def _wanted(entity_id: int, asked: Asked) -> MessageFilter:
    states = next(states for tab, _, states, _ in TABS if tab == asked.tab)
    return MessageFilter(entity_id, states, asked.customer_id, asked.on, asked.step)


@page()
def outbox(request: HttpRequest) -> HttpResponse:
    """The list; `?state=`, `?on=`, `?step=`, `?customer=`."""
    entity = entity_of(request)
    asked = _read(request)
    wanted = _wanted(entity.pk, asked)
    found = messages_page(wanted, before_id=_number(request, "before"), limit=PAGE_SIZE + 1)
    rows = rows_of(found[:PAGE_SIZE], sending_of(entity.pk), now())
    counted = [state for _, _, states, is_counted in TABS if is_counted for state in states]
    counts = counts_by_state(entity.pk, counted)
    policies = policies_on(entity.pk, today(entity)).values()
    told = {
        "asked": asked,
        "rows": rows,
        "tabs": tabs(asked, counts),
        "undecided": counts["unknown"],
        "steps": sorted(
            {"statement", ON_ACCOUNT, CONFIRMATION, WAITS, GOES}
            | {step.code for policy in policies for step in policy.steps}
        ),
        "customer": _name(asked.customer_id, entity.pk),
        "without_customer": asked.address(customer_id=None),
        "first": asked.address() if request.GET.get("before") else "",
        "following": asked.address(before=found[PAGE_SIZE - 1].pk)
        if len(found) > PAGE_SIZE
        else "",
        "may_send": may(request.user.role, "send"),
        "keys": [("Hold, release, undo", "H R Z"), ("Next page", "N")],
        **file_addresses(request, "outbox"),
    }
    return render(request, "web/outbox.html", told)


def tabs(asked: Asked | None, counts: dict[str, int]) -> list[tuple[str, str, int, bool]]:
    """(label, address, how many wait for somebody, whether it is open) of each tab."""
    here = asked or Asked("", None, "", None)
    return [
        (
            label,
            here.address(tab=tab),
            sum(counts[state] for state in states) if is_counted else 0,
            here.tab == tab,
        )
        for tab, label, states, is_counted in TABS
    ]


def rows_of(found: list[Message], switch: Sending, at: datetime) -> list[Row]:
    """Messages as rows."""
    names = codes_and_names({row.customer_id for row in found if row.customer_id})
    return [
        Row(
            row,
            *names.get(row.customer_id, NO_CUSTOMER),
            why_of(row, switch),
            undo_until(row, at),
        )
        for row in found
    ]


def why_of(row: Message, switch: Sending) -> str:
    """Why a message is where it is; one that waits for the switch says so."""
    if row.state == "queued":
        is_reached = {address.lower() for address in row.recipients} <= set(switch.allowed)
        if switch.mode in ("off", "stopped") or (switch.mode == "test" and not is_reached):
            return SWITCH[switch.mode]
    return row.why_text


def undo_until(row: Message, at: datetime) -> datetime | None:
    """Until when what a person let go on a page can be kept back."""
    if row.state != "queued" or row.not_before is None:
        return None
    return row.not_before if at < row.not_before <= at + UNDO else None


def _read(request: HttpRequest) -> Asked:
    """Read the question out of the address. Refuses: InvalidDate, Malformed."""
    tab = request.GET.get("state", "")
    on = request.GET.get("on", "").strip()
    return Asked(
        tab if tab in {name for name, *_ in TABS} else TABS[0][0],
        parse_iso_date(on) if on else None,
        request.GET.get("step", "")[:64],
        _number(request, "customer"),
    )


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    if not text:
        return None
    number = number_in(text, LONGEST_NUMBER)
    if number is None:
        raise Malformed(
            f"There is no {name} {text[:20]!r} here.", remedy="Open the outbox from its beginning."
        )
    return number


def _name(customer_id: int | None, entity_id: int) -> str:
    if customer_id is None:
        return ""
    found = customer_by_id(customer_id)
    return found.name if found is not None and found.entity_id == entity_id else "nobody here"
