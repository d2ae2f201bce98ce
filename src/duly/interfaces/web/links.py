"""Addresses that open a number to what it is made of."""

from datetime import date
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

# Put behind an address of items: those that are late, the second of two buckets.
LATE = "&buckets=0&bucket=1"


def address(name: str, *arguments: int, **asked: object) -> str:
    """The address of a page with what is asked of it; "" where this installation lacks the page."""
    try:
        found = reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
    return f"{found}?{urlencode(asked)}" if asked else found


def items_address(
    *, on: date, currency: str, customer_id: int | None = None, side: str = ""
) -> str:
    """The open items behind a figure; a bucket is put behind it as `&bucket=<index>`.

    `side` is "owed" or "unapplied" for one side of them.
    """
    asked: dict[str, object] = {"on": on.isoformat(), "basis": "due", "currency": currency}
    if customer_id is not None:
        asked["customer"] = customer_id
    if side:
        asked[side] = 1
    return address("items", **asked)


def overdue_address(*, on: date, currency: str, customer_id: int | None = None) -> str:
    """The items that are overdue."""
    listed = items_address(on=on, currency=currency, customer_id=customer_id)
    return f"{listed}{LATE}" if listed else ""


def aging_address(*, on: date, currency: str) -> str:
    """The aging of one currency on a day."""
    return address("aging", on=on.isoformat(), basis="due", currency=currency)
