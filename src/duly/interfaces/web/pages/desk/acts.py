"""What is done about a customer: log a call, promise, dispute, snooze, note, send. Each once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.crypto import get_random_string
from django.utils.http import url_has_allowed_host_and_scheme

from duly.access.actions import once
from duly.collections import actions
from duly.collections.queries.gate import gate
from duly.collections.queries.messages import open_tasks
from duly.collections.rules.laws.gate import Stopped
from duly.disputes.actions import DisputeDraft, open_disputes
from duly.interfaces.jobs.planned import send_step
from duly.interfaces.web.current import actor, customer_of, now, today
from duly.interfaces.web.guard import page
from duly.interfaces.web.middleware import add_toast
from duly.interfaces.web.pages.desk import undoing
from duly.interfaces.web.pages.desk.customer_now import CustomerNow
from duly.interfaces.web.pages.desk.forms import FORMS, ActForm, OpenItem, likely
from duly.interfaces.web.templatetags.show import near_day, plain_money
from duly.parties.models import Customer
from duly.receivables.queries import items_by_number, line_facts, open_of_customers
from duly.storage.writing import whole

UNDO_SECONDS = timedelta(seconds=undoing.SECONDS)
MOST_ITEMS = 200
TITLES = {
    "call": "Log a call",
    "promise": "Promise to pay",
    "dispute": "Dispute",
    "snooze": "Snooze",
    "note": "Note",
    "send": "Send the reminder",
}


@dataclass(frozen=True)
class Doing:
    """An act about to be done: of whom, by whom, with what was typed."""

    request: HttpRequest
    customer: Customer
    told: Mapping[str, Any]

    @property
    def who(self) -> dict[str, Any]:
        """What every verb asks for."""
        return {
            "entity_id": self.customer.entity_id,
            "on": today(self.customer.entity),
            "actor": actor(self.request),
            "at": now(),
        }

    @property
    def name(self) -> str:
        """The customer's."""
        return self.customer.name


Done = tuple[int, str]  # the number of what was written, and what to say of it


def _call(doing: Doing) -> Done:
    told = doing.told
    row = actions.log_call(
        customer_id=doing.customer.pk,
        outcome=told["outcome"],
        person=told["person"],
        phone=told["phone"],
        note=told["note"],
        next_on=told["next_on"],
        **doing.who,
    )
    again = f" Again {near_day(row.next_on, row.called_on)}." if row.next_on else ""
    return row.pk, f"Call to {doing.name} logged: {row.get_outcome_display().lower()}.{again}"


def _promise(doing: Doing) -> Done:
    told = doing.told
    draft = actions.PromiseDraft(
        doing.customer.pk,
        told["currency"],
        told["amount_minor"],
        told["due_on"],
        tuple(int(one) for one in told["items"]),
        told["person"],
        told["channel"],
        told["note"],
    )
    (id_,) = actions.make_promises(drafts=[draft], **doing.who)
    money = f"{told['currency']} {plain_money(told['amount_minor'], told['currency'])}"
    by = near_day(told["due_on"], doing.who["on"])
    return id_, f"{doing.name} promised {money} by {by}. Nothing asks for it until then."


def _dispute(doing: Doing) -> Done:
    told = doing.told
    id_, number = int(told["item"]), told["of_item"].number
    found = items_by_number(doing.customer.entity_id, [number]).get((doing.customer.pk, number), [])
    item = next(one for one in found if one.id == id_)
    draft = DisputeDraft(
        item,
        told["amount_minor"],
        told["reason"],
        told["owner"],
        told["note"],
        told["deadline_on"],
    )
    (dispute_id,) = open_disputes(drafts=[draft], **doing.who)
    money = f"{item.currency} {plain_money(told['amount_minor'], item.currency)}"
    return dispute_id, f"{money} of {number} is in dispute. The rest is asked for as usual."


def _snooze(doing: Doing) -> Done:
    who = doing.who
    row = actions.place_block(
        customer_id=doing.customer.pk,
        kind="snooze",
        reason=doing.told["reason"],
        from_on=who.pop("on"),
        until_on=doing.told["until_on"],
        **who,
    )
    return row.pk, f"{doing.name} snoozed until {near_day(row.until_on, row.from_on)}."


def _note(doing: Doing) -> Done:
    row = actions.write_note(customer_id=doing.customer.pk, text=doing.told["text"], **doing.who)
    return row.pk, f"Note on {doing.name} kept."


def _send(doing: Doing) -> Done:
    who = doing.who
    del who["entity_id"]
    row = send_step(
        entity=doing.customer.entity,
        customer_id=doing.customer.pk,
        not_before=who["at"] + UNDO_SECONDS,
        **who,
    )
    return row.pk, f"Reminder to {', '.join(row.recipients)} leaves in a minute."


ACTS: dict[str, Callable[[Doing], Done]] = {
    "call": _call,
    "promise": _promise,
    "dispute": _dispute,
    "snooze": _snooze,
    "note": _note,
    "send": _send,
}


@page(act="collect", methods=("GET", "HEAD", "POST"))
def act(request: HttpRequest, customer_id: int, name: str) -> HttpResponse:
    """The form of an act (GET), or the act (POST): done once, then offered to be taken back."""
    if name not in FORMS:
        raise Http404
    customer = customer_of(request, customer_id)
    form, of_item = _form(request, customer, name)
    back = _back(request, customer)
    if request.method != "POST" or not form.is_valid():
        shown = {
            "customer": customer,
            "form": form,
            "name": name,
            "title": TITLES[name],
            "back": back,
            "key": request.POST.get("key") or get_random_string(22),
            "laws": _laws(customer, name),
        }
        template = "web/desk_form.html" if request.htmx else "web/desk_act.html"
        return render(request, template, shown, status=422 if request.method == "POST" else 200)
    told: dict[str, Any] = dict(form.cleaned_data)
    if name == "dispute":
        told["of_item"] = of_item[int(told["item"])]
    done = _once(request, customer, name, told)
    return answer(request, done["text"], back, customer.pk, undoing.token(request, **done["undo"]))


def _laws(customer: Customer, name: str) -> list[Stopped]:
    """What of the law stands before a call now. What was said all the same is written down."""
    if name != "call":
        return []
    return gate(customer.entity, [customer.pk], "call", now()).get(customer.pk, [])


def _once(
    request: HttpRequest, customer: Customer, name: str, told: dict[str, Any]
) -> dict[str, Any]:
    def carry_out() -> dict[str, Any]:
        claim(request, customer.pk)
        id_, text = ACTS[name](Doing(request, customer, told))
        tasks = [int(one) for one in told.get("tasks", ())]
        for task_id in tasks:
            actions.finish_task(task_id=task_id, actor=actor(request), at=now())
        return {"text": text, "undo": {"kind": name, "id": id_, "tasks": tasks}}

    given = [customer.pk, {key: request.POST.getlist(key) for key in sorted(request.POST)}]
    return once(
        key=request.POST.get("key", "")[:64] or None,
        command=f"web {name}",
        given=given,
        at=now(),
        act=carry_out,
    )


def _form(
    request: HttpRequest, customer: Customer, name: str
) -> tuple[ActForm, dict[int, OpenItem]]:
    """The form with what is likely in it, and the items it lets choose from."""
    entity, on = customer.entity, today(customer.entity)
    owed = open_of_customers(entity_id=entity.pk, customer_ids=[customer.pk])
    asked = request.GET.get("currency", "")
    currencies = sorted({code for _, code in owed}, key=lambda code: (code != asked, code))
    tasks = [
        task
        for task in open_tasks(entity_id=entity.pk, customer_id=customer.pk)
        if name not in ("note", "send") and task.due_on <= on
    ]
    typed = request.POST if request.method == "POST" else None
    form = FORMS[name](typed, currencies=currencies, tasks=tasks)
    items = _items(owed) if name in ("promise", "dispute") else []
    form.choose_from(items)
    amount = person = phone = ""
    if name in ("promise", "call"):
        here = CustomerNow(customer, on, now())
        person, phone = here.contacts[0].name if here.contacts else "", here.phone
        amount = _likely_amount(here, currencies[0] if currencies else "")
    form.start_with(**likely(name, on, amount, person, phone))
    return form, {one.id: one for one in items}


def _likely_amount(here: CustomerNow, currency: str) -> str:
    """What is asked for today, or else all that is overdue."""
    step = next((one for one in here.steps if one.step and one.currency == currency), None)
    row = here.row_in(currency)
    minor = step.amount_minor if step else 0
    if minor <= 0 and row is not None and row.currency == currency:
        minor = row.overdue_minor
    return plain_money(minor, currency) if minor > 0 else ""


def _items(owed: Mapping[tuple[int, str], list[tuple[int, int]]]) -> list[OpenItem]:
    rows = [(pk, code, minor) for (_, code), found in owed.items() for pk, minor in found]
    facts = line_facts({pk for pk, _, _ in rows[:MOST_ITEMS]}, set())
    found = [
        OpenItem(pk, facts["item", pk].number, facts["item", pk].due_on, code, minor)
        for pk, code, minor in rows[:MOST_ITEMS]
    ]
    return sorted(found, key=lambda one: (one.due_on, one.id))


def claim(request: HttpRequest, customer_id: int, *, is_takeover: bool = False) -> None:
    """Work on a customer: nobody else does for a while. Refuses: ClaimedByOther."""
    actions.claim_customer(
        customer_id=customer_id,
        actor=actor(request),
        name=request.user.name,
        at=now(),
        is_takeover=is_takeover,
    )


def answer(
    request: HttpRequest, text: str, back: str, customer_id: int, undo: str = ""
) -> HttpResponse:
    """Say what was done: a toast where htmx asked, else the page before with the same words."""
    if request.htmx:
        event = ("duly:done", {"customer": customer_id})
        return add_toast(HttpResponse(status=204), text, undo=undo, event=event)
    notices.success(request, text, extra_tags=undo)
    return redirect(back)


def way_back(request: HttpRequest, otherwise: str) -> str:
    """Where to go afterwards: a page of ours that the form named, or else another."""
    told = request.POST.get("back") or request.GET.get("back") or ""
    is_ours = url_has_allowed_host_and_scheme(told, allowed_hosts=None)
    return told if told.startswith("/") and is_ours else otherwise


def _back(request: HttpRequest, customer: Customer) -> str:
    return way_back(request, reverse("customer", args=[customer.pk]))


@page(act="collect", methods=("POST",))
def claim_view(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Take a customer, take one over, or let one's own go."""
    customer = customer_of(request, customer_id)
    wish = request.POST.get("wish", "take")
    if wish == "leave":
        actions.let_customer_go(customer_id=customer.pk, actor=actor(request))
    else:
        claim(request, customer.pk, is_takeover=wish == "takeover")
    if not request.htmx:
        return redirect(_back(request, customer))
    here = CustomerNow(customer, today(customer.entity), now())
    return render(request, "web/parts/claim.html", {"now": here, "may_collect": True})


@page(act="collect", methods=("POST",))
def finish(request: HttpRequest, task_id: int) -> HttpResponse:
    """Say that a task is done."""
    with whole():  # undone where the task is of other books
        row = actions.finish_task(task_id=task_id, actor=actor(request), at=now())
        customer = customer_of(request, row.customer_id)
    undo = undoing.token(request, kind="task", id=task_id, tasks=[task_id])
    return answer(request, "Task done.", _back(request, customer), customer.pk, undo)


@page(act="collect", methods=("POST",))
def end_snooze(request: HttpRequest, block_id: int) -> HttpResponse:
    """End a snooze or a hold; chasing goes on."""
    with whole():  # undone where the block is of other books
        row = actions.end_block(block_id=block_id, actor=actor(request), at=now())
        customer = customer_of(request, row.customer_id)
    return answer(request, "Ended: chasing goes on.", _back(request, customer), customer.pk)


@page(act="collect", methods=("POST",))
def undo(request: HttpRequest) -> HttpResponse:
    """Take back what was just done."""
    done = undoing.take_back(request, request.POST.get("token", ""))
    text = {"send": "Held back: it does not leave.", "release": "Held back: nothing of it leaves."}
    told = text.get(done["kind"], "Taken back.")
    notices.success(request, told)
    if request.htmx:  # the page is drawn anew, and says it then
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return redirect(way_back(request, reverse("today")))


urlpatterns = [
    path("customers/<int:customer_id>/acts/<str:name>/", act, name="desk_act"),
    path("customers/<int:customer_id>/claim/", claim_view, name="claim"),
    path("tasks/<int:task_id>/done/", finish, name="task_done"),
    path("blocks/<int:block_id>/end/", end_snooze, name="end_block"),
    path("undo/", undo, name="undo"),
]
