"""I3 and I4: what is open of an item, what is left of a payment, from what was applied."""

from duly.kernel.proofs import MOST_VIOLATIONS, Proof
from duly.receivables.models import Item, Payment
from duly.storage.reading import first_rows

# The number of the document of an item, for naming it.
NUMBER = "(SELECT d.number FROM receivables_document d WHERE d.id = i.document_id)"


def prove_items() -> Proof:
    """I3: an item's amount less its applications is its open amount, which never crosses zero."""
    off = first_rows(
        f"SELECT i.id, {NUMBER}, i.amount_minor, i.open_minor, COALESCE(s.settled, 0)"
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
    split = first_rows(
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
    for pointer in ("item_id", "credit_item_id"):
        violations += [
            {"document": number, "on": str(day), "problem": "open crosses zero on a past day"}
            for number, day in _beyond_on_some_day("receivables_item", pointer, NUMBER)
        ]
    violations += [
        {"document": number, "problem": problem} for number, problem in _void_documents_off()
    ]
    return Proof(
        "I3",
        "Each item's amount less what settled it is what is open, on every day",
        Item.objects.count(),
        violations[:MOST_VIOLATIONS],
    )


def _beyond_on_some_day(table: str, pointer: str, number: str) -> list[tuple]:
    """(number, first day) of what was used for more than its whole, or less than nothing.

    Where nothing was given back, uses only add up, and what is open now proves every day before.
    """
    return first_rows(
        "WITH given_back AS ("
        f"  SELECT DISTINCT {pointer} AS id FROM receivables_application"
        f"   WHERE amount_minor < 0 AND {pointer} IS NOT NULL),"
        " of_day AS ("
        "  SELECT g.id, a.applied_on AS day, SUM(a.amount_minor) AS used"
        f"   FROM given_back g JOIN receivables_application a ON a.{pointer} = g.id"
        "   GROUP BY g.id, a.applied_on),"
        " by_day AS ("
        "  SELECT id, day, SUM(used) OVER (PARTITION BY id ORDER BY day) AS used FROM of_day)"
        f" SELECT {number}, MIN(b.day) FROM by_day b JOIN {table} i ON i.id = b.id"
        " WHERE b.used < 0 OR b.used > ABS(i.amount_minor) GROUP BY i.id"
    )


def _void_documents_off() -> list[tuple]:
    """(number, what is wrong) of documents whose void mark is not what their items say."""
    voided = (
        "SELECT DISTINCT i.document_id AS id FROM receivables_application a"
        " JOIN receivables_item i ON i.id = COALESCE(a.item_id, a.credit_item_id)"
        " WHERE a.reason = 'void'"
    )
    return first_rows(
        "SELECT d.number, CASE WHEN d.is_void THEN 'marked void, and nothing voids it'"
        "  ELSE 'voided, and not marked so' END"
        f" FROM receivables_document d LEFT JOIN ({voided}) AS v ON v.id = d.id"
        " WHERE d.is_void <> (v.id IS NOT NULL)"
    ) + first_rows(
        "SELECT d.number, 'void, and still open' FROM receivables_document d"
        " JOIN receivables_item i ON i.document_id = d.id WHERE d.is_void AND i.open_minor <> 0"
    )


def prove_payments() -> Proof:
    """I4: a payment is what was applied of it, what went back, and what is not applied."""
    off = first_rows(
        "SELECT p.number, p.amount_minor, p.unapplied_minor, COALESCE(s.used, 0)"
        " FROM receivables_payment p LEFT JOIN ("
        "  SELECT payment_id, SUM(amount_minor) AS used FROM receivables_application"
        "   WHERE payment_id IS NOT NULL GROUP BY payment_id) AS s ON s.payment_id = p.id"
        " WHERE p.unapplied_minor <> p.amount_minor - COALESCE(s.used, 0)"
        "  OR p.unapplied_minor < 0 OR p.unapplied_minor > p.amount_minor"
    )
    violations: list[dict[str, object]] = [
        {
            "payment": number,
            "amount_minor": amount,
            "unapplied_minor": left,
            "applied_minor": int(used),
        }
        for number, amount, left, used in off
    ]
    violations += [
        {"payment": number, "on": str(day), "problem": "applied beyond its whole on a past day"}
        for number, day in _beyond_on_some_day("receivables_payment", "payment_id", "i.number")
    ]
    violations += [
        {"payment": number, "problem": problem}
        for number, problem in (*_void_payments_off(), *_returned_payments_off(), *_refunds_off())
    ]
    return Proof(
        "I4",
        "Each payment is applied, given back or unapplied, to the cent, on every day",
        Payment.objects.count(),
        violations[:MOST_VIOLATIONS],
    )


def _void_payments_off() -> list[tuple]:
    """(number, what is wrong) of payments whose void mark is not what their applications say."""
    voided = (
        "SELECT DISTINCT payment_id AS id FROM receivables_application"
        " WHERE reason = 'void' AND payment_id IS NOT NULL"
    )
    return first_rows(
        "SELECT p.number, CASE WHEN p.is_void AND v.id IS NULL"
        "  THEN 'marked void, and nothing voids it'"
        "  WHEN p.is_void THEN 'void, and still not applied'"
        "  ELSE 'voided, and not marked so' END"
        f" FROM receivables_payment p LEFT JOIN ({voided}) AS v ON v.id = p.id"
        " WHERE p.is_void <> (v.id IS NOT NULL) OR (p.is_void AND p.unapplied_minor <> 0)"
    )


def _returned_payments_off() -> list[tuple]:
    """(number, what is wrong) of payments whose return is not what their applications say."""
    consumed = (
        "SELECT a.payment_id, a.batch_id, MIN(a.applied_on) AS day, MAX(a.applied_on) AS last,"
        " SUM(a.amount_minor) AS minor FROM receivables_application a"
        " WHERE a.reason = 'returned' AND a.reverses_id IS NULL AND NOT EXISTS (SELECT 1"
        "  FROM receivables_application b WHERE b.reverses_id = a.id)"
        " GROUP BY a.payment_id, a.batch_id"
    )
    return first_rows(
        "SELECT p.number, CASE WHEN a.payment_id IS NULL"
        "  THEN 'marked returned, and nothing returns it'"
        "  WHEN p.unapplied_minor <> 0 THEN 'returned, and still not applied'"
        "  ELSE 'returned on another day, or in part' END"
        " FROM receivables_paymentreturn r JOIN receivables_payment p ON p.id = r.payment_id"
        f" LEFT JOIN ({consumed}) AS a ON a.payment_id = p.id AND a.batch_id = r.batch_id"
        " WHERE NOT r.is_void AND (a.payment_id IS NULL OR p.unapplied_minor <> 0"
        "  OR a.minor <> p.amount_minor OR a.day <> r.returned_on OR a.last <> r.returned_on)"
    ) + first_rows(
        "SELECT p.number, 'returned, and not marked so'"
        f" FROM ({consumed}) AS a JOIN receivables_payment p ON p.id = a.payment_id"
        " WHERE NOT EXISTS (SELECT 1 FROM receivables_paymentreturn r"
        "  WHERE r.payment_id = a.payment_id AND r.batch_id = a.batch_id AND NOT r.is_void)"
    )


def _refunds_off() -> list[tuple]:
    """(number of a payment or refund, what is wrong) where refunds are not what was booked."""
    source = (
        "COALESCE((SELECT p.number FROM receivables_payment p WHERE p.id = {row}.payment_id),"
        " 'refund ' || {row}.id)"
    )
    return (
        first_rows(
            f"SELECT {source.format(row='r')}, 'refunded otherwise than it says'"
            " FROM receivables_refund r LEFT JOIN receivables_application a"
            "  ON a.id = r.application_id AND a.reason = 'refunded' AND a.reverses_id IS NULL"
            "  AND COALESCE(a.payment_id, 0) = COALESCE(r.payment_id, 0)"
            "  AND COALESCE(a.credit_item_id, 0) = COALESCE(r.credit_item_id, 0)"
            "  AND a.amount_minor = r.amount_minor AND a.currency = r.currency"
            " WHERE (r.state = 'paid') <> (a.id IS NOT NULL)"
        )
        + first_rows(
            f"SELECT {source.format(row='a')}, 'refunded, and nobody asked for it'"
            " FROM receivables_application a WHERE a.reason = 'refunded' AND NOT EXISTS"
            "  (SELECT 1 FROM receivables_refund r WHERE r.application_id = a.id)"
        )
        + first_rows(
            "SELECT p.number, 'more is reserved for refunds than is left'"
            " FROM receivables_payment p JOIN receivables_refund r ON r.payment_id = p.id"
            " WHERE r.state IN ('asked', 'approved')"
            " GROUP BY p.id, p.number, p.unapplied_minor"
            " HAVING SUM(r.amount_minor) > p.unapplied_minor"
        )
        + first_rows(
            f"SELECT {source.format(row='r')}, 'paid, and no second person approved it'"
            " FROM receivables_refund r LEFT JOIN access_approval v ON v.id = r.approval_id"
            " WHERE r.state IN ('approved', 'paid') AND (v.id IS NULL OR v.is_approved IS NULL"
            "  OR NOT v.is_approved"
            "  OR v.asked_by = v.decided_by)"
        )
    )
