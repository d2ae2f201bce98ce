"""Knobs of disputes: who clears which reason, in how many days; what is expected of them."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple


class Duty(NamedTuple):
    """Who clears a reason, and within how many days."""

    owner: str
    target_days: int


_DUTIES = {
    "price": Duty("sales", 10),
    "discount": Duty("sales", 10),
    "terms": Duty("sales", 10),
    "quantity": Duty("logistics", 10),
    "damage": Duty("logistics", 10),
    "delivery": Duty("logistics", 10),
    "quality": Duty("operations", 15),
    "service": Duty("operations", 15),
    "purchase_order": Duty("billing", 3),
    "billing": Duty("billing", 3),
    "tax": Duty("billing", 3),
    "duplicate": Duty("cash application", 2),
    "paid": Duty("cash application", 2),
    "promotion": Duty("sales finance", 30),
    "rebate": Duty("sales finance", 30),
    "returns": Duty("warehouse", 10),
    "unearned_discount": Duty("receivables", 5),
    "freight": Duty("receivables", 5),
    "contract": Duty("legal", 30),
    "set_off": Duty("legal", 30),
    "other": Duty("receivables", 5),
}


@dataclass(frozen=True, slots=True)
class DisputePolicy:
    """Duties by reason; how long a part found valid waits for its credit note before it is asked
    for again."""

    duties: dict[str, Duty] = field(default_factory=lambda: dict(_DUTIES))
    credit_wait_days: int = 14


DISPUTES = DisputePolicy()


@dataclass(frozen=True, slots=True)
class RecoveryPolicy:
    """What is taken for granted of disputes before their verdicts tell more: assumptions of ours.

    `prior_owed_percent` of a dispute is owed, which counts as `prior_weight` verdicts; clearing one
    costs `cost`, in units of the entity's currency.
    """

    prior_owed_percent: int = 50
    prior_weight: int = 4
    cost: Decimal = Decimal(25)


RECOVERY = RecoveryPolicy()
