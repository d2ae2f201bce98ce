"""Find or do: customers, documents and pages by a few letters."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from duly.interfaces.web.context import places
from duly.interfaces.web.current import entity_of
from duly.interfaces.web.guard import page
from duly.interfaces.web.links import address
from duly.parties.queries import codes_and_names, search_customers
from duly.receivables.queries import find_numbers

HITS = 8
LONGEST = 120


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: where it leads, its name, what tells it apart, its own key."""

    address: str
    label: str
    detail: str
    icon: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one sort."""

    name: str
    hits: list[Hit]


def find(request: HttpRequest, text: str) -> list[Group]:
    """Pages, customers and documents that the text finds; without text the pages alone."""
    groups = [Group("Go to", _pages(request, text))]
    entity = entity_of(request)
    if entity is not None and text:
        groups += [
            Group("Customers", _customers(entity.pk, text)),
            Group("Invoices and credit notes", _documents(entity.pk, text)),
        ]
        groups.append(groups.pop(0))
    return [group for group in groups if group.hits]


def _pages(request: HttpRequest, text: str) -> list[Hit]:
    told = text.casefold()
    found = [
        Hit(place.address, place.label, "", place.icon, f"G {place.key.upper()}")
        for place in places(request)
    ]
    found.append(Hit(reverse("account"), "Your account", "Password, second step", "settings-2"))
    return [hit for hit in found if told in hit.label.casefold()]


def _customers(entity_id: int, text: str) -> list[Hit]:
    return [
        Hit(
            address("customer", row.id),
            row.name,
            " · ".join(part for part in (row.code, row.country, row.collector) if part),
            "users",
        )
        for row in search_customers(entity_id=entity_id, text=text, limit=HITS)
    ]


def _documents(entity_id: int, text: str) -> list[Hit]:
    # Numbers are kept as printed, mostly in capitals; people type them as they come.
    spellings = dict.fromkeys((text, text.upper()))
    hits = {
        row.pk: row
        for spelling in spellings
        for row in find_numbers(entity_id=entity_id, text=spelling, limit=HITS)
    }
    found = list(hits.values())[:HITS]
    names = codes_and_names({row.customer_id for row in found})
    return [
        Hit(
            address("document", row.pk),
            row.number,
            names.get(row.customer_id, ("", ""))[1] + (" · void" if row.is_void else ""),
            "file-text",
        )
        for row in found
    ]


@page(needs_books=False)
def palette(request: HttpRequest) -> HttpResponse:
    """What `?q=` finds: the palette's hits for htmx, a page of links without script."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    template = "web/parts/hits.html" if request.htmx else "web/find.html"
    return render(request, template, {"groups": find(request, text), "text": text})


urlpatterns = [path("find/", palette, name="palette")]
