"""The same done about several customers of the worklist at once: each once, all taken back as one.

Only what asks nobody for money: snooze, note, take. A promise, a dispute or a call is of one
customer; what leaves is released with its day.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.crypto import get_random_string

from duly.access.actions import once
from duly.collections import actions
from duly.collections.models import WorklistRow
from duly.collections.queries.desk import chosen_rows, newest_plan
from duly.interfaces.web.current import actor, entity_of, now, today
from duly.interfaces.web.guard import page
from duly.interfaces.web.middleware import add_toast
from duly.interfaces.web.numbers import number_in
from duly.interfaces.web.pages.desk import undoing
from duly.interfaces.web.pages.desk.acts import way_back
from duly.interfaces.web.pages.desk.forms import FORMS, ActForm, likely
from duly.interfaces.web.templatetags.show import count, near_day
from duly.kernel.errors import Malformed
from duly.parties.queries import codes_and_names

MOST = 100
NAMED = 5  # who is named in a form and in a toast; the others are counted


class TakeForm(ActForm):
    """Work on them; nothing to fill in."""

    verb, icon = "Take them", "user-round-check"


TITLES = {"snooze": "Snooze", "note": "Note", "take": "Work on them"}
OF_SEVERAL: dict[str, type[ActForm]] = {
    "snooze": FORMS["snooze"],
    "note": FORMS["note"],
    "take": TakeForm,
}
Told = Mapping[str, Any]
Done = tuple[list[int], str]  # the numbers of what was written, and what was done in a few words


def _snooze(request: HttpRequest, ids: Sequence[int], told: Told) -> Done:
    entity = entity_of(request)
    on = today(entity)
    rows = actions.place_blocks(
        entity_id=entity.pk,
        customer_ids=ids,
        kind="snooze",
        reason=told["reason"],
        from_on=on,
        until_on=told["until_on"],
        actor=actor(request),
        at=now(),
    )
    return [row.pk for row in rows], f"snoozed until {near_day(told['until_on'], on)}"


def _note(request: HttpRequest, ids: Sequence[int], told: Told) -> Done:
    entity = entity_of(request)
    rows = actions.write_notes(
        entity_id=entity.pk,
        customer_ids=ids,
        text=told["text"],
        on=today(entity),
        actor=actor(request),
        at=now(),
    )
    return [row.pk for row in rows], "noted"


def _take(request: HttpRequest, ids: Sequence[int], told: Told) -> Done:
    return list(ids), "yours for a quarter of an hour"


DO: dict[str, Callable[[HttpRequest, Sequence[int], Told], Done]] = {
    "snooze": _snooze,
    "note": _note,
    "take": _take,
}


@page(act="collect", methods=("GET", "HEAD", "POST"))
def several(request: HttpRequest, name: str) -> HttpResponse:
    """The form for those chosen (GET), or the act (POST): done once, then offered to be undone."""
    if name not in OF_SEVERAL:
        raise Http404
    rows = _chosen(request)
    ids = list(dict.fromkeys(row.customer_id for row in rows))
    names = {id_: name for id_, (_, name) in codes_and_names(ids).items()}
    back = way_back(request, reverse("today"))
    typed = request.POST if request.method == "POST" else None
    form = OF_SEVERAL[name](typed, currencies=(), tasks=())
    form.start_with(**likely(name, today(entity_of(request)), "", "", ""))
    if typed is None or not form.is_valid():
        told = {
            "form": form,
            "name": name,
            "title": TITLES[name],
            "ids": ids,
            "names": [names[id_] for id_ in ids[:NAMED]],
            "others": max(0, len(ids) - NAMED),
            "worth": sum(row.value_minor for row in rows),
            "entity": entity_of(request),
            "back": back,
            "key": request.POST.get("key") or get_random_string(22),
        }
        template = "web/several_form.html" if request.htmx else "web/several.html"
        return render(request, template, told, status=200 if typed is None else 422)
    done = _once(request, name, ids, names, dict(form.cleaned_data))
    return _answer(request, done, back)


def _chosen(request: HttpRequest) -> list[WorklistRow]:
    """The rows of those who are chosen. Refuses: Malformed."""
    given = request.POST if request.method == "POST" else request.GET
    numbers = [number_in(text, 18) for text in given.getlist("customer")[: MOST + 1]]
    ids = [number for number in numbers if number is not None]
    plan = newest_plan(entity_of(request).pk)
    rows = chosen_rows(plan, ids) if plan and len(ids) <= MOST else []
    if not rows:
        raise Malformed(
            "Nobody is chosen." if len(ids) <= MOST else f"More than {MOST} are chosen.",
            remedy=f"Choose up to {MOST} customers of the list with X, or by their boxes.",
        )
    return rows


def _once(
    request: HttpRequest, name: str, ids: list[int], names: dict[int, str], told: dict[str, Any]
) -> dict[str, Any]:
    def carry_out() -> dict[str, Any]:
        others = actions.claim_customers(
            customer_ids=ids, actor=actor(request), name=request.user.name, at=now()
        )
        mine = [id_ for id_ in ids if id_ not in others]
        written, words = DO[name](request, mine, told) if mine else ([], "")
        left = [f"{names[id_]} ({who} works on it)" for id_, who in others.items()]
        return {"done": mine, "words": words, "left": left, "written": written}

    given = [{key: request.POST.getlist(key) for key in sorted(request.POST)}]
    key = request.POST.get("key", "")[:64] or None
    command = f"web several {name}"
    return {"kind": name, **once(key=key, command=command, given=given, at=now(), act=carry_out)}


def _answer(request: HttpRequest, done: Mapping[str, Any], back: str) -> HttpResponse:
    """Say for how many it was done, and for whom it was not and why."""
    said = f"{count(len(done['done']), 'customer,customers')} {done['words']}."
    if not done["done"]:
        said = "Nothing was done."
    left = done["left"]
    why = f"Not done for {', '.join(left[:NAMED])}" if left else ""
    why += f" and {len(left) - NAMED} more." if len(left) > NAMED else "." if left else ""
    ids = done["written"]
    undo = undoing.token(request, kind=f"several {done['kind']}", id=0, ids=ids) if ids else ""
    if request.htmx:
        event = ("duly:done", {"customers": done["done"]})
        response = HttpResponse(status=204)
        return add_toast(response, said, remedy=why, undo=undo, event=event)
    notices.success(request, f"{said} {why}".strip(), extra_tags=undo)
    return redirect(back)


urlpatterns = [path("today/several/<str:name>/", several, name="several")]
