"""A new version of a policy: its steps as fields, faults at their place, and what it would send."""

import re
from collections import Counter
from datetime import date
from typing import Any

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from duly.collections.actions import save_policy
from duly.collections.errors import PolicyUnfit
from duly.collections.policy import CHANNELS, GENTLE, DunningPolicy
from duly.collections.queries.policies import policies_on, template_names
from duly.collections.queries.standing import next_sending_day
from duly.collections.rules.planning import PlannedStep
from duly.interfaces.jobs.foreseeing import PolicyPreview, preview_policy
from duly.interfaces.web.current import actor, entity_of, now, today
from duly.interfaces.web.guard import page
from duly.interfaces.web.pages.outbox.words import reason
from duly.interfaces.web.pages.policies.form import (
    MOST_STEPS,
    WEEKDAYS,
    PolicyForm,
    StepForm,
    form_of,
    read_form,
)
from duly.interfaces.web.pages.policies.looking import policy_unknown
from duly.kernel.dates import parse_iso_date
from duly.kernel.errors import InvalidDate
from duly.parties.models import Entity


@page(act="edit_policy", methods=("GET", "HEAD", "POST"))
def edit(request: HttpRequest) -> HttpResponse:
    """The form: `?name=` of a policy to change, or without it a new one that begins gently."""
    entity = entity_of(request)
    if request.method != "POST":
        return _show(request, _asked(request, entity))
    form = read_form(request.POST, request.POST.getlist("weekdays"))
    act = request.POST.get("act", "")
    if act == "add" and len(form.steps) < MOST_STEPS:
        last = form.steps[-1].days if form.steps else "0"
        days = str(int(last) + 14) if re.fullmatch(r"-?[0-9]{1,6}", last) else ""
        form.steps.append(StepForm(len(form.steps) + 1, days=days))
        return _show(request, form)
    if act.startswith("remove-"):
        form.steps = [step for step in form.steps if str(step.place) != act[7:]]
        for place, step in enumerate(form.steps, 1):
            step.place = place
        return _show(request, form)
    return _keep_or_preview(request, entity, form, act == "save")


def _asked(request: HttpRequest, entity: Entity) -> PolicyForm:
    name = request.GET.get("name", "")[:64]
    found = policies_on(entity.pk, today(entity))
    if name and name not in found:
        raise policy_unknown(name)
    form = form_of(found[name] if name else GENTLE)
    if not name:
        form.name = ""
    form.valid_from = today(entity).isoformat()
    return form


def _keep_or_preview(
    request: HttpRequest, entity: Entity, form: PolicyForm, is_kept: bool
) -> HttpResponse:
    try:
        valid_from = parse_iso_date(form.valid_from)
        document = form.document()
        if not is_kept:
            on = next_sending_day(entity, today(entity))
            return _show(request, form, preview_policy(entity=entity, on=on, document=document))
        kept = save_policy(
            entity_id=entity.pk,
            document=document,
            valid_from=valid_from,
            actor=actor(request),
            at=now(),
        )
    except InvalidDate as error:
        form.errors["valid_from"] = f"{error.message} Write a day."
        return _show(request, form)
    except PolicyUnfit as error:
        form.tell(error.facts["problems"])
        return _show(request, form)
    toasts.success(request, f"{kept.name}, version {kept.version}, holds from {valid_from}.")
    return redirect("policies")


def _show(
    request: HttpRequest, form: PolicyForm, preview: PolicyPreview | None = None
) -> HttpResponse:
    entity = entity_of(request)
    wrong = form.errors or any(step.errors for step in form.steps)
    told: dict[str, Any] = {
        "form": form,
        "channels": CHANNELS,
        "template_names": sorted(template_names(entity.pk)),
        "weekdays": [
            (str(number), label, str(number) in form.weekdays)
            for number, label in enumerate(WEEKDAYS, 1)
        ],
        "is_known": form.name in policies_on(entity.pk, today(entity)),
        "wrong": wrong,
        "preview": told_preview(preview, next_sending_day(entity, today(entity)))
        if preview
        else None,
    }
    return render(request, "web/policy_edit.html", told, status=422 if wrong else 200)


def told_preview(found: PolicyPreview, on: date) -> dict[str, Any]:
    """What a day would send, step by step, now and then; who is left out, by reason."""
    before, then = _counted(found.now), _counted(found.then)
    codes = [step.code for step in found.policy.steps]
    taken = [code for code, is_taken in {**before, **then} if is_taken]
    rest = [code for code in dict.fromkeys(taken) if code not in codes]
    left_out = {code for code, is_taken in {**before, **then} if not is_taken}
    return {
        "on": on,
        "steps": [
            (code, before[code, True], then[code, True], _is_final(found.policy, code))
            for code in [*codes, *rest]
        ],
        "sum": [
            sum(n for (_, is_taken), n in count.items() if is_taken) for count in (before, then)
        ],
        "left_out": sorted(
            ((reason(code), before[code, False], then[code, False]) for code in left_out),
            key=lambda row: -row[2],
        ),
        "entry": found.policy.steps[found.policy.entry_step - 1].code if codes else "",
    }


def _counted(steps: list[PlannedStep]) -> Counter[tuple[str, bool]]:
    """{(step or reason, whether it is taken): how many}."""
    return Counter((step.why.code, False) if step.why else (step.step, True) for step in steps)


def _taken(counts: Counter[tuple[str, bool]]) -> int:
    return sum(number for (_, is_taken), number in counts.items() if is_taken)


def _is_final(policy: DunningPolicy, code: str) -> bool:
    return any(step.code == code and step.is_final for step in policy.steps)
