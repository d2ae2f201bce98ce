"""What an address asks of the list of disputes."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from duly.disputes.models import ORIGINS
from duly.disputes.rules.causes import AGES, LAST_DAYS, Case
from duly.interfaces.web.numbers import number_in
from duly.kernel.dates import parse_iso_date
from duly.kernel.errors import Malformed

OPEN, OVERDUE, CLOSED, ALL = "open", "overdue", "closed", "all"
TABS = (
    (OPEN, "To clear"),
    (OVERDUE, "Past their day"),
    (CLOSED, "Cleared"),
    (ALL, "All"),
)
DIGITS = 18


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters; what is empty or None narrows nothing."""

    state: str = OPEN
    reason: str = ""
    owner: str = ""
    origin: str = ""
    currency: str = ""
    verdict: str = ""
    customer_id: int | None = None
    age: int | None = None
    first: date | None = None
    last: date | None = None

    def address(self, name: str = "disputes", **changes: Any) -> str:
        """The list with some of this changed."""
        page = changes.pop("page", None)
        asked = replace(self, **changes)
        told = {
            "state": asked.state if asked.state != OPEN else "",
            "reason": asked.reason,
            "owner": asked.owner,
            "origin": asked.origin,
            "currency": asked.currency,
            "verdict": asked.verdict,
            "customer": asked.customer_id,
            "bucket": asked.age,
            "from": asked.first,
            "to": asked.last,
            "page": page,
        }
        told = {key: value for key, value in told.items() if value not in ("", None)}
        return reverse(name) + (f"?{urlencode(told)}" if told else "")

    def fits(self, case: Case, on: date) -> bool:
        """Tell whether a dispute is asked for."""
        is_open = case.is_open(on)
        age = sum((on - case.opened_on).days > last for last in LAST_DAYS)
        of_state = {
            OPEN: is_open,
            OVERDUE: is_open and case.deadline_on < on,
            CLOSED: not is_open,
            ALL: True,
        }
        return (
            of_state[self.state]
            and self.reason in ("", case.reason)
            and self.owner in ("", case.owner)
            and self.currency in ("", case.currency)
            and self.verdict in ("", case.verdict)
            and self.origin in ("", ORIGINS[case.is_short_pay][0])
            and self.customer_id in (None, case.customer_id)
            and (self.age is None or (is_open and age == self.age))
            and (self.first is None or case.opened_on >= self.first)
            and (self.last is None or case.opened_on <= self.last)
        )

    @property
    def is_narrow(self) -> bool:
        """Tell whether anything but the state narrows the list."""
        return replace(self, state=OPEN) != Asked()


def read_asked(request: HttpRequest) -> Asked:
    """Read the question out of the address. Refuses: InvalidDate, Malformed."""
    told = request.GET
    state = told.get("state", "")
    age = _number(request, "bucket")
    return Asked(
        state=state if state in dict(TABS) else OPEN,
        reason=told.get("reason", "")[:32],
        owner=told.get("owner", "")[:120],
        origin=told.get("origin", "") if told.get("origin", "") in dict(ORIGINS) else "",
        currency=told.get("currency", "")[:3].upper(),
        verdict=told.get("verdict", "")[:8],
        customer_id=_number(request, "customer"),
        age=age if age is not None and age < len(AGES) else None,
        first=day_in(told.get("from", "")),
        last=day_in(told.get("to", "")),
    )


def day_in(text: str) -> date | None:
    """The day that a text is; None where none is asked for. Refuses: InvalidDate."""
    return parse_iso_date(text.strip()) if text.strip() else None


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    if not text:
        return None
    number = number_in(text, DIGITS)
    if number is None:
        raise Malformed(
            f"There is no {name} {text[:20]!r} here.", remedy="Open the list from its beginning."
        )
    return number
