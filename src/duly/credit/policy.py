"""What a firm may set of its order checks. Defaults: facts, credit.md section 8."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class OrderPolicy:
    """When an order is held, and for how long a person may let it go.

    The floor is in whole units of the entity's currency.
    """

    late_days: int = 15  # more days late than this
    late_floor: Decimal = Decimal(50)  # and more than this, not disputed and not covered
    broken_promise_days: int = 180  # a promise judged so long ago is history
    needs_limit: bool = False  # a customer that nobody gave a limit is held
    # A prepaid order gives no credit before goods leave; from here on the money must be there,
    # or it is tested like any other.
    money_needed_at: frozenset[str] = frozenset({"ship"})
    grace_days: int = 3  # for which a release lasts
    never_released: frozenset[str] = frozenset({"blocked", "sanctions"})  # lift the stop instead


ORDERS = OrderPolicy()
