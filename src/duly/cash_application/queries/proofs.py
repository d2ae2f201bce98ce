"""I19: what the bank told against the payments that it brought."""

from duly.cash_application.models import BankLine
from duly.kernel.proofs import MOST_VIOLATIONS, Proof
from duly.storage.reading import first_rows

# What must hold of lines: (what is named, SQL of those of which it does not).
_BREACHES = (
    (
        "payment differs from its line",
        "SELECT l.id FROM cash_application_bankline l"
        " LEFT JOIN receivables_payment p ON p.id = l.payment_id"
        " LEFT JOIN cash_application_bankaccount a ON a.id = l.account_id"
        " WHERE l.payment_id IS NOT NULL AND (p.id IS NULL OR p.amount_minor <> l.amount_minor"
        " OR p.currency <> l.currency OR p.received_on <> l.booked_on OR p.batch_id <> l.batch_id"
        " OR p.entity_id <> COALESCE(a.entity_id, 0))",
    ),
    (
        "payment differs from its part of a batch entry",
        "SELECT l.id FROM cash_application_bankdetail d"
        " LEFT JOIN cash_application_bankline l ON l.id = d.line_id"
        " LEFT JOIN receivables_payment p ON p.id = d.payment_id"
        " WHERE l.id IS NULL OR p.id IS NULL OR p.amount_minor <> d.amount_minor"
        " OR p.currency <> l.currency OR p.received_on <> l.booked_on OR p.batch_id <> l.batch_id",
    ),
    (
        "money in that is no payment, or money out that is one",
        "SELECT l.id FROM cash_application_bankline l WHERE l.payment_id IS NULL"
        " AND (CASE WHEN l.amount_minor > 0 THEN l.amount_minor ELSE 0 END) <> COALESCE(("
        "SELECT SUM(d.amount_minor) FROM cash_application_bankdetail d WHERE d.line_id = l.id), 0)",
    ),
    (
        "taken back, and its payment stands",
        "SELECT l.id FROM cash_application_bankline l"
        " LEFT JOIN cash_application_bankdetail d ON d.line_id = l.id"
        " JOIN receivables_payment p ON p.id = COALESCE(l.payment_id, d.payment_id)"
        " WHERE l.is_void AND NOT p.is_void",
    ),
    (
        "takes back no payment that was returned, or one of another currency",
        "SELECT r.line_id FROM cash_application_returnedline r"
        " LEFT JOIN cash_application_bankline l ON l.id = r.line_id"
        " LEFT JOIN receivables_payment p ON p.id = r.payment_id"
        " WHERE NOT r.is_void AND (l.id IS NULL OR l.is_void OR l.undoes <> 'in' OR p.id IS NULL"
        "  OR p.currency <> l.currency OR NOT EXISTS (SELECT 1 FROM receivables_paymentreturn n"
        "   WHERE n.payment_id = p.id AND NOT n.is_void))",
    ),
    (
        "takes back less than the payments that it is said to",
        "SELECT l.id FROM cash_application_bankline l"
        " JOIN cash_application_returnedline r ON r.line_id = l.id AND NOT r.is_void"
        " JOIN receivables_payment p ON p.id = r.payment_id"
        " GROUP BY l.id, l.amount_minor HAVING SUM(p.amount_minor) > -l.amount_minor",
    ),
    (
        "of no statement of its account",
        "SELECT l.id FROM cash_application_bankline l"
        " LEFT JOIN cash_application_bankstatement s ON s.id = l.statement_id"
        " LEFT JOIN cash_application_bankaccount a ON a.id = l.account_id"
        " WHERE a.id IS NULL OR s.id IS NULL OR s.account_id <> l.account_id"
        " OR s.batch_id <> l.batch_id",
    ),
)


def prove_lines() -> Proof:
    """I19: money in the books is what the bank told, line by line."""
    violations: list[dict[str, object]] = [
        {"line": line, "problem": problem}
        for problem, sql in _BREACHES
        for (line,) in first_rows(sql)
    ]
    return Proof(
        "I19",
        "Payments from a bank's file are the lines that brought them",
        BankLine.objects.count(),
        violations[:MOST_VIOLATIONS],
    )
