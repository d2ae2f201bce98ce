"""Random books: whatever is done, in whatever order, the books say what the plain model says.

After every step all invariants are proved, and agings of past days are held against the model, as
known now and as known then. 4 books of 25 steps; with DULY_LONG or the long profile 200 of 50.
"""

import os
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from building import day
from duly.intake.errors import ImportInUse, RowsRejected
from duly.kernel.errors import DulyError
from duly.ledger.errors import LockGoesBack, PeriodLocked
from duly.receivables.actions import age_balances
from duly.receivables.errors import (
    AmountNotPositive,
    DiscountNotEarned,
    ItemSettled,
    NothingApplied,
    OverApplied,
    TakenBackTooEarly,
)
from properties.books_machine import (
    CUSTOMERS,
    FIRST,
    LAST,
    BooksUnderProof,
    applications_file,
    items_file,
    payments_file,
    text,
)
from properties.books_model import Model, Record

pytestmark = pytest.mark.django_db

IS_LONG = bool(os.environ.get("DULY_LONG")) or os.environ.get("HYPOTHESIS_PROFILE") == "long"
EXAMPLES, STEPS = (200, 50) if IS_LONG else (4, 25)
SHARES = 2 if not IS_LONG else 4

CURRENCIES = ("EUR", "JPY", "KWD")

days = st.dates(FIRST, LAST)
amounts = st.integers(1, 5000)
picks = st.integers(0, 10_000)
currencies = st.sampled_from(("EUR", *CURRENCIES))
customers = st.sampled_from(CUSTOMERS)


class RandomBooks(BooksUnderProof):
    """What may happen to the books, in any order."""

    @initialize(amount=amounts, on=days)
    def a_beginning(self, amount: int, on: date) -> None:
        """Something to apply, and something to apply it to, from the first step on."""
        for number, kind in enumerate(("invoice", "invoice", "debit_note", "credit_note")):
            grant = 2 if number == 1 else 0
            self.issue("A", "EUR", kind, amount + number, on, 30 * number, 0, grant)
        self.receive("A", "EUR", amount, on)
        self.receive(None, "EUR", 2 * amount, on)

    # What may happen.

    @rule(
        customer=customers,
        currency=currencies,
        kind=st.sampled_from(["invoice", "invoice", "credit_note", "debit_note"]),
        amount=amounts,
        issued=days,
        net=st.integers(0, 120),
        settled=st.sampled_from([0, 0, 0, 40]),
        grant=st.sampled_from([0, 0, 2]),
    )
    def issue(
        self,
        customer: str,
        currency: str,
        kind: str,
        amount: int,
        issued: date,
        net: int,
        settled: int,
        grant: int,
    ) -> None:
        """Issue a document, perhaps part-paid before opening, perhaps with a discount."""
        number, due = f"D{next(self.numbers)}", issued + timedelta(days=net)
        sign = -1 if kind == "credit_note" else 1
        record = Record(number, customer, currency, issued, due, sign * amount)
        if grant and sign > 0:
            record.grant_until, record.grant = issued + timedelta(days=10), amount * grant // 100
        before = amount * settled // 100
        if before:
            record.opening = before
            record.changes.append((issued, -sign * before))
        discount = None
        if record.grant_until and record.grant:
            discount = (record.grant_until.isoformat(), text(record.grant, currency))

        def act() -> None:
            self.books.invoice(
                number,
                customer,
                text(amount, currency),
                issued=issued.isoformat(),
                due=due.isoformat(),
                currency=currency,
                kind=kind,
                discount=discount,
                settled_before=text(before, currency) if before else "",
            )

        if self._expect(act, PeriodLocked if self._is_locked(issued) else None):
            self.model.add(record)

    @rule(
        customer=st.sampled_from([*CUSTOMERS, None]), currency=currencies, amount=amounts, on=days
    )
    def receive(self, customer: str | None, currency: str, amount: int, on: date) -> None:
        """Receive money."""
        number = f"P{next(self.numbers)}"
        record = Record(number, customer, currency, on, None, amount)

        def act() -> None:
            self.books.payment(
                number, customer, text(amount, currency), on=on.isoformat(), currency=currency
            )

        if self._expect(act, PeriodLocked if self._is_locked(on) else None):
            self.model.add(record)

    @precondition(lambda self: self._pairs())
    @rule(
        wanted=st.lists(
            st.tuples(picks, st.integers(1, 100), st.integers(0, 40)), min_size=1, max_size=5
        )
    )
    def apply(self, wanted: list[tuple[int, int, int]]) -> None:
        """Apply payments and credit notes to items of their currency, with discount if earned."""
        for which, share, later in wanted:
            if self._pairs():
                self._apply_one(which, share, later)

    def _apply_one(self, which: int, share: int, later: int) -> None:
        source, item = self._one(self._pairs(), which)
        on = max(source.since, item.since) + timedelta(days=later)
        most = min(source.least_from(on), item.least_from(on))
        amount = max(1, most * share // 100)
        discount = 0
        if not source.is_credit and item.grant_until and source.since <= item.grant_until:
            discount = min(self.model.grant_left(item, on), item.least_from(on) - amount)
        discount = max(0, discount)

        def act() -> None:
            self._apply(source, item, amount, on, discount)

        refusal: type[DulyError] | None = PeriodLocked if self._is_locked(on) else None
        if self._expect(act, refusal if most else OverApplied):
            self.model.apply(source, item, amount, on, discount)

    @precondition(lambda self: self._pairs())
    @rule(which=picks, later=st.integers(0, 40))
    def apply_too_much(self, which: int, later: int) -> None:
        """A unit more than is there, on the day or on a later one, is refused."""
        source, item = self._one(self._pairs(), which)
        on = max(source.since, item.since) + timedelta(days=later)
        most = min(source.least_from(on), item.least_from(on))
        self._expect(lambda: self._apply(source, item, most + 1, on, 0), OverApplied)

    @precondition(lambda self: self._pairs())
    @rule(which=picks, amount=st.integers(-5, 0))
    def apply_nothing(self, which: int, amount: int) -> None:
        """Nothing, or less, is refused."""
        source, item = self._one(self._pairs(), which)
        on = max(source.floor(), item.floor())
        self._expect(lambda: self._apply(source, item, amount, on, 0), AmountNotPositive)

    @precondition(lambda self: self._pairs())
    @rule(which=picks, later=st.integers(0, 40))
    def take_a_discount_that_is_not_earned(self, which: int, later: int) -> None:
        """A unit more than the terms still grant is refused."""
        source, item = self._one(self._pairs(), which)
        if source.is_credit:
            return
        on = max(source.since, item.since) + timedelta(days=later)
        is_early = item.grant_until is not None and source.since <= item.grant_until
        discount = self.model.grant_left(item, on) + 1 if is_early else 1
        if discount < item.least_from(on) and source.least_from(on):
            self._expect(lambda: self._apply(source, item, 1, on, discount), DiscountNotEarned)

    @precondition(lambda self: self._standing())
    @rule(which=picks, later=st.integers(-5, 40))
    def take_back(self, which: int, later: int) -> None:
        """Take applications back; a second time there is nothing to take back."""
        made = self._one(self._standing(), which)
        alike = [
            one for one in self._standing() if (one.source, one.item) == (made.source, made.item)
        ]
        latest = max(one.on for one in alike)
        on = latest + timedelta(days=later)

        def act() -> None:
            self.books.unapply(made.source.number, made.item.number, on=on.isoformat())

        refusal: type[DulyError] | None = PeriodLocked if self._is_locked(on) else None
        if self._expect(act, TakenBackTooEarly if on < latest else refusal):
            for one in alike:
                self.model.take_back(one, on)
            self._expect(act, NothingApplied)

    @rule(which=picks, later=st.integers(-5, 40))
    def void(self, which: int, later: int) -> None:
        """Void a document or a payment; one that is settled in part is refused."""
        record = self._one([one for one in self.model.records if not one.is_void], which)
        if record is None:
            return
        on = record.since + timedelta(days=later)
        void = self.books.void_payment if record.is_payment else self.books.void
        refusal: type[DulyError] | None = PeriodLocked if self._is_locked(on) else None
        if on < record.since:
            refusal = TakenBackTooEarly
        elif record.least_from(on) != abs(record.amount) - record.opening:
            refusal = ItemSettled
        if self._expect(lambda: void(record.number, on=on.isoformat()), refusal):
            self.model.void(record, on)

    @rule(which=picks, share=st.integers(1, 100), later=st.integers(0, 40))
    def settle_elsewhere(self, which: int, share: int, later: int) -> None:
        """Another system shows an item settled, in whole or in part."""
        items = [one for one in self.model.records if not one.is_payment and one.left()]
        record = self._one(items, which)
        if record is None:
            return
        amount = max(1, abs(record.left()) * share // 100)
        on = record.since + timedelta(days=later)
        day = record.first_day_for(amount, on)

        def act() -> None:
            self.books.settle_elsewhere(
                record.number, text(amount, record.currency), on=on.isoformat()
            )

        if self._expect(act, PeriodLocked if self._is_locked(day) else None):
            record.changes.append((day, amount if record.is_credit else -amount))

    @rule(
        rows=st.lists(st.tuples(customers, currencies, amounts, days), min_size=1, max_size=4),
        is_money=st.booleans(),
    )
    def import_file(self, rows: list[tuple[str, str, int, date]], is_money: bool) -> None:
        """Import a file of invoices or of payments."""
        records = []
        for customer, currency, amount, on in rows:
            number = f"F{next(self.numbers)}"
            due = None if is_money else on + timedelta(days=30)
            records.append(Record(number, customer, currency, on, due, amount))
        kind = "payments" if is_money else "items"
        told = (payments_file if is_money else items_file)(records)
        is_locked = any(self._is_locked(record.since) for record in records)
        made: list[dict] = []
        if self._expect(
            lambda: made.append(self.books.take_in(kind, told)),
            RowsRejected if is_locked else None,
        ):
            assert (made[0]["new"], made[0]["rejected"]) == (len(records), 0)
            for record in records:
                self.model.add(record)
            self.files.append((made[0]["id"], kind, told, records, []))

    @precondition(lambda self: self._pairs())
    @rule(wanted=st.lists(st.tuples(picks, st.integers(1, 100)), min_size=1, max_size=3))
    def import_applications(self, wanted: list[tuple[int, int]]) -> None:
        """Import a file of applications, each on the first day that both sides allow."""
        rows: list[tuple[Record, Record, int, date]] = []
        taken: set[int] = set()
        for which, share in wanted:
            source, item = self._one(self._pairs(), which)
            if {id(source), id(item)} & taken:
                continue
            if source.is_credit and source.customer != item.customer:
                continue  # a file finds credit notes of the item's own customer
            taken |= {id(source), id(item)}
            on = max(source.floor(), item.floor(), self.locked or FIRST) + timedelta(days=1)
            most = min(abs(source.left()), item.left())
            rows.append((source, item, max(1, most * share // 100), on))
        if not rows:
            return
        told = applications_file(rows)
        report = self.books.take_in("applications", told)
        made = [self.model.apply(*row) for row in rows]
        assert report["new"] + report["same"] == len(rows)
        assert report["new"] == len(rows)
        self.files.append((report["id"], "applications", told, [], made))

    @precondition(lambda self: self.files)
    @rule(on=days)
    def a_day_comes(self, on: date) -> None:
        """The ages of balances are counted anew; whatever is written later must mark them."""
        age_balances(entity_id=self.books.entity_id, on=on)

    @rule(which=picks)
    def import_again(self, which: int) -> None:
        """The same file again adds nothing, while what it brought stands."""
        file = self._one(self.files, which)
        if file is None:
            return
        _, kind, told, records, made = file
        if any(r.is_void for r in records) or any(
            a.is_taken_back or a.item.is_void or a.source.is_void for a in made
        ):
            return
        report = self.books.take_in(kind, told)
        assert (report["new"], report["changed"], report["rejected"]) == (0, 0, 0)
        assert report["same"] == report["rows"]

    @rule(which=picks)
    def import_another_amount(self, which: int) -> None:
        """A row that differs from what was issued under its number is refused."""
        file = self._one([one for one in self.files if one[1] == "items"], which)
        if file is None or any(record.is_void for record in file[3]):
            return
        record = file[3][0]
        other = Record(**{**record.__dict__, "amount": record.amount + 1})
        self._expect(lambda: self.books.take_in("items", items_file([other])), RowsRejected)

    @precondition(lambda self: self.files)
    @rule(which=picks)
    def revert(self, which: int) -> None:
        """Take an import back, while nothing depends on it."""
        file = self._one(self.files, which)
        if file is None:
            return
        batch, _, _, records, made = file
        standing = [record for record in records if not record.is_void]
        applied = [one for one in made if not one.is_taken_back]
        refusal: type[DulyError] | None = None
        if any(record.left() != record.amount for record in standing):
            refusal = ImportInUse
        else:
            days = [one.on for one in applied]
            days += [r.first_day_for(abs(r.amount), r.since) for r in standing]
            if any(map(self._is_locked, days)):
                refusal = PeriodLocked
        if self._expect(lambda: self.books.revert(batch), refusal):
            self.files.remove(file)
            for one in applied:
                self.model.take_back(one, one.on)
            for record in standing:
                day = record.first_day_for(abs(record.amount), record.since)
                self.model.void(record, day)

    @precondition(lambda self: self.steps > 5)
    @rule(through=days)
    def lock(self, through: date) -> None:
        """Close the books through a day; never earlier than they are closed."""
        is_back = self.locked is not None and through < self.locked
        if self._expect(
            lambda: self.books.lock(through.isoformat()), LockGoesBack if is_back else None
        ):
            self.locked = through

    @precondition(lambda self: self.locked is not None)
    @rule()
    def open_periods(self) -> None:
        """Open everything again."""
        self.books.lock(None)
        self.locked = None


@pytest.mark.parametrize("share", range(SHARES))
def test_random_books_say_what_the_model_says(share: int) -> None:
    """In shares, so that several processors may keep books at once."""
    run_state_machine_as_test(
        RandomBooks,
        settings=settings(
            max_examples=EXAMPLES // SHARES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_model_counts_as_a_person_would() -> None:
    """The model itself, on figures worked out by hand."""
    model = Model()
    invoice = model.add(Record("I", "A", "EUR", day("2026-01-10"), day("2026-02-09"), 100_00))
    money = model.add(Record("P", "A", "EUR", day("2026-02-20"), None, 60_00))
    made = model.apply(money, invoice, 50_00, day("2026-02-25"))
    model.take_back(made, day("2026-03-20"))
    assert model.aging(day("2026-02-24")) == {("A", "EUR"): {"1-30": 100_00, "unapplied": -60_00}}
    assert model.aging(day("2026-03-11")) == {("A", "EUR"): {"1-30": 50_00, "unapplied": -10_00}}
    assert model.aging(day("2026-03-20")) == {("A", "EUR"): {"31-60": 100_00, "unapplied": -60_00}}
    assert model.aging(day("2026-02-24"), "invoice")["A", "EUR"]["31-60"] == 100_00
    assert model.owed(day("2026-03-20")) == {"EUR": 40_00}
