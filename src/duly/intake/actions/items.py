"""Take in invoices, credit notes and debit notes."""

from collections.abc import Sequence
from datetime import date
from itertools import repeat

from duly.intake.actions.customers import new_customers_of_items
from duly.intake.actions.taking import Taking
from duly.intake.rules.columns import ITEM_KINDS
from duly.intake.rules.items import schedule
from duly.intake.rules.reading import Reading
from duly.kernel.currencies import EXPONENTS
from duly.kernel.errors import DulyError
from duly.kernel.money import Money, text_from_minor
from duly.parties.queries import codes_by_tax_id, debtors_by_code
from duly.receivables.actions import DocumentDraft, InstalmentDraft, issue_documents
from duly.receivables.queries import DocumentFacts, documents_by_number


class ItemsTaker:
    """Checks item rows block by block and issues the new ones as documents."""

    def __init__(self, taking: Taking) -> None:
        self._taking = taking
        self._debtors: dict[str, tuple[int, str]] = {}  # customer code -> (id, terms)
        self._kept = 0

    def take(self, reading: Reading) -> None:
        """Check one block; issue what is new; tell what is the same or in conflict."""
        kinds = reading.choices("kind", ITEM_KINDS, needed=True)
        numbers = reading.names("number")
        currencies = reading.currencies()
        issued = reading.dates("issued_on", needed=True)
        amounts = self._signed_amounts(reading, kinds, currencies)
        customers = self._customers(reading)
        settled = self._settled_before(reading, amounts, currencies)
        dues = self._dues(reading, kinds, currencies, issued, amounts, customers)
        reading.dates("delivered_on")  # checked; their texts are what is kept
        texts = zip(
            reading.texts("po_number", 64),
            reading.texts("order_ref", 64),
            reading.texts("reference"),
            strict=True,
        )
        drafts: list[DocumentDraft | None] = []
        bad = reading.bad
        for index, row in enumerate(
            zip(
                customers,
                kinds,
                numbers,
                currencies,
                amounts,
                reading.texts("issued_on"),
                dues,
                texts,
                reading.texts("delivered_on"),
                settled,
                strict=True,
            )
        ):
            if index in bad:
                drafts.append(None)
                continue
            customer, kind, number, currency, amount, issued_on, due, extra, arrived, before = row
            drafts.append(
                DocumentDraft(
                    customer[0],
                    kind,
                    number,
                    currency,
                    amount,
                    issued_on,
                    *due,
                    *extra,
                    arrived or None,
                    before,
                )
            )
        self._issue(reading, drafts)

    def finish(self) -> None:
        """Tell how many documents keep their first description."""
        if self._kept:
            self._taking.outcome.notes.append(
                f"{self._kept} documents are there with another purchase order, order, reference "
                "or delivery date. What was issued is frozen: they keep what they came in with."
            )

    def _signed_amounts(
        self, reading: Reading, kinds: list[str], currencies: list[str]
    ) -> list[int]:
        """Amounts with the sign of their kind; zero and negative amounts are problems."""
        amounts = reading.amounts("amount", currencies)
        if "" in reading.texts("amount", 400):
            reading.names("amount", 400)
        signed = []
        for index, (amount, kind) in enumerate(zip(amounts, kinds, strict=True)):
            if amount is None or amount <= 0:
                if amount is not None and index not in reading.bad:
                    reading.refuse(
                        index,
                        "AMOUNT_NOT_POSITIVE",
                        "The amount is not above zero.",
                        "Write the amount without a sign; kind credit_note turns it round.",
                    )
                signed.append(0)
            else:
                signed.append(-amount if kind == "credit_note" else amount)
        return signed

    def _customers(self, reading: Reading) -> list[tuple[int, str]]:
        """(id, terms) of each row's customer; an unknown one is a problem, or made."""
        codes = reading.names("customer_id")
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
            missing -= made.keys()
        if missing:
            for index, code in enumerate(codes):
                if code in missing and index not in reading.bad:
                    reading.refuse(
                        index,
                        "CUSTOMER_UNKNOWN",
                        f"There is no customer {code}.",
                        "Import the customer first, or say --create-customers.",
                    )
        nobody = (0, "")
        return [self._debtors.get(code, nobody) for code in codes]

    def _by_tax_id(self, reading: Reading, codes: list[str], missing: set[str]) -> None:
        """An e-invoice names its buyer by whatever id it has; one tax id is one customer."""
        tax_ids = dict(zip(codes, reading.texts("customer_tax_id", 64), strict=True))
        known = codes_by_tax_id(self._taking.entity.pk, {tax_ids[code] for code in missing})
        debtors = debtors_by_code(self._taking.entity.pk, set(known.values()))
        for code in missing:
            real = known.get(tax_ids[code])
            if real is not None:
                self._debtors[code] = debtors[real]

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
            if not 0 <= left <= abs(amount) and index not in reading.bad:
                reading.refuse(
                    index,
                    "OPEN_BEYOND_AMOUNT",
                    "The open amount is negative or more than the amount.",
                    "Write what is still open, at most the amount.",
                )
            settled.append(amount - (left if amount >= 0 else -left))
        return settled

    def _dues(
        self,
        reading: Reading,
        kinds: list[str],
        currencies: list[str],
        issued: list[date | None],
        amounts: list[int],
        customers: list[tuple[int, str]],
    ) -> list[tuple[tuple[InstalmentDraft, ...], str]]:
        """(instalments, terms as kept) of each row."""
        due_dates = reading.dates("due_on")
        due_texts = reading.texts("due_on")
        terms = reading.texts("terms")
        untils = reading.dates("discount_until")
        grants = reading.amounts("discount_amount", currencies)
        plain = not (reading.has("discount_until") or reading.has("discount_amount"))
        dues = []
        nothing: tuple[tuple[InstalmentDraft, ...], str] = ((), "")
        for index, (due_on, issued_on, amount) in enumerate(
            zip(due_dates, issued, amounts, strict=True)
        ):
            if issued_on is None or index in reading.bad:
                dues.append(nothing)
            elif due_on is not None and due_on < issued_on and amount > 0:
                reading.refuse(
                    index,
                    "DUE_BEFORE_ISSUED",
                    f"Due {due_on} is before the invoice date {issued_on}.",
                    "Mend one of the two dates.",
                )
                dues.append(nothing)
            elif due_on is not None and plain and not terms[index]:
                dues.append(((InstalmentDraft(due_texts[index], amount),), ""))
            else:
                dues.append(
                    self._from_terms(
                        reading,
                        index,
                        kinds[index],
                        currencies[index],
                        issued_on,
                        due_on,
                        amount,
                        terms[index],
                        untils[index],
                        grants[index],
                        customers[index][1],
                    )
                    or nothing
                )
        return dues

    def _from_terms(
        self,
        reading: Reading,
        index: int,
        kind: str,
        currency: str,
        issued_on: date,
        due_on: date | None,
        amount: int,
        terms: str,
        until: date | None,
        grant: int | None,
        customer_terms: str,
    ) -> tuple[tuple[InstalmentDraft, ...], str] | None:
        """Instalments of a row that says more, or less, than one due date."""
        if kind == "credit_note":
            day = due_on or issued_on
            return (InstalmentDraft(day.isoformat(), amount),), terms
        if due_on is None:
            text = terms or customer_terms or self._taking.entity.terms
            try:
                dues, kept = schedule(
                    terms_text=text,
                    issued_on=issued_on,
                    amount=Money(amount, currency),
                    book=self._taking.terms,
                )
            except DulyError as error:
                reading.refuse_as(index, error)
                return None
            instalments = tuple(
                InstalmentDraft(d.due_on, d.amount_minor, d.discount_until, d.discount_minor)
                for d in dues
            )
        else:
            instalments, kept = (InstalmentDraft(due_on.isoformat(), amount),), terms
        if grant:
            if grant > amount or until is None or until < issued_on or len(instalments) > 1:
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

    def _issue(self, reading: Reading, drafts: list[DocumentDraft | None]) -> None:
        """Issue what is new; what is there already is the same, or a conflict told in full."""
        taking = self._taking
        there = documents_by_number(
            taking.entity.pk, {draft.number for draft in drafts if draft is not None}
        )
        new, fresh, same = [], [], []
        seen: dict[tuple[int, str, str], int] = {}
        readable = [draft for draft in drafts if draft is not None]
        taking.outcome.add_control((d.currency, d.amount_minor) for d in readable)
        for index, draft in enumerate(drafts):
            if draft is None:
                continue
            key = (draft.customer_id, draft.kind, draft.number)
            earlier = there.get(key)
            if key in seen or (earlier and earlier.batch_id == taking.recorder.batch_id):
                first = f" (also in {reading.where(seen[key])})" if key in seen else ""
                reading.refuse(
                    index,
                    "NUMBER_REPEATED",
                    f"{draft.number} stands twice in this file for this customer{first}.",
                    "Keep one of the rows, or give the second its own number.",
                )
            elif earlier is None:
                seen[key] = index
                new.append(draft)
                fresh.append(index)
            else:
                told = _difference(draft, earlier)
                if told is None:
                    same.append(index)
                    said = (draft.po_number, draft.order_ref, draft.reference, draft.delivered_on)
                    self._kept += said != earlier.said
                else:
                    reading.refuse(index, *told)
        taking.outcome.add_written((d.currency, d.amount_minor) for d in new)
        issue_documents(recorder=taking.recorder, entity_id=taking.entity.pk, documents=new)
        taking.close_block(reading, new=fresh, same=same)


def _difference(draft: DocumentDraft, earlier: DocumentFacts) -> tuple[str, str, str] | None:
    """How a row differs from the document that has its number: (code, message, remedy), or None.

    What was issued is frozen, so any difference is told and nothing is changed silently.
    """
    exponent = EXPONENTS[draft.currency]
    remedy = "Void the document first, or correct it by a credit note and a new number."
    if (draft.currency, draft.amount_minor) != (earlier.currency, earlier.amount_minor):
        was = text_from_minor(abs(earlier.amount_minor), EXPONENTS[earlier.currency])
        now = text_from_minor(abs(draft.amount_minor), exponent)
        return (
            "ALREADY_ISSUED",
            f"{draft.number} is there with {was} {earlier.currency}; this row says {now} "
            f"{draft.currency}.",
            remedy,
        )
    if draft.issued_on != earlier.issued_on:
        return (
            "ALREADY_ISSUED",
            f"{draft.number} was issued on {earlier.issued_on}; this row says {draft.issued_on}.",
            remedy,
        )
    dues = tuple(part.due_on for part in draft.instalments)
    if draft.kind != "credit_note" and dues != earlier.due_on:
        return (
            "ALREADY_ISSUED",
            f"{draft.number} is due {', '.join(earlier.due_on)}; this row says {', '.join(dues)}.",
            "A due date is frozen once issued. " + remedy,
        )
    if draft.settled_before_minor != earlier.opening_minor:
        return (
            "OPEN_AMOUNT_CHANGED",
            f"{draft.number} came in with another open amount.",
            "For a new list of what is open, import it with --snapshot DATE.",
        )
    return None
