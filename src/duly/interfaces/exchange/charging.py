"""Finance charges by the numbers that people use, and as the documents that `--json` prints."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from duly.access.actions import Author
from duly.access.models import Approval
from duly.collections.actions.charging import Ran, run_charges
from duly.collections.actions.relieving import (
    ask_waiver,
    decide_waiver,
    reverse_charge,
    waive_charge,
)
from duly.collections.models import Charge
from duly.collections.queries.charges import (
    ChargeDocument,
    charge_documents,
    charge_numbered,
    waivers,
)
from duly.collections.rules.charges.kept import read_rates, read_runs
from duly.interfaces.exchange.charge_rules import rate_told
from duly.interfaces.exchange.collecting import amount
from duly.kernel.currencies import exponent
from duly.kernel.money import minor_from_text
from duly.parties import queries as parties
from duly.parties.models import Entity
from duly.parties.queries import codes_and_names

MOST_TOLD = 500  # charges that a run prints; the list tells all
WHY = {
    "consumer": "Consumers are not charged by this law.",
    "money_waits": "Money or credit is not applied yet: apply it, and run the month again.",
    "on_plan": "Items on an instalment plan bear nothing until it ends or the whole is due.",
    "below_least": "Less than the least that is charged.",
}


def run_document(
    entity: Entity,
    month_on: date,
    customer: str | None,
    on: date | None,
    today: date,
    author: Author,
) -> dict[str, Any]:
    """Charge for a month, and tell what was charged."""
    ids = None
    if customer is not None:
        ids = [parties.customer(entity_id=entity.pk, code=customer).pk]
    ran = run_charges(
        entity=entity, month_on=month_on, customer_ids=ids, on=on, today=today, author=author
    )
    return told_run(entity, month_on, ran)


def told_run(entity: Entity, month_on: date, ran: Ran) -> dict[str, Any]:
    """What a run charged; at most some hundreds of its charges."""
    rows: Sequence[ChargeDocument] = ()
    if ran.batch_id is not None:
        rows = charge_documents(entity_id=entity.pk, batch_id=ran.batch_id, limit=MOST_TOLD)
    codes = codes_and_names({pk for pk, _ in ran.skipped[:MOST_TOLD]})
    return {
        "month": f"{month_on:%Y-%m}",
        "charged": {"documents": ran.documents, "lines": ran.lines},
        "totals": {code: amount(minor, code) for code, minor in sorted(ran.totals.items())},
        "charges": [charge_document(row) for row in rows],
        "removed": [
            {
                "item": one.number,
                "dispute": one.dispute_id,
                "amount": amount(one.minor, one.currency),
                "currency": one.currency,
            }
            for one in ran.removed
        ],
        "skipped": [
            {"customer": codes[pk][0], "why": {"code": code, "text": WHY[code]}}
            for pk, code in ran.skipped[:MOST_TOLD]
        ],
        "skipped_count": len(ran.skipped),
        "unverified": sorted(ran.unverified),
    }


def charges_document(rows: Sequence[ChargeDocument]) -> dict[str, Any]:
    """Finance charges as a list."""
    return {"charges": [charge_document(row) for row in rows]}


def charge_document(row: ChargeDocument) -> dict[str, Any]:
    """A finance charge with its lines, each open to what it was worked out from."""
    return {
        "number": row.number,
        "customer": codes_and_names({row.customer_id})[row.customer_id][0],
        "currency": row.currency,
        "amount": amount(row.amount_minor, row.currency),
        "open": amount(row.open_minor, row.currency),
        "state": row.state,
        "month": f"{row.month_on:%Y-%m}",
        "charged_on": row.charged_on.isoformat(),
        "lines": [line_document(line) for line in row.lines],
        "reliefs": [
            {
                "kind": one.kind,
                "amount": amount(one.amount_minor, one.currency),
                "on": one.relieved_on.isoformat(),
                "reason": one.reason,
                "dispute": one.dispute_id,
            }
            for one in row.reliefs
        ],
    }


def line_document(line: Charge) -> dict[str, Any]:
    """One line: the item, its days, daily balances, rates, law or terms, and what they make."""
    runs = read_runs(line.balances)
    rates = read_rates(line.rates) if line.rates else []
    return {
        "item": line.number,
        "kind": line.kind,
        "from": line.first_on.isoformat(),
        "to": line.last_on.isoformat(),
        "days": sum(run.last - run.first + 1 for run in runs),
        "amount": amount(line.amount_minor, line.currency),
        "basis": line.basis,
        "day_count": line.day_count,
        "balances": [
            {
                "from": date.fromordinal(run.first).isoformat(),
                "to": date.fromordinal(run.last).isoformat(),
                "balance": amount(run.balance_minor, line.currency),
            }
            for run in runs
        ],
        "rates": [rate_told(one) for one in rates],
        "unverified": line.unverified,
    }


def list_document(
    entity: Entity, month_on: date | None, customer: str | None, only_open: bool
) -> dict[str, Any]:
    """Charges of a month, of a customer, or all; waivers that were asked for."""
    pk = parties.customer(entity_id=entity.pk, code=customer).pk if customer else None
    rows = charge_documents(
        entity_id=entity.pk, month_on=month_on, customer_id=pk, only_open=only_open, limit=None
    )
    return charges_document(rows) | {"waivers": [_waiver(one) for one in waivers(entity.pk)]}


def waive_document(
    entity: Entity, number: str, part: str | None, reason: str, on: date, author: Author
) -> dict[str, Any]:
    """Waive what is open of a charge, or a part."""
    minor = _part(entity, number, part)
    waive_charge(entity=entity, number=number, minor=minor, reason=reason, on=on, author=author)
    return charges_document([charge_numbered(entity.pk, number)])


def ask_document(
    entity: Entity, number: str, part: str | None, reason: str, author: Author
) -> dict[str, Any]:
    """Ask a second person to waive a charge."""
    minor = _part(entity, number, part)
    row = ask_waiver(entity=entity, number=number, minor=minor, reason=reason, author=author)
    return {"waivers": [_waiver(row)]}


def decide_document(
    entity: Entity, approval_id: int, is_approved: bool, on: date, author: Author
) -> dict[str, Any]:
    """Approve or decline a waiver that was asked for."""
    row = decide_waiver(
        entity=entity, approval_id=approval_id, is_approved=is_approved, on=on, author=author
    )
    return {"waivers": [_waiver(row)]}


def reverse_document(
    entity: Entity, number: str, reason: str, on: date, author: Author
) -> dict[str, Any]:
    """Take a charge back whole."""
    reverse_charge(entity=entity, number=number, reason=reason, on=on, author=author)
    return charges_document([charge_numbered(entity.pk, number)])


def _part(entity: Entity, number: str, part: str | None) -> int | None:
    if part is None:
        return None
    return minor_from_text(part, exponent(charge_numbered(entity.pk, number).currency))


def _waiver(row: Approval) -> dict[str, Any]:
    facts = row.facts
    state = "asked" if row.decided_at is None else "approved" if row.is_approved else "declined"
    return {
        "id": row.pk,
        "number": facts["number"],
        "customer": codes_and_names({facts["customer"]})[facts["customer"]][0],
        "amount": amount(facts["minor"], facts["currency"]),
        "currency": facts["currency"],
        "reason": facts["reason"],
        "asked_by": row.asked_by,
        "state": state,
        "decided_by": row.decided_by,
    }
