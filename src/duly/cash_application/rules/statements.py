"""What a bank's file says, whatever its format: statements, balances, entries, details.

A reader hands on a stream of `Opened`, `Entry` and `Closed`, one statement after the other, and
`Problem`s between them where something is not as the format says. A file of a million entries is
never held whole. Amounts are signed minor units: money in is positive, whatever the format calls
its side. What a format does not tell is "" or None and never guessed.
See: docs/sources.md, bank files.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from duly.kernel.amounts import text_from_minor
from duly.kernel.currencies import EXPONENTS
from duly.kernel.errors import Problem

BOOKED, PENDING, INFORMATION = "booked", "pending", "information"
STATEMENT, INTERIM, NOTICE = "statement", "interim", "notice"


class Balance(NamedTuple):
    """What an account held at the open or the close of a day: signed minor units."""

    on: date | None
    minor: int


class NamedDocument(NamedTuple):
    """A document that structured remittance names, in minor units; None where it is not told.

    A credit note that is taken off was paid with a negative amount. `kind`: its code of ISO 20022.
    """

    number: str
    kind: str = ""
    gross_minor: int | None = None
    paid_minor: int | None = None
    discount_minor: int = 0
    deduction_minor: int = 0
    reason: str = ""  # of the deduction


class Detail(NamedTuple):
    """One of the payments that a batch entry is made of; its amount has the sign of the entry's."""

    minor: int | None  # None where the bank gives no amount of its own
    name: str = ""
    account: str = ""
    end_to_end: str = ""
    mandate: str = ""
    bank_reference: str = ""
    structured_reference: str = ""
    remittance: str = ""
    return_reason: str = ""
    documents: tuple[NamedDocument, ...] = ()


class Entry(NamedTuple):
    """A line of a statement.

    `minor`: signed; `currency`: its own, the statement's but for rare files. `is_reversal`: an
    earlier entry is undone (MT940 RC and RD, camt RvslInd). `charges_minor`: what the bank kept,
    already taken out of `minor`. `status`: only BOOKED ones count towards the closing balance.
    `place`: where it stands, as a person finds it ("line 17", "entry 3").
    """

    place: str
    booked_on: date | None
    value_on: date | None
    minor: int
    currency: str
    bank_reference: str = ""
    customer_reference: str = ""  # ours or the payer's, as it was handed through
    name: str = ""
    account: str = ""
    end_to_end: str = ""
    mandate: str = ""
    structured_reference: str = ""
    remittance: str = ""
    code: str = ""
    is_reversal: bool = False
    status: str = BOOKED
    return_reason: str = ""
    charges_minor: int = 0
    details: tuple[Detail, ...] = ()
    documents: tuple[NamedDocument, ...] = ()


class Noticed(NamedTuple):
    """A batch entry that a notice tells with its payments: they open the statement's entry."""

    entry: Entry


class Opened(NamedTuple):
    """The head of a statement. `is_continued`: its opening balance is that of a page between."""

    place: str
    account: str
    currency: str
    number: str = ""
    kind: str = STATEMENT
    opening: Balance | None = None
    bank: str = ""  # BIC or bank code, where told
    owner: str = ""


class Claimed(NamedTuple):
    """A control total that the bank states: `what` ("entries", "credits" ...), how many, how much.

    `minor` of debits is positive, as banks write it; None where only a count is told.
    """

    what: str
    entries: int | None
    minor: int | None


class Closed(NamedTuple):
    """The foot of a statement: its closing balance, and what the bank says it adds up to."""

    place: str
    closing: Balance | None = None
    claimed: tuple[Claimed, ...] = ()


Event = Opened | Entry | Closed | Problem


def decimals_of(currency: str) -> int:
    """How many decimals minor units of a statement have: 2 where its currency is not told ("").

    QIF and some CSV and OFX files name no currency; the account that they are for has one.
    """
    return EXPONENTS.get(currency, 2)


def prove(events: Iterable[Event]) -> Iterator[Event]:
    """The same events, with a `Problem` behind whatever does not add up or is missing.

    Rule: opening balance + booked entries = closing balance; each total that the bank claims is the
    total of its entries; the details of a batch make its amount.
    Returns: the stream; DOES_NOT_ADD_UP tells the difference, INCOMPLETE what a statement lacks.
    See: F-01, F-02, F-03.
    """
    head = None
    credits = debits = credit_count = debit_count = others = 0
    for event in events:
        yield event
        if type(event) is Entry:  # a million of them: summed up here, without a call
            minor = event.minor
            if minor >= 0:
                credits += minor
                credit_count += 1
            else:
                debits -= minor
                debit_count += 1
            if event.status != BOOKED:
                others += minor
            if event.details:
                yield from _details_problems(event)
        elif isinstance(event, Opened):
            head = event
            credits = debits = credit_count = debit_count = others = 0
        elif isinstance(event, Closed) and head is not None:
            sums = _Sums(credits, debits, credit_count, debit_count, others)
            yield from _foot_problems(head, event, sums)
            head = None


class _Sums(NamedTuple):
    """Counts and sums of a statement's entries; `others` is what is not booked, signed."""

    credits: int
    debits: int
    credit_count: int
    debit_count: int
    others: int

    @property
    def booked_minor(self) -> int:
        """What the booked entries make, signed."""
        return self.credits - self.debits - self.others

    def of(self, what: str) -> tuple[int, int]:
        """(count, minor units) of "credits", "debits", "entries" (without sign) or "net"."""
        both = self.credit_count + self.debit_count
        return {
            "credits": (self.credit_count, self.credits),
            "debits": (self.debit_count, self.debits),
            "entries": (both, self.credits + self.debits),
            "net": (both, self.credits - self.debits),
        }[what]


def _details_problems(entry: Entry) -> Iterator[Problem]:
    amounts = [detail.minor for detail in entry.details]
    told = [minor for minor in amounts if minor is not None]
    if len(told) > 1 and len(told) == len(amounts) and sum(told) != entry.minor:
        yield Problem(
            where=entry.place,
            code="DOES_NOT_ADD_UP",
            message=f"Its {len(told)} details make {_amount(sum(told), entry.currency)}, the entry "
            f"is {_amount(entry.minor, entry.currency)}.",
            remedy="Ask the bank for the file again.",
        )


def _foot_problems(head: Opened, foot: Closed, sums: _Sums) -> Iterator[Problem]:
    missing = [
        what
        for what, is_missing in (
            ("an account", not head.account),
            ("a currency", not head.currency),
            ("an opening balance", head.kind == STATEMENT and head.opening is None),
            ("a closing balance", head.kind == STATEMENT and foot.closing is None),
        )
        if is_missing
    ]
    if missing:
        yield Problem(
            where=head.place,
            code="INCOMPLETE",
            message=f"The statement lacks {', '.join(missing)}.",
            remedy="Ask the bank for the whole statement."
            if head.account and head.currency
            else "Ask the bank for the whole statement, or name it: --account, --currency.",
        )
    if head.opening is not None and foot.closing is not None:
        difference = head.opening.minor + sums.booked_minor - foot.closing.minor
        if difference:
            yield Problem(
                where=foot.place,
                code="DOES_NOT_ADD_UP",
                message="Opening balance and entries make "
                f"{_amount(head.opening.minor + sums.booked_minor, head.currency)}, the closing "
                f"balance is {_amount(foot.closing.minor, head.currency)}: "
                f"{_amount(difference, head.currency)} too much.",
                remedy="Ask the bank for the file again; nothing of it can be trusted.",
            )
    for claim in foot.claimed:
        yield from _claim_problems(head, foot, claim, sums)


def _claim_problems(head: Opened, foot: Closed, claim: Claimed, sums: _Sums) -> Iterator[Problem]:
    count, minor = sums.of(claim.what)
    if claim.entries is not None and claim.entries != count:
        yield Problem(
            where=foot.place,
            code="DOES_NOT_ADD_UP",
            message=f"The file claims {claim.entries:,} {claim.what}; there are {count:,}.",
            remedy="Ask the bank for the file again.",
        )
    if claim.minor is not None and claim.minor != minor:
        yield Problem(
            where=foot.place,
            code="DOES_NOT_ADD_UP",
            message=f"The file claims {_amount(claim.minor, head.currency)} of {claim.what}; they "
            f"make {_amount(minor, head.currency)}.",
            remedy="Ask the bank for the file again.",
        )


def _amount(minor: int, currency: str) -> str:
    return f"{text_from_minor(minor, decimals_of(currency))} {currency}".rstrip()
