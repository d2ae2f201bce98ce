"""Plain builders: the books of one company, written through the verbs and read through the queries.

Amounts are decimal texts, days ISO texts, documents go by their numbers, so that a test reads like
the story it tells. Nothing here decides anything: a refusal comes through as the verb raises it.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection

from duly.intake.actions import Options, import_sheets, revert_import
from duly.intake.rules.sheet import Block, Sheet
from duly.interfaces.jobs.proving import prove_books
from duly.kernel.currencies import exponent
from duly.kernel.money import minor_from_text, text_from_minor
from duly.kernel.proofs import Proof
from duly.ledger.actions import Recorder, lock_period, recording
from duly.ledger.queries import known_sequence
from duly.parties.actions import CustomerDraft, add_entity, save_customers
from duly.parties.models import Customer
from duly.parties.queries import ids_by_code
from duly.receivables.actions import (
    DocumentDraft,
    ElsewhereDraft,
    InstalmentDraft,
    PaymentDraft,
    ReturnDraft,
    apply_payments,
    attribute_payments,
    issue_documents,
    receive_payments,
    return_payments,
    settle_elsewhere,
    take_back_applications,
    void_documents,
    void_payments,
)
from duly.receivables.queries import (
    ItemFacts,
    Scope,
    aging,
    items_by_number,
    items_on,
    payments_by_number,
    standing_applications,
    tie_out,
)
from duly.receivables.rules.applying import Wish

_CONTEXTS = {
    *("access", "parties", "ledger", "receivables", "disputes", "cash", "collections", "intake")
}
FIRST_MOMENT = datetime(2026, 1, 1, 8, 0, tzinfo=UTC)

Instalment = tuple[str, str] | tuple[str, str, str, str]  # due, amount[, discount until, discount]


def day(text: str) -> date:
    """An ISO text as a day."""
    return date.fromisoformat(text)


def minor(amount: str, currency: str) -> int:
    """A decimal text in minor units of its currency."""
    return minor_from_text(amount, exponent(currency))


def sheet_of(kind: str, text: str, *, file: str = "", block_rows: int = 10_000) -> Sheet:
    """A sheet as a reader hands it over, from the text of a CSV file."""
    header, *rows = list(csv.reader(io.StringIO(text.strip())))
    return Sheet(
        kind=kind,
        file=file or f"{kind}.csv",
        preset="duly",
        columns=tuple(header),
        blocks=_blocks(header, rows, block_rows),
    )


def _blocks(header: list[str], rows: list[list[str]], size: int) -> Iterator[Block]:
    for start in range(0, len(rows), size):
        part = rows[start : start + size]
        yield Block(
            rows=range(start + 2, start + 2 + len(part)),
            columns={name: [row[index] for row in part] for index, name in enumerate(header)},
        )


class Books:
    """One entity's books."""

    def __init__(
        self, name: str = "Northwind Packaging", currency: str = "EUR", terms: str = "net30"
    ) -> None:
        self.entity = add_entity(
            name=name, currency=currency, country="DE", terms=terms, at=FIRST_MOMENT
        )
        self.entity_id: int = self.entity.pk
        self.currency = currency
        self._ticks = 0

    def moment(self) -> datetime:
        """The moment of the next act: each a minute after the one before."""
        self._ticks += 1
        return FIRST_MOMENT + timedelta(minutes=self._ticks)

    @contextmanager
    def recording(self, kind: str = "test") -> Iterator[Recorder]:
        """A batch of this test."""
        with recording(
            kind=kind, entity_id=self.entity_id, actor="tester", at=self.moment()
        ) as recorder:
            yield recorder

    def customer(self, code: str, name: str = "", **values: Any) -> int:
        """Add a customer; return its id."""
        with self.recording("customer") as recorder:
            save_customers(
                author=recorder.author,
                entity_id=self.entity_id,
                customers=[CustomerDraft(code, {"name": name or code, **values})],
            )
        return self.customer_id(code)

    def customers(self) -> dict[str, Customer]:
        """{code: customer}, as they are kept."""
        return {row.code: row for row in Customer.objects.filter(entity_id=self.entity_id)}

    def customer_id(self, code: str) -> int:
        """The id of a customer."""
        return ids_by_code(self.entity_id, [code])[code]

    def invoice(
        self,
        number: str,
        customer: str,
        amount: str,
        *,
        issued: str,
        due: str = "",
        currency: str = "",
        kind: str = "invoice",
        discount: tuple[str, str] | None = None,
        instalments: Sequence[Instalment] = (),
        settled_before: str = "",
        settled_on: str = "",
        terms: str = "",
    ) -> int:
        """Issue a document; return its id. `discount` is (until, amount)."""
        currency = currency or self.currency
        sign = -1 if kind == "credit_note" else 1
        parts = instalments or [(due or issued, amount, *(discount or ()))]
        draft = DocumentDraft(
            customer_id=self.customer_id(customer),
            kind=kind,
            number=number,
            currency=currency,
            amount_minor=sign * minor(amount, currency),
            issued_on=issued,
            instalments=tuple(
                InstalmentDraft(
                    part[0],
                    sign * minor(part[1], currency),
                    part[2] if len(part) > 2 else None,  # type: ignore[misc]
                    minor(part[3], currency) if len(part) > 3 else 0,  # type: ignore[misc]
                )
                for part in parts
            ),
            terms=terms,
            settled_before_minor=sign * minor(settled_before, currency) if settled_before else 0,
            settled_on=settled_on or None,
        )
        with self.recording("issue") as recorder:
            ids = issue_documents(recorder=recorder, entity_id=self.entity_id, documents=[draft])
        return ids[0]

    def credit_note(self, number: str, customer: str, amount: str, **more: Any) -> int:
        """Issue a credit note; its amount is written positive."""
        return self.invoice(number, customer, amount, kind="credit_note", **more)

    def payment(
        self, number: str, customer: str | None, amount: str, *, on: str, currency: str = ""
    ) -> int:
        """Receive a payment; return its id. No customer: the payer is not known."""
        currency = currency or self.currency
        draft = PaymentDraft(
            number=number,
            customer_id=self.customer_id(customer) if customer else None,
            currency=currency,
            amount_minor=minor(amount, currency),
            received_on=on,
        )
        with self.recording("receive") as recorder:
            ids = receive_payments(recorder=recorder, entity_id=self.entity_id, payments=[draft])
        return ids[0]

    def attribute(self, number: str, customer: str | None, *, on: str) -> int:
        """Say who made a payment; return how many changed hands."""
        payment = payments_by_number(self.entity_id, [number])[number].id
        payer = self.customer_id(customer) if customer else None
        with self.recording("match") as recorder:
            return attribute_payments(
                recorder=recorder,
                entity_id=self.entity_id,
                payers={payment: payer},
                on=day(on),
            )

    def item(self, number: str, *, instalment: int = 1) -> ItemFacts:
        """The item of a document that stands."""
        for rows in items_by_number(self.entity_id, [number]).values():
            for row in rows:
                if row.instalment == instalment:
                    return row
        raise LookupError(number)

    def apply(
        self,
        source: str,
        number: str,
        amount: str,
        *,
        on: str,
        discount: str = "",
        instalment: int = 1,
    ) -> None:
        """Apply a payment, or a credit note of that number, to an item."""
        item = self.item(number, instalment=instalment)
        payment = payments_by_number(self.entity_id, [source]).get(source)
        wish = Wish(
            payment.id if payment else self.item(source).id,
            item.id,
            minor(amount, item.currency),
            day(on),
            minor(discount, item.currency) if discount else 0,
        )
        with self.recording("apply") as recorder:
            apply_payments(
                recorder=recorder,
                entity_id=self.entity_id,
                wishes=[wish],
                with_credit=payment is None,
            )

    def unapply(self, source: str, number: str = "", *, on: str) -> int:
        """Take back what was applied of a payment or credit note; return how many rows."""
        payment = payments_by_number(self.entity_id, [source]).get(source)
        source_id = payment.id if payment else self.item(source).id
        standing = standing_applications([source_id], of_credit=payment is None)
        if number:
            ids = {
                r.id for rows in items_by_number(self.entity_id, [number]).values() for r in rows
            }
            standing = [row for row in standing if row.item_id in ids]
        with self.recording("unapply") as recorder:
            return take_back_applications(
                recorder=recorder,
                entity_id=self.entity_id,
                application_ids=[row.id for row in standing],
                on=day(on),
            )

    def settle_elsewhere(self, number: str, amount: str, *, on: str) -> None:
        """Settle an item as another system did."""
        item = self.item(number)
        sign = -1 if item.amount_minor < 0 else 1
        draft = ElsewhereDraft(item.id, sign * minor(amount, item.currency))
        with self.recording("snapshot") as recorder:
            settle_elsewhere(
                recorder=recorder, entity_id=self.entity_id, drafts=[draft], on=day(on)
            )

    def void(self, number: str, *, on: str | None) -> None:
        """Void a document."""
        with self.recording("void") as recorder:
            void_documents(
                recorder=recorder,
                entity_id=self.entity_id,
                document_ids=[self.item(number).document_id],
                on=day(on) if on else None,
            )

    def void_payment(self, number: str, *, on: str | None) -> None:
        """Void a payment."""
        payment = payments_by_number(self.entity_id, [number])[number]
        with self.recording("void") as recorder:
            void_payments(
                recorder=recorder,
                entity_id=self.entity_id,
                payment_ids=[payment.id],
                on=day(on) if on else None,
            )

    def return_payment(self, number: str, *, on: str, reason: str = "AM04") -> None:
        """Return a payment, as a bank does."""
        payment = payments_by_number(self.entity_id, [number])[number]
        with self.recording("return") as recorder:
            return_payments(
                recorder=recorder,
                entity_id=self.entity_id,
                returns=[ReturnDraft(payment.id, day(on), reason)],
            )

    def lock(self, through: str | None) -> None:
        """Close the books through a day; None opens them."""
        lock_period(
            entity_id=self.entity_id,
            through_on=day(through) if through else None,
            actor="tester",
            at=self.moment(),
        )

    def take_in(self, kind: str, text: str, *, file: str = "", **options: Any) -> dict[str, Any]:
        """Import one file of a kind, given as the text of a CSV; return its report."""
        return self.take_in_all([(kind, text, file)], **options)[0]

    def take_in_all(
        self, files: Iterable[tuple[str, str, str]], **options: Any
    ) -> list[dict[str, Any]]:
        """Import several files as one write; (kind, text, file name or "") each."""
        return import_sheets(
            entity=self.entity,
            sheets=[(sheet_of(kind, text, file=file), "0" * 64) for kind, text, file in files],
            actor="tester",
            at=self.moment(),
            options=Options(**options),
        )

    def revert(self, batch_id: int) -> dict[str, Any]:
        """Take an import back."""
        return revert_import(batch_id=batch_id, actor="tester", at=self.moment())

    def aging(
        self, on: str, *, customer: str = "", known: int | None = None, **more: Any
    ) -> dict[str, dict[str, str]]:
        """{currency: {bucket, unapplied, total: amount}} of this entity, zero amounts left out."""
        scope = Scope(
            entity_id=self.entity_id,
            customer_id=self.customer_id(customer) if customer else None,
        )
        told = aging(on=day(on), scope=scope, by="none", known=known, **more)
        return {
            currency: shown(
                dict(zip(told.buckets.names, row.amounts, strict=True))
                | {"unapplied": row.unapplied, "total": row.total},
                currency,
            )
            for currency, row in told.totals.items()
        }

    def differences(self, on: str, *, known: int | None = None) -> dict[str, int]:
        """{currency: open items less control account} of this entity on a day."""
        scope = Scope(entity_id=self.entity_id)
        told = aging(on=day(on), scope=scope, by="none", known=known)
        ties = tie_out(on=day(on), entity_id=self.entity_id, totals=told.totals, known=known)
        return {currency: tie.difference for currency, tie in ties.items()}

    def open(self, number: str, on: str, *, instalment: int = 1) -> str:
        """What is open on an item on a day, as text."""
        for row in items_on(on=day(on), entity_id=self.entity_id):
            if (row.number, row.instalment) == (number, instalment):
                return text_from_minor(row.open_minor, exponent(row.currency))
        raise LookupError(f"{number} is not there on {on}")

    def state(self, number: str, on: str) -> str:
        """The state of an item on a day."""
        for row in items_on(on=day(on), entity_id=self.entity_id):
            if row.number == number:
                return row.state
        raise LookupError(f"{number} is not there on {on}")


def shown(amounts: dict[str, int], currency: str) -> dict[str, str]:
    """Amounts as texts, zeros left out."""
    decimals = exponent(currency)
    return {name: text_from_minor(value, decimals) for name, value in amounts.items() if value}


def now_known() -> int:
    """How much of the chain of batches is known now."""
    return known_sequence()


def broken() -> dict[str, list[dict[str, object]]]:
    """{invariant: what breaks it}, of invariants that do not hold."""
    return {proof.id: proof.violations for proof in prove_books() if not proof.holds}


def proved() -> dict[str, Proof]:
    """Every proof by its id."""
    return {proof.id: proof for proof in prove_books()}


def row_count() -> int:
    """The rows of all tables that the contexts keep: to see that nothing was written."""
    tables = [
        name for name in connection.introspection.table_names() if name.split("_")[0] in _CONTEXTS
    ]
    total = 0
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT COUNT(*) FROM "{table}"')
            total += cursor.fetchone()[0]
    return total
