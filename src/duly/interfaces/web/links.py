"""Addresses that open a number to what it is made of."""

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse


def items_address(
    *, on: date, currency: str, customer_id: int | None = None, unapplied: bool = False
) -> str:
    """The open items behind a figure; a bucket is put behind it as `&bucket=<index>`."""
    asked: dict[str, object] = {"on": on.isoformat(), "basis": "due", "currency": currency}
    if customer_id is not None:
        asked["customer"] = customer_id
    if unapplied:
        asked["unapplied"] = 1
    return f"{reverse('items')}?{urlencode(asked)}"


def aging_address(*, on: date, currency: str) -> str:
    """The aging of one currency on a day."""
    asked = {"on": on.isoformat(), "basis": "due", "currency": currency}
    return f"{reverse('aging')}?{urlencode(asked)}"
