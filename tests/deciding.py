"""Requests, persons and decisions of credit, for tests that decide."""

from datetime import date
from typing import Any

from building import FIRST_MOMENT, Books, minor
from duly.access.actions import Author, add_user
from duly.credit.actions.decisions import DecisionDraft, Outcome, decide_request
from duly.credit.actions.limits import LimitDraft, propose_limit
from duly.credit.models import CreditRequest, LimitProposal
from duly.credit.rules.deciding import Terms

ON = date(2026, 3, 10)
ANALYST = Author("analyst@example.org", FIRST_MOMENT)
MANAGER = Author("manager@example.org", FIRST_MOMENT)
DIRECTOR = Author("director@example.org", FIRST_MOMENT)
SECOND = Author("second@example.org", FIRST_MOMENT)
ADMIN = Author("admin@example.org", FIRST_MOMENT)
SALES = Author("sales@example.org", FIRST_MOMENT)


def hire() -> None:
    """Let everybody sign in who decides here, and sales."""
    for author in (ANALYST, MANAGER, DIRECTOR, SECOND, SALES, ADMIN):
        role = author.actor.split("@")[0]
        role = "director" if role == "second" else role
        add_user(
            email=author.actor,
            name=f"{role.title()} {author.actor[0].upper()}",
            role=role,
            password=None,
            at=FIRST_MOMENT,
        )


def request_of(
    books: Books, amount: str, customer: str | None = "C1", **told: Any
) -> CreditRequest:
    """A request that sales submitted."""
    number = CreditRequest.objects.count() + 1
    values: dict[str, Any] = {
        "entity_id": books.entity_id,
        "number": f"CR-{number:04}",
        "customer_id": books.customer_id(customer) if customer else None,
        "name": "Ostler Brewing",
        "country": "GB",
        "currency": books.currency,
        "amount_minor": minor(amount, told.get("currency", books.currency)),
        "source": "clerk",
        "actor": SALES.actor,
        "recorded_at": FIRST_MOMENT,
        "submitted_on": date(2026, 2, 24),
        **told,
    }
    return CreditRequest.objects.create(**values)


def draft_of(
    books: Books, amount: str, verdict: str = "approve", *, currency: str = "", **told: Any
) -> DecisionDraft:
    """A decision as somebody wants it."""
    currency = currency or books.currency
    terms = told.pop("terms", Terms(ON))
    reason = told.pop("reason", "Pays slow but steady.")
    return DecisionDraft(verdict, minor(amount, currency), currency, reason, terms, **told)


def decide(
    books: Books,
    request: CreditRequest,
    amount: str,
    author: Author = MANAGER,
    verdict: str = "approve",
    on: date = ON,
    **told: Any,
) -> Outcome:
    """Decide a request."""
    draft = draft_of(books, amount, verdict, **told)
    return decide_request(
        entity_id=books.entity_id, request=request.number, draft=draft, on=on, author=author
    )


def propose(
    books: Books, amount: str, author: Author = ANALYST, customer: str = "C1", **terms: Any
) -> LimitProposal:
    """Propose a limit for a customer."""
    draft = LimitDraft(
        books.customer_id(customer),
        books.currency,
        minor(amount, books.currency),
        Terms(**{"from_on": ON, **terms}),
        "They buy more.",
    )
    return propose_limit(entity_id=books.entity_id, draft=draft, author=author)
