"""Take in customers: master data, changed where a file says otherwise."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from duly.intake.actions.taking import Taking
from duly.intake.rules.outcome import FIRST_REJECTED
from duly.intake.rules.reading import Reading, country, email, timezone
from duly.kernel.currencies import EXPONENTS
from duly.kernel.errors import Malformed, Problem
from duly.parties.actions import CustomerDraft, Saved, save_customers
from duly.parties.models import PAYMENT_METHODS
from duly.parties.queries import codes_and_names, debtors_by_code, ids_by_code, parents_by_code
from duly.parties.rules.hierarchy import on_circles

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


_MOST_SHOWN = 20  # waiting rows that are kept as they were written


class _Waiting(NamedTuple):
    """A row with a parent, which may stand further down in the file."""

    draft: CustomerDraft
    parent: str
    where: str
    row: dict[str, Any]  # as it is shown


class CustomersTaker:
    """Checks customer rows; adds new customers and changes those that differ.

    Rows with a parent wait for the end of the file: only then is it known who is there, and whether
    every hierarchy has a top.
    """

    def __init__(self, taking: Taking) -> None:
        self._taking = taking
        self._met: set[str] = set()
        self._waiting: list[_Waiting] = []

    def take(self, reading: Reading) -> None:
        """Check one block and write what is new or changed."""
        codes = reading.names("customer_id")
        columns = self._columns(reading)
        parents = reading.texts("parent_id", 64)
        drafts: list[CustomerDraft] = []
        rows: list[int] = []
        for index, (code, parent) in enumerate(zip(codes, parents, strict=True)):
            if code and code in self._met:
                reading.refuse(
                    index,
                    "CUSTOMER_REPEATED",
                    f"Customer {code} stands twice in this file.",
                    "Keep one of the rows.",
                )
            self._met.add(code)
            if index in reading.bad:
                continue
            values = {column: cells[index] for column, cells in columns.items()}
            if parent:
                waits = _Waiting(
                    CustomerDraft(code, values),
                    parent,
                    reading.where(index),
                    reading.row(index) if len(self._waiting) < _MOST_SHOWN else {},
                )
                self._waiting.append(waits)
                continue
            if reading.has("parent_id"):
                values["parent_id"] = None
            drafts.append(CustomerDraft(code, values))
            rows.append(index)
        self._save(drafts, lambda place: reading.row(rows[place]))
        self._taking.close_block(reading)

    def finish(self) -> None:
        """Save the customers that have a parent: new ones from the top down, then changed ones."""
        waiting = self._fitting()
        entity_id = self._taking.entity.pk
        ids = ids_by_code(entity_id, {c for one in waiting for c in (one.draft.code, one.parent)})
        changed = [one for one in waiting if one.draft.code in ids]
        new = [one for one in waiting if one.draft.code not in ids]
        while new:
            ready = [one for one in new if one.parent in ids]
            new = [one for one in new if one.parent not in ids]
            self._save_below(ready, ids)
            ids |= ids_by_code(entity_id, [one.draft.code for one in ready])
        self._save_below(changed, ids)

    def _columns(self, reading: Reading) -> dict[str, list[Any]]:
        """The values of a block, column by column, under the names of the record's fields."""
        columns: dict[str, list[Any]] = {"name": reading.names("name", 200)}
        for column, longest in _TEXTS.items():
            if reading.has(column):
                columns[column] = reading.texts(column, longest)
        for column, check, longest in (
            ("email", email, 254),
            ("country", country, 400),
            ("timezone", timezone, 400),
            ("currency", _currency, 400),
            ("terms", self._terms, 200),
        ):
            if reading.has(column):
                columns[column] = reading.checked(column, check, longest)
        if reading.has("payment_method"):
            columns["payment_method"] = reading.choices("payment_method", dict(PAYMENT_METHODS))
        if reading.has("do_not_chase"):
            columns["do_not_chase"] = reading.flags("do_not_chase")
        if reading.has("credit_limit"):
            own = self._taking.entity.currency
            currencies = [c or own for c in columns.get("currency", [""] * reading.count)]
            columns["credit_limit_minor"] = reading.amounts("credit_limit", currencies)
        return columns

    def _terms(self, text: str) -> str:
        """Terms as they are kept: in canonical form, or free text as written."""
        return self._taking.terms.read(text).code or text

    def _fitting(self) -> list[_Waiting]:
        """The waiting rows whose parents are there and whose hierarchies end; others are told."""
        if not self._waiting:
            return []
        entity_id = self._taking.entity.pk
        here = parents_by_code(entity_id)
        known = set(
            ids_by_code(
                entity_id, {c for one in self._waiting for c in (one.draft.code, one.parent)}
            )
        )
        fitting = self._waiting
        while True:
            above = here | {one.draft.code: one.parent for one in fitting}
            circling = on_circles(above, [one.draft.code for one in fitting])
            reached = _reached(known, [one for one in fitting if one.draft.code not in circling])
            left = []
            for one in fitting:
                if one.draft.code in circling:
                    self._refuse(
                        one,
                        "PARENT_CYCLE",
                        f"Customer {one.draft.code} would be above itself.",
                        "Mend parent_id so that the chain ends.",
                    )
                elif one.parent not in reached:
                    self._refuse(
                        one,
                        "PARENT_UNKNOWN",
                        f"There is no customer {one.parent} to be the parent of {one.draft.code}.",
                        "Add the parent to the file, or empty parent_id.",
                    )
                else:
                    left.append(one)
            if len(left) == len(fitting):
                return left
            fitting = left  # what stands here of the others counts again

    def _refuse(self, one: _Waiting, code: str, message: str, remedy: str) -> None:
        outcome = self._taking.outcome
        outcome.rejected += 1
        outcome.add_problems([Problem(one.where, code, message, remedy)])
        outcome.keep_first("rejected", [one.row] if one.row else [], FIRST_REJECTED)

    def _save_below(self, waiting: Sequence[_Waiting], ids: dict[str, int]) -> None:
        self._save(
            [
                CustomerDraft(one.draft.code, {**one.draft.values, "parent_id": ids[one.parent]})
                for one in waiting
            ],
            lambda place: waiting[place].row or {"where": waiting[place].where, "cells": {}},
        )

    def _save(self, drafts: Sequence[CustomerDraft], row: Callable[[int], dict[str, Any]]) -> None:
        if not drafts:
            return
        saved = save_customers(
            author=self._taking.recorder.author,
            entity_id=self._taking.entity.pk,
            customers=drafts,
        )
        # A parent is told by its code: our ids may differ the next time.
        before = {place: dict(was) for place, was in saved.changed.items()}
        values = [dict(draft.values) for draft in drafts]
        told = [one for one in [*before.values(), *values] if one.get("parent_id") is not None]
        names = codes_and_names({one["parent_id"] for one in told})
        for one in told:
            one["parent_id"] = names[one["parent_id"]][0]
        codes = [draft.code for draft in drafts]
        self._taking.count_saved(row, Saved(saved.new, before, saved.same), codes, values)


def _reached(known: set[str], waiting: Sequence[_Waiting]) -> set[str]:
    """Who is there, or will be: new customers whose chain of parents leads to one who is."""
    below: dict[str, list[str]] = {}
    for one in waiting:
        below.setdefault(one.parent, []).append(one.draft.code)
    reached = set(known)
    at = list(known)
    while at:
        for code in below.get(at.pop(), ()):
            if code not in reached:
                reached.add(code)
                at.append(code)
    return reached


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
    """Make customers that items name and nobody knows yet; return {code: (id, terms)}.

    A country or an e-mail address that can't be one is left empty: it is the debtor's, not the
    document's.
    """
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
                    "country": _or_empty(country, countries[index]),
                    "tax_id": tax_ids[index],
                    "email": _or_empty(email, emails[index]),
                },
            )
    if drafts:
        save_customers(
            author=taking.recorder.author,
            entity_id=taking.entity.pk,
            customers=list(drafts.values()),
        )
        taking.outcome.plan("customers", [[code, d.values] for code, d in drafts.items()])
    return debtors_by_code(taking.entity.pk, drafts)


def _or_empty(check: Callable[[str], str], text: str) -> str:
    try:
        return check(text)
    except Malformed:
        return ""
