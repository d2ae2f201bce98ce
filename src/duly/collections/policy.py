"""Knobs of collections: dunning policies, promises, the value of a day's work."""

from dataclasses import dataclass
from decimal import Decimal

CHANNELS = ("email", "letter", "call", "task")
ATTACHMENTS = ("statement", "copies")
ENCLOSED = "statement_run"  # of a statement by mail: as its run has it


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a dunning policy: when it is due for an item, and what is done.

    `days` after the due date (negative: before it); `wait_days` since the step before it;
    `minimum` of what is asked for, in units of its currency.
    """

    code: str
    days: int
    wait_days: int = 0
    channel: str = "email"
    template: str = "friendly"
    minimum: Decimal = Decimal(100)
    is_final: bool = False  # announces what comes after it; never the first that a customer meets
    attachments: tuple[str, ...] = ()  # what an e-mail encloses: statement, copies of invoices


@dataclass(frozen=True, slots=True)
class DunningPolicy:
    """Ordered steps, and when not to write.

    `gap_days` between two messages to one customer; `most_per_item` messages that name one item;
    `fresh_days` for which bank data counts; `hours` (from, until) and `weekdays` (Monday is 1) are
    the recipient's own; `entry_step` is where items that were overdue before `valid_from` begin;
    `tell_on_account`: customers are told once what is left of a payment;
    `returned_payment_fee`, in units of the payment's currency, is charged where contract and law
    allow it.
    """

    name: str
    steps: tuple[Step, ...]
    gap_days: int = 7
    most_per_item: int = 6
    fresh_days: int = 3
    hours: tuple[int, int] = (8, 18)
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5)
    entry_step: int = 1
    returned_payment_fee: Decimal = Decimal(0)
    tell_on_account: bool = False
    version: int = 0
    valid_from: str = ""  # ISO day

    @property
    def steps_before_due(self) -> int:
        """How many of the steps, the first ones, come before the due date."""
        return sum(step.days < 0 for step in self.steps)


GENTLE = DunningPolicy(
    "gentle",
    (
        Step("friendly", 10, 0, "email", "friendly"),
        Step("reminder", 24, 14, "email", "reminder"),
        Step("call", 38, 14, "call", ""),
    ),
)
SILENT = DunningPolicy("silent", ())
BUILT_IN = {policy.name: policy for policy in (GENTLE, SILENT)}


@dataclass(frozen=True, slots=True)
class PromisePolicy:
    """How far away a promise may be (further with approval), how long it is waited for, what may be
    missing of it; after how many that were broken within how many months somebody goes a step
    further, and after how many the final demand is next."""

    horizon_days: int = 10
    approved_days: int = 30
    grace_business_days: int = 1
    tolerance_percent: int = 1
    escalate_after: int = 2
    final_after: int = 3
    within_months: int = 6
    escalated_days: int = 30  # for so long waits are skipped after that


PROMISES = PromisePolicy()
ESCALATE = "escalate"  # the kind of task by which somebody goes a step further


@dataclass(frozen=True, slots=True)
class KeptPolicy:
    """What is taken for granted of who promised little yet: so many promises, so many of them kept
    (segment facts, section 8)."""

    prior_kept: int = 7
    prior_broken: int = 3


KEPT = KeptPolicy()


@dataclass(frozen=True, slots=True)
class CallPolicy:
    """After how many tries in how many days without an answer somebody goes a step further."""

    most_tries: int = 3
    within_days: int = 10


CALLS = CallPolicy()


@dataclass(frozen=True, slots=True)
class WorthPolicy:
    """What an overdue amount is expected to bring, in per mille, by days past due.

    From surveys of collection agencies (docs/sources.md, S-01).
    """

    by_days: tuple[tuple[int, int], ...] = (
        (30, 896),
        (60, 803),
        (90, 719),
        (180, 517),
        (270, 372),
        (365, 267),
        (540, 138),
    )
    beyond: int = 71


WORTH = WorthPolicy()


@dataclass(frozen=True, slots=True)
class DeliveryPolicy:
    """How often a message that a server put off is tried, and after how many minutes each time;
    after how many mails that came back for now nothing more is sent to an address; after how many
    days a statement that waits is taken off."""

    retry_minutes: tuple[int, ...] = (15, 60, 240, 720, 1440)
    soft_bounces_most: int = 3
    statement_days: int = 14


DELIVERY = DeliveryPolicy()


@dataclass(frozen=True, slots=True)
class DebitPolicy:
    """How many days after it was due a direct debit is missed."""

    wait_days: int = 5


DEBITS = DebitPolicy()


@dataclass(frozen=True, slots=True)
class ClaimPolicy:
    """For how long a customer is one person's after they last did something about it."""

    minutes: int = 15


CLAIMS = ClaimPolicy()
