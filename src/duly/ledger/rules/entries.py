"""What an entry is before it is written, and whether it may be.

Legs are built only by `debit` and `credit`; a posting is signed, debit positive.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import repeat
from operator import neg
from typing import NamedTuple, TypeVar

from duly.kernel.errors import Defect
from duly.ledger.errors import Unbalanced
from duly.ledger.rules.accounts import Account

Key = TypeVar("Key")


class Leg(NamedTuple):
    """One posting to be: signed minor units, debit positive; the customer whom it concerns."""

    account_id: int
    currency: str
    amount_minor: int
    customer_id: int | None


class Draft(NamedTuple):
    """An entry to be written: day, reason, the document it stands for, its legs.

    `source_kind` and `source_id` name the record that caused it ("document", 17); `reverses_id`
    the entry that it takes back, or None.
    """

    booked_on: str  # ISO date
    reason: str
    source_kind: str
    source_id: int
    reverses_id: int | None
    legs: tuple[Leg, ...]


class Transfers(NamedTuple):
    """Entries that each move one amount between the same two accounts, by column.

    Documents and payments come by the hundred thousand: columns of them are several times faster
    than a `Draft` for each. Amounts are signed minor units.
    """

    source_kind: str
    source_ids: Sequence[int]
    booked_on: Sequence[str]  # ISO dates
    reasons: Sequence[str]
    amounts_minor: Sequence[int]
    currencies: Sequence[str]
    customer_ids: Sequence[int | None]

    def legs(self, account: Account, sign: int) -> Iterable[tuple[int, int | None, str, int]]:
        """The leg of each entry on one of the accounts: (account, customer, currency, amount)."""
        amounts = self.amounts_minor if sign > 0 else map(neg, self.amounts_minor)
        return zip(repeat(account.id), self.customer_ids, self.currencies, amounts, strict=False)

    def sums(self, column: Sequence[Key]) -> dict[tuple[Key, str], int]:
        """{(value of a column, currency): what is moved there, in minor units}."""
        sums: defaultdict[tuple[Key, str], int] = defaultdict(int)
        keys = zip(column, self.currencies, strict=True)
        for key, amount in zip(keys, self.amounts_minor, strict=True):
            sums[key] += amount
        return sums


def debit(
    account: Account, amount_minor: int, currency: str, customer_id: int | None = None
) -> Leg:
    """A debit leg; a negative amount is our bug, never a negative debit."""
    if amount_minor < 0:
        raise Defect("a debit is not negative", facts={"amount_minor": amount_minor})
    return Leg(account.id, currency, amount_minor, customer_id)


def credit(
    account: Account, amount_minor: int, currency: str, customer_id: int | None = None
) -> Leg:
    """A credit leg, kept as a negative amount."""
    if amount_minor < 0:
        raise Defect("a credit is not negative", facts={"amount_minor": amount_minor})
    return Leg(account.id, currency, -amount_minor, customer_id)


def transfer(
    from_account: Account,
    to_account: Account,
    amount_minor: int,
    currency: str,
    customer_id: int | None,
) -> tuple[Leg, Leg]:
    """Two legs that move an amount: `to_account` debited, `from_account` credited.

    A negative amount moves the other way, so that a credit note is an invoice turned round.
    """
    if amount_minor < 0:
        from_account, to_account, amount_minor = to_account, from_account, -amount_minor
    return (
        Leg(to_account.id, currency, amount_minor, customer_id),
        Leg(from_account.id, currency, -amount_minor, customer_id),
    )


def refuse_unbalanced(drafts: Iterable[Draft]) -> None:
    """Crash on the first entry whose legs do not sum to zero in each currency.

    Never: catches; an unbalanced entry is a defect and must not be written.
    """
    for draft in drafts:
        legs = draft.legs
        if len(legs) == 2 and legs[0].currency == legs[1].currency:  # nearly all: cheap first
            if legs[0].amount_minor + legs[1].amount_minor == 0:
                continue
        else:
            sums: dict[str, int] = {}
            for leg in legs:
                sums[leg.currency] = sums.get(leg.currency, 0) + leg.amount_minor
            if not any(sums.values()):
                continue
        raise Unbalanced(
            f"an entry for {draft.source_kind} {draft.source_id} does not balance",
            facts={"source": [draft.source_kind, draft.source_id], "legs": [list(x) for x in legs]},
        )
