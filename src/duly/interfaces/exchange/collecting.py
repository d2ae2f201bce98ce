"""Collections by the numbers that people use, and as the documents that `--json` prints."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from duly.collections.models import Message, PolicyChoice, Promise
from duly.collections.queries.policies import choice_rows
from duly.collections.queries.promises import promised_by_item
from duly.collections.queries.standing import lines_of
from duly.collections.queries.worklist import Worklist, WorkRow
from duly.collections.rules.reasons import SENDING_OFF, STOPPED
from duly.disputes.queries import disputed_by_item
from duly.interfaces.jobs.day import Day, Told
from duly.kernel.currencies import exponent
from duly.kernel.money import text_from_minor
from duly.parties.models import Entity
from duly.parties.queries import codes_and_names
from duly.receivables.errors import ItemUnknown
from duly.receivables.queries import (
    ItemFacts,
    ItemRow,
    items_by_number,
    line_facts,
    places_of_items,
)


def amount(minor: int, currency: str) -> str:
    """Minor units as the contract writes money."""
    return text_from_minor(minor, exponent(currency))


def items_named(entity_id: int, customer_id: int, numbers: Sequence[str]) -> list[ItemFacts]:
    """The items of a customer that have these numbers; of instalments the earliest open one.

    Refuses: ItemUnknown.
    """
    there = items_by_number(entity_id, numbers)
    found = []
    for number in numbers:
        items = [item for item in there.get((customer_id, number), []) if item.amount_minor > 0]
        if not items:
            raise ItemUnknown(
                f"The customer has no invoice or debit note {number}.",
                facts={"item": number},
                remedy="Look at `duly items --customer ID`.",
            )
        found.append(next((item for item in items if item.open_minor), items[0]))
    return found


@dataclass(frozen=True)
class ProtectedParts:
    """What of items is disputed and promised, by document and instalment."""

    disputed: dict[tuple[int, int], int]
    promised: dict[tuple[int, int], int]

    def of(self, row: ItemRow) -> dict[str, str]:
        """The parts of an item as texts, never more than is open of it."""
        key, most = (row.id, row.instalment), abs(row.open_minor)
        return {
            name: amount(min(parts.get(key, 0), most), row.currency)
            for name, parts in (("disputed", self.disputed), ("promised", self.promised))
        }


def protected_parts(entity: Entity, on: date, customer_id: int | None) -> ProtectedParts:
    """What of the items of an entity (or one customer) is disputed and promised on a day."""
    some = None if customer_id is None else [customer_id]
    disputed = disputed_by_item(entity_id=entity.pk, on=on, customer_ids=some)
    promised = promised_by_item(entity, on, some)
    places = places_of_items({*disputed, *promised})
    return ProtectedParts(
        {places[item_id]: minor for item_id, minor in disputed.items()},
        {places[item_id]: minor for item_id, minor in promised.items()},
    )


def day_document(day: Day) -> dict[str, Any]:
    """A day as the contract writes it."""
    lines = [line for told in day.steps for line in told.step.lines]
    facts = line_facts(
        {line.id for line in lines if line.kind == "item"},
        {line.id for line in lines if line.kind == "payment"},
    )
    names = codes_and_names({told.step.customer_id for told in day.steps})
    return {
        "on": day.on.isoformat(),
        "steps": [_step(told, names, facts) for told in day.steps],
        "promises": [
            {"id": verdict.id, "verdict": verdict.state} for verdict in sorted(day.verdicts)
        ],
        "on_account": day.on_account,
        "digest": day.digest,
    }


def _step(told: Told, names: Any, facts: Any) -> dict[str, Any]:
    step = told.step
    return {
        "key": step.key,
        "customer": names[step.customer_id][0],
        "step": step.step,
        "channel": step.channel,
        "to": list(step.recipients),
        "items": [
            {
                "number": facts[line.kind, line.id].number,
                "open": amount(line.minor, step.currency),
            }
            for line in step.lines
        ],
        "amount": amount(step.amount_minor, step.currency),
        "currency": step.currency,
        "outcome": told.outcome,
        "why": None if step.why is None else step.why._asdict(),
        "next_on": step.next_on.isoformat() if step.next_on else None,
    }


def messages_document(rows: Sequence[Message], modes: dict[int, str]) -> dict[str, Any]:
    """Messages as the contract writes them; one that waits for the switch says so."""
    lines = lines_of([row.pk for row in rows])
    names = codes_and_names({row.customer_id for row in rows})

    def why(row: Message) -> dict[str, str] | None:
        if row.state == "queued" and modes.get(row.entity_id) in ("off", "stopped"):
            off = modes[row.entity_id] == "off"
            return (SENDING_OFF if off else STOPPED)._asdict()
        return {"code": row.why_code, "text": row.why_text} if row.why_code else None

    return {
        "messages": [
            {
                "id": row.pk,
                "customer": names[row.customer_id][0],
                "to": row.recipients,
                "step": row.step,
                "planned_on": row.planned_on.isoformat(),
                "items": [
                    {"number": line.number, "open": amount(line.open_minor, row.currency)}
                    for line in lines[row.pk]
                ],
                "amount": amount(row.amount_minor, row.currency),
                "currency": row.currency,
                "language": row.language,
                "state": row.state,
                "why": why(row),
                "message_id": row.message_id,
                "subject": row.subject,
                "body": row.body,
            }
            for row in rows
        ]
    }


def promises_document(rows: Iterable[Promise]) -> dict[str, Any]:
    """Promises as the contract writes them."""
    found = list(rows)
    names = codes_and_names({row.customer_id for row in found})
    return {
        "promises": [
            {
                "id": row.pk,
                "customer": names[row.customer_id][0],
                "amount": amount(row.amount_minor, row.currency),
                "received": amount(row.received_minor, row.currency),
                "currency": row.currency,
                "made_on": row.made_on.isoformat(),
                "due_on": row.due_on.isoformat(),
                "person": row.person,
                "state": row.state,
                "first_due_on": row.first_due_on.isoformat() if row.first_due_on else None,
                "condition": row.condition,
            }
            for row in found
        ]
    }


def today_document(
    *,
    entity: Entity,
    told: Worklist,
    rows: Sequence[WorkRow],
    nexts: dict[tuple[int, str], dict[str, Any]],
) -> dict[str, Any]:
    """The worklist as the contract writes it: values in the entity's currency."""
    names = codes_and_names({row.customer_id for row in rows})
    own = entity.currency
    return {
        "on": told.on.isoformat(),
        "currency": own,
        "rows": [
            {
                "rank": rank,
                "customer": names[row.customer_id][0],
                "name": names[row.customer_id][1],
                "currency": row.currency,
                "overdue": amount(row.overdue_minor, row.currency),
                "oldest_days": row.oldest_days,
                "value": amount(row.value_minor, own),
                "because": [
                    {"code": one.code, "text": one.text, "value": amount(one.minor, own)}
                    for one in row.because
                ],
                "next": nexts[row.customer_id, row.currency],
            }
            for rank, row in enumerate(rows, 1)
        ],
        "total_value": amount(sum(row.value_minor for row in rows), own),
        "all_rows": len(told.rows),
        "all_value": amount(sum(row.value_minor for row in told.rows), own),
        "rate_on": {code: day.isoformat() for code, day in sorted(told.rates.items())},
        "problems": [
            {
                "where": f"currency {code}",
                "code": "RATE_MISSING",
                "message": f"{code} {amount(minor, code)} is overdue and has no rate on or before "
                f"{told.on}: it is not ranked.",
                "remedy": "Import a rates file.",
            }
            for code, minor in sorted(told.without_rate.items())
        ],
    }


def choices_document(entity_id: int, on: date) -> list[dict[str, Any]]:
    """Who is under which policy on a day, the narrowest last; later choices replace earlier."""
    rows = choice_rows(entity_id, on)
    customers = codes_and_names({row.record_id for row in rows if row.scope == "customer"})
    items = line_facts({row.record_id for row in rows if row.scope == "item"}, set())

    def of(row: PolicyChoice) -> str:
        if row.scope == "customer":
            return customers[row.record_id][0]
        if row.scope == "item":
            return items["item", row.record_id].number
        return row.segment or "everyone"

    order = {"entity": 0, "segment": 1, "customer": 2, "item": 3}
    return [
        {
            "scope": row.scope,
            "of": of(row),
            "policy": row.policy or None,  # its end
            "from_on": row.from_on.isoformat(),
        }
        for row in sorted(rows, key=lambda row: (order[row.scope], row.from_on, row.pk))
    ]
