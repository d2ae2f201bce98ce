"""A customer's credit: the limit and what uses it, cover, securities, reviews, what happened."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from duly.access.actions import Author
from duly.access.rules.roles import may
from duly.collections.queries.clocks import clocks
from duly.credit.actions.reviews import open_review
from duly.credit.errors import ExposureRateMissing
from duly.credit.queries.exposure import exposures
from duly.credit.queries.insurance import Insured, cover_of
from duly.credit.queries.limits import limit_history, limits_on
from duly.credit.queries.reviews import reviews, signals
from duly.credit.queries.securities import clocks_done, securities
from duly.credit.rules.exposure import Exposure
from duly.credit.rules.limits_in_force import LimitInForce
from duly.interfaces.web.current import actor, customer_of, now, today
from duly.interfaces.web.guard import page
from duly.interfaces.web.pages.cards.shown import score_card_of_customer
from duly.interfaces.web.pages.reviewing.calendar import rows_of
from duly.interfaces.web.pages.spreading.shown import statements_context
from duly.kernel.errors import Refusal
from duly.parties.models import Customer

SHOWN = 25


LABELS = {
    "open_items": "Open items",
    "unapplied": "Credits and money not applied",
    "open_orders": "Released orders",
    "shipped_not_invoiced": "Shipped, not invoiced",
}


@dataclass(frozen=True, slots=True)
class Used:
    """How much of its limit a customer and everybody below it use, part by part; `refusal` says
    why it can't be added up."""

    currency: str
    exposure: Exposure | None
    limit: LimitInForce | None
    refusal: Refusal | None = None

    @property
    def parts(self) -> list[tuple[str, int]]:
        """(what, how much) of each part."""
        return [(LABELS[part.id], part.minor) for part in self.exposure.parts]

    @property
    def free_minor(self) -> int:
        """What is left of the limit."""
        return max(0, self.limit.minor - self.exposure.total_minor) if self.limit else 0

    @property
    def widths(self) -> dict[str, str]:
        """Where the bar ends and where the limit stands on it, in percent."""
        limit = self.limit.minor if self.limit else 0
        used = max(0, self.exposure.total_minor)
        share = Decimal(100) / max(limit, used, 1)
        return {
            "used": f"{used * share:.2f}%",
            "inside": f"{min(used, limit) * share:.2f}%",
            "limit": f"{limit * share:.2f}%",
        }


def used_by(customer: Customer, on: date) -> Used:
    """What a customer owes and is about to owe against its limit today."""
    limit = limits_on(customer.entity_id, [customer.pk], on).get(customer.pk)
    currency = (limit.currency if limit else customer.currency) or customer.entity.currency
    try:
        exposure = exposures(customer.entity, [customer.pk], on)[customer.pk]
    except ExposureRateMissing as refusal:
        return Used(currency, None, limit, refusal)
    return Used(exposure.currency, exposure, limit)


@page()
def credit(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The page."""
    customer = customer_of(request, customer_id)
    entity, on = customer.entity, today(customer.entity)
    insured: Insured | None = cover_of(entity, on, [customer.pk]).get(customer.pk)
    theirs = reviews(entity_id=entity.pk, customer_id=customer.pk)
    is_reviewed_now = any(not row.outcome for row in theirs)
    may_assess = may(request.user.role, "assess_credit")
    told: dict[str, Any] = {
        "customer": customer,
        "on": on,
        "used": used_by(customer, on),
        "history": limit_history(entity.pk, customer.pk)[:SHOWN],
        "insured": insured,
        "securities": securities(entity_id=entity.pk, customer_id=customer.pk),
        "reviews": theirs[:SHOWN],
        "is_reviewed_now": is_reviewed_now,
        "signals": signals(entity_id=entity.pk, customer_id=customer.pk)[:SHOWN],
        "clocks": rows_of(clocks(entity.pk, on, customer_id=customer.pk), on),
        "done": clocks_done(entity.pk, customer.pk)[:SHOWN],
        "may_assess": may_assess,
        "may_spread": may_assess,
        "score_card": score_card_of_customer(entity.pk, customer.pk),
        **statements_context(entity.pk, on, customer_id=customer.pk),
        "keys": [("Open a review", "R")] if may_assess and not is_reviewed_now else [],
    }
    return render(request, "web/credit/customer.html", told)


@page(act="assess_credit", methods=("POST",))
def look(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Open a review. Refuses: ReviewOpen."""
    customer = customer_of(request, customer_id)
    row = open_review(
        entity_id=customer.entity_id,
        customer_id=customer.pk,
        on=today(customer.entity),
        author=Author(actor(request), now()),
    )
    toasts.success(request, "A review is open.")
    return redirect("credit_review", row.pk)
