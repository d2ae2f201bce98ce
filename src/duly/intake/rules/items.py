"""What an items row means: its due dates, its discount, what of it is still open.

Rule: a due date stands in the file, or follows from the terms in the file, or from the
customer's terms, or from the entity's; it is never guessed, and frozen once issued (E4, H2).
"""

from dataclasses import dataclass
from datetime import date

from duly.kernel.errors import DulyError, Malformed
from duly.kernel.money import Money
from duly.kernel.terms import Terms, parse_terms


class DueDateMissing(Malformed):
    """Neither a due date nor terms that give one."""

    code = "DUE_DATE_MISSING"


@dataclass(frozen=True, slots=True)
class Due:
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
    *, terms_text: str, issued_on: date, amount: Money, book: TermsBook
) -> tuple[tuple[Due, ...], str]:
    """The due dates that terms give a document, and the terms as they are kept.

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
    dues = tuple(
        Due(
            part.due_on.isoformat(),
            part.amount.minor,
            part.discount_until.isoformat() if part.discount_until else None,
            part.discount.minor if part.discount else 0,
        )
        for part in terms.schedule(issued_on, amount)
    )
    return dues, terms.code
