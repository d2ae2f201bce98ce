"""The MT940 files, read by a reader of their own: fields, lengths, characters, sums."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from tests.world.files import Files

from duly.kernel.currencies import exponent
from duly.world.accounts import OWN_ACCOUNTS
from duly.world.records import History

# SWIFT's character set x; the question mark parts the subfields of field 86.
LEGAL = re.compile(r"[A-Za-z0-9/\-?:().,'+ ]*")
FIELDS = ["20", "25", "28C", "60F", "62F"]
LINE = re.compile(
    r"(?P<value>\d{6})(?P<booked>\d{4})(?P<mark>R?[CD])(?P<amount>\d+,\d*)"
    r"(?P<kind>N[A-Z]{3})(?P<own>[^/]{1,16})//(?P<bank>.{1,16})"
)
BALANCE = re.compile(r"(?P<mark>[CD])(?P<day>\d{6})(?P<currency>[A-Z]{3})(?P<amount>\d+,\d*)")


@dataclass
class Entry:
    """One line with its narrative."""

    amount: Decimal
    mark: str
    kind: str
    bank: str
    parts: dict[str, str]


@dataclass
class Message:
    """One statement."""

    number: str
    currency: str
    opening: Decimal
    closing: Decimal
    opened_on: date
    closed_on: date
    entries: list[Entry]


def amount_of(text: str, currency: str) -> Decimal:
    assert len(text) <= 15
    whole, decimals = text.split(",")
    assert len(decimals) == exponent(currency), text
    return Decimal(f"{whole}.{decimals or 0}")


def balance_of(text: str) -> tuple[Decimal, str, date]:
    found = BALANCE.fullmatch(text)
    assert found, text
    sign = 1 if found["mark"] == "C" else -1
    day = datetime.strptime(found["day"], "%y%m%d").date()
    return sign * amount_of(found["amount"], found["currency"]), found["currency"], day


def fields_of(text: str) -> list[tuple[str, str]]:
    """(tag, content) of each field; lines that belong together are joined."""
    assert text.endswith("\r\n-\r\n")
    found: list[tuple[str, str]] = []
    for line in text.removesuffix("-\r\n").removesuffix("\r\n").split("\r\n"):
        assert len(line) <= 70, line
        assert LEGAL.fullmatch(line), line
        tagged = re.match(r":(\w{2,3}):", line)
        if tagged:
            found.append((tagged[1], line[tagged.end() :]))
        else:
            assert line[0] not in ":-", line
            assert len(line) <= 65, line
            tag, content = found[-1]
            found[-1] = tag, content + line
    return found


def read(path: Path) -> Message:
    fields = fields_of(path.read_bytes().decode("ascii"))
    tags = [tag for tag, _ in fields]
    assert [tag for tag in tags if tag not in {"61", "86"}] == FIELDS
    assert tags[4:-1] == ["61", "86"] * ((len(tags) - 5) // 2)
    content = {tag: told for tag, told in fields if tag in FIELDS}
    assert len(content["20"]) <= 16
    assert re.fullmatch(r"\d{5}/\d{3}", content["28C"])
    opening, currency, opened_on = balance_of(content["60F"])
    closing, same, closed_on = balance_of(content["62F"])
    assert currency == same
    bodies = fields[4:-1]
    return Message(
        content["28C"],
        currency,
        opening,
        closing,
        opened_on,
        closed_on,
        [
            entry_of(line, told, currency)
            for (_, line), (_, told) in zip(bodies[::2], bodies[1::2], strict=True)
        ],
    )


def entry_of(line: str, told: str, currency: str) -> Entry:
    found = LINE.fullmatch(line)
    assert found, line
    assert len(told) <= 6 * 65
    sign = 1 if found["mark"] in {"C", "RD"} else -1
    parts = dict(zip(*[iter(re.split(r"\?(\d\d)", told)[1:])] * 2, strict=True))
    assert re.match(r"\d{3}\?00", told)
    assert all(len(part) <= 27 for tag, part in parts.items() if tag not in {"31"})
    return Entry(
        sign * amount_of(found["amount"], currency),
        found["mark"],
        found["kind"],
        found["bank"],
        parts,
    )


@pytest.fixture(scope="module")
def messages(files: Files) -> dict[str, list[Message]]:
    found: dict[str, list[Message]] = defaultdict(list)
    for path in files.statements:
        if path.suffix == ".sta":
            found[path.parent.name].append(read(path))
    return found


def test_accounts_in_other_currencies_are_told_in_mt940(messages) -> None:
    assert set(messages) == {"dollars", "sterling", "yen", "dinar"}
    assert {some[0].currency for some in messages.values()} == {"USD", "GBP", "JPY", "KWD"}


def test_opening_and_lines_make_closing_and_statements_follow_on(messages) -> None:
    for account, some in messages.items():
        own = next(one for one in OWN_ACCOUNTS if one.name == account)
        before = Decimal(own.opening_minor).scaleb(-exponent(own.currency))
        for message in some:
            assert message.opening == before
            assert message.opening + sum(one.amount for one in message.entries) == message.closing
            assert message.opened_on < message.closed_on
            before = message.closing


def test_customers_money_is_what_the_payments_table_says(files: Files, messages) -> None:
    received = files.received()
    for some in messages.values():
        paid = sum(
            one.amount
            for message in some
            for one in message.entries
            if one.kind == "NTRF" and one.amount > 0
        )
        assert paid == received[some[0].currency]


def test_each_payment_is_the_line_of_its_reference(files: Files, messages) -> None:
    lines = {
        one.bank: one for some in messages.values() for message in some for one in message.entries
    }
    rows = [row for row in files.rows("payments") if row["currency"] != "EUR"]
    assert len(rows) > 500
    for row in rows:
        line = lines[row["payment_id"]]
        assert line.amount == Decimal(row["amount"])
        assert line.parts["31"] == row["payer_account"]
        assert line.parts["32"]


def test_the_narrative_keeps_what_the_payer_wrote(messages, history: History) -> None:
    told = {one.bank_reference: one for one in history.payments()}
    plain = re.compile(r"[A-Za-z0-9 .,/()+-]+")
    seen = 0
    for some in messages.values():
        for entry in (one for message in some for one in message.entries if one.bank in told):
            written = told[entry.bank].remittance
            purpose = "".join(
                part for tag, part in entry.parts.items() if "20" <= tag <= "29" or tag >= "60"
            )
            assert purpose.startswith("EREF+")
            if plain.fullmatch(written) and not told[entry.bank].structured_references:
                assert purpose.endswith(f"SVWZ+{written}")
                seen += 1
    assert seen > 100


def test_a_reversed_fee_is_marked(messages) -> None:
    for some in messages.values():
        for entry in (one for message in some for one in message.entries):
            if entry.mark == "RD":
                assert entry.kind == "NCHG"
                assert entry.amount > 0
