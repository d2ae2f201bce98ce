"""Excuses and calls as the documents that `--json` prints."""

from collections.abc import Iterable
from typing import Any

from duly.collections.queries.excuses import Told
from duly.collections.queries.kept_rates import Kept, kept_rates
from duly.collections.rules.excuses import Excuse, document_of
from duly.interfaces.exchange.collecting import amount
from duly.parties.queries import codes_and_names


def excuse_document(excuse: Excuse) -> dict[str, Any]:
    """An excuse as it is written down, with its version (0: it comes with Duly)."""
    return {"version": excuse.version, **document_of(excuse)}


def told_document(found: Iterable[Told]) -> dict[str, Any]:
    """Excuses that were told, each with what came of it."""
    rows = list(found)
    names = codes_and_names({one.row.customer_id for one in rows})
    return {
        "told": [
            {
                "id": row.pk,
                "customer": names[row.customer_id][0],
                "excuse": row.code,
                "told_on": row.told_on.isoformat(),
                "speaker": row.speaker,
                "channel": row.channel,
                "note": row.note,
                "currency": row.currency,
                "amount": amount(row.amount_minor, row.currency) if row.currency else None,
                "owner": row.owner,
                "evidence": row.evidence,
                "named_on": row.named_on.isoformat() if row.named_on else None,
                "follow_on": row.follow_on.isoformat(),
                "repeat": row.repeat,
                "outcome": {
                    "state": outcome.state,
                    "days": outcome.days,
                    "by": outcome.by,
                    "on": outcome.on.isoformat() if outcome.on else None,
                },
            }
            for row, outcome in rows
        ]
    }


def rates_document(entity_id: int, customer_id: int | None) -> dict[str, Any]:
    """How well promises are kept: by segment, by customer, by the person who made them."""
    rates = kept_rates(entity_id, None if customer_id is None else [customer_id])
    names = codes_and_names(set(rates.by_customer))

    def told(kept: Kept) -> dict[str, Any]:
        return {"kept": kept.kept, "due": kept.due, "chance": kept.percent}

    return {
        "segments": [
            {"segment": name, **told(kept)} for name, kept in sorted(rates.by_segment.items())
        ],
        "customers": [
            {"customer": names[pk][0], **told(kept)}
            for pk, kept in sorted(rates.by_customer.items())
        ],
        "people": [
            {"customer": names[pk][0], "person": name, **told(kept)}
            for (pk, name), kept in sorted(rates.by_person.items())
        ],
    }
