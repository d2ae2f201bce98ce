"""Proofs over open items: they agree with the ledger, with their applications, with their terms."""

from datetime import date

from django.db import connection
from django.db.models import Max, Min

from duly.kernel.proofs import MOST_VIOLATIONS, Proof
from duly.ledger.queries import proofs as ledger
from duly.parties.queries import codes_and_names
from duly.receivables.models import Application, Document, Item, Payment
from duly.receivables.queries.aged import ages_off
from duly.receivables.queries.aging import aging, tie_out

# The number of the document of an item, for naming it.
_NUMBER = "(SELECT d.number FROM receivables_document d WHERE d.id = i.document_id)"


def _fetch(sql: str, params: list[object] | None = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} LIMIT {MOST_VIOLATIONS}", params or [])
        return cursor.fetchall()


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
    rows = _fetch(
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
    rows = _fetch(
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
    rows = _fetch(
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


def prove_items() -> Proof:
    """I3: an item's amount less its applications is its open amount, which never crosses zero."""
    off = _fetch(
        f"SELECT i.id, {_NUMBER}, i.amount_minor, i.open_minor, COALESCE(s.settled, 0)"
        " FROM receivables_item i LEFT JOIN ("
        "  SELECT item_id, SUM(amount) AS settled FROM ("
        "   SELECT item_id, amount_minor AS amount FROM receivables_application"
        "    WHERE item_id IS NOT NULL"
        "   UNION ALL SELECT credit_item_id, -amount_minor FROM receivables_application"
        "    WHERE credit_item_id IS NOT NULL) AS both_sides GROUP BY item_id"
        " ) AS s ON s.item_id = i.id"
        " WHERE i.open_minor <> i.amount_minor - COALESCE(s.settled, 0)"
        "  OR (i.amount_minor >= 0 AND (i.open_minor < 0 OR i.open_minor > i.amount_minor))"
        "  OR (i.amount_minor < 0 AND (i.open_minor > 0 OR i.open_minor < i.amount_minor))"
    )
    violations: list[dict[str, object]] = [
        {
            "document": number,
            "item": pk,
            "amount_minor": amount,
            "open_minor": open_now,
            "settled_minor": int(settled),
        }
        for pk, number, amount, open_now, settled in off
    ]
    split = _fetch(
        "SELECT d.number, d.amount_minor, SUM(i.amount_minor) FROM receivables_document d"
        " LEFT JOIN receivables_item i ON i.document_id = d.id GROUP BY d.id, d.number,"
        " d.amount_minor HAVING COALESCE(SUM(i.amount_minor), 0) <> d.amount_minor"
    )
    violations += [
        {
            "document": number,
            "amount_minor": amount,
            "problem": "its items do not add up to it",
            "items_minor": int(total or 0),
        }
        for number, amount, total in split
    ]
    return Proof(
        "I3",
        "Each item's amount less what settled it is what is open",
        Item.objects.count(),
        violations,
    )


def prove_payments() -> Proof:
    """I4: a payment is what was applied of it, what went back, and what is not applied."""
    off = _fetch(
        "SELECT p.number, p.amount_minor, p.unapplied_minor, COALESCE(s.used, 0)"
        " FROM receivables_payment p LEFT JOIN ("
        "  SELECT payment_id, SUM(amount_minor) AS used FROM receivables_application"
        "   WHERE payment_id IS NOT NULL GROUP BY payment_id) AS s ON s.payment_id = p.id"
        " WHERE p.unapplied_minor <> p.amount_minor - COALESCE(s.used, 0)"
        "  OR p.unapplied_minor < 0 OR p.unapplied_minor > p.amount_minor"
    )
    return Proof(
        "I4",
        "Each payment is applied, given back or unapplied, to the cent",
        Payment.objects.count(),
        [
            {
                "payment": number,
                "amount_minor": amount,
                "unapplied_minor": left,
                "applied_minor": int(used),
            }
            for number, amount, left, used in off
        ],
    )


def prove_aging(*, days: list[date], sequence: int) -> Proof:
    """I5: on each day the buckets and unapplied add up to the control accounts.

    Each aging is counted twice: from today's open amounts with later applications added back, and
    from the rows themselves up to the newest seal. The two must agree to the cent.
    """
    violations: list[dict[str, object]] = []
    checked = 0
    for on in days:
        forward = aging(on=on)
        counted = aging(on=on, known=sequence)
        checked += len(forward.rows)
        there = {(row.customer_id, row.currency): row for row in counted.rows}
        for row in forward.rows:
            other = there.pop((row.customer_id, row.currency), None)
            if other is None or (other.amounts, other.unapplied) != (row.amounts, row.unapplied):
                violations.append(_aging_differs(on, row.code, row.currency))
        violations += [_aging_differs(on, row.code, row.currency) for row in there.values()]
        for currency, tie in tie_out(on=on, totals=forward.totals).items():
            if tie.difference:
                violations.append(
                    {
                        "on": on.isoformat(),
                        "currency": currency,
                        "open_items_minor": tie.open_items,
                        "control_account_minor": tie.control_account,
                    }
                )
    return Proof(
        "I5",
        "Aging buckets add up to the open balance on every day tried",
        checked,
        violations[:MOST_VIOLATIONS],
    )


def _aging_differs(on: date, code: str | None, currency: str) -> dict[str, object]:
    return {
        "on": on.isoformat(),
        "customer": code,
        "currency": currency,
        "problem": "the two ways of counting differ",
    }


def prove_discounts() -> Proof:
    """I16: discounts taken are within what the terms frozen on the item grant."""
    off = _fetch(
        f"SELECT {_NUMBER}, i.discount_minor, t.taken FROM receivables_item i JOIN ("
        "  SELECT item_id, SUM(amount_minor) AS taken FROM receivables_application"
        "   WHERE reason = 'discount' GROUP BY item_id) AS t ON t.item_id = i.id"
        " WHERE t.taken > i.discount_minor OR t.taken < 0"
    )
    late = _fetch(
        f"SELECT {_NUMBER}, i.discount_until, b.source_on FROM receivables_application a"
        " JOIN receivables_item i ON i.id = a.item_id"
        " JOIN receivables_application b ON b.id = a.beside_id"
        " WHERE a.reason = 'discount' AND a.reverses_id IS NULL"
        "  AND (i.discount_until IS NULL OR b.source_on > i.discount_until)"
    )
    return Proof(
        "I16",
        "Discounts taken are within the terms frozen on the item",
        Application.objects.filter(reason="discount").count(),
        [
            {"document": number, "granted_minor": granted, "taken_minor": int(taken)}
            for number, granted, taken in off
        ]
        + [
            {"document": number, "until": str(until), "paid_on": str(paid)}
            for number, until, paid in late
        ],
    )


# What must point at something of the same entity: (what is named, SQL of the pairs that do not).
_KINSHIP = (
    (
        "document",
        "SELECT d.number FROM receivables_document d LEFT JOIN parties_customer c"
        " ON c.id = d.customer_id WHERE c.id IS NULL OR c.entity_id <> d.entity_id",
    ),
    (
        "item",
        "SELECT COALESCE(d.number, 'item ' || i.id) FROM receivables_item i"
        " LEFT JOIN receivables_document d ON d.id = i.document_id WHERE d.id IS NULL"
        " OR d.entity_id <> i.entity_id OR d.customer_id <> i.customer_id"
        " OR d.currency <> i.currency OR d.batch_id <> i.batch_id OR d.issued_on <> i.issued_on",
    ),
    (
        "payment",
        "SELECT p.number FROM receivables_payment p LEFT JOIN parties_customer c"
        " ON c.id = p.customer_id WHERE p.customer_id IS NOT NULL"
        " AND (c.id IS NULL OR c.entity_id <> p.entity_id)",
    ),
    (
        "application to an item",
        "SELECT COALESCE(d.number, 'application ' || a.id) FROM receivables_application a"
        " LEFT JOIN receivables_item i ON i.id = a.item_id"
        " LEFT JOIN receivables_document d ON d.id = i.document_id"
        " WHERE a.item_id IS NOT NULL AND (i.id IS NULL OR i.entity_id <> a.entity_id"
        " OR i.customer_id <> a.customer_id OR i.currency <> a.currency"
        " OR i.due_on <> a.item_due_on OR i.issued_on <> a.item_issued_on)",
    ),
    (
        "application of a payment",
        "SELECT COALESCE(p.number, 'application ' || a.id) FROM receivables_application a"
        " LEFT JOIN receivables_payment p ON p.id = a.payment_id"
        " WHERE a.payment_id IS NOT NULL AND (p.id IS NULL OR p.entity_id <> a.entity_id"
        " OR p.currency <> a.currency OR p.received_on <> a.source_on"
        " OR COALESCE(p.customer_id, 0) <> COALESCE(a.payer_id, 0))",
    ),
    (
        "entry of a document",
        "SELECT COALESCE(d.number, 'entry ' || e.id) FROM ledger_entry e"
        " LEFT JOIN receivables_document d ON d.id = e.source_id"
        " WHERE e.source_kind = 'document' AND (d.id IS NULL OR d.entity_id <> e.entity_id"
        " OR d.issued_on <> e.booked_on OR d.batch_id <> e.batch_id)",
    ),
    (
        "entry of a payment",
        "SELECT COALESCE(p.number, 'entry ' || e.id) FROM ledger_entry e"
        " LEFT JOIN receivables_payment p ON p.id = e.source_id"
        " WHERE e.source_kind = 'payment' AND (p.id IS NULL OR p.entity_id <> e.entity_id"
        " OR p.received_on <> e.booked_on)",
    ),
    (
        "entry of an application",
        "SELECT 'application ' || e.source_id FROM ledger_entry e"
        " LEFT JOIN receivables_application a ON a.id = e.source_id"
        " WHERE e.source_kind = 'application' AND (a.id IS NULL OR a.entity_id <> e.entity_id"
        " OR a.applied_on <> e.booked_on)",
    ),
    (
        "document without entry",
        "SELECT d.number FROM receivables_document d WHERE NOT EXISTS (SELECT 1 FROM ledger_entry e"
        " WHERE e.source_id = d.id AND e.source_kind = 'document')",
    ),
)


def prove_kinship() -> Proof:
    """I15: whatever points at something points at the same entity's, and at one that is there."""
    violations: list[dict[str, object]] = [
        {"what": what, "document": number} for what, sql in _KINSHIP for (number,) in _fetch(sql)
    ]
    checked = Document.objects.count() + Payment.objects.count() + Application.objects.count()
    return Proof(
        "I15", "Everything belongs to the entity of what it points at", checked, violations
    )


def proof_days() -> list[date]:
    """The days on which aging is proved: the latest booked, and two spread over what is before."""
    span = Document.objects.aggregate(oldest=Min("issued_on"), newest=Max("issued_on"))
    oldest, newest = span["oldest"], span["newest"]
    if newest is None:
        return []
    third = (newest - oldest) / 3
    return sorted({newest, newest - third, newest - 2 * third})
