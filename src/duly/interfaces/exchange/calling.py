"""Excuses and calls as the documents that `--json` prints."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from duly.collections.actions import CallDraft, PromiseDraft, Recorded
from duly.collections.models import Promise
from duly.collections.queries.excuses import Told
from duly.collections.queries.kept_rates import Kept, kept_rates
from duly.collections.rules.excuses import Excuse, document_of
from duly.collections.rules.scripts import Script
from duly.collections.rules.scripts import document_of as script_document_of
from duly.disputes.actions import DisputeDraft
from duly.disputes.models import Dispute
from duly.interfaces.exchange.collecting import amount, items_named, promises_document
from duly.interfaces.exchange.laws import stopped_document
from duly.interfaces.jobs.calling import CallBack, Due, Preparation
from duly.kernel.currencies import exponent
from duly.kernel.money import minor_from_text
from duly.parties.models import Entity
from duly.parties.queries import codes_and_names
from duly.parties.queries.reach import reach_of


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


def promises_with_chances(entity_id: int, rows: Sequence[Promise]) -> dict[str, Any]:
    """Promises, each that is awaited with the chance that it is kept, and whose rate that is."""
    document = promises_document(rows)
    whose = {row.customer_id for row in rows}
    rates, reach = kept_rates(entity_id, whose), reach_of(entity_id=entity_id, customer_ids=whose)
    for row, told in zip(rows, document["promises"], strict=True):
        kept, of = rates.chance(row.customer_id, row.person, reach[row.customer_id].segment)
        is_open = row.state == "open"
        told["chance"], told["chance_of"] = (kept.percent, of) if is_open else (None, None)
    return document


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


def script_document(script: Script) -> dict[str, Any]:
    """A script as it is written down, with its version (0: it comes with Duly)."""
    return {"version": script.version, **script_document_of(script)}


def read_call(entity: Entity, customer_id: int, told: Mapping[str, Any]) -> CallDraft:
    """A call as it was typed: items by their numbers, amounts as text. Refuses: ItemUnknown."""

    def items(name: str) -> list[Any]:
        numbers = [one.strip() for one in told[name].split(",") if one.strip()]
        return items_named(entity.pk, customer_id, numbers)

    currency = told["currency"] or entity.currency
    named = tuple(item.id for item in items("items"))
    disputes = []
    for number, money, reason in told["dispute"]:
        (item,) = items_named(entity.pk, customer_id, [number])
        minor = minor_from_text(money, exponent(item.currency))
        disputes.append(DisputeDraft(item, minor, reason, note=told["note"]))
    return CallDraft(
        customer_id,
        told["outcome"],
        told["person"],
        told["phone"],
        told["recording"],
        told["note"],
        told["next_on"],
        tuple(
            PromiseDraft(
                customer_id,
                currency,
                minor_from_text(money, exponent(currency)),
                due_on,
                named,
                method=told["method"],
                condition=told["condition"],
                approved_by=told["approved_by"],
            )
            for money, due_on in told["promise"]
        ),
        tuple(disputes),
        tuple((item.id, item.number) for item in items("copies")),
        told["excuse"],
        told["named"],
        not told["unconfirmed"],
    )


def recorded_document(recorded: Recorded, customer: str) -> dict[str, Any]:
    """What a call came to; a confirmation that is not sent says why."""
    return {
        "calls": [
            {
                "id": recorded.call_id,
                "customer": customer,
                "promises": list(recorded.promise_ids),
                "disputes": list(recorded.dispute_ids),
                "excuse": recorded.excuse_id,
                "message": recorded.message_id,
                "why_unconfirmed": recorded.why_unconfirmed,
            }
        ]
    }


def preparation_document(told: Preparation) -> dict[str, Any]:
    """All that one has in hand before a call."""
    there = told.time
    return {
        "on": told.on.isoformat(),
        "customer": told.customer.code,
        "name": told.customer.name,
        "people": [{**one._asdict(), "why_not": one.why_not or None} for one in told.people],
        "time": {
            "zone": there.zone,
            "local": there.at.isoformat(),
            "may_call": there.why_not is None,
            "why": there.why_not.text if there.why_not else None,
            "next_at": there.next_at.isoformat() if there.next_at else None,
            "is_assumed": there.is_assumed,
        },
        "laws": [stopped_document(one) for one in told.laws],
        "why_not_asked": told.silence._asdict() if told.silence else None,
        "currency": told.currency,
        "asked": amount(told.asked_minor, told.currency),
        "by_on": told.by_on.isoformat(),
        "items": [_due(one) for one in told.items],
        "promises": promises_document(told.promises)["promises"],
        "kept": {
            "chance": told.kept.percent,
            "of": told.kept_by,
            "kept": told.kept.kept,
            "due": told.kept.due,
        },
        "disputes": [_dispute(row) for row in told.disputes],
        "excuses": told_document(told.excuses)["told"],
        "calls": [
            {
                "on": row.called_on.isoformat(),
                "person": row.person,
                "outcome": row.outcome,
                "note": row.note,
                "recording": row.recording,
            }
            for row in told.calls
        ],
        "tasks": [{"kind": row.kind, "text": row.text} for row in told.tasks],
        "offers": [
            {
                "code": one.code,
                "text": one.text,
                "until_on": one.until_on.isoformat() if one.until_on else None,
                "promise": one.promise_id,
            }
            for one in told.offers
        ],
        "script": script_document(told.script) if told.script else None,
    }


def _dispute(row: Dispute) -> dict[str, Any]:
    return {
        "id": row.pk,
        "number": row.number,
        "currency": row.currency,
        "amount": amount(row.amount_minor, row.currency),
        "reason": row.reason,
        "owner": row.owner,
        "opened_on": row.opened_on.isoformat(),
        "deadline_on": row.deadline_on.isoformat(),
        "verdict": row.verdict or None,
    }


def _due(one: Due) -> dict[str, Any]:
    return {
        "number": one.number,
        "due_on": one.due_on.isoformat(),
        "days_late": one.days_late,
        "currency": one.currency,
        "open": amount(one.open_minor, one.currency),
        "disputed": amount(one.disputed_minor, one.currency),
        "promised": amount(one.promised_minor, one.currency),
        "asked": amount(one.asked_minor, one.currency),
    }


def callbacks_document(on: date, rows: Sequence[CallBack]) -> dict[str, Any]:
    """Who is to be called on a day, in order."""
    names = codes_and_names({row.customer_id for row in rows})
    return {
        "on": on.isoformat(),
        "calls": [
            {
                "customer": names[row.customer_id][0],
                "name": names[row.customer_id][1],
                "phone": row.phone,
                "local": row.time.at.isoformat(),
                "may_call": row.may_call,
                "barred": row.barred._asdict() if row.barred else None,
                "next_at": row.time.next_at.isoformat() if row.time.next_at else None,
                "why": [task.text for task in row.tasks],
            }
            for row in rows
        ],
    }
