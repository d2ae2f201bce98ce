"""How a row differs from the document that has its number already."""

from collections.abc import Sequence

from duly.kernel.currencies import EXPONENTS
from duly.kernel.money import text_from_minor
from duly.receivables.actions import DocumentDraft
from duly.receivables.queries import DocumentFacts, discounts_of, documents_by_number

Discounts = tuple[tuple[str | None, int], ...]  # (until, minor units) of each instalment


class IssuedBefore:
    """The documents that are there already, of those that some rows tell."""

    def __init__(self, entity_id: int, drafts: Sequence[DocumentDraft]) -> None:
        self._there = documents_by_number(entity_id, {draft.number for draft in drafts})
        self._granted: dict[int, Discounts] = {}
        if self._there:
            discounted = [draft for draft in drafts if any(part[3] for part in draft.instalments)]
            known = [found for draft in discounted if (found := self.find(draft))]
            self._granted = discounts_of({found.id for found in known}) if known else {}

    def __bool__(self) -> bool:
        """Tell whether any of them is there."""
        return bool(self._there)

    def find(self, draft: DocumentDraft) -> DocumentFacts | None:
        """The document that has this number, or None."""
        return self._there.get((draft.customer_id, draft.kind, draft.number))

    def difference(
        self, draft: DocumentDraft, earlier: DocumentFacts, *, is_derived: bool
    ) -> tuple[str, str, str] | None:
        """How a row differs from the document: (code, message, remedy), or None.

        What was issued is frozen, so any difference is told and nothing is changed silently. What
        the row does not say itself (`is_derived`: due dates, discount) is not held against it.
        """
        exponent = EXPONENTS[draft.currency]
        remedy = "Void the document first, or correct it by a credit note and a new number."
        if (draft.currency, draft.amount_minor) != (earlier.currency, earlier.amount_minor):
            was = text_from_minor(abs(earlier.amount_minor), EXPONENTS[earlier.currency])
            now = text_from_minor(abs(draft.amount_minor), exponent)
            return (
                "ALREADY_ISSUED",
                f"{draft.number} is there with {was} {earlier.currency}; this row says {now} "
                f"{draft.currency}.",
                remedy,
            )
        if draft.issued_on != earlier.issued_on:
            return (
                "ALREADY_ISSUED",
                f"{draft.number} was issued on {earlier.issued_on}; this row says "
                f"{draft.issued_on}.",
                remedy,
            )
        dues = tuple(part.due_on for part in draft.instalments)
        if draft.kind != "credit_note" and not is_derived and dues != earlier.due_on:
            return (
                "ALREADY_ISSUED",
                f"{draft.number} is due {', '.join(earlier.due_on)}; this row says "
                f"{', '.join(dues)}.",
                "A due date is frozen once issued. " + remedy,
            )
        granted = self._granted.get(earlier.id)
        if granted is not None and not is_derived and _discounts(draft) != granted:
            told = (_told(discounts, exponent) for discounts in (granted, _discounts(draft)))
            return (
                "ALREADY_ISSUED",
                "{} grants {}; this row says {}.".format(draft.number, *told),
                "What terms grant is frozen once issued. " + remedy,
            )
        if draft.settled_before_minor != earlier.opening_minor:
            return (
                "OPEN_AMOUNT_CHANGED",
                f"{draft.number} came in with another open amount.",
                "For a new list of what is open, import it with --snapshot DATE.",
            )
        return None


def _discounts(draft: DocumentDraft) -> Discounts:
    return tuple((part.discount_until, part.discount_minor) for part in draft.instalments)


def _told(discounts: Discounts, exponent: int) -> str:
    told = [
        f"{text_from_minor(minor, exponent)} until {until}" for until, minor in discounts if minor
    ]
    return ", ".join(told) or "no discount"
