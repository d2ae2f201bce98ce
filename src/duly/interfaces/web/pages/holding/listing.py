"""The queue of orders that wait, the longest waiting first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from duly.access.rules.roles import ROLES
from duly.credit.queries.holds import Held, holds
from duly.credit.queries.policies import releases_on
from duly.credit.rules.authority import Releases
from duly.interfaces.exchange.holding import who_may
from duly.interfaces.web.current import entity_of, today
from duly.interfaces.web.exporting import Table, amount, file_addresses
from duly.interfaces.web.guard import page
from duly.interfaces.web.numbers import page_in

PAGE_SIZE = 50
TESTS = {
    "blocked": "Blocked",
    "sanctions": "Sanctions flag",
    "limit": "Over the limit",
    "past_due": "Past due",
    "broken_promise": "Broken promise",
    "review": "Review overdue",
    "insurer": "Insurer's stop",
}
LABELS = dict(ROLES)


class Sum(NamedTuple):
    """What waits in a currency, and what is earned on it where that was told."""

    currency: str
    orders: int
    minor: int
    margin_minor: int


@dataclass(frozen=True, slots=True)
class Row:
    """A held order as a row."""

    held: Held
    reach: Releases

    @property
    def tests(self) -> list[str]:
        """What holds it, each once."""
        names = [one["test"] for one in self.held.case.failed]
        return [TESTS.get(name, name) for name in dict.fromkeys(names)]

    @property
    def roles(self) -> list[str]:
        """Who may release it."""
        return [LABELS[role] for role in who_may(self.held, self.reach)]

    @property
    def cells(self) -> list[str]:
        """The row in a file."""
        case, order = self.held.case, self.held.order
        margin = order.margin_minor
        return [
            str(case.pk),
            order.ref,
            self.held.customer_code,
            self.held.customer_name,
            case.checkpoint,
            ", ".join(one["test"] for one in case.failed),
            case.owner,
            ", ".join(self.roles),
            case.opened_on.isoformat(),
            str(self.held.days),
            case.currency,
            amount(case.amount_minor, case.currency),
            amount(margin, case.currency) if margin is not None else "",
        ]


def sums_of(rows: Sequence[Held]) -> list[Sum]:
    """The queue added up, by currency."""
    found: dict[str, list[Held]] = {}
    for one in rows:
        found.setdefault(one.case.currency, []).append(one)
    return [
        Sum(
            currency,
            len(some),
            sum(one.case.amount_minor for one in some),
            sum(one.order.margin_minor or 0 for one in some),
        )
        for currency, some in sorted(found.items())
    ]


@page()
def listing(request: HttpRequest) -> HttpResponse:
    """The queue; `?page=`."""
    entity = entity_of(request)
    on, number = today(entity), page_in(request.GET.get("page", ""))
    every = holds(entity_id=entity.pk, on=on)
    here = every[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    has_more = len(every) > number * PAGE_SIZE
    reach = releases_on(entity, on)
    told = {
        "here": "credit_holds",
        "on": on,
        "rows": [Row(one, reach) for one in here],
        "sums": sums_of(every),
        "newer": f"?page={number - 1}" if number > 1 else "",
        "following": f"?page={number + 1}" if has_more else "",
        "keys": [("Page before, after", "P N")],
        **file_addresses(request, "credit_holds"),
    }
    return render(request, "web/credit/holds.html", told)


def table(request: HttpRequest) -> Table:
    """The whole queue."""
    entity = entity_of(request)
    on = today(entity)
    reach = releases_on(entity, on)
    rows = (Row(one, reach).cells for one in holds(entity_id=entity.pk, on=on))
    texts = ["hold", "order", "customer", "name", "checkpoint", "failed", "owner", "who_may"]
    texts += ["opened_on", "days", "currency"]
    return Table(f"holds-{on}", texts, ["amount", "margin"], rows)
