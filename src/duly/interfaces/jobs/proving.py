"""Prove the books: every invariant of docs/invariants.md that rows can show."""

from duly.access.queries import prove_keys
from duly.cash_application.queries import prove_lines
from duly.intake.queries import prove_imports
from duly.kernel.proofs import Proof
from duly.ledger.queries import known_sequence
from duly.ledger.queries import proofs as ledger
from duly.ledger.queries.locks import prove_locks
from duly.receivables.queries import proofs as receivables
from duly.storage.reading import one_state


@one_state()
def prove_books() -> list[Proof]:
    """All proofs, over one state of the database."""
    return [
        ledger.prove_balance(),
        receivables.prove_control(),
        receivables.prove_items(),
        receivables.prove_payments(),
        receivables.prove_aging(days=receivables.proof_days(), sequence=known_sequence()),
        ledger.prove_known_then(),
        ledger.prove_untouched(),
        prove_keys(),
        prove_locks(),
        receivables.prove_kinship(),
        receivables.prove_discounts(),
        prove_imports(),
        prove_lines(),
    ]
