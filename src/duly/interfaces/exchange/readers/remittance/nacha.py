"""Addenda of a NACHA file: CTX entries carry a whole 820 in slices, CCD+ a segment of one.

The bank's reader puts the slices together and proves counts, hashes and totals.
See: F-05; readers/bank/nacha.py.
"""

from collections.abc import Iterator
from typing import BinaryIO

from duly.cash_application.rules.advices import DOES_NOT_ADD_UP, INCOMPLETE, Event
from duly.cash_application.rules.statements import Entry
from duly.interfaces.exchange.readers.bank.nacha import read_nacha
from duly.interfaces.exchange.readers.remittance.edi import Known, advices_in, is_edi
from duly.interfaces.exchange.readers.remittance.telling import doubtful, incomplete, unreadable
from duly.kernel.errors import Problem


def read_addenda(file: BinaryIO, name: str) -> Iterator[Event]:
    """What the addenda of money that came in say: an advice for each entry, "line 3" its place."""
    found = 0
    for event in read_nacha(file, name):
        if isinstance(event, Problem):
            yield own_problem(event)
        elif isinstance(event, Entry) and event.minor > 0 and is_edi(event.remittance):
            found += 1
            known = Known(
                event.place, event.name, event.bank_reference, event.minor, event.booked_on
            )
            yield from advices_in(event.remittance, known)
    if not found:
        yield incomplete("line 1", "No entry of the file carries a remittance.")


def own_problem(problem: Problem) -> Problem:
    """What the bank's reader found wrong, as it is called of a remittance."""
    if problem.code in (DOES_NOT_ADD_UP, INCOMPLETE):
        return problem
    told = unreadable if problem.code == "BANK_LINE_UNREADABLE" else doubtful
    made = told(problem.where, "", problem.remedy)
    return Problem(problem.where, made.code, problem.message, problem.remedy)
