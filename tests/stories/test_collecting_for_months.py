"""The sample company's customers, chased day by day through the public verbs.

The world trades; every morning its new documents, payments and applications are imported, its
disputes recorded, some customers promise, the day is run and the worker sends. What each customer
may be asked for is counted here, apart from the product, and held against every mail. A payment
that its bank took back never came: there is no verb for it yet.

Thirty customers through forty days; with DULY_LONG the four hundred of `duly demo` through a year.
"""

import os
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest

from collecting import mail  # noqa: F401
from duly.kernel.currencies import exponent
from duly.kernel.money import text_from_minor
from duly.world.company import build_company
from duly.world.records import Day, Dispute, Document, History
from duly.world.tables import write_tables
from duly.world.trading import World
from mail_server import MailServer
from shell import duly

IS_LONG = bool(os.environ.get("DULY_LONG"))
CUSTOMERS, DAYS = (400, 365) if IS_LONG else (30, 40)
START = date(2025, 9, 1)
BEFORE = 60  # days of trade before anybody is chased


@dataclass
class Known:
    """What may be asked for, counted from the world's own records."""

    open_minor: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    disputed: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    promised_until: dict[str, date] = field(default_factory=dict)  # by customer
    parts: dict[tuple[str, str], list[tuple[date, int]]] = field(default_factory=dict)

    def take(self, day: Day) -> None:
        for document in day.documents:
            if document.kind != "credit_note":
                key = document.customer, document.number
                self.open_minor[key] += document.amount_minor
                self.parts[key] = _parts(document)
        for made in day.applications:
            self.open_minor[made.customer, made.document] -= made.amount_minor + made.discount_minor

    def due_minor(self, key: tuple[str, str], on: date) -> int:
        """What of a document was due before a day, paid or not."""
        return sum(minor for due_on, minor in self.parts[key] if due_on < on)


def _parts(document: Document) -> list[tuple[date, int]]:
    """When which part is due; of the company's terms one alone is in two parts."""
    if document.terms != "50%-net30+50%-net60":
        return [(document.due_on, document.amount_minor)]
    first = (document.amount_minor + 1) // 2  # the odd cent may be in either
    thirty = timedelta(days=30)
    return [(document.issued_on + thirty, first), (document.issued_on + 2 * thirty, first)]


class Months:
    """The world and the desk, side by side."""

    def __init__(self, folder: Path, server: MailServer) -> None:
        self.folder, self.server = folder, server
        until = START + timedelta(days=BEFORE + DAYS)
        self.company = build_company(seed=3, customers=CUSTOMERS, start=START, until=until)
        world = World(self.company, START)
        days = [world.pass_day() for _ in range(BEFORE + DAYS)]
        gone = History(self.company, tuple(days)).returned()
        for day in days:
            day.payments = [one for one in day.payments if one.bank_reference not in gone]
            day.applications = [one for one in day.applications if one.source not in gone]
        self.days = days[BEFORE:]
        self.known, self.dice = Known(), random.Random(3)
        self.disputes: list[tuple[str, Dispute, int]] = []  # open ones, with their amounts
        duly("init", "--entity", self.company.name, "--currency", self.company.currency,
             "--country", "DE")  # fmt: skip
        self._import(days[:BEFORE])
        duly("sending", "on", "--confirm", self.company.name)

    def _import(self, days: list[Day]) -> None:
        for day in days:
            self.known.take(day)
        duly("import", *write_tables(History(self.company, tuple(days)), self.folder))

    def pass_day(self, day: Day) -> Iterator[tuple[str, dict[str, int]]]:
        """A day; yields (customer, {number: minor units asked}) of every mail that arrived."""
        self._import([day])
        for one in day.disputes:
            self._dispute(one, day.on)
        self._close_disputes(day.on)
        self._promise(day.on)
        seen = len(self.server.taken)
        told = duly("day", "--on", day.on)
        duly("work", "--until-idle", "--on", day.on)
        arrived = {one.message_id for one in self.server.taken[seen:]}
        for row in duly("messages", "--on", day.on)["messages"]:
            if row["message_id"] in arrived:
                asked: dict[str, int] = defaultdict(int)
                for item in row["items"]:
                    minor = round(float(item["open"]) * 10 ** exponent(row["currency"]))
                    asked[item["number"]] += minor
                yield row["customer"], asked
        assert all(step["why"] for step in told["steps"] if step["outcome"] == "skipped")

    def _dispute(self, one: Dispute, on: date) -> None:
        key = one.customer, one.document
        minor = min(one.amount_minor, self.known.open_minor[key] - self.known.disputed[key])
        if minor > 0:
            currency = self.company.customers[one.customer].currency
            told = duly("dispute", "add", one.document, "--customer", one.customer, "--amount",
                        text_from_minor(minor, exponent(currency)), "--reason", "quality",
                        "--on", on)  # fmt: skip
            self.disputes.append((told["disputes"][0]["id"], one, minor))
            self.known.disputed[key] += minor

    def _close_disputes(self, on: date) -> None:
        """Those that the world has settled by then, as it settled them."""
        for number, one, minor in self.disputes:
            if one.ends_on == on:
                duly("dispute", "close", number, "--as", one.verdict, "--on", on)
                self.known.disputed[one.customer, one.document] -= minor

    def _promise(self, on: date) -> None:
        """Now and then a customer promises everything that it owes."""
        late = {c for (c, n), minor in self.known.open_minor.items() if minor > 0
                and self.known.due_minor((c, n), on)}  # fmt: skip
        for customer in sorted(late):
            if customer in self.known.promised_until or self.dice.random() > 0.02:
                continue
            currency = self.company.customers[customer].currency
            owed = sum(m for (c, _), m in self.known.open_minor.items() if c == customer and m > 0)
            due = on + timedelta(days=self.dice.randint(2, 9))
            duly("promise", "add", customer, "--amount",
                 text_from_minor(owed, exponent(currency)), "--currency", currency,
                 "--due", due, "--on", on)  # fmt: skip
            self.known.promised_until[customer] = due


@pytest.fixture
def months(db: None, tmp_path: Path, mail: MailServer) -> Months:  # noqa: F811
    return Months(tmp_path, mail)


def test_nobody_is_asked_for_what_is_paid_promised_or_disputed(months: Months) -> None:
    mails = 0
    newest: dict[str, date] = {}
    for day in months.days:
        on = day.on
        for customer, asked in months.pass_day(day):
            mails += 1
            until = months.known.promised_until.get(customer)
            assert until is None or on > until, f"{customer} promised until {until}, mailed {on}"
            for number, minor in asked.items():
                if minor <= 0:
                    continue
                key = customer, number
                left = months.known.open_minor[key] - months.known.disputed[key]
                assert minor <= left, f"{on}: {key} asked for {minor}, may ask {left}"
                assert minor <= months.known.due_minor(key, on), f"{on}: {key} is not due"
            assert not months.company.customers[customer].do_not_chase
            last = newest.get(customer)
            assert last is None or (on - last).days >= 7, f"{customer} on {last} and {on}"
            newest[customer] = on
    assert mails > CUSTOMERS // 3
    ids = [one.message_id for one in months.server.taken]
    assert len(ids) == len(set(ids))
    verdicts = {row["state"] for row in duly("promise", "list")["promises"]}
    assert verdicts - {"open"}, "some were judged"
    assert duly("check")["ok"]
