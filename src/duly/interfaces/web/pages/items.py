"""The items behind a figure: every list adds up to the number that was clicked."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from duly.interfaces.web.guard import page
from duly.interfaces.web.pages.aging.asked import Asked, name_of, read_asked
from duly.interfaces.web.pages.aging.views import totals_of
from duly.kernel.errors import Malformed
from duly.receivables.queries import AgingRow, ItemRow, aging, open_items
from duly.receivables.rules.aging import BucketsUnclear

PAGE_SIZE = 100
MOST_PAGES = 10_000


@dataclass(frozen=True, slots=True)
class Total:
    """What the items of a currency add up to: on this page, and on all of them."""

    currency: str
    here_minor: int
    all_minor: int


@page()
def items(request: HttpRequest) -> HttpResponse:
    """The list behind a number; `?bucket=`, `?unapplied=` and `?page=` beside the question."""
    asked = read_asked(request)
    whose = name_of(asked)
    bucket, is_unapplied = _which(request, asked)
    number = _page_number(request)
    rows = open_items(
        on=asked.on,
        chosen=asked.chosen,
        scope=asked.scope,
        bucket=bucket,
        unapplied=is_unapplied,
        limit=PAGE_SIZE + 1,
        offset=(number - 1) * PAGE_SIZE,
    )
    is_more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
    totals = _totals(asked, rows, bucket, is_unapplied)
    part = {"bucket": bucket, "unapplied": 1 if is_unapplied else None}
    told: dict[str, Any] = {
        "asked": asked,
        "whose": whose,
        "what": _what(asked, bucket, is_unapplied),
        "rows": rows,
        "totals": totals,
        "is_off": not is_more and number == 1 and any(t.here_minor != t.all_minor for t in totals),
        "is_paged": is_more or number > 1,
        "number": number,
        "before": asked.items_address(**part, on=(asked.on - timedelta(days=1)).isoformat()),
        "behind": asked.items_address(**part, on=(asked.on + timedelta(days=1)).isoformat()),
        "back_to_today": asked.items_address(**part, on=asked.today.isoformat()),
        "here": reverse("items"),
        "kept_fields": {
            name: value
            for name, value in (asked.parameters(on=None, by=None) | part).items()
            if value is not None
        },
        "newer": asked.items_address(**part, page=number - 1) if number > 1 else "",
        "following": asked.items_address(**part, page=number + 1) if is_more else "",
        "aging_address": asked.address("aging"),
        "everything": asked.items_address(),
    }
    return render(request, "web/items.html", told)


def _which(request: HttpRequest, asked: Asked) -> tuple[int | None, bool]:
    """(index of the bucket or None for all, whether only what is not applied)."""
    if asked.known is not None:
        raise Malformed(
            "Items are listed as known now, not as known then.",
            remedy="Open the aging as known now, and the figure from there.",
        )
    text = request.GET.get("bucket", "")
    if not text:
        return None, bool(request.GET.get("unapplied"))
    if not (text.isascii() and text.isdigit()) or int(text) >= len(asked.chosen.names):
        raise BucketsUnclear(
            f"There is no bucket {text[:20]} here.",
            facts={"bucket": text[:20], "buckets": list(asked.chosen.names)},
            remedy="Open the figure again from the aging.",
        )
    return int(text), False


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "") or "1"
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= MOST_PAGES):
        raise Malformed(
            f"There is no page {text[:20]}.", remedy="Open the list from its first page."
        )
    return int(text)


def _totals(
    asked: Asked, rows: list[ItemRow], bucket: int | None, is_unapplied: bool
) -> list[Total]:
    """The number that was clicked, a currency: from the aging, never from the rows listed."""
    if asked.is_narrowed:
        counted = aging(
            on=asked.on,
            basis=asked.basis,
            scope=asked.scope,
            by="none",
            last_days=asked.last_days,
        ).totals
    else:
        counted = totals_of(asked)
    here: dict[str, int] = {}
    for row in rows:
        here[row.currency] = here.get(row.currency, 0) + row.open_minor
    found = [
        Total(currency, here.get(currency, 0), _figure(row, bucket, is_unapplied))
        for currency, row in counted.items()
        if asked.currency in (None, currency)
    ]
    return [total for total in found if total.all_minor or total.here_minor]


def _figure(row: AgingRow, bucket: int | None, is_unapplied: bool) -> int:
    if is_unapplied:
        return row.unapplied
    return row.total if bucket is None else row.amounts[bucket]


def _what(asked: Asked, bucket: int | None, is_unapplied: bool) -> str:
    """A name of what is listed: "all", "unapplied", "overdue", or the bucket's own name."""
    if is_unapplied:
        return "unapplied"
    if bucket is None:
        return "all"
    if asked.basis == "due" and asked.chosen.last_days == (0,) and bucket == 1:
        return "overdue"
    return asked.chosen.names[bucket]


urlpatterns = [path("items/", items, name="items")]
