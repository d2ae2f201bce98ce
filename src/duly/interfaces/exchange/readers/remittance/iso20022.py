"""pain.001 and remt.001 of any version: payments with the documents that they are for.

Rule: a payment order (pain.001) is an advice of whoever sends it along; each of its credit
transfers is one. In remt.001 each RmtInf is. Amounts of a document: DuePyblAmt is gross, RmtdAmt
paid, CdtNoteAmt a credit note, DscntApldAmt a discount, AdjstmntAmtAndRsn a deduction where it is a
debit; newer versions write them as RmtAmtAndTp with a type (table ExternalDocumentAmountType).
See: ISO 20022 message definition reports; docs/sources.md, bank files.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import BinaryIO

from duly.cash_application.rules.advices import (
    MOST_PROBLEMS,
    Advice,
    AdviceLine,
    Event,
    line_of,
)
from duly.cash_application.rules.statements import decimals_of
from duly.interfaces.exchange.readers.bank.figures import minor_of
from duly.interfaces.exchange.readers.remittance.elements import Element, read_elements
from duly.interfaces.exchange.readers.remittance.loose import numbers_in
from duly.interfaces.exchange.readers.remittance.telling import (
    MOST_LINES,
    doubtful,
    incomplete,
    short,
    too_many,
    unequal,
    unreadable,
)
from duly.kernel.errors import Problem
from duly.kernel.quoting import quoted

_HEADS = ("NbOfTxs", "CtrlSum", "PmtInfId", "ReqdExctnDt", "Dbtr", "UltmtDbtr", "DbtrAcct")
_NO_REFERENCE = ("NOTPROVIDED", "NONREF", "")
_CREDITS = ("CREN", "CNFA")
# What versions from 2019 on call an amount, to what it is here.
_TYPES = {
    "DUPA": "gross",
    "INVA": "gross",
    "INVOICEAMOUNT": "gross",
    "PIVA": "gross",
    "RMTD": "paid",
    "REMI": "paid",
    "REMITTEDAMOUNT": "paid",
    "APDS": "discount",
    "STDS": "discount",
    "DISC": "discount",
    "DISCOUNTAMOUNT": "discount",
    "ADJA": "deduction",
    "CRNA": "credit",
}


def read_pain(file: BinaryIO, name: str) -> Iterator[Event]:
    """What a pain.001 says: an advice for each credit transfer, places "payment 3".

    Problems: INCOMPLETE where fewer or more payments are there than the head counts,
    DOES_NOT_ADD_UP where they do not make its control sum, of the file and of each block.
    """
    reader = _Orders()
    yield from _read(file, (*_HEADS, "CdtTrfTxInf"), reader.take)
    yield from reader.end()


def read_remt(file: BinaryIO, name: str) -> Iterator[Event]:
    """What a remt.001 says: an advice for each RmtInf, places "payment 3"."""
    reader = _Remittances()
    yield from _read(file, ("NbOfTxs", "CtrlSum", "InitgPty", "RmtInf"), reader.take)
    yield from reader.totals.end("the file", "payments")


def _read(file: BinaryIO, wanted: tuple[str, ...], take: object) -> Iterator[Event]:
    """Hand each wanted element on, until there are too many problems."""
    unread = 0
    for one in read_elements(file, wanted):
        events = [one] if isinstance(one, Problem) else take(*one)  # type: ignore[operator]
        for event in events:
            unread += isinstance(event, Problem)
            yield event
        if unread >= MOST_PROBLEMS:
            return


class _Totals:
    """How many payments a head counts and what they make, held against those that come."""

    def __init__(self) -> None:
        self.claimed: dict[str, str] = {}
        self.count, self.sum = 0, Decimal(0)

    def add(self, amount: str) -> None:
        """A payment of the block."""
        self.count += 1
        try:
            self.sum += Decimal(amount)
        except InvalidOperation:
            self.claimed.pop("CtrlSum", None)

    def end(self, place: str, what: str) -> Iterator[Problem]:
        """Problems where a claim does not hold."""
        count, total = self.claimed.get("NbOfTxs", ""), self.claimed.get("CtrlSum", "")
        if count and (not count.isdecimal() or int(count[:18]) != self.count):
            told = f"{place.capitalize()} counts {quoted(count)} {what}; there are {self.count:,}."
            yield incomplete(place, told)
        if total and not _is_sum(total, self.sum):
            told = f"{place.capitalize()} claims {quoted(total)}; its payments make {self.sum}."
            yield unequal(place, told)


def _is_sum(claimed: str, made: Decimal) -> bool:
    try:
        return Decimal(claimed) == made
    except InvalidOperation:
        return False


class _Orders:
    """The blocks and transfers of a pain.001 as they come."""

    def __init__(self) -> None:
        self.file, self.block = _Totals(), _Totals()
        self.blocks = self.payments = 0
        self.payer: dict[str, Element] = {}
        self.on: date | None = None

    def take(self, parent: str, one: Element) -> Iterator[Event]:
        """What an element says."""
        if one.name == "PmtInfId":
            yield from self._end_block()
            self.blocks, self.block, self.payer, self.on = self.blocks + 1, _Totals(), {}, None
        elif one.name in ("NbOfTxs", "CtrlSum"):
            totals = self.file if parent == "GrpHdr" else self.block
            totals.claimed[one.name] = one.text.strip()
        elif one.name == "ReqdExctnDt":
            self.on = _day(one)
        elif one.name == "CdtTrfTxInf":
            self.payments += 1
            yield from self._payment(one)
        else:
            self.payer[one.name] = one

    def end(self) -> Iterator[Event]:
        """What is left to say when the file ends."""
        yield from self._end_block()
        yield from self.file.end("the file", "payments")
        if not self.payments:
            yield incomplete("line 1", "The file holds no payment.")

    def _end_block(self) -> Iterator[Problem]:
        yield from self.block.end(f"block {self.blocks}", "payments")

    def _payment(self, one: Element) -> Iterator[Event]:
        place = f"payment {self.payments}"
        amount = one.one("Amt/InstdAmt") or one.one("Amt/EqvtAmt/Amt")
        told = amount.text.strip() if amount else ""
        self.file.add(told)
        self.block.add(told)
        currency = amount.attributes.get("Ccy", "")[:3] if amount else ""
        minor = minor_of(told, decimals_of(currency))
        if minor is None:
            yield unreadable(place, f"{quoted(told)} is no amount")
            return
        payer = self.payer.get("UltmtDbtr") or self.payer.get("Dbtr")
        account = self.payer.get("DbtrAcct")
        remittance = one.one("RmtInf") or Element("RmtInf", {})
        lines, problems = _lines(place, remittance, currency, minor)
        yield from problems
        yield Advice(
            place,
            short(_name(payer)),
            short(account.said("Id/IBAN", "Id/Othr/Id") if account else ""),
            "",
            _reference(one.said("PmtId/EndToEndId")) or _reference(one.said("PmtId/InstrId")),
            minor,
            currency,
            self.on,
            lines,
        )


class _Remittances:
    """The advices of a remt.001 as they come."""

    def __init__(self) -> None:
        self.totals = _Totals()
        self.sender: Element | None = None

    def take(self, parent: str, one: Element) -> Iterator[Event]:
        """What an element says."""
        if one.name in ("NbOfTxs", "CtrlSum"):
            self.totals.claimed[one.name] = one.text.strip()
        elif one.name == "InitgPty":
            self.sender = one
        else:
            yield from self._advice(one)

    def _advice(self, one: Element) -> Iterator[Event]:
        place = f"payment {self.totals.count + 1}"
        paid = one.one("OrgnlPmtInf") or Element("OrgnlPmtInf", {})
        amounts = ("Amt/InstdAmt", "Amt/IntrBkSttlmAmt", "Amt/EqvtAmt/Amt", "IntrBkSttlmAmt")
        amount = next(filter(None, map(paid.one, amounts)), None)
        told = amount.text.strip() if amount else ""
        self.totals.add(told or "0")
        currency = amount.attributes.get("Ccy", "")[:3] if amount else _currency(one)
        minor = minor_of(told, decimals_of(currency)) if told else None
        if told and minor is None:
            yield unreadable(place, f"{quoted(told)} is no amount")
            return
        lines, problems = _lines(place, one, currency, minor)
        yield from problems
        on = paid.one("ReqdExctnDt") or paid.one("IntrBkSttlmDt") or paid.one("ReqdColltnDt")
        yield Advice(
            place,
            short(_name(paid.one("Dbtr") or self.sender)),
            short(paid.said("DbtrAcct/Id/IBAN", "DbtrAcct/Id/Othr/Id")),
            "",
            _reference(paid.said("Refs/EndToEndId"))
            or _reference(paid.said("Refs/UETR", "Refs/TxId", "Refs/InstrId"))
            or _reference(one.said("RmtId")),
            minor,
            currency,
            _day(on) if on else None,
            lines,
        )


def _name(party: Element | None) -> str:
    return party.said("Nm", "Pty/Nm") if party else ""


def _reference(text: str) -> str:
    return "" if text.upper() in _NO_REFERENCE else short(text)


def _day(one: Element) -> date | None:
    """Older versions write the day itself, newer ones Dt or DtTm in it."""
    try:
        return date.fromisoformat((one.said("Dt", "DtTm") or one.text.strip())[:10])
    except ValueError:
        return None


def _currency(one: Element) -> str:
    """The one currency of all amounts inside; "" where there are none or several."""
    found, todo = set(), [one]
    while todo:
        element = todo.pop()
        found.add(element.attributes.get("Ccy", ""))
        todo += element.children
    found.discard("")
    return found.pop()[:3] if len(found) == 1 else ""


def _lines(
    place: str, remittance: Element, currency: str, minor: int | None
) -> tuple[tuple[AdviceLine, ...], list[Problem]]:
    """The documents that a payment is for, of structured and of free remittance information."""
    lines: list[AdviceLine] = []
    problems: list[Problem] = []
    for structured in remittance.all("Strd"):
        if len(lines) >= MOST_LINES:
            return (), [too_many(place)]
        lines += _documents(place, structured, currency, problems)
    texts = [one.text for one in remittance.all("Ustrd")]
    if not lines:
        text = " ".join(texts)
        lines = [AdviceLine(number, text=short(text)) for number in numbers_in(text)]
    if len(lines) == 1 and lines[0].paid_minor is None:
        lines = [lines[0]._replace(paid_minor=minor)]
    return tuple(lines), problems


def _documents(
    place: str, one: Element, currency: str, problems: list[Problem]
) -> Iterator[AdviceLine]:
    document = one.one("RfrdDocInf") or Element("RfrdDocInf", {})
    kind = document.said("Tp/CdOrPrtry/Cd", "Tp/CdOrPrtry/Prtry").upper()
    number = document.said("Nb") or one.said("CdtrRefInf/Ref", "CdtrRefInf/CdtrRef")
    amounts, reason = _amounts(place, one, currency, problems)
    is_credit = kind in _CREDITS or ("credit" in amounts and "gross" not in amounts)
    gross, paid = amounts.get("gross", amounts.get("credit")), amounts.get("paid")
    if is_credit:
        gross, paid = (None if n is None else -abs(n) for n in (gross, paid))
    if number or amounts:
        text = short(" ".join(each.text for each in one.all("AddtlRmtInf")))
        discount, deduction = amounts.get("discount", 0), amounts.get("deduction", 0)
        yield line_of(short(number), gross, paid, discount, deduction, reason, text)


def _amounts(
    place: str, one: Element, currency: str, problems: list[Problem]
) -> tuple[dict[str, int], str]:
    """{what: minor units} of a document, and the reason of what is kept back."""
    found: dict[str, int] = {}
    for amounts in one.all("RfrdDocAmt"):
        told = [
            ("gross", amounts.one("DuePyblAmt")),
            ("paid", amounts.one("RmtdAmt")),
            ("credit", amounts.one("CdtNoteAmt")),
            *(("discount", each.one("Amt") or each) for each in amounts.all("DscntApldAmt")),
        ]
        for typed in amounts.all("RmtAmtAndTp"):
            kind = re.sub(r"\W", "", typed.said("Tp/Cd", "Tp/Prtry")).upper()
            told.append((_TYPES.get(kind, ""), typed.one("Amt")))
        for what, amount in told:
            if what and amount is not None:
                _add(found, what, amount, place, currency, problems)
        for adjusted in amounts.all("AdjstmntAmtAndRsn"):
            amount = adjusted.one("Amt")
            if amount is not None:
                sign = -1 if adjusted.said("CdtDbtInd") == "CRDT" else 1
                _add(found, "deduction", amount, place, currency, problems, sign)
    reason = one.said("RfrdDocAmt/AdjstmntAmtAndRsn/Rsn") or one.said(
        "RfrdDocAmt/AdjstmntAmtAndRsn/AddtlInf"
    )
    return found, short(reason)


def _add(
    found: dict[str, int],
    what: str,
    amount: Element,
    place: str,
    currency: str,
    problems: list[Problem],
    sign: int = 1,
) -> None:
    minor = minor_of(amount.text.strip(), decimals_of(currency))
    if minor is None or amount.attributes.get("Ccy", currency) not in (currency, ""):
        told = f"{quoted(amount.text.strip())} of a document is no amount in {currency}."
        problems.append(doubtful(place, told))
        return
    found[what] = found.get(what, 0) + sign * minor
