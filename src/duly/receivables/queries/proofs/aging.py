"""I5: the aging against the control accounts, and against itself counted another way."""

from collections.abc import Iterator
from datetime import date

from django.db import connection
from django.db.models import Max, Min

from duly.kernel.proofs import MOST_VIOLATIONS, Proof
from duly.ledger.queries.proofs import CONTROL
from duly.receivables.models import Application, Document, Payment
from duly.receivables.queries.aging import aging


def prove_aging(*, days: list[date], sequence: int) -> Proof:
    """I5: the buckets and what is not applied add up to the control accounts.

    What was open is held against the control accounts on every day on which anything counts, by
    entity and currency. On the days given the aging is counted twice: from today's open amounts
    with later applications added back, and from the rows themselves up to the newest seal. The two
    must agree to the cent.
    """
    proof = Proof("I5", "Aging buckets add up to the open balance on every day", 0)
    for entity, currency, day, items, control in _balances_by_day():
        proof.checked += 1
        if items != control:
            proof.violations.append(
                {
                    "on": str(day),
                    "entity": entity,
                    "currency": currency,
                    "open_items_minor": items,
                    "control_account_minor": control,
                }
            )
    for on in days:
        looked_at, differing = _counted_twice(on, sequence)
        proof.checked += looked_at
        proof.violations += differing
    del proof.violations[MOST_VIOLATIONS:]
    return proof


def _balances_by_day() -> Iterator[tuple[int, str, date | str, int, int]]:
    """(entity, currency, day, open items less money not applied, control accounts) at its end.

    An application of money or credit to an item moves nothing between the two: it is left out.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT entity_id, currency, day, SUM(items), SUM(control) FROM ("
            " SELECT entity_id, currency, issued_on AS day, amount_minor AS items, 0 AS control"
            "  FROM receivables_item"
            " UNION ALL SELECT entity_id, currency, received_on, -amount_minor, 0"
            "  FROM receivables_payment"
            " UNION ALL SELECT entity_id, currency, applied_on,"
            "  CASE WHEN item_id IS NULL THEN amount_minor ELSE -amount_minor END, 0"
            "  FROM receivables_application"
            "  WHERE item_id IS NULL OR (payment_id IS NULL AND credit_item_id IS NULL)"
            " UNION ALL SELECT entity_id, currency, booked_on, 0, amount_minor"
            f"  FROM ledger_accountday WHERE account_id IN ({CONTROL})) AS moved"
            " GROUP BY entity_id, currency, day ORDER BY entity_id, currency, day"
        )
        key, items, control = None, 0, 0
        for entity, currency, day, of_items, of_control in cursor.fetchall():
            if (entity, currency) != key:
                key, items, control = (entity, currency), 0, 0
            items += int(of_items)
            control += int(of_control)
            yield entity, currency, day, items, control


def _counted_twice(on: date, sequence: int) -> tuple[int, list[dict[str, object]]]:
    """(rows looked at, customers and currencies that the two ways of counting tell apart)."""
    there = {
        (row.customer_id, row.currency): (row.code, row.amounts, row.unapplied)
        for row in aging(on=on, known=sequence).rows
    }
    differing: list[dict[str, object]] = []
    rows = aging(on=on).rows
    for row in rows:
        found = (row.code, row.amounts, row.unapplied)
        if there.pop((row.customer_id, row.currency), None) != found:
            differing.append(_told(on, row.code, row.currency))
    differing += [_told(on, code, currency) for (_, currency), (code, *_) in there.items()]
    return len(rows), differing


def _told(on: date, code: str | None, currency: str) -> dict[str, object]:
    return {
        "on": on.isoformat(),
        "customer": code,
        "currency": currency,
        "problem": "the two ways of counting differ",
    }


def proof_days() -> list[date]:
    """Days on which the aging is counted twice: the latest of all, and one well before."""
    spans = [
        model._default_manager.aggregate(first=Min(field), last=Max(field))
        for model, field in (
            (Document, "issued_on"),
            (Payment, "received_on"),
            (Application, "applied_on"),
        )
    ]
    known = [span for span in spans if span["last"] is not None]
    if not known:
        return []
    oldest, newest = min(span["first"] for span in known), max(span["last"] for span in known)
    third = (newest - oldest) / 3
    return sorted({newest, newest - third})
