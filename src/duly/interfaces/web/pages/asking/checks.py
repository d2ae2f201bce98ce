"""What the page of a request shows of what was signed, and of its references."""

from typing import Any

from django.conf import settings

from duly.credit.models import CreditRequest
from duly.credit.queries.references import references_of
from duly.credit.queries.requests import (
    acceptance_of,
    conditions_by_id,
    consents_of,
    files_of,
    guarantees_of,
)

STATES = {
    "not_sent": ("clock", "Not sent", ""),
    "awaiting": ("clock", "Awaiting", ""),
    "received": ("circle-check", "Received", "good"),
    "refused": ("circle-x", "Refused", "warn"),
    "unverifiable": ("circle-alert", "Not verifiable", "bad"),
}


def checks_of(request: CreditRequest) -> dict[str, Any]:
    """Context of `web/credit/checks.html`: {% include "web/credit/checks.html" %} with `checks`."""
    found = references_of(request.pk)
    return {
        "checks": {
            "request": request,
            "references": [(row, *STATES[row.state]) for row in found.rows],
            "trade": found.trade,
            "is_reachable": bool(settings.PUBLIC_URL),
            "has_unsent": any(row.state == "not_sent" for row in found.rows),
            "reports": found.reports,
            "files": files_of(request.pk),
            "consents": consents_of(request.pk),
            "acceptance": acceptance_of(request.pk),
            "conditions": conditions_by_id(request.conditions_id),
            "guarantees": guarantees_of(request.pk),
        }
    }
