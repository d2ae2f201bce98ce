"""Fedwire messages: what a wire says that it is for, in tags {8400} to {8600} or in an 820.

See: readers/bank/fedwire.py, readers/bank/fedwire_documents.py.
"""

from collections.abc import Iterator
from typing import BinaryIO

from duly.cash_application.rules.advices import Advice, Event, line_of
from duly.cash_application.rules.statements import BOOKED, Entry
from duly.interfaces.exchange.readers.bank.fedwire import read_fedwire
from duly.interfaces.exchange.readers.remittance.nacha import own_problem
from duly.interfaces.exchange.readers.remittance.telling import incomplete, short
from duly.kernel.errors import Problem


def read_wires(file: BinaryIO, name: str) -> Iterator[Event]:
    """An advice for each wire that names its documents, "line 3" its place."""
    found = 0
    for event in read_fedwire(file, name):
        if isinstance(event, Problem):
            yield own_problem(event)
        elif isinstance(event, Entry) and event.status == BOOKED and event.documents:
            found += 1
            yield _advice(event)
    if not found:
        yield incomplete("line 1", "No wire of the file carries a structured remittance.")


def _advice(entry: Entry) -> Advice:
    references = (entry.bank_reference, entry.end_to_end, entry.customer_reference)
    return Advice(
        entry.place,
        payer_name=short(entry.name),
        payer_account=short(entry.account),
        payment_reference=short(" ".join(filter(None, references))),
        amount_minor=entry.minor,
        currency=entry.currency,
        paid_on=entry.booked_on,
        lines=tuple(
            line_of(
                short(one.number),
                one.gross_minor,
                one.paid_minor,
                one.discount_minor,
                one.deduction_minor,
                one.reason,
            )
            for one in entry.documents
        ),
    )
