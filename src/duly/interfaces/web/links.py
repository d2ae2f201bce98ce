"""Addresses that open a number to what it is made of."""

from datetime import date
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse


def address(name: str, *arguments: int, **asked: object) -> str:
    """The address of a page with what is asked of it; "" where this installation lacks the page."""
    try:
        found = reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
    return f"{found}?{urlencode(asked)}" if asked else found


def items_address(
    *, on: date, currency: str, customer_id: int | None = None, unapplied: bool = False
) -> str:
    """The open items behind a figure; a bucket is put behind it as `&bucket=<index>`."""
    asked: dict[str, object] = {"on": on.isoformat(), "basis": "due", "currency": currency}
    if customer_id is not None:
        asked["customer"] = customer_id
    if unapplied:
        asked["unapplied"] = 1
    return address("items", **asked)


def aging_address(*, on: date, currency: str) -> str:
    """The aging of one currency on a day."""
    return address("aging", on=on.isoformat(), basis="due", currency=currency)
