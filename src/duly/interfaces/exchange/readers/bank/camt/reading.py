"""The stream of a camt file: statements, entries, details, and what can't be read.

Rule: CdtDbtInd is the direction of the entry itself, RvslInd only says that an earlier one is
undone: no sign is ever turned. A payment in a batch has its own direction where it tells one. Who
paid is the debtor of money in and the creditor of money out, the other way round for a reversal;
where that is the account's owner, the other.
See: F-03.
"""

import html
import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import BinaryIO, TypeVar

from duly.cash_application.rules.statements import (
    BOOKED,
    INFORMATION,
    PENDING,
    Detail,
    Entry,
    Event,
)
from duly.interfaces.exchange.readers.bank.camt.documents import documents_in
from duly.interfaces.exchange.readers.bank.camt.markup import pieces
from duly.interfaces.exchange.readers.bank.camt.shapes import (
    NOWHERE,
    Charge,
    Party,
    Payment,
    Shape,
    payment_of,
    shape_of,
)
from duly.interfaces.exchange.readers.bank.camt.statement import Outline
from duly.interfaces.exchange.readers.bank.decoding import MOST_PROBLEMS, doubtful, unreadable
from duly.interfaces.exchange.readers.bank.figures import minor_of
from duly.kernel.errors import Problem
from duly.kernel.quoting import quoted

_ENTRY = re.compile(r"<Ntry(?:\s[^>]*)?>")
_PAYMENT = re.compile(r"<TxDtls(?:\s[^>]*)?>(.*?)</TxDtls\s*>", re.DOTALL)
_TAG = re.compile(r"<([^>]*)>")
_AMOUNTS = tuple(
    re.compile(rf"[0-9]{{1,15}}\.[0-9]{{{decimals}}}" if decimals else "[0-9]{1,15}").fullmatch
    for decimals in range(5)
)
_STATUSES = {
    "BOOK": BOOKED,
    "PDNG": PENDING,
    "FUTR": PENDING,
    "INFO": INFORMATION,
}
_SIDES = {"CRDT": 1, "DBIT": -1}
_TRUE = ("true", "1")
_MOST_SHAPES = 2_000
_LONGEST_KEY = 100_000  # characters of the tags of a shape that is remembered
_Kept = TypeVar("_Kept", Shape, Payment)
_NO_REFERENCE = ("NOTPROVIDED", "NONREF")


class _Days(dict[str, date | None]):
    """Days by their text, remembered: a file repeats a few."""

    def __missing__(self, text: str) -> date | None:
        try:
            on = date.fromisoformat(text.strip()[:10])
        except ValueError:
            return None
        if len(self) > 10_000:
            self.clear()
        self[text] = on
        return on


def read_camt(file: BinaryIO, name: str) -> Iterator[Event]:
    """Read camt.052, .053 or .054 of any version, an entry at a time.

    Args: `file`: bytes of the XML, seekable; `name` is not looked at.
    Returns: `Opened`, `Entry`..., `Closed` of each statement; places are "statement 1", "entry 3".
    Problems: BANK_LINE_UNREADABLE for entries without a readable amount, side or shape, and for
    XML that ends too early; BANK_LINE_DOUBTFUL for days, states and balances that can't be read.
    """
    return _Reader().read(file)


class _Reader:
    def __init__(self) -> None:
        self._outline = Outline()
        self._is_open = False
        self._entries = self._unreadable = 0
        self._shapes: dict[str, Shape] = {}
        self._payments: dict[str, Payment] = {}  # shapes of those in batches
        self._days = _Days()
        self._currency = ""  # of the entry
        self._problems: list[Problem] = []

    def read(self, file: BinaryIO) -> Iterator[Event]:
        """All that the file says."""
        for piece in pieces(file):
            if isinstance(piece, Problem):
                self._unreadable += piece.code == "BANK_LINE_UNREADABLE"
                yield piece
                continue
            begins = _ENTRY.search(piece)
            before = piece[: begins.start()] if begins else piece
            if before and not before.isspace():
                yield from self._between(before)
            if begins:
                yield from self._entry(piece[begins.end() :])
            if self._unreadable >= MOST_PROBLEMS:
                break
        if self._is_open:  # the file broke off
            yield self._outline.closed()
        elif not self._outline.statements and not self._unreadable:
            yield Problem(
                where="line 1",
                code="INCOMPLETE",
                message="The file holds no statement.",
                remedy="Ask the bank for the whole file.",
            )

    def _between(self, text: str) -> Iterator[Event]:
        """What stands between entries: statements end and begin."""
        outline = self._outline
        for _ in outline.follow(text):
            if not self._is_open:
                yield outline.opened("")
            self._is_open = False
            yield outline.closed()
            for doubt in outline.doubts:
                yield doubtful(f"statement {outline.statements}", f"Its {doubt}.")
            outline.doubts = []
        for _ in range(outline.strays):
            yield self._fault("an entry stands where none may")
        outline.strays = 0

    def _fault(self, why: str) -> Problem:
        self._unreadable += 1
        return unreadable(f"entry {self._entries}", why)

    def _doubt(self, why: str) -> None:
        self._problems.append(doubtful(f"entry {self._entries}", why))

    def _entry(self, body: str) -> Iterator[Event]:
        self._entries += 1
        batch: list[str] = []
        if body.count("<TxDtls") > 1:
            found = _PAYMENT.split(body)
            body, batch = "".join(found[0::2]), found[1::2]
        tags, texts = _split(body)
        key = "<".join(tags)
        shape = self._shapes.get(key)
        if shape is None:
            shape = shape_of(tags)
            if shape is None:
                yield self._fault("its tags are not those of an entry")
                return
            _remember(self._shapes, key, shape)
        if not self._outline.kind:
            yield self._fault("it stands outside of a statement")
            return
        if not self._is_open:
            self._is_open = True
            yield self._outline.opened(shape.currency)
        yield self._made(texts, shape, batch)
        if self._problems:
            yield from self._problems
            self._problems = []

    def _made(self, texts: list[str], shape: Shape, batch: list[str]) -> Entry | Problem:
        """The entry that texts and shape make, with the payments of a batch."""
        amount = texts[shape.amount]
        decimals = shape.exponent
        if decimals >= 0 and _AMOUNTS[decimals](amount):
            minor = int(amount.replace(".", ""))
        else:
            found = self._odd_amount(amount.strip(), shape)
            if found is None:
                currency = shape.currency or "no currency"
                return self._fault(f"its amount {quoted(amount.strip())} is none in {currency}")
            minor = found
        side = _SIDES.get(texts[shape.side].strip())
        if side is None:
            return self._fault("it does not tell whether it is a credit or a debit (CdtDbtInd)")
        minor *= side
        status = _STATUSES.get(texts[shape.status].strip())
        if status is None:
            self._doubt(f"Its status {quoted(texts[shape.status].strip())} is taken for booked.")
            status = BOOKED
        is_reversal = texts[shape.reversal].strip() in _TRUE
        payment, self._currency = shape.payment, shape.currency
        comes_in = (side > 0) != is_reversal
        one = self._detail(texts, payment, comes_in, None) if payment else _NO_DETAIL
        code = shape.code or (payment.code if payment else ())
        return Entry(
            f"entry {self._entries}",
            self._day(texts[shape.booked_on]),
            self._day(texts[shape.value_on]),
            minor,
            shape.currency,
            texts[shape.bank_reference].strip()
            or one.bank_reference
            or texts[shape.entry_reference].strip(),
            _customer_reference(texts, shape),
            one.name,
            one.account,
            one.end_to_end,
            one.mandate,
            one.structured_reference,
            one.remittance or _plain(texts[shape.told]),
            "-".join([texts[at].strip() for at in code]),
            is_reversal,
            status,
            one.return_reason,
            _charged(texts, shape, minor),
            self._details(batch, shape, comes_in, minor) if batch else (),
            one.documents,
        )

    def _odd_amount(self, amount: str, shape: Shape) -> int | None:
        """An amount with fewer or more digits than usual, or in a currency of another time."""
        minor = minor_of(amount, shape.exponent if shape.exponent >= 0 else 2)
        if minor is None or amount.startswith(("-", "+")) or not shape.currency:
            return None
        if shape.exponent < 0:
            self._doubt(f"{quoted(shape.currency)} is no currency of today; two decimals are read.")
        return minor

    def _day(self, text: str) -> date | None:
        on = self._days[text]
        if on is None and text.strip():
            self._doubt(f"{quoted(text.strip())} is no day; the entry is read without it.")
        return on

    def _details(
        self, batch: list[str], shape: Shape, comes_in: bool, minor: int
    ) -> tuple[Detail, ...]:
        """The payments of a batch, signed by their own direction where they tell one."""
        found = []
        for body in batch:
            tags, texts = _split(body)
            key = "<".join(tags)
            payment = self._payments.get(key)
            if payment is None:
                payment = payment_of(tags)
                if payment is None:
                    self._problems.append(self._fault("the tags of a payment in it do not nest"))
                    continue
                _remember(self._payments, key, payment)
            amount = self._amount_of(texts, payment, shape, minor)
            found.append(self._detail(texts, payment, comes_in, amount))
        told = [detail.minor for detail in found if detail.minor is not None]
        if len(told) == len(found) and sum(told) == -minor != 0:
            # Some banks repeat the side of the original payments; the entry's counts.
            return tuple(detail._replace(minor=-(detail.minor or 0)) for detail in found)
        return tuple(found)

    def _amount_of(
        self, texts: list[str], payment: Payment, shape: Shape, minor: int
    ) -> int | None:
        """A payment's amount in the currency of the entry, signed."""
        for amount in payment.amounts:
            if amount.currency == shape.currency:
                told = texts[amount.at].strip()
                found = minor_of(told, shape.exponent if shape.exponent >= 0 else 2)
                if found is None:
                    self._doubt(f"A payment in it has the amount {quoted(told)}, which is none.")
                    return None
                return found * _SIDES.get(texts[amount.side].strip(), 1 if minor >= 0 else -1)
        return None

    def _detail(
        self, texts: list[str], payment: Payment, comes_in: bool, minor: int | None
    ) -> Detail:
        who, other = payment.debtor, payment.creditor
        if not comes_in:
            who, other = other, who
        name, account = _party(texts, who)
        if (account and account == self._outline.account) or not (name or account):
            found = _party(texts, other)
            if found[1] != self._outline.account or not account:
                name, account = found
        end_to_end = texts[payment.end_to_end].strip()
        lines = [_plain(texts[at]) for at in payment.remittance]
        return Detail(
            minor,
            name,
            account,
            "" if end_to_end in _NO_REFERENCE else end_to_end,
            texts[payment.mandate].strip(),
            texts[payment.bank_reference].strip(),
            _reference(texts, payment.structured),
            lines[0] if len(lines) == 1 and lines[0] else _told(texts, payment, lines),
            texts[payment.return_reason].strip(),
            documents_in(texts, payment.documents, self._currency) if payment.documents else (),
        )


_NO_DETAIL = Detail(None)


def _split(body: str) -> tuple[list[str], list[str]]:
    """The tags in a body, and the texts around them; the last text is "", where nothing is told."""
    if body.count(">") == body.count("<"):  # the usual, and faster than the expression
        pieces = body.replace(">", "<").split("<")
    else:
        pieces = _TAG.split(body)
    texts = pieces[0::2]
    texts[-1] = ""
    if "&" in body:
        texts = [html.unescape(text) for text in texts]
    return pieces[1::2], texts


def _remember(shapes: dict[str, _Kept], key: str, shape: _Kept) -> None:
    if len(key) < _LONGEST_KEY:
        if len(shapes) >= _MOST_SHAPES:
            shapes.clear()
        shapes[key] = shape


def _plain(text: str) -> str:
    """A text on one line, without the blanks that lay XML out."""
    text = text.strip()
    return text if text.isprintable() else " ".join(text.split())


def _party(texts: Sequence[str], party: Party) -> tuple[str, str]:
    account = texts[party.account].strip()
    return _plain(texts[party.name]), account.replace(" ", "")


def _reference(texts: Sequence[str], places: tuple[int, ...]) -> str:
    """The first structured reference that is told."""
    for at in places:
        if found := texts[at].strip():
            return found
    return ""


def _told(texts: Sequence[str], payment: Payment, lines: list[str]) -> str:
    """The free text in its order, then further references, else what the bank tells."""
    others = [texts[at].strip() for at in payment.structured[1:]]
    told = " ".join(line for line in (*lines, *others) if line)
    return told or _plain(texts[payment.told])


def _customer_reference(texts: Sequence[str], shape: Shape) -> str:
    found = texts[shape.payment.customer_reference].strip() if shape.payment else ""
    found = found or texts[shape.batch_reference].strip()
    return "" if found in _NO_REFERENCE else found


def _charged(texts: Sequence[str], shape: Shape, minor: int) -> int:
    """What the bank kept of the entry: charges that it says are included, or that make up the
    difference between what was instructed and what came."""
    payment = shape.payment
    charges: tuple[Charge, ...] = shape.charges or (payment.charges if payment else ())
    if not charges:
        return 0
    included = total = 0
    for charge in charges:
        amount = charge.amount
        found = minor_of(texts[amount.at].strip(), max(shape.exponent, 0))
        if found is None or amount.currency != shape.currency:
            continue
        signed = -found if texts[amount.side].strip() == "CRDT" else found
        total += signed
        if charge.included != NOWHERE and texts[charge.included].strip() in _TRUE:
            included += signed
    if included:
        return included
    if payment:
        for amount in payment.instructed:
            if amount.currency == shape.currency:
                found = minor_of(texts[amount.at].strip(), max(shape.exponent, 0))
                if found is not None and abs(found - abs(minor)) == abs(total):
                    return total
    return 0
