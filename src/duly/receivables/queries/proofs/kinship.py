"""I15: whatever points at something points at what is there, and at the same entity's."""

from duly.kernel.proofs import MOST_VIOLATIONS, Proof
from duly.receivables.models import TOLD_PAYER, Application, Document, Payment
from duly.storage.reading import first_rows

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
        " OR i.due_on <> a.item_due_on OR i.issued_on <> a.item_issued_on"
        " OR a.applied_on < i.issued_on OR i.amount_minor < 0)",
    ),
    (
        "application of a payment",
        "SELECT COALESCE(p.number, 'application ' || a.id) FROM receivables_application a"
        " LEFT JOIN receivables_payment p ON p.id = a.payment_id"
        " WHERE a.payment_id IS NOT NULL AND (p.id IS NULL OR p.entity_id <> a.entity_id"
        " OR p.currency <> a.currency OR p.received_on <> a.source_on"
        f" OR (COALESCE({TOLD_PAYER.format(payment='p')}, 0) <> COALESCE(a.payer_id, 0)"
        "  AND NOT EXISTS (SELECT 1 FROM receivables_attribution n WHERE n.payment_id = p.id"
        "   AND COALESCE(n.customer_id, 0) = COALESCE(a.payer_id, 0)))"
        " OR a.applied_on < p.received_on)",
    ),
    (
        "attribution of a payment",
        "SELECT COALESCE(p.number, 'attribution ' || n.id) FROM receivables_attribution n"
        " LEFT JOIN receivables_payment p ON p.id = n.payment_id"
        " LEFT JOIN parties_customer c ON c.id = n.customer_id"
        " WHERE p.id IS NULL OR p.entity_id <> n.entity_id OR p.currency <> n.currency"
        " OR p.received_on <> n.source_on OR n.attributed_on < p.received_on"
        " OR n.amount_minor < 0 OR n.amount_minor > p.amount_minor"
        " OR (n.customer_id IS NOT NULL AND (c.id IS NULL OR c.entity_id <> n.entity_id))",
    ),
    (
        "payer of a payment",
        "SELECT p.number FROM receivables_payment p JOIN receivables_attribution n"
        " ON n.id = (SELECT MAX(m.id) FROM receivables_attribution m WHERE m.payment_id = p.id)"
        " WHERE COALESCE(p.customer_id, 0) <> COALESCE(n.customer_id, 0)",
    ),
    (
        "entry of an attribution",
        "SELECT 'attribution ' || e.source_id FROM ledger_entry e"
        " LEFT JOIN receivables_attribution n ON n.id = e.source_id"
        " WHERE e.source_kind = 'attribution' AND (n.id IS NULL OR n.entity_id <> e.entity_id"
        " OR n.attributed_on <> e.booked_on OR n.batch_id <> e.batch_id)",
    ),
    (
        "application of a credit note",
        "SELECT COALESCE(d.number, 'application ' || a.id) FROM receivables_application a"
        " LEFT JOIN receivables_item i ON i.id = a.credit_item_id"
        " LEFT JOIN receivables_document d ON d.id = i.document_id"
        " WHERE a.credit_item_id IS NOT NULL AND (i.id IS NULL OR i.entity_id <> a.entity_id"
        " OR i.customer_id <> a.payer_id OR i.currency <> a.currency"
        " OR i.issued_on <> a.source_on OR a.applied_on < i.issued_on OR i.amount_minor >= 0)",
    ),
    (
        "application taken back",
        "SELECT 'application ' || a.id FROM receivables_application a"
        " LEFT JOIN receivables_application b ON b.id = a.reverses_id"
        " WHERE (a.reverses_id IS NOT NULL OR a.amount_minor <= 0) AND (b.id IS NULL"
        " OR b.reverses_id IS NOT NULL OR b.amount_minor <> -a.amount_minor"
        " OR b.entity_id <> a.entity_id OR b.currency <> a.currency OR b.reason <> a.reason"
        " OR COALESCE(b.item_id, 0) <> COALESCE(a.item_id, 0)"
        " OR COALESCE(b.payment_id, 0) <> COALESCE(a.payment_id, 0)"
        " OR COALESCE(b.credit_item_id, 0) <> COALESCE(a.credit_item_id, 0)"
        " OR a.applied_on < b.applied_on)",
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
        "posting",
        "SELECT COALESCE((SELECT d.number FROM receivables_document d"
        "  WHERE e.source_kind = 'document' AND d.id = e.source_id), 'entry ' || e.id)"
        " FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id"
        " LEFT JOIN parties_customer c ON c.id = p.customer_id"
        " WHERE p.customer_id IS NOT NULL AND (c.id IS NULL OR c.entity_id <> e.entity_id)",
    ),
    (
        "parent of a customer",
        "SELECT c.code FROM parties_customer c LEFT JOIN parties_customer p ON p.id = c.parent_id"
        " WHERE c.parent_id IS NOT NULL AND (p.id IS NULL OR p.entity_id <> c.entity_id)",
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
        {"what": what, "document": number}
        for what, sql in _KINSHIP
        for (number,) in first_rows(sql)
    ]
    checked = Document.objects.count() + Payment.objects.count() + Application.objects.count()
    return Proof(
        "I15",
        "Everything belongs to the entity of what it points at",
        checked,
        violations[:MOST_VIOLATIONS],
    )
