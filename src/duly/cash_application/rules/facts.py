"""What matching is told: open items, payments, customers, and what came in before. Frozen rows."""

from datetime import date
from typing import NamedTuple

from duly.cash_application.rules.advices import AdviceLine

AdvisedLine = AdviceLine  # as matching is told of it


class OpenItem(NamedTuple):
    """An item that money may settle; a credit note is open below zero.

    `discount_minor` is what may be taken off `open_minor` until `discount_until`, no sooner and no
    more.
    """

    id: int
    customer_id: int
    number: str
    currency: str
    open_minor: int
    issued_on: date
    due_on: date
    discount_until: date | None = None
    discount_minor: int = 0
    order: str = ""  # the customer's own order number


class BankPayment(NamedTuple):
    """Money that came in and is not applied yet; amounts are positive minor units."""

    id: int
    received_on: date
    minor: int
    currency: str
    name: str = ""
    account: str = ""
    text: str = ""
    reference: str = ""  # structured, where the bank gives it apart
    customer_id: int | None = None  # where a person has said who paid
    is_receivable: bool = True  # a person or a bank code may say that it is none
    was_undone: bool = False  # a person has taken its applications back
    settled: tuple[str, ...] = ()  # numbers in the text of documents of which nothing is open
    advised: tuple[AdvisedLine, ...] = ()  # what the payer's advice says that it is for
    has_moved_since: bool = False  # it was used on a day after the one that is asked about
    is_advice_loose: bool = False  # only amount and day say that the advice is of this money
    may_be_advised: bool = False  # an advice of the same sum and days waits for its money


class Customer(NamedTuple):
    """Who may have paid. `accounts` and `aliases` are those of the master data and learned ones.

    `earliest_days` after the due date (negative: before it) is when they paid earliest among many
    items, `latest_days` when latest; None where too few were paid to tell.
    """

    id: int
    code: str
    name: str
    accounts: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    parent_id: int | None = None
    is_insolvent: bool = False
    pays_from_abroad: bool = False  # banks on the way may keep charges
    earliest_days: int | None = None
    latest_days: int | None = None


class PastPayment(NamedTuple):
    """A payment received before, and the numbers of the items that it settled."""

    received_on: date
    minor: int
    currency: str
    customer_id: int | None
    text: str
    name: str = ""
    account: str = ""
    numbers: tuple[str, ...] = ()
