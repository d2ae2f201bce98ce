"""What makes a line of a bank one line, and which payments it brings.

Banks tell a line again and again: in the same file sent twice, in statements that overlap, in one
that corrects another. It is booked once; lines that are alike and both real are both kept.
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from hashlib import blake2b
from typing import NamedTuple

from duly.cash_application.rules.returning import Undoing
from duly.cash_application.rules.statements import BOOKED, STATEMENT, Detail, Entry, Opened

MONEY_IN, MONEY_OUT = "in", "out"
NO_REASON = "OTHER"  # of a return, where the bank tells none
_BLANKS = re.compile(r"\s+")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
# Lines that take money back, by the banks' codes of kinds: unpaid debits and cheques in camt,
# deposited items and ACH returned in BAI2, direct debits charged back in German MT940.
_RETURN_CODES = re.compile(r"-(?:UPDD|UPCQ|UPCT)\b|^(?:555|557)$|[+-]10[89]$|^[NSF]RTI\b")
_NO_REFERENCE = frozenset({"NONREF", "NOREF", "NOTPROVIDED", "NONE", "N/A", "NA"})


def identity_of(entry: Entry, on: date) -> str:
    """What tells a line of an account from others: 32 hexadecimal digits.

    Rule: day, amount and the bank's own reference; without one, day, amount and all that the line
    says of who paid and what for. How a format breaks texts, and in which case it writes them,
    makes no other line.

    >>> line = Entry("line 1", None, None, 11900, "EUR", remittance="RE 1", name="Acme")
    >>> day = date(2026, 3, 9)
    >>> identity_of(line, day) == identity_of(line._replace(remittance="re1"), day)
    True
    >>> identity_of(line, day) == identity_of(line._replace(remittance="RE 2"), day)
    False
    """
    reference = reference_of(entry.bank_reference)
    if not reference:
        said = (
            "text",
            entry.value_on.isoformat() if entry.value_on else "",
            *map(
                _plain,
                (
                    entry.name,
                    entry.account,
                    entry.end_to_end,
                    entry.mandate,
                    entry.customer_reference,
                    entry.structured_reference,
                    entry.remittance,
                ),
            ),
        )
    else:
        said = ("reference", reference)
    told = "\x1f".join((on.isoformat(), entry.currency, str(entry.minor), *said))
    return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def reference_of(text: str) -> str:
    """A bank's reference as it is compared; "" where it is none.

    >>> reference_of("B 4711"), reference_of("NONREF"), reference_of("000")
    ('B4711', '', '')
    """
    reference = _plain(text)
    return "" if reference in _NO_REFERENCE or not reference.strip("0") else reference


def _plain(text: str) -> str:
    return _BLANKS.sub("", text).upper()


class Occurrences:
    """How many lines of one identity an account has had so far in a statement.

    Statements of one file that follow each other (what one closes with, the next opens with) can't
    overlap: they count on. Others start again, so that what they tell twice is one line.
    """

    def __init__(self) -> None:
        self._number = ""
        self._closing: int | None = None
        self._seen: Counter[str] = Counter()

    def open(self, head: Opened) -> None:
        """Begin a statement of the account."""
        opening = head.opening.minor if head.opening else None
        follows = opening is not None and opening == self._closing and head.number != self._number
        if not follows:
            self._seen.clear()
        self._number = head.number

    def close(self, closing_minor: int | None) -> None:
        """End it."""
        self._closing = closing_minor

    def count(self, identity: str) -> int:
        """The number of a line among those of its identity, from 1."""
        self._seen[identity] += 1
        return self._seen[identity]


class StatementFacts(NamedTuple):
    """A statement that was told, by what it says of itself."""

    kind: str
    number: str
    opened_on: date | None
    opening_minor: int | None
    closed_on: date | None
    closing_minor: int | None


def gap_before(head: Opened, told: Sequence[StatementFacts]) -> StatementFacts | None:
    """The last statement before one that does not go on from it; None where none is missing.

    Statements may come in any order and twice: one that opens as another that was told is no news.
    """
    opening = head.opening
    if opening is None or opening.on is None or head.kind != STATEMENT:
        return None
    if any((one.opened_on, one.opening_minor) == opening for one in told):
        return None
    before = [
        (one.closed_on, at)
        for at, one in enumerate(told)
        if one.kind == STATEMENT and one.closed_on is not None and one.closed_on <= opening.on
    ]
    if not before or any(told[at].closing_minor == opening.minor for _, at in before):
        return None
    return told[max(before)[1]]


def payments_of(entry: Entry) -> tuple[Detail, ...]:
    """The payments that a booked line brings: none where money went out.

    Rule: a batch is as many payments as it has details, where the bank tells the amount of each
    and they make the line's; anything else is one payment over the line's amount, with what its
    details say.

    >>> two = (Detail(100, "Acme"), Detail(200, "Baker"))
    >>> line = Entry("line 1", None, None, 300, "EUR", details=two)
    >>> [(one.name, one.minor) for one in payments_of(line)]
    [('Acme', 100), ('Baker', 200)]
    >>> payments_of(line._replace(details=(Detail(None, "Acme"), Detail(None, "Baker"))))[0].minor
    300
    >>> payments_of(line._replace(minor=-300, details=()))
    ()
    """
    if entry.status != BOOKED or entry.minor <= 0:
        return ()
    amounts = [detail.minor or 0 for detail in entry.details]
    if len(amounts) > 1 and min(amounts) > 0 and sum(amounts) == entry.minor:
        return entry.details
    return (whole_of(entry),)


def whole_of(entry: Entry) -> Detail:
    """A line as if it had one detail: what only its details tell is theirs."""
    only = entry.details[0] if len(entry.details) == 1 else Detail(None)
    texts = [entry.remittance] if entry.remittance else [one.remittance for one in entry.details]
    references = [one.structured_reference for one in entry.details]
    return Detail(
        entry.minor,
        entry.name or only.name,
        entry.account or only.account,
        entry.end_to_end or only.end_to_end,
        entry.mandate or only.mandate,
        entry.bank_reference or only.bank_reference,
        entry.structured_reference or " ".join(filter(None, references)),
        " ".join(filter(None, texts)),
        entry.return_reason or only.return_reason,
        entry.documents or only.documents,
    )


def undone_by(entry: Entry) -> str:
    """What kind of earlier line a line takes back; "" for most.

    MONEY_IN: a returned payment. MONEY_OUT: a payment of our own that came back, which no customer
    paid.

    >>> undone_by(Entry("line 1", None, None, -11900, "EUR", code="PMNT-IDDT-UPDD"))
    'in'
    >>> undone_by(Entry("line 1", None, None, -11900, "EUR", code="PMNT-RDDT-ESDD"))
    ''
    """
    reasons = [entry.return_reason, *(one.return_reason for one in entry.details)]
    is_told = entry.is_reversal or any(reasons)
    if entry.minor < 0:
        return MONEY_IN if is_told or _RETURN_CODES.search(entry.code) else ""
    return MONEY_OUT if is_told else ""


def undoings_of(entry: Entry, on: date) -> tuple[Undoing, ...]:
    """The payments that a booked line takes back: one, or one for each detail of a batch entry.

    >>> two = (Detail(-100, "Acme", return_reason="AM04"), Detail(-200, "Baker"))
    >>> day = date(2026, 3, 9)
    >>> line = Entry("line 1", day, None, -300, "EUR", is_reversal=True, details=two)
    >>> [(one.name, one.amount_minor, one.reason) for one in undoings_of(line, day)]
    [('Acme', 100, 'AM04'), ('Baker', 200, 'OTHER')]
    """
    if entry.status != BOOKED or undone_by(entry) != MONEY_IN:
        return ()
    amounts = [detail.minor or 0 for detail in entry.details]
    is_batch = len(amounts) > 1 and max(amounts) < 0 and sum(amounts) == entry.minor
    parts = entry.details if is_batch else (whole_of(entry),)
    return tuple(
        Undoing(
            on,
            entry.currency,
            -(part.minor or 0),
            0 if is_batch else entry.charges_minor,
            part.return_reason or entry.return_reason or NO_REASON,
            part.bank_reference or entry.bank_reference,
            entry.customer_reference,
            part.end_to_end,
            part.mandate,
            part.account,
            part.name,
            " ".join(filter(None, (part.structured_reference, part.remittance))),
        )
        for part in parts
    )


def is_known_everywhere(account: str) -> bool:
    """Tell whether an account's number is one the world over: an IBAN.

    >>> is_known_everywhere("DE89370400440532013000"), is_known_everywhere("1234567890")
    (True, False)
    """
    return _IBAN.fullmatch(account.replace(" ", "")) is not None
