"""I16: discounts against the terms that were frozen when the item was issued."""

from duly.kernel.proofs import MOST_VIOLATIONS, Proof
from duly.receivables.models import Application
from duly.receivables.queries.proofs.items import NUMBER
from duly.storage.reading import first_rows


def prove_discounts() -> Proof:
    """I16: discounts taken are within what the terms frozen on the item grant.

    Each stands beside money (or credit) on its item that stands itself, and was there in time: the
    payment's own day decides, not its copy in the application.
    """
    off = first_rows(
        f"SELECT {NUMBER}, i.discount_minor, t.taken FROM receivables_item i JOIN ("
        "  SELECT item_id, SUM(amount_minor) AS taken FROM receivables_application"
        "   WHERE reason = 'discount' GROUP BY item_id) AS t ON t.item_id = i.id"
        " WHERE t.taken > i.discount_minor OR t.taken < 0"
    )
    standing = (
        "SELECT a.* FROM receivables_application a WHERE a.reverses_id IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM receivables_application r WHERE r.reverses_id = a.id)"
    )
    late = first_rows(
        f"SELECT {NUMBER}, i.discount_until, COALESCE(p.received_on, c.issued_on)"
        f" FROM ({standing} AND a.reason = 'discount') AS t"
        " JOIN receivables_item i ON i.id = t.item_id"
        f" LEFT JOIN ({standing}) AS b ON b.id = t.beside_id AND b.item_id = t.item_id"
        " LEFT JOIN receivables_payment p ON p.id = b.payment_id"
        " LEFT JOIN receivables_item c ON c.id = b.credit_item_id"
        " WHERE i.discount_until IS NULL OR (p.id IS NULL AND c.id IS NULL)"
        "  OR COALESCE(p.received_on, c.issued_on) > i.discount_until"
    )
    violations: list[dict[str, object]] = [
        {"document": number, "granted_minor": granted, "taken_minor": int(taken)}
        for number, granted, taken in off
    ]
    violations += [
        {"document": number, "until": str(until), "paid_on": str(paid) if paid else None}
        for number, until, paid in late
    ]
    return Proof(
        "I16",
        "Discounts taken are within the terms frozen on the item",
        Application.objects.filter(reason="discount").count(),
        violations[:MOST_VIOLATIONS],
    )
