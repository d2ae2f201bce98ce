"""What an items row means: its due dates, its discount, what of it is still open.

Rule: a due date stands in the file, or follows from the terms in the file, or from the
customer's terms, or from the entity's; it is never guessed, and frozen once issued (E4, H2).
"""

from datetime import date
from typing import NamedTuple

from duly.kernel.errors import DulyError, Malformed, TermsUnclear
from duly.kernel.money import Money
from duly.kernel.terms import Instalment, Terms, parse_terms


class DueDateMissing(Malformed):
    """Neither a due date nor terms that give one."""

    code = "DUE_DATE_MISSING"


class Due(NamedTuple):
    """One due date, its share in minor units, and the discount that its terms grant."""

    due_on: str
    amount_minor: int
    discount_until: str | None
    discount_minor: int


class TermsBook:
    """Reads terms once for each text; a file repeats the same few."""

    def __init__(self) -> None:
        self._read: dict[str, Terms | DulyError] = {}

    def read(self, text: str) -> Terms:
        """The terms of a text. Refuses as `parse_terms` does."""
        found = self._read.get(text)
        if found is None:
            try:
                found = parse_terms(text)
            except DulyError as error:
                found = error
            self._read[text] = found
        if isinstance(found, DulyError):
            raise found
        return found


def schedule(
    *,
    terms_text: str,
    issued_on: date,
    amount: Money,
    book: TermsBook,
    received_on: date | None = None,
) -> tuple[tuple[Due, ...], str]:
    """The due dates that terms give a document, and the terms as they are kept.

    `received_on` is when the goods arrived, where terms count from there.
    Refuses: DueDateMissing where the terms are free text; TermsUnclear where they have two
    readings.
    """
    terms = book.read(terms_text)
    if terms.is_free_text:
        raise DueDateMissing(
            f"The terms {terms_text[:60]!r} give no due date.",
            facts={"terms": terms_text},
            remedy="Fill in due_on, or write terms such as net30 or 2/10 net 30.",
        )
    parts = terms.schedule(issued_on, amount, received_on=received_on)
    return tuple(map(_due, parts)), terms.code


def stated(
    *,
    due_on: date,
    terms_text: str,
    issued_on: date,
    amount: Money,
    book: TermsBook,
    received_on: date | None = None,
) -> tuple[Due, str]:
    """The due date that a document states itself, with the discount that its terms grant.

    Rule: the day stated counts, whatever the terms say of it. Terms that have two readings, or
    several due dates, are kept as written and grant nothing.
    """
    plain = Due(due_on.isoformat(), amount.minor, None, 0)
    if not terms_text:
        return plain, ""
    try:
        terms = book.read(terms_text)
        if len(terms.shares) == 1 and not terms.shares[0].discounts:
            return plain, terms.code
        (part,) = terms.schedule(issued_on, amount, received_on=received_on, due_on=due_on)
    except TermsUnclear:
        return plain, terms_text
    return _due(part), terms.code


def _due(part: Instalment) -> Due:
    return Due(
        part.due_on.isoformat(),
        part.amount.minor,
        part.discount_until.isoformat() if part.discount_until else None,
        part.discount.minor if part.discount else 0,
    )
