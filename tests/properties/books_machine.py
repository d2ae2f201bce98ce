"""What every random book has in common: its state, what must hold after a step, how it is asked."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count

import pytest
from django.db import transaction
from hypothesis.stateful import RuleBasedStateMachine, invariant

from building import Books, broken, now_known
from duly.kernel.currencies import exponent
from duly.kernel.errors import DulyError
from duly.kernel.money import text_from_minor
from duly.receivables.queries import Scope, aging, tie_out
from properties.books_model import Applied, Cells, Key, Model, Record

FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)
CUSTOMERS = ("A", "B", "C")


def text(minor: int, currency: str) -> str:
    """Minor units as files write them."""
    return text_from_minor(minor, exponent(currency))


class BooksUnderProof(RuleBasedStateMachine):
    """One company's books beside the model of them; rolled back at the end of each example."""

    def __init__(self) -> None:
        super().__init__()
        self._atomic = transaction.atomic()
        self._atomic.__enter__()
        self.books = Books()
        for code in CUSTOMERS:
            self.books.customer(code)
        self.model = Model()
        self.locked: date | None = None
        self.numbers = count(1)
        self.steps = 0
        self.files: list[tuple[int, str, str, list[Record], list[Applied]]] = []
        self.taken_then: list[tuple[int, date, dict[Key, Cells]]] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._atomic.__exit__(None, None, None)

    # What must hold after every step.

    @invariant()
    def every_invariant_is_proved(self) -> None:
        self.steps += 1
        assert broken() == {}

    @invariant()
    def agings_are_the_models(self) -> None:
        for on in self._days():
            for basis in ("due", "invoice"):
                assert self._aging(on, basis) == self.model.aging(on, basis), (on, basis)
        on = self._days()[0]
        self.taken_then.append((now_known(), on, self.model.aging(on)))

    @invariant()
    def control_accounts_are_the_models(self) -> None:
        for on in self._days():
            scope = Scope(entity_id=self.books.entity_id)
            told = aging(on=on, scope=scope, by="none")
            ties = tie_out(on=on, entity_id=self.books.entity_id, totals=told.totals)
            assert {c: tie.control_account for c, tie in ties.items() if tie.control_account} == (
                self.model.owed(on)
            )
            assert not any(tie.difference for tie in ties.values())

    @invariant()
    def what_was_told_then_is_told_again(self) -> None:
        """I6: a report of an earlier moment, run now, is the report that was taken then."""
        known, on, then = self.taken_then[(self.steps * 31) % len(self.taken_then)]
        assert self._aging(on, "due", known=known) == then

    @invariant()
    def nothing_is_settled_twice_on_any_day(self) -> None:
        assert all(record.is_within_bounds() for record in self.model.records)

    # How it is asked.

    def _days(self) -> list[date]:
        """Two days to look at: one anywhere, one on which something happened."""
        happened = sorted(
            {change[0] for record in self.model.records for change in record.changes}
            | {record.since for record in self.model.records}
        )
        anywhere = FIRST + timedelta(days=(self.steps * 37) % 300)
        return [anywhere, happened[(self.steps * 13) % len(happened)] if happened else FIRST]

    def _aging(self, on: date, basis: str, known: int | None = None) -> dict[Key, Cells]:
        told = aging(on=on, basis=basis, known=known)
        rows = {}
        for row in told.rows:
            cells = dict(zip(told.buckets.names, row.amounts, strict=True))
            cells["unapplied"] = row.unapplied
            rows[row.code, row.currency] = {n: value for n, value in cells.items() if value}
        return {key: cells for key, cells in rows.items() if cells}

    def _apply(self, source: Record, item: Record, amount: int, on: date, discount: int) -> None:
        self.books.apply(
            source.number,
            item.number,
            text(amount, item.currency),
            on=on.isoformat(),
            discount=text(discount, item.currency) if discount else "",
        )

    def _standing(self) -> list[Applied]:
        return [one for one in self.model.applied if not one.is_taken_back]

    def _pairs(self) -> list[tuple[Record, Record]]:
        """Every source with something left beside every open item in its currency."""
        sources = [r for r in self.model.records if (r.is_payment or r.is_credit) and r.left()]
        items = [r for r in self.model.records if not r.is_payment and r.left() > 0]
        return [(s, i) for s in sources for i in items if s.currency == i.currency]

    def _one(self, found: list, which: int):  # type: ignore[no-untyped-def]
        return found[which % len(found)] if found else None

    def _is_locked(self, on: date) -> bool:
        return self.locked is not None and on <= self.locked

    def _expect(self, act: Callable[[], object], refusal: type[DulyError] | None) -> bool:
        """Act, or see it refused; True when it was done."""
        if refusal is None:
            act()
            return True
        with pytest.raises(refusal):
            act()
        return False


def items_file(records: list[Record]) -> str:
    rows = [
        f"invoice,{r.number},{r.customer},{r.currency},{r.since},{r.due},"
        f"{text(r.amount, r.currency)}"
        for r in records
    ]
    return "\n".join(["kind,number,customer_id,currency,issued_on,due_on,amount", *rows])


def payments_file(records: list[Record]) -> str:
    rows = [
        f"{r.number},{r.customer},{r.currency},{r.since},{text(r.amount, r.currency)}"
        for r in records
    ]
    return "\n".join(["payment_id,customer_id,currency,received_on,amount", *rows])


def applications_file(rows: list[tuple[Record, Record, int, date]]) -> str:
    told = [
        f"{source.number},{item.number},{item.customer},{text(amount, item.currency)},{on}"
        for source, item, amount, on in rows
    ]
    return "\n".join(["payment_id,item_number,customer_id,amount,applied_on", *told])
