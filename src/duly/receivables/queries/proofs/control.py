"""I2: open items against the control accounts, and every sum that is kept beside them."""

from django.db import connection

from duly.kernel.proofs import MOST_VIOLATIONS, Proof
from duly.ledger.queries import proofs as ledger
from duly.parties.queries import codes_and_names
from duly.receivables.queries.aged import ages_off
from duly.storage.reading import first_rows


def prove_control() -> Proof:
    """I2: open items less unapplied money are the control accounts, by customer and currency."""
    sides: dict[tuple[int, str], list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customer_id, currency, SUM(amount) FROM ("
            " SELECT customer_id, currency, open_minor AS amount FROM receivables_item"
            "  WHERE open_minor <> 0"
            " UNION ALL SELECT COALESCE(customer_id, 0), currency, -unapplied_minor"
            "  FROM receivables_payment WHERE unapplied_minor <> 0) AS open_now"
            " GROUP BY customer_id, currency"
        )
        for customer, currency, total in cursor.fetchall():
            sides.setdefault((customer, currency), [0, 0])[0] = int(total)
    counted = ledger.control_postings()
    for (customer, currency, _), total in counted.items():
        sides.setdefault((customer, currency), [0, 0])[1] += total
    off = {key: both for key, both in sides.items() if both[0] != both[1]}
    names = codes_and_names({customer for customer, _ in list(off)[:MOST_VIOLATIONS]})
    violations: list[dict[str, object]] = [
        {
            "customer": names.get(customer, (None, ""))[0],
            "currency": currency,
            "open_items_minor": open_items,
            "control_account_minor": control,
            "documents": _suspects(customer, currency),
        }
        for (customer, currency), (open_items, control) in list(off.items())[:MOST_VIOLATIONS]
    ]
    violations += ledger.prove_account_days() + ledger.prove_customer_accounts(counted)
    violations += _balances_off() + _open_days_off() + ages_off()
    return Proof(
        "I2", "Control accounts equal open items, by customer and currency", len(sides), violations
    )


def _suspects(customer_id: int, currency: str) -> list[str]:
    """Documents of a customer whose entry and amount disagree, to begin the search with."""
    rows = first_rows(
        "SELECT d.number FROM receivables_document d LEFT JOIN ledger_entry e"
        "  ON e.source_id = d.id AND e.source_kind = 'document' AND e.reverses_id IS NULL"
        " LEFT JOIN ledger_posting p ON p.entry_id = e.id AND p.account_id = 1"
        " WHERE d.customer_id = %s AND d.currency = %s"
        "  AND (p.id IS NULL OR p.amount_minor <> d.amount_minor OR p.customer_id <> d.customer_id"
        "       OR e.booked_on <> d.issued_on)",
        [customer_id, currency],
    )
    return [number for (number,) in rows]


def _balances_off() -> list[dict[str, object]]:
    """Customers whose summed balance is not what their items and payments add up to."""
    rows = first_rows(
        "SELECT entity_id, customer_id, currency, SUM(owed), SUM(credits), SUM(unapplied) FROM ("
        " SELECT entity_id, customer_id, currency,"
        "  CASE WHEN open_minor > 0 THEN open_minor ELSE 0 END AS owed,"
        "  CASE WHEN open_minor < 0 THEN open_minor ELSE 0 END AS credits, 0 AS unapplied"
        "  FROM receivables_item WHERE open_minor <> 0"
        " UNION ALL SELECT entity_id, COALESCE(customer_id, 0), currency, 0, 0, unapplied_minor"
        "  FROM receivables_payment WHERE unapplied_minor <> 0"
        " UNION ALL SELECT entity_id, customer_id, currency, -owed_minor, -credits_minor,"
        "  -unapplied_minor FROM receivables_customerbalance) AS both_sides"
        " GROUP BY entity_id, customer_id, currency"
        " HAVING SUM(owed) <> 0 OR SUM(credits) <> 0 OR SUM(unapplied) <> 0"
    )
    return [
        {
            "projection": "customer_balance",
            "customer_id": customer,
            "currency": currency,
            "difference_minor": [int(owed), int(credits), int(cash)],
        }
        for _, customer, currency, owed, credits, cash in rows
    ]


def _open_days_off() -> list[dict[str, object]]:
    """Days whose summed open amount is not what the items add up to."""
    rows = first_rows(
        "SELECT entity_id, currency, side, day, SUM(amount) FROM ("
        " SELECT entity_id, currency, 'due' AS side, due_on AS day, open_minor AS amount"
        "  FROM receivables_item WHERE open_minor > 0"
        " UNION ALL SELECT entity_id, currency, 'invoice', issued_on, open_minor"
        "  FROM receivables_item WHERE open_minor > 0"
        " UNION ALL SELECT entity_id, currency, 'credit', issued_on, open_minor"
        "  FROM receivables_item WHERE open_minor < 0"
        " UNION ALL SELECT entity_id, currency, 'unapplied', received_on, unapplied_minor"
        "  FROM receivables_payment WHERE unapplied_minor <> 0"
        ' UNION ALL SELECT entity_id, currency, side, "on", -amount_minor'
        "  FROM receivables_openday) AS both_sides"
        " GROUP BY entity_id, currency, side, day HAVING SUM(amount) <> 0"
    )
    return [
        {
            "projection": "open_day",
            "currency": currency,
            "side": side,
            "day": str(day),
            "difference_minor": int(off),
        }
        for _, currency, side, day, off in rows
    ]
