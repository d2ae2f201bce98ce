"""One clock: what is at stake, and the evidence that it was seen to."""

from typing import Any

from django import forms
from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import get_random_string

from duly.access.actions import Author, once
from duly.access.rules.roles import may
from duly.collections.queries.clocks import clocks, legal_clocks
from duly.credit.actions.securing import do_clock
from duly.credit.errors import ClockUnknown
from duly.interfaces.web.current import actor, entity_of, now, today
from duly.interfaces.web.guard import page
from duly.interfaces.web.pages.desk.forms import Form
from duly.interfaces.web.pages.reviewing.calendar import Row, rows_of


class DoneForm(Form):
    """What proves that a clock was seen to."""

    use_required_attribute = False
    evidence = forms.CharField(
        label="Evidence",
        max_length=200,
        help_text="The number of the filing, the letter, the insurer’s reference.",
        error_messages={"required": "Say what proves it."},
    )
    note = forms.CharField(
        label="What else", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


@page()
def clock(request: HttpRequest) -> HttpResponse:
    """The page; `?clock=` names it. Refuses: ClockUnknown."""
    row = _clock_of(request, request.GET.get("clock", ""))
    return _shown(request, row, DoneForm())


def _shown(request: HttpRequest, row: Row, form: DoneForm) -> HttpResponse:
    told: dict[str, Any] = {
        "row": row,
        "form": form,
        "key": request.POST.get("key") or get_random_string(22),
        "may_assess": may(request.user.role, "assess_credit"),
        "on": row.on,
    }
    status = 422 if form.is_bound else 200
    return render(request, "web/credit/clock.html", told, status=status)


def _clock_of(request: HttpRequest, key: str) -> Row:
    entity = entity_of(request)
    on = today(entity)
    found = [one for one in clocks(entity.pk, on) if one.key == key]
    if not found:
        raise ClockUnknown(
            "That clock does not run: it was seen to, or what it was about is over.",
            facts={"clock": key},
            remedy="Look at the calendar.",
        )
    return rows_of(found, on)[0]


@page(act="assess_credit", methods=("POST",))
def done(request: HttpRequest) -> HttpResponse:
    """Say that it was seen to, once."""
    entity = entity_of(request)
    form = DoneForm(request.POST)
    name = request.POST.get("clock", "")
    if not form.is_valid():
        return _shown(request, _clock_of(request, name), form)
    told = form.cleaned_data

    def act() -> dict[str, Any]:
        row = do_clock(
            entity_id=entity.pk,
            key=name,
            on=today(entity),
            evidence=told["evidence"],
            note=told["note"],
            author=Author(actor(request), now()),
            others=legal_clocks(entity.pk, today(entity)),
        )
        return {"done": row.pk}

    once(
        key=request.POST.get("key", "")[:64] or None,
        command="web clock",
        given=[entity.pk, name, told["evidence"], told["note"]],
        at=now(),
        act=act,
    )
    toasts.success(request, "It is kept with its evidence.")
    return redirect("credit_reviews")
