"""Take in payments and applications."""

from collections import Counter
from datetime import date

from duly.intake.actions.taking import Taking
from duly.intake.rules.reading import Reading
from duly.kernel.currencies import EXPONENTS
from duly.kernel.money import text_from_minor
from duly.parties.queries import ids_by_code
from duly.receivables.actions import PaymentDraft, apply_payments, receive_payments
from duly.receivables.queries import (
    ItemFacts,
    PaymentFacts,
    items_by_number,
    payments_by_number,
    standing_applications,
)
from duly.receivables.rules.applying import Wish


class PaymentsTaker:
    """Checks payment rows and receives the new ones."""

    def __init__(self, taking: Taking) -> None:
        self._taking = taking
        self._customers: dict[str, int] = {}

    def take(self, reading: Reading) -> None:
        """Check one block; receive what is new; tell what is the same or in conflict."""
        numbers = reading.names("payment_id")
        currencies = reading.currencies()
        received = reading.dates("received_on", needed=True)
        amounts = reading.amounts("amount", currencies)
        reading.names("amount", 400)
        for index, amount in enumerate(amounts):
            if amount is not None and amount <= 0 and index not in reading.bad:
                reading.refuse(
                    index,
                    "AMOUNT_NOT_POSITIVE",
                    "The amount is not above zero.",
                    "Write what came in; money that went back is a returned payment.",
                )
        customers = self._customer_ids(reading)
        names = reading.texts("payer_name")
        accounts = reading.texts("payer_account", 64)
        references = reading.texts("reference", 500)
        drafts = [
            None
            if index in reading.bad or day is None or amount is None
            else PaymentDraft(
                number, customer, currency, amount, day.isoformat(), name, account, reference
            )
            for index, (
                number,
                customer,
                currency,
                amount,
                day,
                name,
                account,
                reference,
            ) in enumerate(
                zip(
                    numbers,
                    customers,
                    currencies,
                    amounts,
                    received,
                    names,
                    accounts,
                    references,
                    strict=True,
                )
            )
        ]
        self._receive(reading, drafts)

    def finish(self) -> None:
        """Nothing waits for the end of the file."""

    def _customer_ids(self, reading: Reading) -> list[int | None]:
        codes = reading.texts("customer_id", 64)
        missing = set(codes) - self._customers.keys() - {""}
        self._customers.update(ids_by_code(self._taking.entity.pk, missing))
        unknown = missing - self._customers.keys()
        if unknown:
            for index, code in enumerate(codes):
                if code in unknown and index not in reading.bad:
                    reading.refuse(
                        index,
                        "CUSTOMER_UNKNOWN",
                        f"There is no customer {code}.",
                        "Import the customer first, or leave customer_id empty.",
                    )
        return [self._customers.get(code) for code in codes]

    def _receive(self, reading: Reading, drafts: list[PaymentDraft | None]) -> None:
        taking = self._taking
        there = payments_by_number(
            taking.entity.pk, {draft.number for draft in drafts if draft is not None}
        )
        new: list[PaymentDraft] = []
        fresh, same = [], []
        seen: set[str] = set()
        for index, draft in enumerate(drafts):
            if draft is None:
                continue
            taking.outcome.add_control([(draft.currency, draft.amount_minor)])
            earlier = there.get(draft.number)
            if draft.number in seen or (earlier and earlier.batch_id == taking.recorder.batch_id):
                reading.refuse(
                    index,
                    "NUMBER_REPEATED",
                    f"Payment {draft.number} stands twice in this file.",
                    "Keep one of the rows, or give the second its own id.",
                )
            elif earlier is None:
                seen.add(draft.number)
                new.append(draft)
                fresh.append(index)
                taking.outcome.add_written([(draft.currency, draft.amount_minor)])
            elif _is_same(draft, earlier):
                same.append(index)
            else:
                was = text_from_minor(earlier.amount_minor, EXPONENTS[earlier.currency])
                reading.refuse(
                    index,
                    "ALREADY_RECEIVED",
                    f"Payment {draft.number} is there with {was} {earlier.currency}, received "
                    f"{earlier.received_on}; this row differs.",
                    "Give the payment its own id, or take the earlier one back first.",
                )
        receive_payments(recorder=taking.recorder, entity_id=taking.entity.pk, payments=new)
        taking.close_block(reading, new=fresh, same=same)


def _is_same(draft: PaymentDraft, earlier: PaymentFacts) -> bool:
    return (draft.currency, draft.amount_minor, draft.received_on) == (
        earlier.currency,
        earlier.amount_minor,
        earlier.received_on,
    ) and draft.customer_id in (earlier.customer_id, None)


class ApplicationsTaker:
    """Checks application rows and applies the new ones, of payments and of credit notes.

    An application has no id of its own: rows that look alike are counted, so that importing twice
    adds nothing and twins in one file are both kept.
    """

    def __init__(self, taking: Taking) -> None:
        self._taking = taking
        self._met: Counter[tuple[object, ...]] = Counter()  # rows met that were there before
        self._currency_of: dict[int, str] = {}

    def take(self, reading: Reading) -> None:
        """Check one block and apply what is new."""
        taking = self._taking
        sources = reading.names("payment_id")
        numbers = reading.names("item_number")
        codes = reading.names("customer_id")
        days = reading.dates("applied_on", needed=True)
        reading.names("amount", 400)
        customers = ids_by_code(taking.entity.pk, set(codes))
        self._currency_of = {}
        items = items_by_number(taking.entity.pk, {*numbers, *sources})
        payments = payments_by_number(taking.entity.pk, sources)
        found = [
            self._find(reading, index, customers.get(code), code, source, number, items, payments)
            for index, (code, source, number) in enumerate(
                zip(codes, sources, numbers, strict=True)
            )
        ]
        currencies = [pair[2] if pair else "" for pair in found]
        amounts = reading.amounts("amount", currencies)
        discounts = reading.amounts("discount", currencies)
        new, same = self._sort_out(reading, found, days, amounts, discounts)
        for with_credit in (False, True):
            part = [(index, wish) for index, wish, credit in new if credit is with_credit]
            self._apply(reading, part, with_credit)
        kept = sorted({index for index, _, _ in new} - reading.bad)
        taking.close_block(reading, new=kept, same=same)

    def finish(self) -> None:
        """Nothing waits for the end of the file."""

    def _find(
        self,
        reading: Reading,
        index: int,
        customer_id: int | None,
        code: str,
        source: str,
        number: str,
        items: dict[tuple[int, str], list[ItemFacts]],
        payments: dict[str, PaymentFacts],
    ) -> tuple[list[ItemFacts], int, str, bool] | None:
        """(items to settle, source id, the item's currency, is a credit note) of a row."""
        if index in reading.bad:
            return None
        if customer_id is None:
            reading.refuse(
                index,
                "CUSTOMER_UNKNOWN",
                f"There is no customer {code}.",
                "Import the customer first.",
            )
            return None
        owed = [item for item in items.get((customer_id, number), []) if item.amount_minor >= 0]
        if not owed:
            reading.refuse(
                index,
                "ITEM_UNKNOWN",
                f"Customer {code} has no invoice or debit note {number}.",
                "Import the item first, or mend item_number.",
            )
            return None
        if len({item.document_id for item in owed}) > 1:
            reading.refuse(
                index,
                "ITEM_UNCLEAR",
                f"Customer {code} has an invoice and a debit note numbered {number}.",
                "Give one of them a number of its own.",
            )
            return None
        payment = payments.get(source)
        if payment is not None:
            return owed, payment.id, owed[0].currency, False
        credits = [item for item in items.get((customer_id, source), []) if item.amount_minor < 0]
        if credits:
            return owed, credits[0].id, owed[0].currency, True
        reading.refuse(
            index,
            "PAYMENT_UNKNOWN",
            f"There is no payment {source}, and customer {code} has no credit note {source}.",
            "Import the payment first, or mend payment_id.",
        )
        return None

    def _sort_out(
        self,
        reading: Reading,
        found: list[tuple[list[ItemFacts], int, str, bool] | None],
        days: list[date | None],
        amounts: list[int | None],
        discounts: list[int | None],
    ) -> tuple[list[tuple[int, Wish, bool]], list[int]]:
        """New applications as wishes, an instalment each, and the rows that are there already."""
        taking = self._taking
        there = self._there(found)
        left: dict[int, int] = {}
        new: list[tuple[int, Wish, bool]] = []
        same: list[int] = []
        currency_of = self._currency_of
        for index, row in enumerate(found):
            day, amount, discount = days[index], amounts[index], discounts[index] or 0
            if row is None or index in reading.bad or day is None or amount is None:
                continue
            owed, source_id, currency, with_credit = row
            if amount <= 0 or discount < 0:
                reading.refuse(
                    index,
                    "AMOUNT_NOT_POSITIVE",
                    "The amount is not above zero.",
                    "Write what was applied.",
                )
                continue
            taking.outcome.add_control([(currency, amount)])
            key = (with_credit, source_id, owed[0].document_id, day, amount)
            if self._met[key] < there[key]:
                self._met[key] += 1
                same.append(index)
                continue
            wishes = _by_instalment(owed, left, source_id, day, amount, discount)
            new += [(index, wish, with_credit) for wish in wishes]
            currency_of.update({wish.item_id: currency for wish in wishes})
        return new, same

    def _there(
        self, found: list[tuple[list[ItemFacts], int, str, bool] | None]
    ) -> Counter[tuple[object, ...]]:
        """How often each application stands from earlier batches."""
        document_of = {
            item.id: item.document_id for row in found if row is not None for item in row[0]
        }
        counted: Counter[tuple[object, ...]] = Counter()
        sums: dict[tuple[object, ...], int] = {}
        for with_credit in (False, True):
            sources = {row[1] for row in found if row is not None and row[3] is with_credit}
            for row in standing_applications(sources, of_credit=with_credit):
                if row.batch_id == self._taking.recorder.batch_id or row.item_id not in document_of:
                    continue
                document_id = document_of[row.item_id]
                counted[
                    with_credit, row.source_id, document_id, row.applied_on, row.amount_minor
                ] += 1
                group = (with_credit, row.source_id, document_id, row.applied_on, row.batch_id)
                sums[group] = sums.get(group, 0) + row.amount_minor
        # A row over several instalments was written as several applications of one batch.
        for (with_credit, source_id, document_id, day, _), total in sums.items():
            key = (with_credit, source_id, document_id, day, total)
            counted[key] = max(counted[key], 1)
        return counted

    def _apply(self, reading: Reading, part: list[tuple[int, Wish]], with_credit: bool) -> None:
        """Apply; a refusal becomes the problem of its row."""
        indexes = [index for index, _ in part]
        problems = apply_payments(
            recorder=self._taking.recorder,
            entity_id=self._taking.entity.pk,
            wishes=[wish for _, wish in part],
            with_credit=with_credit,
            places=[reading.where(index) for index in indexes],
        )
        if problems:
            named = {problem.where for problem in problems}
            reading.problems += problems
            reading.bad.update(index for index in indexes if reading.where(index) in named)
            rest = [(index, wish) for index, wish in part if index not in reading.bad]
            if rest:
                self._apply(reading, rest, with_credit)
            return
        self._taking.outcome.add_written(
            (self._currency_of[wish.item_id], wish.amount_minor) for _, wish in part
        )


def _by_instalment(
    owed: list[ItemFacts],
    left: dict[int, int],
    source_id: int,
    day: date,
    amount: int,
    discount: int,
) -> list[Wish]:
    """An amount over a document's instalments, earliest due first; what is too much is last.

    `left` remembers what earlier rows of the block took.
    """
    wishes = []
    for item in owed:
        free = left.setdefault(item.id, item.open_minor)
        is_last = item is owed[-1]
        part = amount if is_last else min(amount, free)
        given = discount if is_last or part + discount <= free else 0
        if part or given:
            wishes.append(Wish(source_id, item.id, part, day, given))
            left[item.id] = free - part - given
            amount -= part
            discount -= given
        if not amount and not discount:
            break
    return wishes
