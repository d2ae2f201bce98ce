"""Whose statements a page is about: a customer's, or those of a credit request."""

from typing import NamedTuple

from django.http import HttpRequest
from django.urls import reverse

from duly.credit.queries.statements import Subject, request_by_id
from duly.interfaces.web.current import LARGEST_ID, customer_of, entity_of
from duly.parties.queries import customer_by_id


class Whose(NamedTuple):
    """A firm, and where its pages are."""

    subject: Subject
    name: str
    segment: str
    currency: str
    page: str  # of the firm or the request
    address: str  # of its statements
    spread: str


def whose_of(request: HttpRequest, customer_id: int | None, request_id: int | None) -> Whose:
    """The firm that an address names. Refuses: CustomerUnknown, SubjectUnknown."""
    entity = entity_of(request)
    if customer_id is not None:
        one = customer_of(request, customer_id)
        return Whose(
            Subject(None, one.pk),
            one.name,
            one.segment,
            one.currency or entity.currency,
            reverse("customer", args=[one.pk]),
            reverse("credit_statements_customer", args=[one.pk]),
            reverse("credit_spread_customer", args=[one.pk]),
        )
    found = request_by_id(entity.pk, min(request_id or 0, LARGEST_ID))
    theirs = customer_by_id(found.customer_id) if found.customer_id else None
    return Whose(
        Subject(found.pk, found.customer_id),
        found.name,
        theirs.segment if theirs else "",
        found.currency,
        reverse("credit_request", args=[found.pk]),
        reverse("credit_statements_request", args=[found.pk]),
        reverse("credit_spread_request", args=[found.pk]),
    )
