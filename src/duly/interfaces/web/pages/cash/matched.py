"""What was matched lately, by itself or by people: why, by whom, and how it is taken back."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.crypto import get_random_string

from duly.access.rules.roles import may
from duly.cash_application.models import Match
from duly.cash_application.queries.matched import matches
from duly.cash_application.queries.waiting import kept_whole
from duly.cash_application.rules.residuals import SETTLED
from duly.interfaces.web.current import entity_of
from duly.interfaces.web.exporting import (
    Table,
    all_rows,
    amount,
    file_addresses,
    file_patterns,
    some_at_a_time,
)
from duly.interfaces.web.guard import page
from duly.interfaces.web.numbers import number_in, page_in, pages_beside
from duly.interfaces.web.pages.cash.asked import LONGEST_ID
from duly.interfaces.web.pages.cash.line import KIND_WORDS
from duly.ledger.queries import batches_by_id
from duly.parties.queries import codes_and_names
from duly.receivables.queries import (
    Standing,
    documents_of_items,
    ids_by_batch,
    numbers_of_items,
    numbers_of_payments,
    standing_applications,
)

PAGE_SIZE = 30
DECIDED = {"": "All", "auto": "By itself", "people": "By people"}


@dataclass(frozen=True, slots=True)
class MatchLine:
    """A line of a match, and whether it still stands."""

    item_id: int
    number: str
    document_id: int | None
    minor: int
    reason: str
    stands: bool

    @property
    def says(self) -> str:
        """What it is, in words."""
        return KIND_WORDS.get(self.reason, self.reason.replace("_", " ").capitalize())

    def written(self, currency: str) -> str:
        """The line in a file."""
        return f"{self.number} {amount(self.minor, currency)} {self.says}"


@dataclass(frozen=True, slots=True)
class Matched:
    """A decision as it is shown."""

    match: Match
    payment: str
    customer: str
    code: str
    actor: str
    at: datetime
    lines: list[MatchLine]
    because: list[str]
    is_kept: bool = False  # on account, whole

    @property
    def stands(self) -> int:
        """How many of its lines of money still stand."""
        return sum(one.stands for one in self.lines)

    @property
    def has_several(self) -> bool:
        """Tell whether money still stands on more than one item."""
        return sum(one.stands and one.reason == SETTLED for one in self.lines) > 1

    @property
    def is_undone(self) -> bool:
        """Tell whether all of it was taken back."""
        return not self.stands and not self.is_kept

    @property
    def confidence(self) -> str:
        """In percent, with a decimal."""
        return f"{self.match.confidence_ppm / 10_000:.1f}%"

    def cells(self) -> list[str]:
        """The row in a file."""
        currency = self.match.currency
        state = "taken back" if self.is_undone else "stands"
        return [
            self.at.isoformat(timespec="seconds"),
            self.payment,
            self.code,
            self.customer,
            self.match.decided,
            self.actor,
            "; ".join(one.written(currency) for one in self.lines),
            " ".join(self.because),
            state,
            currency,
            amount(self.match.applied_minor, currency),
        ]  # fmt: skip


def shown(rows: list[Match]) -> list[Matched]:
    """Decisions with their names and what stands of them, in a fixed number of queries."""
    told = [json.loads(row.lines) for row in rows]
    items = {line[0] for lines in told for line in lines}
    numbers, documents = numbers_of_items(items), documents_of_items(items)
    payments = numbers_of_payments({row.payment_id for row in rows})
    names = codes_and_names({row.customer_id for row in rows})
    batches = batches_by_id({row.batch_id for row in rows})
    standing, kept = _standing(rows), kept_whole([row.pk for row in rows])
    found = []
    for row, lines in zip(rows, told, strict=True):
        code, name = names.get(row.customer_id, ("", ""))
        batch = batches[row.batch_id]
        found.append(
            Matched(
                row,
                payments.get(row.payment_id, ""),
                name,
                code,
                batch.actor,
                batch.recorded_at,
                [
                    MatchLine(
                        pk,
                        numbers.get(pk, ""),
                        documents.get(pk),
                        minor,
                        reason,
                        (row.batch_id, row.payment_id, pk) in standing,
                    )
                    for pk, minor, reason, *_ in lines
                ],
                json.loads(row.because),
                row.pk in kept,
            )
        )
    return found


def _standing(rows: list[Match]) -> set[tuple[int, int, int]]:
    """{(batch, payment, item)} of what is applied still."""
    found: list[Standing] = standing_applications({row.payment_id for row in rows}, of_credit=False)
    return {(one.batch_id, one.source_id, one.item_id) for one in found}


def _asked(request: HttpRequest) -> dict[str, Any]:
    """What the address asks of the decisions."""
    entity = entity_of(request)
    decided = request.GET.get("decided", "")
    batch_id = number_in(request.GET.get("import", ""), LONGEST_ID)
    return {
        "entity_id": entity.pk,
        "decided": decided if decided in DECIDED else "",
        "customer_id": number_in(request.GET.get("customer", ""), LONGEST_ID),
        "payment_ids": None if batch_id is None else ids_by_batch(batch_id)[1],
    }


@page()
def matched(request: HttpRequest) -> HttpResponse:
    """The list, newest first."""
    asked, number = _asked(request), page_in(request.GET.get("page", ""))
    rows = matches(**asked, first=(number - 1) * PAGE_SIZE, limit=PAGE_SIZE + 1)
    query = request.GET.copy()
    query.pop("page", None)
    narrow = query.urlencode()
    told: dict[str, Any] = {
        "rows": shown(rows[:PAGE_SIZE]),
        "tabs": [
            (label, f"?decided={name}" if name else "?", name == asked["decided"])
            for name, label in DECIDED.items()
        ],
        "of_import": request.GET.get("import", "")[:LONGEST_ID],
        **pages_beside(narrow, number, is_more=len(rows) > PAGE_SIZE),
        "may_apply": may(request.user.role, "apply"),
        "key": get_random_string(22),
        "back": reverse("cash_matched") + (f"?{narrow}" if narrow else ""),
        **file_addresses(request, "cash_matched"),
    }
    return render(request, "web/cash_matched.html", told)


def table(request: HttpRequest) -> Table:
    """All decisions asked for."""
    asked = _asked(request)

    def read(first: int, limit: int) -> list[Match]:
        return matches(**asked, first=first, limit=limit)

    rows = (one.cells() for some in some_at_a_time(all_rows(read)) for one in shown(some))
    texts = ["at", "payment", "customer", "name", "decided", "by", "lines", "because", "state"]
    return Table("matched", [*texts, "currency"], ["applied"], rows)


urlpatterns = [
    path("cash/matched/", matched, name="cash_matched"),
    *file_patterns("cash/matched", "cash_matched", table),
]
