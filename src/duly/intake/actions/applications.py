"""Take in applications, of payments and of credit notes.

An application has no id of its own: rows that look alike are counted, so that importing twice adds
nothing and twins in one file are both kept.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from duly.intake.actions.taking import Taking
from duly.intake.rules.reading import Reading
from duly.intake.rules.repeated import Piece, Pieces
from duly.kernel.currencies import EXPONENTS
from duly.kernel.money import text_from_minor
from duly.parties.queries import ids_by_code, tops_of
from duly.receivables.actions import apply_payments
from duly.receivables.queries import (
    ItemFacts,
    PaymentFacts,
    credits_of_group,
    discounts_beside,
    items_by_number,
    payments_by_number,
    standing_applications,
)
from duly.receivables.rules.applying import Wish

Group = tuple[bool, int, int, date]  # of credit, source, document, day: what is said of an act


class _Source(NamedTuple):
    """What a row applies, and to what."""

    owed: list[ItemFacts]  # the instalments of the document, earliest due first
    id: int  # a payment's, or a credit note's item
    is_credit: bool

    @property
    def currency(self) -> str:
        return self.owed[0].currency


class _Row(NamedTuple):
    """A row that can be read: the amounts are in minor units of its currency."""

    source: _Source
    day: date
    amount: int
    discount: int

    @property
    def group(self) -> Group:
        return self.source.is_credit, self.source.id, self.source.owed[0].document_id, self.day


class ApplicationsTaker:
    """Checks application rows and applies the new ones."""

    def __init__(self, taking: Taking) -> None:
        self._taking = taking
        self._met: set[int] = set()  # applications from earlier that rows of this file repeat

    def take(self, reading: Reading) -> None:
        """Check one block and apply what is new."""
        taking = self._taking
        rows = self._rows(reading)
        taking.outcome.add_control([(r.source.currency, r.amount) for r in rows.values()])
        same = self._repeated(reading, rows)
        left: dict[int, int] = {}
        fresh = [index for index in rows if index not in same and index not in reading.bad]
        wishes: dict[int, list[Wish]] = {
            index: _by_instalment(rows[index], left)
            for index in taking.open_rows(reading, fresh, "applied_on")
        }
        for is_credit in (False, True):
            part = [
                (index, wish)
                for index, told in wishes.items()
                for wish in told
                if rows[index].source.is_credit is is_credit
            ]
            self._apply(reading, part, is_credit, rows)
        new = [index for index in wishes if index not in reading.bad]
        taking.outcome.plan_rows(reading.columns, new)
        parts = [(i, [wish.amount_minor for wish in wishes[i]]) for i in new if len(wishes[i]) > 1]
        taking.outcome.plan("parts", parts)
        taking.sort_rows(reading.row, new=new, same=sorted(same))
        taking.close_block(reading)

    def finish(self) -> None:
        """Nothing waits for the end of the file."""

    def _rows(self, reading: Reading) -> dict[int, _Row]:
        """The rows of a block that can be read, by their index; the others are told."""
        entity_id = self._taking.entity.pk
        sources = reading.names("payment_id")
        numbers = reading.names("item_number")
        codes = reading.names("customer_id")
        days = reading.dates("applied_on", needed=True)
        customers = ids_by_code(entity_id, set(codes))
        items = items_by_number(entity_id, {*numbers, *sources})
        payments = payments_by_number(entity_id, sources)
        credits = _credits(zip(map(customers.get, codes), sources, strict=True), items)
        found = [
            self._find(
                reading,
                index,
                customers.get(code),
                code,
                source,
                number,
                items,
                payments.get(source),
                credits.get((customers.get(code), source), ()),
            )
            for index, (code, source, number) in enumerate(
                zip(codes, sources, numbers, strict=True)
            )
        ]
        currencies = [one.currency if one else "" for one in found]
        amounts = reading.amounts("amount", currencies, needed=True)
        discounts = reading.amounts("discount", currencies)
        for index, (amount, discount) in enumerate(zip(amounts, discounts, strict=True)):
            if (amount is not None and amount <= 0) or (discount or 0) < 0:
                reading.refuse(
                    index,
                    "AMOUNT_NOT_POSITIVE",
                    "The amount is not above zero.",
                    "Write what was applied.",
                    column="amount",
                )
        return {
            index: _Row(source, day, amount, discount or 0)
            for index, (source, day, amount, discount) in enumerate(
                zip(found, days, amounts, discounts, strict=True)
            )
            if source and day and amount and index not in reading.bad
        }

    def _find(
        self,
        reading: Reading,
        index: int,
        customer_id: int | None,
        code: str,
        source: str,
        number: str,
        items: Mapping[tuple[int, str], list[ItemFacts]],
        payment: PaymentFacts | None,
        credits: Sequence[ItemFacts],
    ) -> _Source | None:
        """What a row applies to what; None, and told, where there is no such thing."""
        if not (code and source and number):
            return None
        if customer_id is None:
            reading.refuse(
                index,
                "CUSTOMER_UNKNOWN",
                f"There is no customer {code}.",
                "Import the customer first.",
                column="customer_id",
            )
            return None
        owed = [item for item in items.get((customer_id, number), []) if item.amount_minor >= 0]
        if not owed:
            reading.refuse(
                index,
                "ITEM_UNKNOWN",
                f"Customer {code} has no invoice or debit note {number}.",
                "Import the item first, or mend item_number.",
                column="item_number",
            )
        elif len({item.document_id for item in owed}) > 1:
            reading.refuse(
                index,
                "ITEM_UNCLEAR",
                f"Customer {code} has an invoice and a debit note numbered {number}.",
                "Give one of them a number of its own.",
                column="item_number",
            )
            owed = []
        if payment is None and not credits:
            reading.refuse(
                index,
                "PAYMENT_UNKNOWN",
                f"There is no payment {source}, and neither customer {code} nor its group has a "
                f"credit note {source}.",
                "Import the payment first, or mend payment_id.",
                column="payment_id",
            )
        elif payment is None and len(credits) > 1:
            told = f"{len(credits)} members of the group of {code} have a credit note {source}."
            remedy = "Apply it with duly apply to an item of its own customer."
            reading.refuse(index, "NUMBER_UNCLEAR", told, remedy, column="payment_id")
        elif owed:
            return _Source(owed, payment.id if payment else credits[0].id, payment is None)
        return None

    def _repeated(self, reading: Reading, rows: Mapping[int, _Row]) -> set[int]:
        """The rows that stand from earlier imports; one with another discount is told."""
        groups: dict[Group, list[int]] = {}
        for index, row in rows.items():
            groups.setdefault(row.group, []).append(index)
        same: set[int] = set()
        for group, pieces in self._standing(rows.values()).items():
            indexes = groups.get(group, ())
            # The largest first: it is the one that went over several instalments.
            for index in sorted(indexes, key=lambda index: -rows[index].amount):
                row = rows[index]
                taken = pieces.take(row.amount, row.discount)
                if not taken:
                    continue
                self._met.update(piece.id for piece in taken)
                same.add(index)
                granted = sum(piece.discount for piece in taken)
                if row.discount and row.discount != granted:
                    decimals = EXPONENTS[row.source.currency]
                    reading.refuse(
                        index,
                        "ALREADY_APPLIED",
                        f"It is there with a discount of {text_from_minor(granted, decimals)}; "
                        f"this row says {text_from_minor(row.discount, decimals)}.",
                        "Take the application back, then import it as it is meant.",
                        column="discount",
                    )
        return same - reading.bad

    def _standing(self, rows: Collection[_Row]) -> dict[Group, Pieces]:
        """What stands from earlier imports of the sources of some rows, not yet met."""
        documents = {item.id: item.document_id for row in rows for item in row.source.owed}
        places = {item.id: n for row in rows for n, item in enumerate(row.source.owed)}
        discounted = {i.id for row in rows if row.discount for i in row.source.owed}
        discounts = discounts_beside(discounted) if discounted else {}
        found: dict[Group, Pieces] = {}
        for is_credit in (False, True):
            sources = {row.source.id for row in rows if row.source.is_credit is is_credit}
            for one in standing_applications(sources, of_credit=is_credit):
                is_ours = one.batch_id == self._taking.recorder.batch_id
                if is_ours or one.item_id not in documents or one.id in self._met:
                    continue
                group = (is_credit, one.source_id, documents[one.item_id], one.applied_on)
                found.setdefault(group, Pieces()).add(
                    Piece(
                        one.id,
                        one.batch_id,
                        places[one.item_id],
                        one.amount_minor,
                        discounts.get(one.id, 0),
                    )
                )
        return found

    def _apply(
        self,
        reading: Reading,
        part: Sequence[tuple[int, Wish]],
        is_credit: bool,
        rows: Mapping[int, _Row],
    ) -> None:
        """Apply; a refusal becomes the problem of its row."""
        problems = apply_payments(
            recorder=self._taking.recorder,
            entity_id=self._taking.entity.pk,
            wishes=[wish for _, wish in part],
            with_credit=is_credit,
            places=[str(index) for index, _ in part],
        )
        for problem in problems:
            reading.refuse(
                int(problem.where), problem.code, problem.message, problem.remedy, column="amount"
            )
        if problems:
            rest = [(index, wish) for index, wish in part if index not in reading.bad]
            self._apply(reading, rest, is_credit, rows)
            return
        self._taking.outcome.add_written(
            [(rows[index].source.currency, wish.amount_minor) for index, wish in part]
        )


def _by_instalment(row: _Row, left: dict[int, int]) -> list[Wish]:
    """An amount over a document's instalments, earliest due first; what is too much is last.

    Each instalment takes the discount that it grants beside its money, while there is money.
    `left` remembers what earlier rows of the block took.
    """
    wishes: list[Wish] = []
    owed, amount, discount = row.source.owed, row.amount, row.discount
    for item in owed:
        free = left.setdefault(item.id, item.open_minor)
        is_last = item is owed[-1]
        given = min(discount, item.discount_minor, free)
        part = amount if is_last else min(amount, free - given)
        if part:
            wishes.append(Wish(row.source.id, item.id, part, row.day, given))
            left[item.id] = free - part - given
            amount -= part
            discount -= given
        if not amount:
            break
    if discount:
        wishes[-1] = wishes[-1]._replace(discount_minor=wishes[-1].discount_minor + discount)
    return wishes


def _credits(
    named: Iterable[tuple[int | None, str]], items: Mapping[tuple[int, str], list[ItemFacts]]
) -> dict[tuple[int | None, str], list[ItemFacts]]:
    """{(customer id, number): the credit notes that it may mean} of what some rows name."""
    of_number: defaultdict[str, list[ItemFacts]] = defaultdict(list)
    for (_, number), found in items.items():
        of_number[number] += [item for item in found if item.amount_minor < 0]
    wanted = {(who, number) for who, number in named if who and of_number.get(number)}
    owners = {item.customer_id for _, number in wanted for item in of_number[number]}
    tops = tops_of({who for who, _ in wanted if who} | owners) if wanted else {}
    return {
        (who, number): credits_of_group(of_number[number], who, tops)
        for who, number in wanted
        if who
    }
