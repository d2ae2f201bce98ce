"""A statement of account: what a customer is told of their account on a day.

Rule: one part a currency, each adding up by itself. An open-item statement lists everything open
on the day; an activity statement lists what moved the balance since a day, and
opening + activity = closing. Both end with the same balance: open items less credits less money
not applied, which is what the aging of that day says.
See: docs/sources.md, pains F1, F2, F4, F5.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from duly.kernel.errors import Defect
from duly.receivables.rules.aging import DUE, Buckets

OPEN_ITEM, ACTIVITY = "open-item", "activity"
KINDS = (OPEN_ITEM, ACTIVITY)


class DoesNotAddUp(Defect):
    """Opening plus activity is not the closing balance: the books are wrong."""

    code = "STATEMENT_DOES_NOT_ADD_UP"


@dataclass(frozen=True, slots=True)
class Line:
    """Something open on the day; amounts of credit notes and payments are negative."""

    customer_id: int
    kind: str  # a kind of document, or "payment"
    number: str
    instalment: int  # 0 for the only one
    reference: str  # the customer's order number
    issued_on: date
    due_on: date
    amount_minor: int
    open_minor: int
    disputed_minor: int = 0  # of what is open

    def days_past_due(self, on: date) -> int:
        """Days since the due date; 0 or less is not late."""
        return (on - self.due_on).days


@dataclass(frozen=True, slots=True)
class Movement:
    """Something that moved the balance: up is positive."""

    customer_id: int
    on: date
    kind: str  # a kind of document, "payment", or the reason of a settlement
    number: str
    reference: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Part:
    """A statement's part in one currency. `lines` or `movements`, as its kind has it."""

    currency: str
    lines: tuple[Line, ...]
    opening_minor: int
    movements: tuple[Movement, ...]
    ages_minor: tuple[int, ...]  # a bucket each, credits and money not applied left out
    unapplied_minor: int  # credits and money not applied, zero or negative
    disputed_minor: int = 0  # of what is open
    disputed_overdue_minor: int = 0

    @property
    def balance_minor(self) -> int:
        """All that is owed, less credits and money not applied."""
        return sum(self.ages_minor) + self.unapplied_minor

    @property
    def overdue_minor(self) -> int:
        """What is due before the day."""
        return sum(self.ages_minor[1:])

    @property
    def asked_minor(self) -> int:
        """What the customer is asked to pay: overdue less credits, or else the whole balance.

        Rule: what is in dispute is not asked for.
        """
        return self.overdue_asked_minor or self.undisputed_minor

    @property
    def overdue_asked_minor(self) -> int:
        """What is overdue less credits and what is in dispute, never below zero."""
        return max(self.overdue_minor + self.unapplied_minor - self.disputed_overdue_minor, 0)

    @property
    def undisputed_minor(self) -> int:
        """The balance without what is in dispute, never below zero."""
        return max(self.balance_minor - self.disputed_minor, 0)

    @property
    def left_out_minor(self) -> int:
        """What is left out of the sum to pay because it is in dispute."""
        return self.disputed_overdue_minor if self.overdue_asked_minor else self.disputed_minor


@dataclass(frozen=True, slots=True)
class Statement:
    """A customer's statement; `customer_ids` are those whose accounts it shows."""

    customer_id: int
    customer_ids: tuple[int, ...]
    kind: str
    on: date
    from_on: date | None
    parts: tuple[Part, ...]
    buckets: Buckets = DUE


@dataclass(slots=True)
class Account:
    """What was read of one customer in one currency."""

    lines: list[Line] = field(default_factory=list)
    opening_minor: int = 0
    movements: list[Movement] = field(default_factory=list)


def part_of(accounts: Sequence[Account], *, currency: str, kind: str, on: date) -> Part:
    """A part from the accounts of one customer, or of a group.

    Refuses: DoesNotAddUp when an activity statement's opening and activity are not its closing.
    """
    lines = sorted(
        (line for account in accounts for line in account.lines),
        key=lambda line: (line.due_on, line.issued_on, line.number, line.instalment),
    )
    ages = [0] * len(DUE.names)
    unapplied = 0
    for line in lines:
        if line.amount_minor < 0:
            unapplied += line.open_minor
        else:
            ages[DUE.index_of(line.days_past_due(on))] += line.open_minor
    movements = sorted(
        (movement for account in accounts for movement in account.movements),
        key=lambda movement: (movement.on, movement.amount_minor < 0, movement.number),
    )
    opening = sum(account.opening_minor for account in accounts)
    closing = opening + sum(movement.amount_minor for movement in movements)
    if kind == ACTIVITY and closing != sum(ages) + unapplied:
        raise DoesNotAddUp(
            f"A statement in {currency} does not add up: opening and activity make {closing},"
            f" open items {sum(ages) + unapplied} (minor units)."
        )
    return Part(
        currency=currency,
        lines=tuple(lines) if kind == OPEN_ITEM else (),
        opening_minor=opening,
        movements=tuple(movements),
        ages_minor=tuple(ages),
        unapplied_minor=unapplied,
        disputed_minor=sum(line.disputed_minor for line in lines),
        disputed_overdue_minor=sum(
            line.disputed_minor for line in lines if line.days_past_due(on) > 0
        ),
    )


def without_voided_pairs(movements: Iterable[tuple[str, Movement]]) -> list[Movement]:
    """Movements without documents and payments that came and were voided inside the period.

    Given: (key of the document or payment that it is about, "" for neither; movement). What is
    left out sums to zero, so that the activity stays (pain F2).
    """
    about: dict[str, list[Movement]] = {}
    told = list(movements)
    for key, movement in told:
        about.setdefault(key, []).append(movement)
    gone = {key for key, group in about.items() if key and _is_voided_pair(group)}
    return [movement for key, movement in told if key not in gone]


def _is_voided_pair(group: Sequence[Movement]) -> bool:
    kinds = {movement.kind for movement in group}
    came = kinds & {"invoice", "credit_note", "debit_note", "charge", "payment"}
    return "void" in kinds and bool(came) and not sum(movement.amount_minor for movement in group)
