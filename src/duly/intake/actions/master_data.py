"""Take in contacts and rates: master data, changed where a file says otherwise."""

import re
from decimal import Decimal
from typing import Any

from duly.intake.actions.taking import Taking
from duly.intake.rules.reading import Reading, email
from duly.kernel.errors import Malformed
from duly.parties.actions import ContactDraft, RateDraft, save_contacts, save_rates
from duly.parties.models import CONTACT_ROLES
from duly.parties.queries import ids_by_code

_RATE = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,20})?")


class ContactsTaker:
    """Checks contact rows; adds new contacts and changes those that differ."""

    def __init__(self, taking: Taking) -> None:
        self._taking = taking
        self._met: set[tuple[int, str, str]] = set()

    def take(self, reading: Reading) -> None:
        """Check one block and write what is new or changed."""
        taking = self._taking
        codes = reading.names("customer_id")
        names = reading.names("name", 200)
        roles = reading.choices("role", dict(CONTACT_ROLES), default="other")
        columns: dict[str, list[Any]] = {}
        if reading.has("email"):
            columns["email"] = reading.checked("email", email)
        for column, longest in (("phone", 40), ("language", 16)):
            if reading.has(column):
                columns[column] = reading.texts(column, longest)
        if reading.has("do_not_contact"):
            columns["do_not_contact"] = reading.flags("do_not_contact")
        known = ids_by_code(taking.entity.pk, codes)
        drafts: list[ContactDraft] = []
        rows: list[int] = []
        for index, (code, name, role) in enumerate(zip(codes, names, roles, strict=True)):
            if code and code not in known:
                reading.refuse(
                    index,
                    "CUSTOMER_UNKNOWN",
                    f"There is no customer {code}.",
                    "Import the customer first.",
                    column="customer_id",
                )
            if index in reading.bad:
                continue
            key = (known[code], name, role)
            if key in self._met:
                reading.refuse(
                    index,
                    "CONTACT_REPEATED",
                    f"{name} stands twice in this file for {code} in the same role.",
                    "Keep one of the rows.",
                )
                continue
            self._met.add(key)
            values = {column: cells[index] for column, cells in columns.items()}
            drafts.append(ContactDraft(*key, values))
            rows.append(index)
        saved = save_contacts(author=taking.recorder.author, contacts=drafts)
        keys = [f"{codes[index]}|{names[index]}|{roles[index]}" for index in rows]
        taking.count_saved(
            lambda place: reading.row(rows[place]),
            saved,
            keys,
            [draft.values for draft in drafts],
        )
        taking.close_block(reading)

    def finish(self) -> None:
        """Nothing waits for the end of the file."""


class RatesTaker:
    """Checks exchange rates; a day's rate that differs is changed, and the change kept."""

    def __init__(self, taking: Taking) -> None:
        self._taking = taking
        self._met: set[tuple[str, str]] = set()

    def take(self, reading: Reading) -> None:
        """Check one block and write what is new or changed."""
        taking = self._taking
        days = reading.dates("on", needed=True)
        currencies = reading.currencies()
        reading.names("per_entity_currency", 40)
        rates = reading.checked("per_entity_currency", _rate, 40)
        sources = reading.texts("source", 120)
        drafts: list[RateDraft] = []
        rows: list[int] = []
        for index, (day, currency, rate, source) in enumerate(
            zip(days, currencies, rates, sources, strict=True)
        ):
            if index in reading.bad or day is None:
                continue
            key = (day.isoformat(), currency)
            if key in self._met:
                reading.refuse(
                    index,
                    "RATE_REPEATED",
                    f"{currency} stands twice for {day}.",
                    "Keep one of the rows.",
                )
                continue
            self._met.add(key)
            drafts.append(RateDraft(*key, rate, source))
            rows.append(index)
        saved = save_rates(author=taking.recorder.author, entity_id=taking.entity.pk, rates=drafts)
        taking.count_saved(
            lambda place: reading.row(rows[place]),
            saved,
            [f"{draft.on}|{draft.currency}" for draft in drafts],
            [draft._asdict() for draft in drafts],
        )
        taking.close_block(reading)

    def finish(self) -> None:
        """Nothing waits for the end of the file."""


def _rate(text: str) -> str:
    """An exchange rate as exact decimal text above zero, or a refusal."""
    rate = Decimal(text) if _RATE.fullmatch(text) else Decimal(0)
    if not rate:
        raise Malformed(
            f"{text[:40]!r} is no rate.",
            code="RATE_UNREADABLE",
            remedy="Write how much of the currency one unit of the entity's own buys, as 1.0853.",
        )
    return format(rate.normalize(), "f")
