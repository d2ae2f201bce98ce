"""How money is matched: the knobs, what they mean, who turned them, and a form to turn them."""

from typing import Any, NamedTuple

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from duly.access.actions import Author, require
from duly.access.rules.roles import may
from duly.cash_application.actions import set_matching
from duly.cash_application.policy import CARVE, LEAVE, STANDARD
from duly.cash_application.queries import policy_on
from duly.cash_application.queries.policies import versions_of
from duly.cash_application.rules.knobs import KNOBS, written_knobs
from duly.interfaces.exchange.kinds import forget_kind, kinds_document, say_kind
from duly.interfaces.web.current import actor, entity_of, now, today
from duly.interfaces.web.guard import page
from duly.kernel.currencies import exponent
from duly.kernel.dates import parse_iso_date
from duly.kernel.errors import Malformed, Refusal
from duly.parties.models import Entity

WORDS = {
    "auto_from": ("Applied by itself from", "How sure it must be: 0.99 is 99 of 100 right"),
    "tolerance": ("Small difference, at most", "Short by so much it is let pass"),
    "tolerance_percent": ("And at most, percent", "Of what is open of the item"),
    "tolerance_year": ("Of a customer in a year", "All small differences together"),
    "charges_most": ("Bank charges, at most", "Of a payment, on the word of one person"),
    "discount_grace_days": ("Days of grace", "A discount is earned still after its last day"),
    "duplicate_days": ("Paid twice, days", "An equal payment within them waits for a person"),
    "short_pays": ("The rest of a short pay", "Where nothing tells a reason"),
}
ORDER = (
    "auto_from", "short_pays", "tolerance", "tolerance_percent", "tolerance_year", "charges_most",
    "discount_grace_days", "duplicate_days",
)  # fmt: skip
CHOICES = {"short_pays": ((LEAVE, "stays open"), (CARVE, "is carved out as a deduction"))}


class Knob(NamedTuple):
    """A knob as the form shows it."""

    name: str
    label: str
    hint: str
    value: str
    standard: str
    choices: tuple[tuple[str, str], ...]

    @property
    def is_turned(self) -> bool:
        """Tell whether it is another than what comes with Duly."""
        return self.value != self.standard


@page(methods=("GET", "HEAD", "POST"))
def knobs(request: HttpRequest) -> HttpResponse:
    """The knobs as they are today; posted, they are set from a day on. Refuses: KnobUnfit."""
    entity, refusal = entity_of(request), None
    if request.method == "POST":
        require(user=request.user, act="edit_policy")
        try:
            return _set(request, entity)
        except Refusal as error:
            refusal = error
    decimals, on = exponent(entity.currency), today(entity)
    standard = written_knobs(STANDARD, decimals)
    values = written_knobs(policy_on(entity, on), decimals)
    if refusal is not None:
        values |= {name: request.POST[name] for name in KNOBS if name in request.POST}
    told: dict[str, Any] = {
        "knobs": [
            Knob(name, *WORDS[name], values[name], standard[name], CHOICES.get(name, ()))
            for name in ORDER
        ],
        "refusal": refusal,
        "wrong": refusal.facts.get("knob") if refusal else "",
        "on": request.POST.get("on", "") or on.isoformat(),
        "versions": versions_of(entity.pk),
        "kinds": kinds_document(entity.name)["kinds"],
        "may_edit": may(request.user.role, "edit_policy"),
    }
    return render(request, "web/cash_knobs.html", told, status=422 if refusal else 200)


def _set(request: HttpRequest, entity: Entity) -> HttpResponse:
    """Set those that differ from what holds on the day. Refuses: KnobUnfit, Malformed."""
    told = request.POST.get("on", "").strip()
    on = parse_iso_date(told) if told else today(entity)
    before = written_knobs(policy_on(entity, on), exponent(entity.currency))
    given = {name: request.POST[name].strip() for name in KNOBS if name in request.POST}
    changed = {name: text for name, text in given.items() if text != before[name]}
    if changed:
        set_matching(entity=entity, knobs=changed, on=on, author=Author(actor(request), now()))
        names = ", ".join(WORDS[name][0].lower() for name in ORDER if name in changed)
        notices.success(request, f"Set from {on:%d %b %Y} on: {names}.")
    else:
        notices.success(request, "Nothing was changed.")
    return redirect("cash_knobs")


@page(act="edit_policy", methods=("POST",))
def kind(request: HttpRequest) -> HttpResponse:
    """Say what money of a bank's code is, or forget what was said. Refuses: KindUnfit."""
    entity, code = entity_of(request), request.POST.get("code", "")[:64]
    if request.POST.get("act") == "drop":
        forget_kind(entity.name, code, actor=actor(request), at=now())
        notices.success(request, f"Nothing of your own is said of {code} any more.")
        return redirect("cash_knobs")
    says = "" if request.POST.get("receivable") else request.POST.get("says", "")
    if not says.strip() and not request.POST.get("receivable"):
        raise Malformed("It is not said what the money is.", remedy="Say it in a few words.")
    told = say_kind(entity.name, code, says, actor=actor(request), at=now())
    words = told["says"] or "a receivable"
    notices.success(request, f"{told['code']} is {words}, from the next import on.")
    return redirect("cash_knobs")


urlpatterns = [
    path("cash/knobs/", knobs, name="cash_knobs"),
    path("cash/kinds/", kind, name="cash_kind"),
]
