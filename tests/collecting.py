"""A collections desk for tests: a book told in a few words, a mail server, days and workers.

Northwind on Tuesday 10 March 2026. Everything goes through the command line.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from mail_server import MailServer
from shell import duly, write

TODAY = date(2026, 3, 10)
ENTITY = "Northwind"


def after(days: int) -> date:
    """A day so many days after the tenth of March."""
    return TODAY + timedelta(days=days)


class CollectionsDesk:
    """The book and what is done with it."""

    def __init__(self, folder: Path, server: MailServer) -> None:
        self.folder, self.server = folder, server
        self._files = 0
        duly("init", "--entity", ENTITY, "--currency", "EUR", "--country", "DE")

    def take(self, header: str, *rows: str) -> dict[str, Any]:
        """Import rows under a header."""
        self._files += 1
        return duly("import", write(self.folder, f"{self._files}.csv", "\n".join([header, *rows])))

    def customer(self, code: str, email: str | None = None, **more: str) -> None:
        """A customer; its address is its id at example unless told."""
        told = {
            "customer_id": code,
            "name": code.title(),
            "email": f"{code.lower()}@c.example" if email is None else email,
            "country": "DE",
            "language": "en",
            "timezone": "Europe/Berlin",
            "currency": "EUR",
        } | more
        self.take(",".join(told), ",".join(f'"{value}"' for value in told.values()))

    def invoice(
        self,
        number: str,
        customer: str,
        amount: str,
        *,
        late: int = 15,
        kind: str = "invoice",
        currency: str = "EUR",
        **more: str,
    ) -> None:
        """A document that is so many days late on the tenth of March."""
        due = TODAY - timedelta(days=late)
        told = {
            "kind": kind,
            "number": number,
            "customer_id": customer,
            "currency": currency,
            "issued_on": str(due - timedelta(days=30)),
            "due_on": str(due),
            "amount": amount,
        } | more
        self.take(",".join(told), ",".join(told.values()))

    def payment(
        self, number: str, customer: str, amount: str, *, on: date = TODAY, item: str = ""
    ) -> None:
        """Money in, applied to an item where one is named."""
        self.take(
            "payment_id,customer_id,currency,received_on,amount",
            f"{number},{customer},EUR,{on},{amount}",
        )
        if item:
            duly("apply", number, f"{item}={amount}", "--on", on)

    def bank_is_fresh(self, on: date = TODAY) -> None:
        """A payment of somebody else: up to then it is known who paid."""
        if "BANK" not in {row["customer"] for row in duly("customers", "Bank")["customers"]}:
            self.customer("BANK", "", name="Bank Fresh")
        self.payment(f"FRESH-{on}", "BANK", "0.01", on=on)

    def open_for_mail(self) -> None:
        """Switch sending on."""
        self.bank_is_fresh()
        duly("sending", "on", "--confirm", ENTITY)

    def day(self, on: date = TODAY, *more: str) -> dict[str, Any]:
        """Run a day."""
        return duly("day", "--on", on, *more)

    def work(self, on: date = TODAY, *more: object, code: int = 0) -> dict[str, int]:
        """Let the worker send what can go on a day."""
        told: dict[str, int] = duly("work", "--until-idle", "--on", on, *more, code=code)[
            "messages"
        ]
        return told

    def outcomes(self, on: date = TODAY, *more: str) -> dict[str, list[str]]:
        """{customer: step taken, or the code of each silence} of a day's run."""
        found: dict[str, list[str]] = {}
        for step in self.day(on, *more)["steps"]:
            told = step["why"]["code"] if step["why"] else step["step"]
            found.setdefault(step["customer"], []).append(told)
        return {customer: sorted(told) for customer, told in found.items()}

    def states(self) -> dict[str, str]:
        """{customer: state of its newest message}."""
        return {row["customer"]: row["state"] for row in duly("messages")["messages"]}

    def reasons(self) -> dict[str, str]:
        """{customer: why its newest message is where it is}."""
        rows = duly("messages")["messages"]
        return {row["customer"]: row["why"]["code"] for row in rows if row["why"]}


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A mail server that the worker is told of."""
    server = MailServer()
    monkeypatch.setenv("DULY_SMTP_URL", server.url)
    yield server
    server.close()


@pytest.fixture
def desk(db: None, tmp_path: Path, mail: MailServer) -> CollectionsDesk:
    """An empty book, its mail server, sending off."""
    return CollectionsDesk(tmp_path, mail)
