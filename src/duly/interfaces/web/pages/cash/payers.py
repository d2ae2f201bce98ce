"""Accounts and names that customers are known to pay from: who taught them, and to forget one."""

from typing import Any, NamedTuple

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from duly.access.actions import Author
from duly.access.rules.roles import may
from duly.cash_application.actions import revoke_alias
from duly.cash_application.errors import AliasUnknown
from duly.cash_application.models import Alias
from duly.cash_application.queries import aliases
from duly.interfaces.web.current import LARGEST_ID, actor, entity_of, now
from duly.interfaces.web.exporting import Table, file_addresses, file_patterns
from duly.interfaces.web.guard import page
from duly.interfaces.web.numbers import number_in, page_in, pages_beside
from duly.interfaces.web.pages.cash.asked import LONGEST_ID
from duly.parties.queries import codes_and_names
from duly.parties.rules.search import fold
from duly.receivables.queries import numbers_of_payments

PAGE_SIZE = 100


class Shown(NamedTuple):
    """A known account or name, with its customer and the payment that taught it."""

    alias: Alias
    code: str
    customer: str
    payment: str

    def cells(self) -> list[str]:
        """The row in a file."""
        one = self.alias
        learned = one.learned_at.isoformat(timespec="seconds")
        return [self.code, self.customer, one.kind, one.shown, self.payment, one.actor, learned]


def _rows(request: HttpRequest) -> list[Shown]:
    """Those asked for: of a customer, or with a text in them."""
    customer_id = number_in(request.GET.get("customer", ""), LONGEST_ID)
    text = fold(request.GET.get("q", "").strip()[:120])
    found = aliases(entity_id=entity_of(request).pk, customer_id=customer_id)
    names = codes_and_names({one.customer_id for one in found})
    payments = numbers_of_payments({one.payment_id for one in found if one.payment_id})
    rows = [
        Shown(one, *names[one.customer_id], payments.get(one.payment_id or 0, "")) for one in found
    ]
    return [
        row for row in rows if text in fold(f"{row.alias.shown} {row.customer} {row.code}")
    ]  # fmt: skip


@page()
def payers(request: HttpRequest) -> HttpResponse:
    """The list, by customer."""
    rows, number = _rows(request), page_in(request.GET.get("page", ""))
    first = (number - 1) * PAGE_SIZE
    query = request.GET.copy()
    query.pop("page", None)
    query.pop("forget", None)
    narrow = query.urlencode()
    told: dict[str, Any] = {
        "rows": rows[first : first + PAGE_SIZE],
        "count": len(rows),
        "q": request.GET.get("q", "").strip()[:120],
        "forget": number_in(request.GET.get("forget", ""), LONGEST_ID),
        "here": narrow,
        **pages_beside(narrow, number, is_more=first + PAGE_SIZE < len(rows)),
        "may_apply": may(request.user.role, "apply"),
        **file_addresses(request, "cash_payers"),
    }
    return render(request, "web/cash_payers.html", told)


@page(act="apply", methods=("POST",))
def forget(request: HttpRequest, alias_id: int) -> HttpResponse:
    """Forget an account or a name. Refuses: AliasUnknown."""
    if alias_id > LARGEST_ID:
        raise AliasUnknown("There is no such account or name.", remedy="Open the list again.")
    row = revoke_alias(
        entity_id=entity_of(request).pk, alias_id=alias_id, author=Author(actor(request), now())
    )
    notices.success(request, f"{row.shown} is forgotten. What was applied by it stays.")
    return redirect("cash_payers")


def table(request: HttpRequest) -> Table:
    """All of those asked for."""
    texts = ["customer", "name", "kind", "shown", "payment", "by", "learned_at"]
    return Table("known-payers", texts, [], (one.cells() for one in _rows(request)))


urlpatterns = [
    path("cash/payers/", payers, name="cash_payers"),
    *file_patterns("cash/payers", "cash_payers", table),
    path("cash/payers/<int:alias_id>/forget/", forget, name="cash_forget"),
]
