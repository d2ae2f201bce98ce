"""Fedwire messages in the format of tags, {1500} to {9000}: a wire, and the remittance it brings.

A field has its fixed width, or ends earlier with "*". Amounts are US cents. From 2025 on Fedwire
speaks ISO 20022; banks still hand out messages of this form.
See: FAIM 3.0 (Federal Reserve Banks), tags and elements; docs/sources.md, bank files.
"""

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from duly.cash_application.rules.statements import (
    BOOKED,
    INFORMATION,
    NOTICE,
    Closed,
    Entry,
    Event,
    NamedDocument,
    Opened,
)
from duly.interfaces.exchange.readers.bank.addenda import documents_in_addenda
from duly.interfaces.exchange.readers.bank.decoding import (
    MOST_PROBLEMS,
    decoded,
    doubtful,
    unreadable,
)
from duly.interfaces.exchange.readers.bank.fedwire_documents import documents_in
from duly.interfaces.exchange.readers.bank.figures import day_of, minor_of
from duly.interfaces.exchange.readers.bank.references import reference_in

_TAG = re.compile(r"\{([0-9]{4})\}")
_CHARGE = re.compile(r"([A-Z]{3})([0-9]{0,12}),([0-9]{0,2})")
_PARTY = (1, 34, 35)  # kind of id, id, name; the address follows
_NOTIFIED = (1, 2048, 140, 35, 35, 35, 35)  # the last is the end-to-end id
_TEXT_WIDTH = {"6000": 35, "8750": 140}
_NO_MONEY = {
    "01": "a request for a reversal",
    "07": "a request for a reversal",
    "31": "a request for a drawdown",
    "33": "a refusal of a drawdown",
    "90": "a service message",
}
_LONGEST_VALUE = 1 << 16  # characters, over all its lines
_REVERSALS = ("02", "08")
_DOCUMENTS = {"8400": "", "8700": "with "}
_AMOUNTS = {"8450": "paid", "8500": "gross", "8550": "discount"}

Message = tuple[int, list[tuple[str, str]]]  # its line, its tags and their values


def read_fedwire(file: BinaryIO, name: str) -> Iterator[Event]:
    """What Fedwire messages say: an entry each, in statements of kind NOTICE by beneficiary.

    Amounts: US cents, money that came to the beneficiary. Requests and refusals are of status
    INFORMATION. Problems: BANK_LINE_UNREADABLE for a message without an amount.
    """
    text, problem = decoded(file)
    if problem:
        yield problem
        return
    account, unread, place = None, 0, "line 1"
    for row, tags in _messages(text):
        place = f"line {row}"
        told = dict(reversed(tags))  # the first of each
        amount = told.get("2000", "").strip()
        if not (amount.isascii() and amount.isdigit() and len(amount) <= 12):
            unread += 1
            yield unreadable(place, f"the message has no amount ({{2000}} is {amount!a})")
            if unread >= MOST_PROBLEMS:
                break
            continue
        own = _beneficiary(told)
        if own != account:
            if account is not None:
                yield Closed(place)
            account = own
            yield Opened(place, own, "USD", "", NOTICE, None, told.get("3400", "")[:9].strip())
        yield from _entry(place, tags, told, int(amount))
    if account is not None:
        yield Closed(place)


def _messages(text: Iterable[str]) -> Iterator[Message]:
    """Messages, each beginning with {1100} of the Reserve Bank or {1500} of the sender."""
    at, tags, seen = 0, list[tuple[str, str]](), set[str]()
    for row, line in enumerate(text, 1):
        lead, *parts = _TAG.split(line.rstrip("\n"))
        if lead.strip("\x1a ") or (lead and tags):
            if tags and len(tags[-1][1]) < _LONGEST_VALUE:
                tags[-1] = (tags[-1][0], tags[-1][1] + lead)
            else:
                yield row, [("", lead)]
        for tag, value in zip(parts[::2], parts[1::2], strict=True):
            if tags and (tag == "1100" or (tag == "1500" and "1500" in seen)):
                yield at, tags
                tags, seen = [], set()
            at = at if tags else row
            tags.append((tag, value))
            seen.add(tag)
    if tags:
        yield at, tags


def _fields(value: str, *widths: int) -> list[str]:
    """Fields of so many characters, or up to "*" where one ends earlier."""
    found, at = [], 0
    for width in widths:
        window = value[at : at + width]
        star = window.find("*")
        found.append((window[:star] if star >= 0 else window).strip())
        at += star + 1 if star >= 0 else width
    return found


def _beneficiary(told: dict[str, str]) -> str:
    """The account that the money goes to: {4200}, or that of a bank."""
    for tag in ("4200", "4100", "4000"):
        if tag in told and (account := _fields(told[tag], *_PARTY)[1]):
            return account
    return ""


def _originator(told: dict[str, str]) -> tuple[str, str]:
    """Name and account of who pays: {5000}, {5010} of lines with numbers, or a bank."""
    for tag in ("5000", "5100"):
        if tag in told:
            _, account, name = _fields(told[tag], *_PARTY)
            return name, account
    if "5010" in told:
        account, *lines = _fields(told["5010"], 35, 35, 35, 35, 35)
        names = [line[2:].strip() for line in lines if line.startswith("1/")]
        return " ".join(names), account.removeprefix("/")
    return "", ""


def _entry(
    place: str, tags: list[tuple[str, str]], told: dict[str, str], minor: int
) -> Iterator[Event]:
    kind = told.get("1510", "").strip()
    head, why = told.get("1500", ""), _NO_MONEY.get(kind[2:4], "")
    if head[10:11] == "T":
        why = "a test"
    if why:
        yield doubtful(place, f"The message is {why}: no money came.", "Nothing is to be done.")
    if head[11:12] == "P":
        yield doubtful(place, "The message may be a duplicate, its sender says.")
    charges, is_foreign = _charges(told.get("3700", ""))
    if is_foreign:
        yield doubtful(place, "Charges in another currency than USD are left out.")
    name, account = _originator(told)
    remittance = _remittance(tags)
    mark = told.get("1520", "").strip()
    day = day_of(told.get("1120", "")[:8]) or day_of(mark[:8])
    yield Entry(
        place,
        day,
        day,
        minor,
        "USD",
        bank_reference=mark or told.get("3320", "").strip(),
        customer_reference=_fields(told.get("4320", ""), 16)[0],
        name=name,
        account=account,
        end_to_end=_fields(told.get("3620", ""), *_NOTIFIED)[-1],
        structured_reference=reference_in(remittance),
        remittance=remittance,
        code=" ".join(filter(None, (told.get("3600", "")[:3].strip(), kind))),
        is_reversal=kind[2:4] in _REVERSALS,
        status=INFORMATION if why else BOOKED,
        charges_minor=charges,
        documents=_documents(tags),
    )


def _charges(value: str) -> tuple[int, bool]:
    """US cents that banks on the way kept, and whether there are charges of another currency."""
    total, is_foreign = 0, False
    for currency, whole, part in _CHARGE.findall(value):
        if currency == "USD":
            total += minor_of(f"{whole}.{part}", 2) or 0
        else:
            is_foreign = True
    return total, is_foreign


def _remittance(tags: list[tuple[str, str]]) -> str:
    """What the payer says it is for: free lines, addenda, and the documents of tags {8400} on."""
    told = []
    for tag, value in tags:
        if tag in _TEXT_WIDTH:
            width = _TEXT_WIDTH[tag]
            told.append(_joined(value, width, 4 if tag == "6000" else 3))
        elif tag == "8200":
            told.append(value[4:].rstrip())
        elif tag in _DOCUMENTS:
            kind, own_kind, number, _ = _fields(value, 4, 35, 35, 35)
            told.append(f"{_DOCUMENTS[tag]}{own_kind or kind} {number}")
        elif tag in _AMOUNTS:
            told.append(f"{_AMOUNTS[tag]} {' '.join(_fields(value, 3, 19))}")
        elif tag == "8600":
            told.append(f"adjusted {' '.join(_fields(value, 2, 4, 3, 19, 140))}")
        elif tag == "8650":
            told.append(f"of {value[:8]}")
    return " ".join(filter(None, (one.strip() for one in told)))


def _documents(tags: list[tuple[str, str]]) -> tuple[NamedDocument, ...]:
    """What the structured remittance names, or else an EDI 820 in the addenda."""
    return documents_in(tags, _fields) or documents_in_addenda(
        "".join(value[4:].rstrip() for tag, value in tags if tag == "8200")
    )


def _joined(value: str, width: int, count: int) -> str:
    """Lines of a text: one that is full goes on in the next without a blank."""
    text, at = "", 0
    for _ in range(count):
        window = value[at : at + width]
        star = window.find("*")
        line = window[:star] if star >= 0 else window
        at += star + 1 if star >= 0 else width
        text += line.rstrip() + ("" if len(line.rstrip()) == width else " ")
    return text.strip()
