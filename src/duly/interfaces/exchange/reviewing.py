"""Reviews and signals as the documents that `--json` prints, and lists as files."""

from collections.abc import Iterable
from typing import Any

from duly.credit.models import CreditReview, CreditSignal
from duly.credit.queries.reviews import signals_of_reviews
from duly.credit.rules.reviewing import CAUSES, KINDS
from duly.parties.queries import codes_and_names


def reviews_document(rows: Iterable[CreditReview]) -> dict[str, Any]:
    """Reviews with the signals that belong to each."""
    listed = list(rows)
    names = codes_and_names({row.customer_id for row in listed})
    of_review = signals_of_reviews([row.pk for row in listed])
    return {
        "reviews": [
            {
                "id": row.pk,
                "customer": names[row.customer_id][0],
                "name": names[row.customer_id][1],
                "cause": row.cause,
                "text": CAUSES[row.cause],
                "opened_on": row.opened_on.isoformat(),
                "due_on": row.due_on.isoformat(),
                "owner": row.owner,
                "note": row.note,
                "outcome": row.outcome or None,
                "reason": row.reason or None,
                "concluded_on": row.concluded_on.isoformat() if row.concluded_on else None,
                "concluded_by": row.concluded_by or None,
                "signals": [_signal(one) for one in of_review[row.pk]],
            }
            for row in listed
        ]
    }


def signals_document(rows: Iterable[CreditSignal]) -> dict[str, Any]:
    """Signals, each with its customer and review."""
    listed = list(rows)
    names = codes_and_names({row.customer_id for row in listed})
    return {
        "signals": [
            {"customer": names[row.customer_id][0], **_signal(row), "review": row.review_id}
            for row in listed
        ]
    }


def _signal(row: CreditSignal) -> dict[str, Any]:
    return {
        "id": row.pk,
        "kind": row.kind,
        "text": KINDS[row.kind].text,
        "on": row.on.isoformat(),
        "note": row.note,
        "actor": row.actor,
    }
