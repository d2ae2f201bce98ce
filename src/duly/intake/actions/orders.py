"""Take in orders: each is checked against the limit as if it were asked about by itself."""

from datetime import date

from duly.collections.queries.order_signals import order_signals
from duly.credit.actions import check_orders
from duly.credit.queries.orders import orders_asked
from duly.credit.rules.exposure import Asked
from duly.credit.rules.order_check import HOLD
from duly.intake.actions.taking import Differences, Taking
from duly.intake.rules.reading import Reading
from duly.kernel.currencies import EXPONENTS
from duly.kernel.money import text_from_minor
from duly.parties.queries import ids_by_code


class OrdersTaker:
    """Checks order rows; asks whether those that are new, or say something else, may go."""

    def __init__(self, taking: Taking) -> None:
        self._taking = taking
        self._customers: dict[str, int] = {}
        self._seen: set[str] = set()
        self._held = 0

    def take(self, reading: Reading) -> None:
        """Check one block; ask about what is new or changed."""
        refs = reading.names("order_ref")
        codes = reading.names("customer_id")
        currencies = reading.currencies()
        amounts = reading.amounts("amount", currencies, needed=True)
        days = reading.dates("ordered_on", needed=True)
        prepaid = reading.flags("prepaid")
        customers = self._customer_ids(reading, codes)
        asked: dict[int, Asked] = {}
        for index, ref in enumerate(refs):
            amount, day, customer = amounts[index], days[index], customers[index]
            if amount is not None and amount <= 0:
                self._refuse_amount(reading, index)
            if index in reading.bad or amount is None or day is None or customer is None:
                continue
            if ref in self._seen:
                reading.refuse(
                    index,
                    "NUMBER_REPEATED",
                    f"Order {ref} stands twice in this file.",
                    "Keep one of the rows, or give the second its own reference.",
                    column="order_ref",
                )
                continue
            self._seen.add(ref)
            asked[index] = Asked(
                customer, currencies[index], amount, ref, "confirm", prepaid[index], None, day
            )
        self._ask(reading, asked)

    def finish(self) -> None:
        """Tell how many wait."""
        if self._held:
            self._taking.outcome.notes.append(
                f"{self._held:,} orders are held; `duly credit holds` tells why."
            )

    def _refuse_amount(self, reading: Reading, index: int) -> None:
        reading.refuse(
            index,
            "AMOUNT_NOT_POSITIVE",
            "The amount is not above zero.",
            "Write what the order comes to; an order that fell through is cancelled.",
            column="amount",
        )

    def _customer_ids(self, reading: Reading, codes: list[str]) -> list[int | None]:
        missing = set(codes) - self._customers.keys() - {""}
        self._customers.update(ids_by_code(self._taking.entity.pk, missing))
        unknown = missing - self._customers.keys()
        for index, code in enumerate(codes):
            if code in unknown:
                reading.refuse(
                    index,
                    "CUSTOMER_UNKNOWN",
                    f"There is no customer {code}.",
                    "Import the customer first.",
                    column="customer_id",
                )
        return [self._customers.get(code) for code in codes]

    def _ask(self, reading: Reading, asked: dict[int, Asked]) -> None:
        taking = self._taking
        there = orders_asked(taking.entity.pk, [one.ref for one in asked.values()])
        fresh: list[int] = []
        same: list[int] = []
        changed: dict[int, Differences] = {}
        for index, one in asked.items():
            earlier = there.get(one.ref)
            if earlier is None:
                fresh.append(index)
            elif earlier.customer_id != one.customer_id:
                reading.refuse(
                    index,
                    "ORDER_OF_ANOTHER",
                    f"Order {one.ref} is there, of another customer.",
                    "Give this order its own reference.",
                    column="order_ref",
                )
            elif differs := _differences(earlier, one):
                changed[index] = differs
            else:
                same.append(index)
        taking.outcome.add_control([(one.currency, one.amount_minor) for one in asked.values()])
        wanted = [asked[index] for index in sorted([*fresh, *changed])]
        taking.outcome.add_written([(asked[i].currency, asked[i].amount_minor) for i in fresh])
        if wanted:
            found = check_orders(
                entity=taking.entity,
                asked=wanted,
                on=taking.today or max(_days(wanted)),
                author=taking.recorder.author,
                signals_of=order_signals,
            )
            self._held += sum(one.answer.decision == HOLD for one in found)
        taking.outcome.plan_rows(reading.columns, sorted([*fresh, *changed]))
        taking.sort_rows(reading.row, new=fresh, same=same, changed=changed)
        taking.close_block(reading)


def _days(asked: list[Asked]) -> list[date]:
    return [one.ordered_on for one in asked if one.ordered_on]


def _differences(earlier: Asked, one: Asked) -> Differences:
    """What a row says otherwise than the order was last asked about."""
    before, after = _told(earlier), _told(one)
    return {name: [before[name], after[name]] for name in before if before[name] != after[name]}


def _told(one: Asked) -> dict[str, str]:
    return {
        "currency": one.currency,
        "amount": text_from_minor(one.amount_minor, EXPONENTS[one.currency]),
        "prepaid": "yes" if one.is_prepaid else "no",
    }
