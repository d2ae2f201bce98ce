"""A customer's credit: the limit and what uses it, cover, securities, reviews, what happened."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from duly.access.actions import Author
from duly.access.rules.roles import may
from duly.credit.actions.reviews import open_review
from duly.credit.queries.clocks import clocks
from duly.credit.queries.insurance import Insured, cover_of
from duly.credit.queries.limits import limits_on
from duly.credit.queries.reviews import reviews, signals
from duly.credit.queries.securities import clocks_done, securities
from duly.credit.queries.watching import in_currency
from duly.credit.rules.limits_in_force import LimitInForce
from duly.interfaces.web.current import actor, customer_of, now, today
from duly.interfaces.web.guard import page
from duly.interfaces.web.pages.reviewing.calendar import rows_of
from duly.parties.models import Customer
from duly.parties.queries.reach import rates_on
from duly.receivables.queries import balances_of

SHOWN = 25


class Part(NamedTuple):
    """A part of the exposure, in the limit's currency."""

    label: str
    minor: int
    address: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How much of its limit a customer uses, part by part; without a rate a part is left out."""

    currency: str
    parts: list[Part]
    limit: LimitInForce | None
    unrated: list[str]

    @property
    def total_minor(self) -> int:
        """The exposure."""
        return sum(part.minor for part in self.parts)

    @property
    def over_minor(self) -> int:
        """What is beyond the limit."""
        return max(0, self.total_minor - self.limit.minor) if self.limit else 0

    @property
    def free_minor(self) -> int:
        """What is left of the limit."""
        return max(0, self.limit.minor - self.total_minor) if self.limit else 0

    @property
    def widths(self) -> dict[str, str]:
        """Where the bar ends and where the limit stands on it, in percent."""
        limit = self.limit.minor if self.limit else 0
        longest = max(limit, self.total_minor, 1)
        used, inside = max(0, self.total_minor), max(0, min(self.total_minor, limit))
        share = Decimal(100) / longest
        return {
            "used": f"{used * share:.2f}%",
            "inside": f"{inside * share:.2f}%",
            "limit": f"{limit * share:.2f}%",
        }


def standing_of(customer: Customer, on: date) -> Standing:
    """What a customer owes against its limit today."""
    entity = customer.entity
    limit = limits_on(entity.pk, [customer.pk], on).get(customer.pk)
    currency = (limit.currency if limit else customer.currency) or entity.currency
    rates = rates_on(entity_id=entity.pk, on=on)
    sums, unrated = {"open": 0, "unapplied": 0}, []
    for row in balances_of([customer.pk])[customer.pk]:
        in_limit = [
            in_currency(minor, row.currency, currency, entity, rates)
            for minor in (row.owed_minor, row.credits_minor + row.unapplied_minor)
        ]
        if None in in_limit:
            unrated.append(row.currency)
            continue
        sums["open"] += in_limit[0] or 0
        sums["unapplied"] += in_limit[1] or 0
    parts = [
        Part("Open items", sums["open"], "items"),
        Part("Credits and money not applied", sums["unapplied"], "items"),
    ]
    return Standing(currency, parts, limit, unrated)


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
        "standing": standing_of(customer, on),
        "insured": insured,
        "securities": securities(entity_id=entity.pk, customer_id=customer.pk),
        "reviews": theirs[:SHOWN],
        "is_reviewed_now": is_reviewed_now,
        "signals": signals(entity_id=entity.pk, customer_id=customer.pk)[:SHOWN],
        "clocks": rows_of(clocks(entity.pk, on, customer_id=customer.pk), on),
        "done": clocks_done(entity.pk, customer.pk)[:SHOWN],
        "may_assess": may_assess,
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
