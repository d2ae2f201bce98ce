"""Take in invoices, credit notes and debit notes."""

from collections.abc import Sequence
from datetime import date
from itertools import repeat
from operator import lt

from duly.credit.actions.settled_orders import issue_documents
from duly.intake.actions.customers import new_customers_of_items
from duly.intake.actions.issued_before import IssuedBefore
from duly.intake.actions.taking import Taking
from duly.intake.rules.columns import ITEM_KINDS
from duly.intake.rules.items import Due, schedule, stated
from duly.intake.rules.reading import Reading
from duly.kernel.errors import DulyError
from duly.kernel.money import Money
from duly.parties.queries import codes_by_tax_id, debtors_by_code
from duly.receivables.actions import DocumentDraft, InstalmentDraft


class ItemsTaker:
    """Checks item rows block by block and issues the new ones as documents."""

    def __init__(self, taking: Taking) -> None:
        self._taking = taking
        self._debtors: dict[str, tuple[int, str]] = {}  # customer code -> (id, terms)
        self._codes: dict[str, str] = {}  # code in the file -> the customer's own, if another
        self._made: list[str] = []
        self._kept = 0
        self._opened = 0  # documents of which something was settled before they came in

    def take(self, reading: Reading) -> None:
        """Check one block; issue what is new; tell what is the same or in conflict."""
        kinds = reading.choices("kind", ITEM_KINDS, needed=True)
        numbers = reading.names("number")
        currencies = reading.currencies()
        issued = reading.dates("issued_on", needed=True)
        amounts = self._signed_amounts(reading, kinds, currencies)
        settled = self._settled_before(reading, amounts, currencies)
        settled_on = self._settled_on(reading, settled)
        dates = _Dates(reading, currencies, issued)
        customers = self._customers(reading)
        instalments, terms = self._dues(reading, kinds, currencies, amounts, customers, dates)
        columns = (
            [customer[0] for customer in customers],
            kinds,
            numbers,
            currencies,
            amounts,
            reading.texts("issued_on"),
            instalments,
            terms,
            reading.texts("po_number", 64),
            reading.texts("order_ref", 64),
            reading.texts("reference"),
            [text or None for text in reading.texts("delivered_on")],
            settled,
            settled_on,
        )
        drafts: list[DocumentDraft | None]
        drafts = list(map(DocumentDraft._make, zip(*columns, strict=True)))
        for index in reading.bad:
            drafts[index] = None
        self._issue(reading, drafts, dates)

    def finish(self) -> None:
        """Tell who was made, and how many documents keep their first description."""
        outcome = self._taking.outcome
        if self._made:
            shown = ", ".join(sorted(self._made)[:10]) + (", ..." if len(self._made) > 10 else "")
            were = "customer was" if len(self._made) == 1 else "customers were"
            outcome.notes.append(f"{len(self._made):,} {were} made from the items: {shown}")
        if self._kept:
            outcome.notes.append(
                f"Documents with another purchase order, order, reference, delivery date or day of "
                f"settlement than when they came in: {self._kept}. What was issued is frozen: they "
                "keep theirs."
            )
        if self._opened:
            came = "1 document came" if self._opened == 1 else f"{self._opened:,} documents came"
            outcome.notes.append(
                f"History before this import is not known: {came} in as already settled, wholly or "
                "in part, dated on the day of issue. Agings of earlier days leave that out. "
                "A column settled_on tells the day."
            )

    def _signed_amounts(
        self, reading: Reading, kinds: list[str], currencies: list[str]
    ) -> list[int]:
        """Amounts with the sign of their kind; zero and negative amounts are problems."""
        amounts = reading.amounts("amount", currencies, needed=True)
        signed: list[int] = []
        for index, (amount, kind) in enumerate(zip(amounts, kinds, strict=True)):
            if amount is not None and amount > 0:
                signed.append(-amount if kind == "credit_note" else amount)
                continue
            signed.append(0)
            if amount is not None:
                reading.refuse(
                    index,
                    "AMOUNT_NOT_POSITIVE",
                    "The amount is not above zero.",
                    "Write the amount without a sign; kind credit_note turns it round.",
                    column="amount",
                )
        return signed

    def _customers(self, reading: Reading) -> list[tuple[int, str]]:
        """(id, terms) of each row's customer; an unknown one is a problem, or made."""
        codes = reading.names("customer_id")
        nobody = (0, "")
        entity_id = self._taking.entity.pk
        missing = set(codes) - self._debtors.keys() - {""}
        if missing:
            self._debtors.update(debtors_by_code(entity_id, missing))
            missing -= self._debtors.keys()
        if missing and reading.has("customer_tax_id"):
            self._by_tax_id(reading, codes, missing)
            missing -= self._debtors.keys()
        if missing and self._taking.create_customers:
            made = new_customers_of_items(self._taking, reading, codes, missing)
            self._debtors.update(made)
            self._made += made
            return [self._debtors.get(code, nobody) for code in codes]
        if missing:
            for index, code in enumerate(codes):
                if code in missing:
                    reading.refuse(
                        index,
                        "CUSTOMER_UNKNOWN",
                        f"There is no customer {code}.",
                        "Import the customer first, or say --create-customers.",
                        column="customer_id",
                    )
        return [self._debtors.get(code, nobody) for code in codes]

    def _by_tax_id(self, reading: Reading, codes: list[str], missing: set[str]) -> None:
        """An e-invoice names its buyer by whatever id it has; one tax id is one customer."""
        tax_ids = dict(zip(codes, reading.texts("customer_tax_id", 64), strict=True))
        known = codes_by_tax_id(self._taking.entity.pk, {tax_ids[code] for code in missing})
        debtors = debtors_by_code(self._taking.entity.pk, set(known.values()))
        for code in missing:
            real = known.get(tax_ids[code])
            if real is not None:
                self._debtors[code], self._codes[code] = debtors[real], real

    def _settled_before(
        self, reading: Reading, amounts: list[int], currencies: list[str]
    ) -> Sequence[int]:
        """What the file says was settled before opening, with the amount's sign."""
        if not reading.has("open_amount"):
            return list(repeat(0, reading.count))
        settled = []
        opens = reading.amounts("open_amount", currencies)
        for index, (left, amount) in enumerate(zip(opens, amounts, strict=True)):
            if left is None:
                settled.append(0)
                continue
            if left < 0 or (amount and left > abs(amount)):
                reading.refuse(
                    index,
                    "OPEN_BEYOND_AMOUNT",
                    "The open amount is negative or more than the amount.",
                    "Write what is still open, at most the amount.",
                    column="open_amount",
                )
            settled.append(amount - (left if amount >= 0 else -left))
        return settled

    def _settled_on(self, reading: Reading, settled: Sequence[int]) -> list[str | None]:
        """When that was settled, where the file tells it; what was paid ahead, on its issue."""
        if not reading.has("settled_on"):
            return [None] * reading.count
        days, today = reading.dates("settled_on"), self._taking.today
        texts = reading.texts("settled_on")
        for index, (text, minor) in enumerate(zip(texts, settled, strict=True)):
            day = days[index]
            if day is not None and today is not None and day > today:
                reading.refuse(
                    index,
                    "SETTLED_IN_FUTURE",
                    f"Settled on {day}, and today is {today}.",
                    "Write the day on which it was settled, or leave it open.",
                    column="settled_on",
                )
            if text and not minor:
                reading.refuse(
                    index,
                    "NOTHING_SETTLED",
                    f"Settled on {text[:40]}, and all of it is open.",
                    "Write what is still open (0 if nothing is), or leave settled_on empty.",
                    column="open_amount",
                )
        issued = reading.texts("issued_on")
        return [max(on, first) if on else None for on, first in zip(texts, issued, strict=True)]

    def _dues(
        self,
        reading: Reading,
        kinds: list[str],
        currencies: list[str],
        amounts: list[int],
        customers: list[tuple[int, str]],
        dates: "_Dates",
    ) -> tuple[list[tuple[InstalmentDraft, ...]], list[str]]:
        """The instalments of each row, and its terms as they are kept."""
        if dates.are_all_stated:
            parts = zip(dates.due_texts, amounts, repeat(None), repeat(0))
            return list(zip(map(InstalmentDraft._make, parts), strict=True)), dates.terms
        instalments: list[tuple[InstalmentDraft, ...]] = []
        kept: list[str] = []
        for index, (due_on, issued_on, amount) in enumerate(
            zip(dates.due, dates.issued, amounts, strict=True)
        ):
            parts_of, terms = (), dates.terms[index]
            is_credit = kinds[index] == "credit_note"
            if not is_credit and due_on is not None and issued_on and due_on < issued_on:
                reading.refuse(
                    index,
                    "DUE_BEFORE_ISSUED",
                    f"Due {due_on} is before the invoice date {issued_on}.",
                    "Mend one of the two dates.",
                    column="due_on",
                )
            if issued_on is None or index in reading.bad:
                pass
            elif is_credit:
                parts_of = (InstalmentDraft((due_on or issued_on).isoformat(), amount),)
            elif due_on is not None and dates.is_plain and not terms:
                parts_of = (InstalmentDraft(dates.due_texts[index], amount),)
            else:
                money = Money(amount, currencies[index])
                told = self._from_terms(reading, index, money, customers[index][1], dates)
                parts_of, terms = told or ((), "")
            instalments.append(parts_of)
            kept.append(terms)
        return instalments, kept

    def _from_terms(
        self, reading: Reading, index: int, amount: Money, customer_terms: str, dates: "_Dates"
    ) -> tuple[tuple[InstalmentDraft, ...], str] | None:
        """Instalments of a row that says more, or less, than one due date."""
        issued_on, due_on, terms = dates.issued[index], dates.due[index], dates.terms[index]
        assert issued_on is not None, "refused before"  # noqa: S101
        told = {
            "issued_on": issued_on,
            "amount": amount,
            "book": self._taking.terms,
            "received_on": dates.delivered[index],
        }
        dues: tuple[Due, ...]
        if due_on is not None:
            due, kept = stated(due_on=due_on, terms_text=terms, **told)
            dues = (due,)
        else:
            text = terms or customer_terms or self._taking.entity.terms
            try:
                dues, kept = schedule(terms_text=text, **told)
            except DulyError as error:
                reading.refuse_as(index, error)
                return None
        instalments = tuple(InstalmentDraft(*due) for due in dues)
        until, grant = dates.until[index], dates.grants[index]
        if grant:
            if grant > amount.minor or until is None or until < issued_on or len(dues) > 1:
                reading.refuse(
                    index,
                    "DISCOUNT_UNCLEAR",
                    "The discount does not fit the document.",
                    "Give discount_until on or after the invoice date, and at most the amount.",
                )
                return None
            instalments = (
                instalments[0]._replace(discount_until=until.isoformat(), discount_minor=grant),
            )
        return instalments, kept

    def _issue(self, reading: Reading, drafts: list[DocumentDraft | None], dates: "_Dates") -> None:
        """Issue what is new; what is there already is the same, or a conflict told in full."""
        taking = self._taking
        readable = [draft for draft in drafts if draft is not None]
        there = IssuedBefore(taking.entity.pk, readable)
        taking.outcome.add_control([(draft.currency, draft.amount_minor) for draft in readable])
        if there or len({draft[:3] for draft in readable}) < len(readable):
            fresh, same = self._sort_out(reading, drafts, there, dates)
        else:
            fresh, same = [index for index, draft in enumerate(drafts) if draft is not None], []
        fresh = taking.open_rows(reading, fresh, "issued_on")
        new = [draft for index in fresh if (draft := drafts[index]) is not None]
        taking.outcome.add_written([(draft.currency, draft.amount_minor) for draft in new])
        issue_documents(recorder=taking.recorder, entity_id=taking.entity.pk, documents=new)
        self._opened += sum(1 for d in new if d.settled_before_minor and not d.settled_on)
        self._plan(reading, fresh, new, dates)
        taking.sort_rows(reading.row, new=fresh, same=same)
        taking.close_block(reading)

    def _sort_out(
        self,
        reading: Reading,
        drafts: list[DocumentDraft | None],
        there: IssuedBefore,
        dates: "_Dates",
    ) -> tuple[list[int], list[int]]:
        """The rows that are new, and those that are there already; what differs is told."""
        fresh: list[int] = []
        same: list[int] = []
        seen: dict[tuple[int, str, str], int] = {}
        for index, draft in enumerate(drafts):
            if draft is None:
                continue
            key = (draft.customer_id, draft.kind, draft.number)
            earlier = there.find(draft)
            if key in seen or (earlier and earlier.batch_id == self._taking.recorder.batch_id):
                first = f" (also in {reading.where(seen[key])})" if key in seen else ""
                reading.refuse(
                    index,
                    "NUMBER_REPEATED",
                    f"{draft.number} stands twice in this file for this customer{first}.",
                    "Keep one of the rows, or give the second its own number.",
                )
            elif earlier is None:
                seen[key] = index
                fresh.append(index)
            else:
                told = there.difference(draft, earlier, is_derived=dates.are_derived(index))
                if told is None:
                    same.append(index)
                    said = (draft.po_number, draft.order_ref, draft.reference, draft.delivered_on)
                    is_dated = draft.settled_on in (None, earlier.settled_on)
                    self._kept += said != earlier.said or not is_dated
                else:
                    reading.refuse(index, *told)
        return fresh, same

    def _plan(
        self, reading: Reading, rows: list[int], new: list[DocumentDraft], dates: "_Dates"
    ) -> None:
        """What is written: the rows, and what does not stand in them but follows from the books."""
        outcome = self._taking.outcome
        outcome.plan_rows(reading.columns, rows)
        if not dates.are_all_stated:
            follows = [
                (row, draft.terms, draft.instalments)
                for row, draft in zip(rows, new, strict=True)
                if draft.terms or len(draft.instalments) > 1 or dates.are_derived(row)
            ]
            outcome.plan("dues", follows)
        codes = reading.columns["customer_id"] if self._codes else []
        outcome.plan("customers", [(c, self._codes[c]) for c in codes if c in self._codes])


class _Dates:
    """When each row of a block is due by its own words, and what it grants for paying early."""

    def __init__(
        self, reading: Reading, currencies: list[str], issued: Sequence[date | None]
    ) -> None:
        self.issued = issued
        self.due = reading.dates("due_on")
        self.due_texts = reading.texts("due_on")
        self.terms = reading.texts("terms")
        self.until = reading.dates("discount_until")
        self.grants = reading.amounts("discount_amount", currencies)
        self.delivered = reading.dates("delivered_on")
        self.is_plain = not (reading.has("discount_until") or reading.has("discount_amount"))
        self.are_all_stated = (
            self.is_plain
            and not any(self.terms)
            and None not in self.due
            and None not in self.issued
            and not any(map(lt, self.due_texts, reading.texts("issued_on")))
        )

    def are_derived(self, index: int) -> bool:
        """The row says neither a due date nor terms: both come from the customer, of today."""
        return self.due[index] is None and not self.terms[index]
