"""The policy of credit: each knob with its unit and what it comes as, who turned them, a form."""

from typing import Any, NamedTuple

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from duly.access.actions import Author
from duly.access.rules.roles import may
from duly.credit.actions.policies import set_credit_knobs
from duly.credit.policy import DECISIONS
from duly.credit.queries.policies import decision_policy, policy_versions
from duly.credit.rules.authority import POLICY_ACT, is_of_authority
from duly.credit.rules.knobs import told as told_knobs
from duly.interfaces.web.current import actor, entity_of, now, today
from duly.interfaces.web.guard import page
from duly.interfaces.web.pages.deciding.knob_words import EVERY, GROUPS, Words
from duly.kernel.dates import parse_iso_date
from duly.kernel.errors import Refusal
from duly.parties.models import Entity


class Knob(NamedTuple):
    """A knob as the form shows it."""

    name: str
    words: Words
    unit: str
    value: str
    standard: str
    may_turn: bool

    @property
    def is_turned(self) -> bool:
        """Tell whether it is another than what comes with Duly."""
        return self.value != self.standard


@page(methods=("GET", "HEAD", "POST"))
def knobs(request: HttpRequest) -> HttpResponse:
    """The knobs as they are today; posted, they are set from a day on.

    Refuses: DecisionNotYours, CreditKnobUnfit, InvalidDate.
    """
    entity, refusal = entity_of(request), None
    if request.method == "POST":
        try:
            return _set(request, entity)
        except Refusal as error:
            refusal = error
    on, role = today(entity), request.user.role
    standard, values = told_knobs(DECISIONS), told_knobs(decision_policy(entity.pk, on))
    if refusal is not None:
        values |= {name: request.POST[name] for name in EVERY if name in request.POST}
    told: dict[str, Any] = {
        "groups": [
            (
                group,
                [
                    Knob(
                        name,
                        words,
                        entity.currency if words.unit == "money" else words.unit,
                        values[name],
                        standard[name],
                        _may_turn(role, name),
                    )
                    for name, words in group.knobs.items()
                ],
            )
            for group in GROUPS
        ],
        "refusal": refusal,
        "wrong": refusal.facts.get("knob") if refusal else "",
        "on": request.POST.get("on", "") or on.isoformat(),
        "versions": policy_versions(entity.pk),
        "may_edit": may(role, POLICY_ACT),
        "here": "credit_knobs",
    }
    return render(request, "web/credit/knobs.html", told, status=_status(refusal))


def _status(refusal: Refusal | None) -> int:
    if refusal is None:
        return 200
    return 403 if refusal.code == "DECISION_NOT_YOURS" else 422


def _may_turn(role: str, name: str) -> bool:
    return may(role, "manage_users" if is_of_authority(name) else POLICY_ACT)


def _set(request: HttpRequest, entity: Entity) -> HttpResponse:
    """Set those that differ from what holds on the day."""
    said = request.POST.get("on", "").strip()
    on = parse_iso_date(said) if said else today(entity)
    before = told_knobs(decision_policy(entity.pk, on))
    given = {name: request.POST[name].strip() for name in EVERY if name in request.POST}
    changed = {name: text for name, text in given.items() if text != before[name]}
    author = Author(actor(request), now())
    if changed or not may(request.user.role, POLICY_ACT):
        set_credit_knobs(entity_id=entity.pk, knobs=changed, on=on, author=author)
        toasts.success(request, f"Set from {on:%d %b %Y} on: {', '.join(changed)}.")
    else:
        toasts.success(request, "Nothing was changed.")
    return redirect("credit_knobs")
