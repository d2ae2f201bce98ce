"""Take in customers, contacts and rates: master data, changed where a file says otherwise."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from duly.intake.actions.taking import Taking
from duly.intake.rules.reading import Reading, country, email, timezone
from duly.kernel.currencies import EXPONENTS
from duly.kernel.errors import Malformed, Problem
from duly.kernel.money import text_from_minor
from duly.parties.actions import (
    ContactDraft,
    CustomerDraft,
    RateDraft,
    Saved,
    link_parents,
    save_contacts,
    save_customers,
    save_rates,
)
from duly.parties.models import CONTACT_ROLES, PAYMENT_METHODS
from duly.parties.queries import debtors_by_code, ids_by_code

# Columns kept as they are written, with the longest that fits.
_TEXTS = {
    "legal_name": 200,
    "other_names": 1000,
    "phone": 40,
    "language": 16,
    "tax_id": 64,
    "registration_id": 64,
    "address": 500,
    "segment": 64,
    "collector": 120,
    "sales_rep": 120,
}


class CustomersTaker:
    """Checks customer rows; adds new customers and changes those that differ."""

    def __init__(self, taking: Taking) -> None:
        self._taking = taking
        self._parents: dict[str, tuple[str, str]] = {}  # code -> (parent's code, place)

    def take(self, reading: Reading) -> None:
        """Check one block and write what is new or changed."""
        taking = self._taking
        codes = reading.names("customer_id")
        names = reading.names("name", 200)
        columns: dict[str, list] = {
            column: reading.texts(column, longest)
            for column, longest in _TEXTS.items()
            if reading.has(column)
        }
        if reading.has("email"):
            columns["email"] = reading.checked("email", email)
        if reading.has("country"):
            columns["country"] = reading.checked("country", country, 400)
        if reading.has("timezone"):
            columns["timezone"] = reading.checked("timezone", timezone, 400)
        if reading.has("payment_method"):
            columns["payment_method"] = reading.choices("payment_method", dict(PAYMENT_METHODS))
        if reading.has("do_not_chase"):
            columns["do_not_chase"] = reading.flags("do_not_chase")
        if reading.has("currency"):
            columns["currency"] = reading.checked("currency", _currency, 400)
        if reading.has("terms"):
            columns["terms"] = reading.checked("terms", self._terms, 200)
        self._limits(reading, columns)
        self._note_parents(reading, codes)
        drafts: dict[str, CustomerDraft] = {}
        rows: list[int] = []
        for index, (code, name) in enumerate(zip(codes, names, strict=True)):
            if index in reading.bad:
                continue
            if code in drafts:
                reading.refuse(
                    index,
                    "CUSTOMER_REPEATED",
                    f"Customer {code} stands twice in this file.",
                    "Keep one of the rows.",
                )
                continue
            values = {column: cells[index] for column, cells in columns.items()}
            drafts[code] = CustomerDraft(code, {"name": name, **values})
            rows.append(index)
        saved = save_customers(
            author=taking.recorder.author,
            entity_id=taking.entity.pk,
            customers=list(drafts.values()),
        )
        _close(taking, reading, saved, rows, [draft.values for draft in drafts.values()])

    def finish(self) -> None:
        """Tie customers to their parents, which may stand further down in the file."""
        taking, wanted = self._taking, self._parents
        codes = {code for pair in wanted.items() for code in (pair[0], pair[1][0]) if code}
        known = ids_by_code(taking.entity.pk, codes)
        links = {}
        for code, (parent, where) in wanted.items():
            if parent and parent not in known:
                taking.outcome.rejected += 1
                taking.outcome.add_problems(
                    [
                        Problem(
                            where,
                            "PARENT_UNKNOWN",
                            f"There is no customer {parent} to be the parent of {code}.",
                            "Add the parent to the file, or empty parent_id.",
                        )
                    ]
                )
            elif code in known:
                links[known[code]] = known[parent] if parent else None
        link_parents(author=taking.recorder.author, links=links)

    def _terms(self, text: str) -> str:
        """Terms as they are kept: in canonical form, or free text as written."""
        return self._taking.terms.read(text).code or text

    def _limits(self, reading: Reading, columns: dict[str, list]) -> None:
        if not reading.has("credit_limit"):
            return
        own = self._taking.entity.currency
        currencies = [c or own for c in columns.get("currency", [""] * reading.count)]
        columns["credit_limit_minor"] = reading.amounts("credit_limit", currencies)

    def _note_parents(self, reading: Reading, codes: list[str]) -> None:
        if reading.has("parent_id"):
            for index, (code, parent) in enumerate(
                zip(codes, reading.texts("parent_id", 64), strict=True)
            ):
                if index not in reading.bad:
                    self._parents[code] = (parent, reading.where(index))


def _close(
    taking: Taking,
    reading: Reading,
    saved: Saved,
    rows: Sequence[int],
    values: Sequence[Mapping[str, Any]],
) -> None:
    """Count a block of master data; `rows` and `values` are of the drafts, in their order."""
    taking.close_block(
        reading,
        new=[rows[place] for place in saved.new],
        same=[rows[place] for place in saved.same],
        changed={
            rows[place]: {
                name.removesuffix("_minor"): [
                    _told(name, was, taking.entity.currency, values[place]),
                    _told(name, values[place][name], taking.entity.currency, values[place]),
                ]
                for name, was in before.items()
            }
            for place, before in saved.changed.items()
        },
    )


def _told(name: str, value: Any, own_currency: str, values: Mapping[str, Any]) -> str:
    """A value of master data as text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name.endswith("_minor") and value is not None:
        return text_from_minor(value, EXPONENTS[values.get("currency") or own_currency])
    return "" if value is None else str(value)


def _currency(text: str) -> str:
    if text not in EXPONENTS:
        raise Malformed(
            f"{text[:20]!r} is no currency of ISO 4217.",
            code="UNKNOWN_CURRENCY",
            remedy="Write the three-letter code, such as EUR.",
        )
    return text


def new_customers_of_items(
    taking: Taking, reading: Reading, codes: list[str], missing: set[str]
) -> dict[str, tuple[int, str]]:
    """Make customers that items name and nobody knows yet; return {code: (id, terms)}."""
    names = reading.texts("customer_name")
    countries = reading.texts("customer_country", 400)
    tax_ids = reading.texts("customer_tax_id", 64)
    emails = reading.texts("customer_email", 254)
    drafts: dict[str, CustomerDraft] = {}
    for index, code in enumerate(codes):
        if code in missing and code not in drafts and index not in reading.bad:
            drafts[code] = CustomerDraft(
                code,
                {
                    "name": names[index] or code,
                    "country": countries[index][:2].upper(),
                    "tax_id": tax_ids[index],
                    "email": emails[index],
                },
            )
    if drafts:
        save_customers(
            author=taking.recorder.author,
            entity_id=taking.entity.pk,
            customers=list(drafts.values()),
        )
        taking.outcome.notes.append(
            f"{len(drafts)} customers were made from the items: {', '.join(sorted(drafts)[:10])}"
            + (", ..." if len(drafts) > 10 else "")
        )
    return debtors_by_code(taking.entity.pk, drafts)


class ContactsTaker:
    """Checks contact rows; adds new contacts and changes those that differ."""

    def __init__(self, taking: Taking) -> None:
        self._taking = taking

    def take(self, reading: Reading) -> None:
        """Check one block and write what is new or changed."""
        taking = self._taking
        codes = reading.names("customer_id")
        names = reading.names("name", 200)
        roles = reading.choices("role", dict(CONTACT_ROLES), default="other")
        columns: dict[str, list] = {}
        if reading.has("email"):
            columns["email"] = reading.checked("email", email)
        for column, longest in (("phone", 40), ("language", 16)):
            if reading.has(column):
                columns[column] = reading.texts(column, longest)
        if reading.has("do_not_contact"):
            columns["do_not_contact"] = reading.flags("do_not_contact")
        known = ids_by_code(taking.entity.pk, codes)
        drafts: dict[tuple[int, str, str], ContactDraft] = {}
        rows: list[int] = []
        for index, (code, name, role) in enumerate(zip(codes, names, roles, strict=True)):
            if index in reading.bad:
                continue
            if code not in known:
                reading.refuse(
                    index,
                    "CUSTOMER_UNKNOWN",
                    f"There is no customer {code}.",
                    "Import the customer first.",
                )
                continue
            key = (known[code], name, role)
            if key in drafts:
                reading.refuse(
                    index,
                    "CONTACT_REPEATED",
                    f"{name} stands twice in this file for {code} in the same role.",
                    "Keep one of the rows.",
                )
                continue
            values = {column: cells[index] for column, cells in columns.items()}
            drafts[key] = ContactDraft(known[code], name, role, values)
            rows.append(index)
        saved = save_contacts(author=taking.recorder.author, contacts=list(drafts.values()))
        _close(taking, reading, saved, rows, [draft.values for draft in drafts.values()])

    def finish(self) -> None:
        """Nothing waits for the end of the file."""


class RatesTaker:
    """Checks exchange rates; a day's rate that differs is changed, and the change kept."""

    def __init__(self, taking: Taking) -> None:
        self._taking = taking

    def take(self, reading: Reading) -> None:
        """Check one block and write what is new or changed."""
        taking = self._taking
        days = reading.dates("on", needed=True)
        currencies = reading.currencies()
        rates = reading.checked("per_entity_currency", _rate, 40)
        reading.names("per_entity_currency", 40)
        sources = reading.texts("source", 120)
        drafts: dict[tuple[str, str], RateDraft] = {}
        rows: list[int] = []
        for index, (day, currency, rate, source) in enumerate(
            zip(days, currencies, rates, sources, strict=True)
        ):
            if index in reading.bad or day is None:
                continue
            key = (day.isoformat(), currency)
            if key in drafts:
                reading.refuse(
                    index,
                    "RATE_REPEATED",
                    f"{currency} stands twice for {day}.",
                    "Keep one of the rows.",
                )
                continue
            drafts[key] = RateDraft(key[0], currency, rate, source)
            rows.append(index)
        saved = save_rates(
            author=taking.recorder.author, entity_id=taking.entity.pk, rates=list(drafts.values())
        )
        _close(taking, reading, saved, rows, [draft._asdict() for draft in drafts.values()])

    def finish(self) -> None:
        """Nothing waits for the end of the file."""


def _rate(text: str) -> str:
    """An exchange rate as exact decimal text above zero, or a refusal."""
    try:
        rate = Decimal(text)
    except InvalidOperation:
        rate = Decimal(0)
    if not rate.is_finite() or rate <= 0:
        raise Malformed(
            f"{text[:40]!r} is no rate.",
            code="RATE_UNREADABLE",
            remedy="Write how much of the currency one unit of the entity's own buys.",
        )
    return format(rate.normalize(), "f")
