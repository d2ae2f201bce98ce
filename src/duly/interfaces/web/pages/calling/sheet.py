"""The workspace of a call: who, what to say, what to answer, and one record at the end."""

from typing import Any

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.crypto import get_random_string

from duly.access.actions import Author, once
from duly.collections.actions import finish_task, record_call
from duly.collections.models import Call
from duly.collections.queries.excuses import excuses_of
from duly.collections.queries.messages import message_by_id, sending_of
from duly.collections.rules.excuses import count_up
from duly.collections.rules.handing import Clock
from duly.interfaces.exchange.couriers.letter import domain_of
from duly.interfaces.jobs.calling import Preparation, prepare_call
from duly.interfaces.web.current import actor, customer_of, now, today
from duly.interfaces.web.guard import page
from duly.interfaces.web.pages.calling.forms import OUTCOME_KEYS, RecordForm, likely
from duly.interfaces.web.pages.desk import undoing
from duly.interfaces.web.pages.desk.acts import UNDO_SECONDS, claim, way_back
from duly.interfaces.web.templatetags.show import plain_money
from duly.parties.models import Customer
from duly.receivables.queries.standing import item_facts


@page(act="collect", methods=("GET", "HEAD", "POST"))
def call_sheet(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The page (GET), or the record (POST): written once, then offered to be taken back."""
    customer = customer_of(request, customer_id)
    on = today(customer.entity)
    told = prepare_call(
        customer=customer,
        on=on,
        clock=Clock(now()),
        actor=actor(request),
        currency=request.POST.get("currency", "") or request.GET.get("currency", ""),
    )
    form = _form(request, told)
    back = way_back(request, reverse("today"))
    if request.method == "POST" and form.is_valid():
        done = _once(request, customer, told, form)
        token = undoing.token(request, **done["undo"])
        notices.success(request, done["text"], extra_tags=token)
        if request.htmx:
            return HttpResponse(status=204, headers={"HX-Redirect": back})
        return redirect(back)
    shown = _shown(told, form) | {
        "back": back,
        "key": request.POST.get("key") or get_random_string(22),
        "keys": [(label, OUTCOME_KEYS[code]) for code, label in form.fields["outcome"].choices],
    }
    is_part = request.htmx and request.method == "POST"
    template = "web/call_form.html" if is_part else "web/call.html"
    return render(request, template, shown, status=422 if request.method == "POST" else 200)


def _form(request: HttpRequest, told: Preparation) -> RecordForm:
    first = next((one for one in told.people if not one.why_not), None)
    asked = plain_money(told.asked_minor, told.currency) if told.asked_minor > 0 else ""
    return RecordForm(
        request.POST if request.method == "POST" else None,
        items=told.items,
        excuses=excuses_of(told.customer.entity_id),
        initial=likely(
            asked,
            told.by_on,
            first.name if first else "",
            first.phone if first else told.customer.phone,
            told.currency,
        ),
    )


def _shown(told: Preparation, form: RecordForm) -> dict[str, Any]:
    entity_id = told.customer.entity_id
    language = told.script.language if told.script else "en"
    spoken = excuses_of(entity_id, language=language)
    heard = count_up((one.row.code, one.outcome) for one in told.excuses)
    picked = form["excuse"].value() or ""
    chosen = form["outcome"].value() or ""
    english = excuses_of(entity_id)
    return {
        "customer": told.customer,
        "told": told,
        "form": form,
        "on": told.on,
        "outcomes": [
            (code, label, OUTCOME_KEYS[code], code == chosen)
            for code, label in sorted(
                form.fields["outcome"].choices, key=lambda one: list(OUTCOME_KEYS).index(one[0])
            )
        ],
        "excuses": [
            (one, spoken[code], heard.get(code), code == picked) for code, one in english.items()
        ],
        "excuse_names": {code: one.name for code, one in english.items()},
    }


def _once(
    request: HttpRequest, customer: Customer, told: Preparation, form: RecordForm
) -> dict[str, Any]:
    def carry_out() -> dict[str, Any]:
        claim(request, customer.pk)
        item = form.cleaned_data["disputed"]
        facts = item_facts(customer.entity_id, [int(item)]) if item else {}
        recorded = record_call(
            entity=customer.entity,
            draft=form.draft(customer.pk, facts),
            on=told.on,
            domain=domain_of(sending_of(customer.entity_id).sender),
            author=Author(actor(request), now()),
            not_before=now() + UNDO_SECONDS,
        )
        due = [task.pk for task in told.tasks if task.due_on <= told.on and task.kind in DONE_WITH]
        for task_id in due:
            finish_task(task_id=task_id, actor=actor(request), at=now())
        call = Call.objects.get(pk=recorded.call_id)
        text = f"Call to {customer.name} recorded: {call.get_outcome_display().lower()}."
        if recorded.message_id:
            message = message_by_id(customer.entity_id, recorded.message_id)
            whom = ", ".join(message.recipients) if message else ""
            text += f" Its confirmation to {whom} leaves in a minute."
        elif recorded.why_unconfirmed:
            text += f" Nothing confirms it in writing: {recorded.why_unconfirmed}"
        undo = {
            "kind": "recorded",
            "id": recorded.call_id,
            "disputes": list(recorded.dispute_ids),
            "tasks": due,
        }
        return {"text": text, "undo": undo}

    given = [customer.pk, {key: request.POST.getlist(key) for key in sorted(request.POST)}]
    key = request.POST.get("key", "")[:64] or None
    return once(key=key, command="web call", given=given, at=now(), act=carry_out)


# Tasks that are over once somebody was called; what was told or is to be sent stays.
DONE_WITH = ("call", "call_again", "promise_broken", "excuse")

urlpatterns = [path("customers/<int:customer_id>/call/", call_sheet, name="call_sheet")]
