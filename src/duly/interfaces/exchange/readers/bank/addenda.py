"""Documents that an EDI 820, or RMR segments alone, name in the addenda of a payment.

Rule: they count where the whole of it can be read and tells what was paid on each; half of a
remittance would be taken for the whole. The text is kept as it came beside them.
See: F-05; readers/remittance/edi.py.
"""

from duly.cash_application.rules.statements import NamedDocument
from duly.kernel.errors import Problem


def documents_in_addenda(text: str) -> tuple[NamedDocument, ...]:
    """The documents of one advice; none where there is none, several, or a fault in it."""
    from duly.interfaces.exchange.readers.remittance.edi import (  # which reads banks' addenda too
        Known,
        advices_in,
        is_edi,
    )

    if not is_edi(text):
        return ()
    told = list(advices_in(text, Known()))
    if len(told) != 1 or isinstance(told[0], Problem):
        return ()
    lines = told[0].lines
    if any(line.paid_minor is None and line.gross_minor is None for line in lines):
        return ()
    return tuple(
        NamedDocument(
            line.number,
            "",
            line.gross_minor,
            line.paid_minor,
            line.discount_minor,
            line.deduction_minor,
            line.reason,
        )
        for line in lines
    )
