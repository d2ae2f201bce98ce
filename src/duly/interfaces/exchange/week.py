"""The week on one page: as a document for scripts, and as a letter to the firm's own people."""

from typing import Any

from duly.collections.queries.week import Week, WeekPart
from duly.interfaces.exchange.collecting import amount
from duly.parties.models import Entity
from duly.parties.queries import codes_and_names


def week_document(entity: Entity, week: Week) -> dict[str, Any]:
    """A week as scripts read it."""
    names = codes_and_names(week.customer_ids())
    return {
        "entity": entity.name,
        "from": week.first.isoformat(),
        "to": week.last.isoformat(),
        "currencies": [_part(week, part, names) for part in week.parts],
    }


def _part(week: Week, part: WeekPart, names: dict[int, tuple[str, str]]) -> dict[str, Any]:
    owed, currency = part.owed, part.owed.currency

    def text(minor: int) -> str:
        return amount(minor, currency)

    def who(customer_id: int) -> dict[str, str]:
        return dict(zip(("customer", "name"), names[customer_id], strict=True))

    return {
        "currency": currency,
        "owed": text(owed.owed_minor),
        "overdue": text(owed.overdue_minor),
        "credits": text(owed.credits_minor),
        "received": text(owed.received_minor),
        "ages": dict(zip(week.bucket_names, map(text, owed.ages_minor), strict=True)),
        "largest": [
            {**who(one.customer_id), "owed": text(one.owed_minor), "late": text(one.overdue_minor)}
            for one in owed.largest
        ],
        "promises": [
            {
                **who(one.customer_id),
                "due_on": one.due_on.isoformat(),
                "state": one.state,
                "promised": text(one.amount_minor),
                "received": text(one.received_minor),
            }
            for one in part.judged
        ],
        "missed": text(part.missed_minor),
        "at_risk": text(owed.at_risk_minor),
        "risks": [
            {**who(one.customer_id), "amount": text(one.minor), "oldest_days": one.oldest_days}
            for one in owed.at_risk
        ],
        "expected": [
            {
                "from": one.first.isoformat(),
                "to": one.last.isoformat(),
                "promised": text(one.promised_minor),
                "falls_due": text(one.due_minor),
            }
            for one in part.ahead
        ],
    }


def week_letter(document: dict[str, Any]) -> tuple[str, str]:
    """Subject and body of the week as a mail to the firm's own people, on one page."""
    subject = f"{document['entity']}: the week to {document['to']}"
    lines = [f"The week from {document['from']} to {document['to']} at {document['entity']}."]
    if not document["currencies"]:
        lines += ["", "Nobody owes anything, and nothing came in."]
    for part in document["currencies"]:
        lines += ["", *_words(part)]
    return subject, "\n".join(lines) + "\n"


def _words(part: dict[str, Any]) -> list[str]:
    code = part["currency"]
    lines = [
        f"Customers owe {code} {part['owed']}, of which {part['overdue']} is late. "
        f"{part['received']} came in; of what was promised, {part['missed']} did not. "
        f"{part['at_risk']} is late by more than 60 days."
        + (
            f" Against it stand {part['credits'].lstrip('-')} of credits and money not applied."
            if part["credits"].startswith("-")
            else ""
        ),
        "",
        f"Who owes ({code})",
        *(f"{name}   {minor}" for name, minor in part["ages"].items()),
    ]
    if part["largest"]:
        lines += ["", "Most of it"]
        lines += [f"{one['name']}   {one['owed']}   late {one['late']}" for one in part["largest"]]
    if part["promises"]:
        lines += ["", "Promises judged"]
        lines += [
            f"{one['name']}, by {one['due_on']}   {one['state'].replace('_', ' ')}   "
            f"{one['received']} of {one['promised']}"
            for one in part["promises"]
        ]
    if part["risks"]:
        lines += ["", "At risk"]
        lines += [
            f"{one['name']}   {one['amount']}   {one['oldest_days']} days late"
            for one in part["risks"]
        ]
    lines += ["", "Expected"]
    lines += [
        f"{one['from']} to {one['to']}   promised {one['promised']}   falls due {one['falls_due']}"
        for one in part["expected"]
    ]
    return lines
