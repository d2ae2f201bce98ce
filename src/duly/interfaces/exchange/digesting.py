"""The weekly digest as a document: the same figures for the shell and for a mail."""

from datetime import date
from typing import Any

from duly.collections.queries.digest import Digest
from duly.interfaces.exchange.collecting import amount
from duly.parties.queries import codes_and_names
from duly.receivables.rules.aging import DUE


def digest_document(told: Digest) -> dict[str, Any]:
    """A digest as `duly digest --json` writes it; amounts as exact text in its currency."""
    ids = {row.customer_id for row in told.promises} | {id_ for id_, _ in told.risks}
    names = codes_and_names(ids)

    def money(minor: int) -> str:
        return amount(minor, told.currency)

    def day(on: date) -> str:
        return on.isoformat()

    return {
        "from": day(told.first),
        "to": day(told.last),
        "currency": told.currency,
        "owed": money(told.total.owed),
        "overdue": money(told.total.overdue),
        "unapplied": money(told.total.unapplied),
        "by_age": dict(zip(DUE.names, map(money, told.total.amounts), strict=True)),
        "received": money(told.received_minor),
        "promised": money(told.promised_minor),
        "missed": money(told.missed_minor),
        "at_risk": money(told.at_risk_minor),
        "largest": [
            {"customer": row.code, "name": row.name, "owed": money(row.owed)}
            for row in told.largest
        ],
        "promises": [
            {
                "customer": names[row.customer_id][0],
                "due_on": day(row.due_on),
                "amount": money(row.amount_minor),
                "received": money(row.received_minor),
                "state": row.state,
            }
            for row in told.promises
        ],
        "risks": [
            {"customer": names[id_][0], "over_90_days": money(minor)} for id_, minor in told.risks
        ],
        "expected": [
            {
                "from": day(week.first),
                "to": day(week.last),
                "promised": money(week.promised_minor),
                "falls_due": money(week.due_minor),
            }
            for week in told.weeks
        ],
    }
