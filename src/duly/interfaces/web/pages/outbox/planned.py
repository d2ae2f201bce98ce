"""What will leave on a day to come, told the day before: each can be held by one key."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages as toasts
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from duly.access.rules.roles import may
from duly.collections.actions import end_block, place_block
from duly.collections.models import Block, DayPlan, WorklistRow
from duly.collections.queries.coming import (
    held_steps,
    steps_left_out,
    steps_of_customer,
    steps_to_come,
    sums_to_come,
)
from duly.collections.queries.desk import newest_plan
from duly.collections.queries.messages import asked_on, counts_by_state, holds_on, sending_of
from duly.collections.queries.standing import FARTHEST_DAYS, next_sending_day
from duly.interfaces.jobs.planned import foresee
from duly.interfaces.web.current import actor, entity_of, now, today
from duly.interfaces.web.exporting import (
    Table,
    all_rows,
    amount,
    file_addresses,
    some_at_a_time,
)
from duly.interfaces.web.guard import page
from duly.interfaces.web.middleware import add_toast
from duly.interfaces.web.numbers import number_in, page_in
from duly.interfaces.web.pages.outbox.listing import tabs
from duly.interfaces.web.pages.outbox.words import TABS, reason
from duly.interfaces.web.templatetags.show import near_day
from duly.kernel.dates import parse_iso_date
from duly.kernel.errors import Malformed
from duly.parties.errors import CustomerUnknown
from duly.parties.models import Entity
from duly.parties.queries import codes_and_names, customer_by_id

PAGE_SIZE = 100
LONGEST_NUMBER = 18
HELD_BACK = "Held back before it was sent."


@dataclass(frozen=True, slots=True)
class Row:
    """A step to come as a row, with the hold that keeps it back."""

    step: WorklistRow
    code: str
    name: str
    hold: Block | None

    @property
    def reason(self) -> str:
        """Why it is left out, in a few words."""
        return reason(self.step.why_code) if self.step.why_code else ""

    @property
    def cells(self) -> list[str]:
        """The row in a file."""
        step = self.step
        return [
            self.code,
            self.name,
            ", ".join(step.recipients),
            step.channel,
            step.step,
            step.why_text if self.reason else "",
            self.hold.actor if self.hold else "",
            str(len(step.items)),
            step.currency,
            amount(step.asked_minor, step.currency),
        ]


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks: a day, those left out for one reason, a page of them."""

    on: date
    is_next: bool  # the day on which mail leaves next
    why: str
    number: int

    def address(self, **changes: object) -> str:
        """The list with some of this changed, from its beginning."""
        told: dict[str, object] = {
            "on": "" if self.is_next else self.on.isoformat(),
            "why": self.why,
            **changes,
        }
        told = {name: value for name, value in told.items() if value}
        return reverse("outbox_planned") + (f"?{urlencode(told)}" if told else "")


@page()
def planned(request: HttpRequest) -> HttpResponse:
    """The day before: what will leave, what is held, and who is left out and why."""
    entity = entity_of(request)
    on = today(entity)
    asked = _read(request, entity)
    plan = _plan_of(request, entity, asked.on)
    holds = holds_on(entity.pk, asked.on)
    steps = _steps(plan, asked, holds, (asked.number - 1) * PAGE_SIZE, PAGE_SIZE + 1)
    counts = counts_by_state(
        entity.pk, [state for _, _, states, is_counted in TABS if is_counted for state in states]
    )
    told: dict[str, Any] = {
        "asked": asked,
        "entity_words": planned_words(asked.on, on),
        "plan": plan,
        "rows": _rows(steps[:PAGE_SIZE], holds),
        "sums": list(sums_to_come(plan, holds)) if plan else [],
        "queued": len(asked_on(entity.pk, asked.on)),
        "held": held_steps(plan, holds) if plan else 0,
        "left_out": [
            (reason(code), number, asked.address(why=code), asked.why == code)
            for code, number in sorted(
                (plan.counts["silent"] if plan else {}).items(),
                key=lambda one: (-one[1], one[0]),
            )
            if code != "hold"
        ],
        "why": reason(asked.why) if asked.why else "",
        "leaving": asked.address(why=""),
        "tabs": tabs(None, counts),
        "newer": asked.address(page=asked.number - 1) if asked.number > 1 else "",
        "following": asked.address(page=asked.number + 1) if len(steps) > PAGE_SIZE else "",
        "switch": sending_of(entity.pk),
        "may_send": may(request.user.role, "send"),
        "keys": [("Hold, release", "H R"), ("Page before, after", "P N")],
        **file_addresses(request, "outbox_planned"),
    }
    return render(request, "web/outbox_planned.html", told)


def _steps(
    plan: DayPlan | None, asked: Asked, holds: dict[int, Block], first: int, limit: int
) -> list[WorklistRow]:
    """Steps that leave, held ones first; or those left out for the reason asked for."""
    if plan is None:
        return []
    if asked.why:
        return steps_left_out(plan, asked.why, first=first, limit=limit)
    return steps_to_come(plan, holds, first=first, limit=limit)


def table(request: HttpRequest) -> Table:
    """Everything that will leave, or is left out for the reason asked for."""
    entity = entity_of(request)
    asked = _read(request, entity)
    plan, holds = _plan_of(request, entity, asked.on), holds_on(entity.pk, asked.on)

    def read(first: int, limit: int) -> list[WorklistRow]:
        return _steps(plan, asked, holds, first, limit)

    rows = (row.cells for some in some_at_a_time(all_rows(read)) for row in _rows(some, holds))
    texts = ["customer", "name", "to", "channel", "step", "why", "held_by", "items", "currency"]
    return Table(f"leaves-{asked.on}", texts, ["asks_for"], rows)


def planned_words(on: date, now_on: date) -> str:
    """A day of a plan, for a heading.

    >>> planned_words(date(2026, 3, 3), date(2026, 3, 2))
    'Tomorrow, Tue 3 March'
    >>> planned_words(date(2026, 3, 9), date(2026, 3, 6))
    'Mon 9 March'
    """
    if on == now_on:
        return "Today"
    said = near_day(on, now_on)
    return f"Tomorrow, {said}" if (on - now_on).days == 1 else said


def _read(request: HttpRequest, entity: Entity) -> Asked:
    """Read the question. Refuses: InvalidDate, Malformed for a day that can't be foreseen."""
    coming = next_sending_day(entity, today(entity))
    text = request.GET.get("on", "").strip()
    on = _read_day(text, today(entity)) if text else coming
    number = page_in(request.GET.get("page", ""))
    why = request.GET.get("why", "")[:32]
    return Asked(on, on == coming, why, number)


def _read_day(text: str, now_on: date) -> date:
    """A day that can be foreseen. Refuses: InvalidDate, Malformed."""
    on = parse_iso_date(text)
    if not 0 <= (on - now_on).days <= FARTHEST_DAYS:
        raise Malformed(
            f"What leaves on {on} can't be told.",
            facts={"on": on, "today": now_on, "most_days": FARTHEST_DAYS},
            remedy=f"Ask for today or one of the {FARTHEST_DAYS} days after it.",
        )
    return on


def _plan_of(request: HttpRequest, entity: Entity, on: date) -> DayPlan | None:
    """The plan of a day: today's as it is kept, which is the one that is released, None where it is
    not planned yet; of a day to come as it would be planned now."""
    if on != today(entity):
        return foresee(entity=entity, on=on, actor=actor(request), at=now())
    kept = newest_plan(entity.pk)
    return kept if kept is not None and kept.on == on else None


def _rows(steps: list[WorklistRow], holds: dict[int, Block]) -> list[Row]:
    names = codes_and_names({step.customer_id for step in steps})
    return [Row(step, *names[step.customer_id], holds.get(step.customer_id)) for step in steps]


@page(act="send", methods=("POST",))
def change(request: HttpRequest, act: str) -> HttpResponse:
    """Hold what would leave to a customer, from today on, or let it go.

    Refuses: CustomerUnknown.
    """
    entity = entity_of(request)
    number = number_in(request.POST.get("customer", ""), LONGEST_NUMBER)
    customer = None if number is None else customer_by_id(number)
    if customer is None or customer.entity_id != entity.pk:
        raise CustomerUnknown(
            "There is no such customer in these books.", remedy="Open the list again."
        )
    if act not in ("hold", "release"):
        raise Http404
    on = _read_day(request.POST.get("on", ""), today(entity))
    holds = holds_on(entity.pk, on)
    is_hold = act == "hold"
    if is_hold and customer.pk not in holds:
        place_block(
            entity_id=entity.pk,
            customer_id=customer.pk,
            kind="hold",
            reason=HELD_BACK,
            from_on=today(entity),
            until_on=None,
            actor=actor(request),
            at=now(),
        )
    elif not is_hold and customer.pk in holds:
        end_block(block_id=holds[customer.pk].pk, actor=actor(request), at=now())
    said = (
        f"{customer.name} is held until somebody releases it."
        if is_hold
        else f"{customer.name} is released and goes as planned."
    )
    if not request.htmx:
        toasts.success(request, said)
        return redirect(f"{reverse('outbox_planned')}?on={on.isoformat()}")
    return add_toast(_changed_row(request, entity, customer.pk, on), said)


def _changed_row(request: HttpRequest, entity: Entity, customer_id: int, on: date) -> HttpResponse:
    """The row anew; where a customer has several, the whole page."""
    plan = _plan_of(request, entity, on)
    of_customer = steps_of_customer(plan, customer_id) if plan else []
    if len(of_customer) != 1:
        response = HttpResponse(status=204)
        response.headers["HX-Refresh"] = "true"
        return response
    (row,) = _rows(of_customer, holds_on(entity.pk, on))
    told = {"row": row, "on": on, "may_send": True, "is_fresh": True}
    return render(request, "web/outbox_planned_row.html", told)
