"""What payers say they paid: each advice, how it came, and the payment it is of."""

from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from duly.cash_application.models import RemittanceAdvice
from duly.cash_application.queries.advices import advices_kept
from duly.collections.queries.incoming import mails_by_message_id
from duly.interfaces.exchange.remittances import advices_document
from duly.interfaces.web.current import entity_of
from duly.interfaces.web.exporting import Table, file_addresses, file_patterns
from duly.interfaces.web.guard import page
from duly.interfaces.web.numbers import page_in, pages_beside
from duly.parties.models import Entity
from duly.parties.queries import codes_and_names
from duly.receivables.queries import payments_by_number

PAGE_SIZE = 50
MOST = 5_000  # the newest, of which the page tells
STATES = {
    "waiting": ("warn", "Waits for its money"),
    "tied": ("bad", "Tied"),
    "joined": ("good", "Found"),
}


class Shown(NamedTuple):
    """An advice, with its customer, its payments and the mail that brought it."""

    row: RemittanceAdvice
    told: dict[str, Any]
    customer: str
    payments: list[tuple[str, int | None]]
    mail: str

    @property
    def tone(self) -> str:
        """How its state looks."""
        return STATES[self.told["state"]][0]

    @property
    def says(self) -> str:
        """Its state in words."""
        return STATES[self.told["state"]][1]

    def cells(self) -> list[str]:
        """The row in a file."""
        told = self.told
        return [
            told["told_on"],
            told["paid_on"] or "",
            told["payer"]["name"],
            told["customer"] or "",
            self.customer,
            told["state"],
            ", ".join(number for number, _ in self.payments),
            told["because"],
            told["kind"],
            told["file"],
            self.mail,
            ", ".join(line["number"] for line in told["lines"] if line["number"]),
            told["currency"],
            told["total"] or "",
        ]


def _rows(entity: Entity, state: str) -> list[dict[str, Any]]:
    """The advices asked for, the newest first, each beside its record."""
    kept = advices_kept(entity.pk, limit=MOST)
    told = advices_document(entity.pk, kept)["advices"]
    return [
        {**one, "row": kept[at].row}
        for at, one in enumerate(told)
        if state in ("", one["state"])
    ]  # fmt: skip


def _shown(entity: Entity, rows: list[dict[str, Any]]) -> list[Shown]:
    numbers = {number for one in rows for number in one["payments"]}
    payments = payments_by_number(entity.pk, numbers)
    names = codes_and_names({one["row"].customer_id for one in rows if one["row"].customer_id})
    mails = mails_by_message_id({one["row"].mail_id for one in rows if one["row"].mail_id})
    return [
        Shown(
            one["row"],
            one,
            names.get(one["row"].customer_id or 0, ("", ""))[1],
            [(n, payments[n].id if n in payments else None) for n in one["payments"]],
            mails.get(one["row"].mail_id, ""),
        )
        for one in rows
    ]


def _state(request: HttpRequest) -> str:
    state = request.GET.get("state", "")
    return state if state in STATES else ""


@page()
def advices(request: HttpRequest) -> HttpResponse:
    """The list, the newest first; `?state=` those that wait, are tied, or found their payment."""
    entity, state = entity_of(request), _state(request)
    every, number = _rows(entity, ""), page_in(request.GET.get("page", ""))
    rows = [one for one in every if state in ("", one["state"])]
    first = (number - 1) * PAGE_SIZE
    narrow = f"state={state}" if state else ""
    told: dict[str, Any] = {
        "rows": _shown(entity, rows[first : first + PAGE_SIZE]),
        "count": len(rows),
        "is_cut": len(every) == MOST,
        "most": MOST,
        "state": state,
        "states": [
            (name, says, sum(one["state"] == name for one in every))
            for name, (_, says) in STATES.items()
        ],
        "every": len(every),
        **pages_beside(narrow, number, is_more=first + PAGE_SIZE < len(rows)),
        **file_addresses(request, "cash_advices"),
    }
    return render(request, "web/cash_advices.html", told)


def table(request: HttpRequest) -> Table:
    """All of those asked for."""
    entity = entity_of(request)
    rows = _shown(entity, _rows(entity, _state(request)))
    texts = ["told_on", "paid_on", "payer", "customer", "name", "state", "payments", "because"]
    texts += ["kind", "file", "mail", "documents", "currency"]
    return Table("advices", texts, ["total"], (one.cells() for one in rows))


urlpatterns = [
    path("cash/advices/", advices, name="cash_advices"),
    *file_patterns("cash/advices", "cash_advices", table),
]
