"""One held order: what holds it today, what its exposure is made of, and its release."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import get_random_string

from duly.access.actions import Author, once, require
from duly.access.rules.roles import may
from duly.collections.queries.order_signals import order_signals
from duly.credit.actions import assign_hold
from duly.credit.errors import HoldUnknown
from duly.credit.queries.holds import Held, hold, movements_of, releases_of
from duly.credit.queries.orders import answer_of, read_desk
from duly.credit.queries.policies import RELEASE, releases_on
from duly.credit.rules.exposure import Book, Exposure
from duly.credit.rules.holds import LONGEST_REASON
from duly.interfaces.exchange.holding import release
from duly.interfaces.web.current import LARGEST_ID, actor, entity_of, now, today
from duly.interfaces.web.guard import page
from duly.interfaces.web.pages.holding.listing import TESTS, Row
from duly.kernel.errors import Refusal

PARTS = {
    "open_items": "Open items",
    "unapplied": "Credits and money not applied",
    "open_orders": "Released orders",
    "shipped_not_invoiced": "Shipped, not invoiced",
    "this_order": "This order",
}


class Line(NamedTuple):
    """One thing that a part is made of."""

    told: str
    customer_id: int
    currency: str
    minor: int


class ShownPart(NamedTuple):
    """A part of the exposure, and what it is made of."""

    label: str
    minor: int
    lines: list[Line]


class ShownExposure(NamedTuple):
    """An exposure against a limit, whose it is, and how much is left or over."""

    code: str
    exposure: Exposure
    parts: list[ShownPart]
    left_minor: int | None


@page()
def one(request: HttpRequest, hold_id: int) -> HttpResponse:
    """The page."""
    return _shown(request, _hold(request, hold_id))


@page(act=RELEASE, methods=("POST",))
def let_go(request: HttpRequest, hold_id: int) -> HttpResponse:
    """Release it for its reason; a refusal is told beside the reason."""
    found = _hold(request, hold_id)
    entity, reason = entity_of(request), request.POST.get("reason", "")
    author, on = Author(actor(request), now()), today(entity)
    try:
        told = once(
            key=request.POST.get("key") or None,
            command="credit release",
            given=[hold_id, reason],
            at=author.at,
            act=lambda: release(entity, hold_id, reason, on, author),
        )
    except Refusal as refusal:
        return _shown(request, found, refusal=refusal, reason=reason)
    ended = "released" if told["state"] == "released" else "free: nothing holds it any more"
    toasts.success(request, f"Order {told['order']} is {ended}.")
    return redirect("credit_hold", hold_id)


@page(methods=("POST",))
def own(request: HttpRequest, hold_id: int) -> HttpResponse:
    """Take it over: whoever clicks clears it."""
    require(user=request.user, act=RELEASE)
    found, entity = _hold(request, hold_id), entity_of(request)
    author = Author(actor(request), now())
    assign_hold(
        entity=entity,
        hold_id=found.case.pk,
        owner=request.user.name,
        on=today(entity),
        author=author,
    )
    toasts.success(request, f"Order {found.order.ref} is yours to clear.")
    return redirect("credit_hold", hold_id)


def _hold(request: HttpRequest, hold_id: int) -> Held:
    entity = entity_of(request)
    if hold_id > LARGEST_ID:
        raise HoldUnknown("There is no such held order.", remedy="Open the queue of holds.")
    return hold(entity_id=entity.pk, hold_id=hold_id, on=today(entity))


def _shown(
    request: HttpRequest, found: Held, refusal: Refusal | None = None, reason: str = ""
) -> HttpResponse:
    entity = entity_of(request)
    on = today(entity)
    desk = read_desk(entity, [found.asked], on, signals_of=order_signals)
    answer = answer_of(desk, found.asked, on)
    never = any(one.test in desk.policy.never_released for one in answer.failed)
    is_own = actor(request) in (found.order.actor, found.case.asked_by)
    told: dict[str, Any] = {
        "held": found,
        "row": Row(found, releases_on(entity, on)),
        "on": on,
        "failed": [(TESTS.get(one.test, one.test), one) for one in answer.failed],
        "exposures": [_exposure(desk.book, one, found) for one in (answer.exposure, *answer.above)],
        "movements": movements_of(found.order.pk),
        "releases": releases_of(found.order.pk),
        "may_release": may(request.user.role, RELEASE) and not never and not is_own,
        "is_own": is_own,
        "is_never": never,
        "grace_days": desk.policy.grace_days,
        "refusal": refusal,
        "reason": reason,
        "longest": LONGEST_REASON,
        "key": get_random_string(20),
    }
    status = 200 if refusal is None else 422
    return render(request, "web/credit/hold.html", told, status=status)


def _exposure(book: Book, one: Exposure, found: Held) -> ShownExposure:
    members = book.under(one.customer_id)
    limit = one.limit
    return ShownExposure(
        book.codes.get(one.customer_id, ""),
        one,
        [
            ShownPart(PARTS[part.id], part.minor, list(_lines(book, part.id, members, found)))
            for part in one.parts
        ],
        limit.minor - one.total_minor if limit else None,
    )


def _lines(book: Book, part: str, members: set[int], found: Held) -> Iterator[Line]:
    """What a part is made of, each in its own currency."""
    if part in ("open_items", "unapplied"):
        for owed in book.owed:
            minor = owed.items_minor if part == "open_items" else owed.unapplied_minor
            if owed.customer_id in members and minor:
                code = book.codes.get(owed.customer_id, "")
                yield Line(code, owed.customer_id, owed.currency, minor)
    elif part != "this_order":
        for order in book.orders.values():
            minor = order.open_minor if part == "open_orders" else order.to_invoice_minor
            if order.customer_id in members and minor and order.ref != found.order.ref:
                told = f"{order.ref}, prepaid" if order.is_prepaid else order.ref
                yield Line(told, order.customer_id, order.currency, minor)
