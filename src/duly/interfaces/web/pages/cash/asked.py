"""What an address of the cash pages asks for."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import HttpRequest

from duly.cash_application.rules.queue import AGE, ASKS, STATES, VALUE, Wanted
from duly.interfaces.web.numbers import number_in, page_in

LONGEST_ID = 18
OUTCOMES = {
    "applied": "Certain, not applied yet",
    "proposed": "Proposed",
    "on_account": "Payer known",
    "unidentified": "Payer not known",
    "new": "Not looked at",
}
STATE_WORDS = {"asks": "Ask you", "kept": "On account", "aside": "Set aside"}


@dataclass(frozen=True, slots=True)
class Asked:
    """Filters and order of the queue, as they stand in the address."""

    wanted: Wanted
    account_id: int | None = None
    statement_id: int | None = None
    number: int = 1  # the page of the list

    def query(self, **changes: object) -> str:
        """The address's question with some of it changed; the first page of it."""
        told: dict[str, object] = {
            "state": self.wanted.state if self.wanted.state != ASKS else "",
            "outcome": self.wanted.outcome,
            "currency": self.wanted.currency,
            "customer": self.wanted.customer_id or "",
            "account": self.account_id or "",
            "statement": self.statement_id or "",
            "order": self.wanted.order if self.wanted.order != AGE else "",
            **changes,
        }
        return urlencode({name: value for name, value in told.items() if value})

    @property
    def is_narrow(self) -> bool:
        """Tell whether something is filtered."""
        plain = replace(self, wanted=Wanted(self.wanted.state, order=self.wanted.order))
        return self.account_id is not None or self.statement_id is not None or plain != self

    @property
    def by_age(self) -> str:
        """The same, the oldest first."""
        return self.query(order="")

    @property
    def by_value(self) -> str:
        """The same, the largest first."""
        return self.query(order=VALUE)


def read(request: HttpRequest) -> Asked:
    """Read the question; what can't be meant asks for nothing. Refuses: Malformed for a page."""
    told = request.GET
    state, outcome = told.get("state", ""), told.get("outcome", "")
    return Asked(
        Wanted(
            state if state in STATES else ASKS,
            outcome if outcome in OUTCOMES else "",
            told.get("currency", "")[:3].upper(),
            number_in(told.get("customer", ""), LONGEST_ID),
            VALUE if told.get("order") == VALUE else AGE,
        ),
        number_in(told.get("account", ""), LONGEST_ID),
        number_in(told.get("statement", ""), LONGEST_ID),
        page_in(told.get("page", "")),
    )
