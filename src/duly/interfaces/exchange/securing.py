"""Clocks, insurance and securities as the documents that `--json` prints, and as files."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from duly.credit.models import ClockDone, InsuredLimit, Security
from duly.credit.queries.insurance import Insured
from duly.credit.rules.clocks import Clock
from duly.credit.rules.insurance import Clause, Terms
from duly.kernel.currencies import exponent
from duly.kernel.dates import month_end
from duly.kernel.money import text_from_minor
from duly.parties.models import Entity
from duly.parties.queries import codes_and_names, debtors
from duly.receivables.queries.trading import traded_between

CLOCK_COLUMNS = (
    *("customer", "name", "kind", "text", "about", "opens_on", "due_on", "state"),
    *("currency", "at_stake", "unverified", "key"),
)
TURNOVER_COLUMNS = (
    *("policy", "month", "customer", "name", "country", "currency"),
    *("invoiced", "credited", "turnover"),
)


def amount(minor: int | None, currency: str) -> str | None:
    """Minor units as text; None where nobody can say."""
    return None if minor is None or not currency else text_from_minor(minor, exponent(currency))


def clocks_document(found: Sequence[Clock], on: date) -> dict[str, Any]:
    """Clocks as they stand on a day, and the money at stake by currency and state."""
    names = codes_and_names({one.customer_id for one in found if one.customer_id})
    at_stake: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for one in found:
        if one.at_stake_minor is not None and one.currency:
            at_stake[one.currency][one.state(on)] += one.at_stake_minor
    return {
        "on": on.isoformat(),
        "clocks": [_clock(one, on, names) for one in found],
        "at_stake": {
            currency: {state: amount(minor, currency) for state, minor in sums.items()}
            for currency, sums in sorted(at_stake.items())
        },
    }


def _clock(one: Clock, on: date, names: Mapping[int, tuple[str, str]]) -> dict[str, Any]:
    code, name = names.get(one.customer_id, (None, ""))
    return {
        "key": one.key,
        "kind": one.kind,
        "text": one.text,
        "customer": code,
        "name": name,
        "about": one.about,
        "opens_on": one.opens_on.isoformat(),
        "due_on": one.due_on.isoformat(),
        "state": one.state(on),
        "currency": one.currency,
        "at_stake": amount(one.at_stake_minor, one.currency),
        "unverified": one.is_unverified,
    }


def clock_rows(document: Mapping[str, Any]) -> list[list[str]]:
    """The clocks of a document as rows under CLOCK_COLUMNS."""
    return [
        ["" if row[name] is None else str(row[name]) for name in CLOCK_COLUMNS]
        for row in document["clocks"]
    ]


def done_document(rows: Iterable[ClockDone]) -> dict[str, Any]:
    """What was done about clocks."""
    return {
        "done": [
            {
                "key": row.key,
                "done_on": row.done_on.isoformat(),
                "evidence": row.evidence,
                "note": row.note,
                "actor": row.actor,
            }
            for row in rows
        ]
    }


def securities_document(rows: Iterable[Security]) -> dict[str, Any]:
    """Securities, those given back too."""
    listed = list(rows)
    names = codes_and_names({row.customer_id for row in listed})
    return {
        "securities": [
            {
                "id": row.pk,
                "customer": names[row.customer_id][0],
                "kind": row.kind,
                "text": row.get_kind_display(),
                "currency": row.currency,
                "amount": amount(row.amount_minor, row.currency),
                "from_on": row.from_on.isoformat(),
                "to_on": row.to_on.isoformat() if row.to_on else None,
                "given_by": row.given_by,
                "state": row.state,
                "document": row.document,
                "dates": row.dates,
                "released_on": row.released_on.isoformat() if row.released_on else None,
                "released_by": row.released_by or None,
                "release_reason": row.release_reason or None,
            }
            for row in listed
        ]
    }


def policies_document(policies: Mapping[str, Terms]) -> dict[str, Any]:
    """Policies as they read on a day."""
    return {
        "policies": [
            {
                "number": one.number,
                "insurer": one.insurer,
                "currency": one.currency,
                "from_on": one.from_on.isoformat(),
                "to_on": one.to_on.isoformat(),
                "mep_days": one.mep_days,
                "notify_days": one.notify_days,
                "waiting_days": one.waiting_days,
                "indemnity_percent": str(one.indemnity_percent),
                "first_loss": amount(one.first_loss_minor, one.currency),
                "discretionary": amount(one.discretionary_minor, one.currency),
                "declare_days": one.declare_days,
            }
            for one in policies.values()
        ]
    }


def insured_limits_document(rows: Iterable[InsuredLimit]) -> dict[str, Any]:
    """Limits of buyers as they were recorded."""
    listed = list(rows)
    names = codes_and_names({row.customer_id for row in listed})
    return {
        "insured_limits": [
            {
                "customer": names[row.customer_id][0],
                "policy": row.policy_number,
                "currency": row.currency,
                "amount": amount(row.amount_minor, row.currency),
                "basis": row.basis,
                "from_on": row.from_on.isoformat(),
                "to_on": row.to_on.isoformat() if row.to_on else None,
                "evidence": row.evidence,
            }
            for row in listed
        ]
    }


def cover_document(found: Mapping[int, Insured], on: date) -> dict[str, Any]:
    """What is covered on a day, item by item: until when, why not, what would void it."""
    names = codes_and_names(found)
    return {
        "on": on.isoformat(),
        "insured": [
            {
                "customer": names[pk][0],
                "policy": one.terms.number,
                "currency": one.terms.currency,
                "limit": amount(one.limit.minor, one.terms.currency) if one.limit else None,
                "stop": one.is_stopped,
                "items": [
                    {
                        "number": item.debt.number,
                        "currency": item.debt.currency,
                        "open": amount(item.debt.open_minor, item.debt.currency),
                        "shipped_on": item.debt.shipped_on.isoformat(),
                        "due_on": item.debt.due_on.isoformat(),
                        "covered": amount(item.cover.covered_minor, one.terms.currency),
                        "indemnified": amount(item.cover.indemnified_minor, one.terms.currency),
                        "first_loss": amount(item.cover.borne_minor, one.terms.currency),
                        "pays_on": item.cover.pays_on.isoformat() if item.cover.pays_on else None,
                        "lost": amount(item.cover.lost_minor, one.terms.currency),
                        "until": item.cover.until.isoformat() if item.cover.until else None,
                        "why_not": [_clause(clause) for clause in item.cover.why_not],
                        "would_void": [_clause(clause) for clause in item.cover.would_void],
                    }
                    for item in one.items
                ],
            }
            for pk, one in sorted(found.items(), key=lambda pair: names[pair[0]])
        ],
    }


def _clause(clause: Clause) -> dict[str, Any]:
    return {
        "code": clause.code,
        "text": clause.text,
        "on": clause.on.isoformat() if clause.on else None,
    }


def turnover_document(entity: Entity, terms: Terms, month: date) -> dict[str, Any]:
    """The turnover of a month by buyer and currency, as a policy wants it declared."""
    first = month.replace(day=1)
    traded = traded_between(entity.pk, first, month_end(first))
    who = debtors({one.customer_id for one in traded})
    names = codes_and_names({one.customer_id for one in traded})
    return {
        "policy": terms.number,
        "month": f"{first:%Y-%m}",
        "rows": [
            {
                "policy": terms.number,
                "month": f"{first:%Y-%m}",
                "customer": names[one.customer_id][0],
                "name": names[one.customer_id][1],
                "country": who[one.customer_id].country,
                "currency": one.currency,
                "invoiced": amount(one.invoiced_minor, one.currency),
                "credited": amount(one.credited_minor, one.currency),
                "turnover": amount(one.invoiced_minor - one.credited_minor, one.currency),
            }
            for one in traded
        ],
    }
