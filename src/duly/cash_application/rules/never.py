"""What is never applied unattended, however well it fits: the written list.

Rule: money that is no receivable; a payment equal to one just received; a text that names what
belongs to somebody else, or is settled; what an advice alone says of money that nobody is known to
have sent; what a person has taken back once; whatever comes from an insolvent payer.
"""

from collections.abc import Collection, Iterable
from datetime import timedelta

from duly.cash_application.policy import MatchingPolicy
from duly.cash_application.rules.facts import BankPayment, Customer, OpenItem, PastPayment
from duly.cash_application.rules.texts import squeeze

NOT_RECEIVABLE, DUPLICATE, CONTRADICTED, UNDONE, INSOLVENT, SETTLED = (
    "not_receivable", "duplicate", "contradicted", "undone", "insolvent", "settled",
)  # fmt: skip
OVER_YEAR, MOVED, HEARSAY, AWAITED = "over_year", "moved", "hearsay", "awaited"

_LONG = 6
WORDS = {
    NOT_RECEIVABLE: "It is said to be no payment of a customer.",
    DUPLICATE: "An equal payment came in a few days ago.",
    CONTRADICTED: "Its text names an item of another customer, or of another currency.",
    SETTLED: "Its text names a document of which nothing is open any more.",
    UNDONE: "A person has taken its application back.",
    MOVED: "It was applied, or taken back, on a later day than this.",
    AWAITED: "An advice of the same sum waits for its money: this may be it.",
    HEARSAY: "Amount and day alone tie the advice to it: anybody may have written it.",
    OVER_YEAR: "More small differences would be let pass than policy allows of them in a year.",
    INSOLVENT: "The payer is insolvent: somebody else may have a right to the money.",
}


class Past:
    """What came in before, by amount and currency: a payment made twice has both."""

    def __init__(self, payments: Iterable[PastPayment] = ()) -> None:
        self._equal: dict[tuple[int, str], list[PastPayment]] = {}
        for payment in payments:
            self.add(payment)

    def __len__(self) -> int:
        return len(self._equal)

    def add(self, payment: PastPayment) -> None:
        """One more that came in."""
        self._equal.setdefault((payment.minor, payment.currency), []).append(payment)

    def earlier(self, payment: BankPayment, policy: MatchingPolicy) -> PastPayment | None:
        """The payment just received that this one repeats: amount, text and payer are the same."""
        equal = self._equal.get((payment.minor, payment.currency))
        if not equal:
            return None
        since = payment.received_on - timedelta(days=policy.duplicate_days)
        recent = [one for one in equal if since <= one.received_on <= payment.received_on]
        text = squeeze(payment.text) if recent else ""
        for one in recent:
            is_theirs = one.account == payment.account or squeeze(one.name) == squeeze(payment.name)
            if is_theirs and squeeze(one.text) == text:
                return one
        return None


def names_paid(payment: BankPayment, earlier: PastPayment) -> bool:
    """Tell whether a text names, in full, what an earlier payment has settled."""
    text = squeeze(payment.text)
    return any(len(n) >= _LONG and n in text for n in map(squeeze, earlier.numbers))


def refusals(
    payment: BankPayment,
    customer: Customer | None,
    repeated: PastPayment | None,
    foreign: Collection[OpenItem],
) -> tuple[str, ...]:
    """Codes of what speaks against applying a payment unattended; empty where nothing does."""
    told: list[str] = []
    if not payment.is_receivable:
        told.append(NOT_RECEIVABLE)
    if payment.was_undone:
        told.append(UNDONE)
    if payment.has_moved_since:
        told.append(MOVED)
    if repeated is not None:
        told.append(DUPLICATE)
    if foreign:
        told.append(CONTRADICTED)
    if payment.settled:
        told.append(SETTLED)
    if customer is not None and customer.is_insolvent:
        told.append(INSOLVENT)
    return tuple(told)
