"""Take in payments."""

from collections.abc import Sequence

from duly.cash_application.actions import AliasDraft, learn_aliases
from duly.cash_application.actions.aliases import ACCOUNT
from duly.intake.actions.taking import Taking
from duly.intake.rules.reading import Reading
from duly.kernel.currencies import EXPONENTS
from duly.kernel.money import text_from_minor
from duly.parties.queries import ids_by_code
from duly.receivables.actions import PaymentDraft, receive_payments
from duly.receivables.queries import PaymentFacts, payments_by_number


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
        amounts = reading.amounts("amount", currencies, needed=True)
        for index, amount in enumerate(amounts):
            if amount is not None and amount <= 0:
                reading.refuse(
                    index,
                    "AMOUNT_NOT_POSITIVE",
                    "The amount is not above zero.",
                    "Write what came in; money that went back is a returned payment.",
                    column="amount",
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
                if code in unknown:
                    reading.refuse(
                        index,
                        "CUSTOMER_UNKNOWN",
                        f"There is no customer {code}.",
                        "Import the customer first, or leave customer_id empty.",
                        column="customer_id",
                    )
        return [self._customers.get(code) for code in codes]

    def _receive(self, reading: Reading, drafts: list[PaymentDraft | None]) -> None:
        taking = self._taking
        readable = [draft for draft in drafts if draft is not None]
        there = payments_by_number(taking.entity.pk, {draft.number for draft in readable})
        taking.outcome.add_control([(draft.currency, draft.amount_minor) for draft in readable])
        fresh: list[int] = []
        same: list[int] = []
        seen: set[str] = set()
        for index, draft in enumerate(drafts):
            if draft is None:
                continue
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
                fresh.append(index)
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
        fresh = taking.open_rows(reading, fresh, "received_on")
        new = [draft for index in fresh if (draft := drafts[index]) is not None]
        taking.outcome.add_written([(draft.currency, draft.amount_minor) for draft in new])
        ids = receive_payments(recorder=taking.recorder, entity_id=taking.entity.pk, payments=new)
        self._learn(new, ids)
        taking.outcome.plan_rows(reading.columns, fresh)
        taking.sort_rows(reading.row, new=fresh, same=same)
        taking.close_block(reading)

    def _learn(self, payments: Sequence[PaymentDraft], ids: Sequence[int]) -> None:
        """From which accounts customers pay, as the file tells it."""
        recorder = self._taking.recorder
        learn_aliases(
            entity_id=self._taking.entity.pk,
            aliases=[
                AliasDraft(one.customer_id, ACCOUNT, one.payer_account, payment_id)
                for one, payment_id in zip(payments, ids, strict=True)
                if one.customer_id is not None and one.payer_account
            ],
            actor=recorder.actor,
            at=recorder.at,
            is_said=False,
        )


def _is_same(draft: PaymentDraft, earlier: PaymentFacts) -> bool:
    return (draft.currency, draft.amount_minor, draft.received_on) == (
        earlier.currency,
        earlier.amount_minor,
        earlier.received_on,
    ) and draft.customer_id in (earlier.told_customer_id, None)
