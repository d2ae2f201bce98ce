"""Knobs of collections: dunning policies, promises, the value of a day's work."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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


STAGES = (1, 16, 31, 61, 91)  # days past due from which a debt is of the next stage


@dataclass(frozen=True, slots=True)
class Priors:
    """Of a kind of customer: how often a debt comes by itself within 30 days (per mille), and how
    often one that would not comes because somebody was spoken to (per million), both by its stage;
    how often a call reaches somebody who can decide (per mille).
    """

    by_itself: tuple[int, ...]
    moved_ppm: tuple[int, ...]
    reached: int


@dataclass(frozen=True, slots=True)
class MovingPolicy:
    """What is taken for granted of money that a call moves, until the firm's own log tells.

    `items` and `calls`: how many of its own weigh as much as what is taken for granted. The shares
    follow from the lateness of segments and the effects of calls (docs/sources.md, S-02): designed,
    not measured; `call_cost` is a guess. In whole units of the entity's currency.
    """

    items: int = 10
    calls: int = 20
    call_cost: int = 3
    default: str = "mid"
    by_segment: Mapping[str, Priors] = field(default_factory=lambda: PRIORS)


PRIORS: Mapping[str, Priors] = {
    "large": Priors((989, 900, 277, 15, 0), (544_366, 346_049, 57_216, 1_920, 23), 150),
    "mid": Priors((919, 821, 556, 206, 35), (344_676, 223_099, 97_239, 22_332, 1_698), 220),
    "small": Priors((817, 699, 503, 277, 97), (249_250, 156_414, 77_057, 27_816, 4_377), 350),
    "construction": Priors(
        (702, 626, 498, 344, 176), (170_459, 123_141, 71_325, 33_604, 7_859), 220
    ),
    "transport": Priors((803, 701, 517, 289, 100), (231_971, 155_227, 79_415, 29_207, 4_527), 220),
    "retail": Priors((947, 777, 280, 37, 3), (412_950, 233_890, 50_143, 4_220, 141), 150),
    "public": Priors((851, 790, 704, 617, 523), (260_075, 184_859, 117_032, 69_419, 26_941), 220),
    "start-up": Priors((683, 548, 371, 208, 87), (179_170, 107_339, 51_220, 19_502, 3_753), 350),
    "export": Priors((798, 715, 569, 371, 158), (223_169, 156_638, 87_955, 38_072, 7_238), 220),
    "distressed": Priors((420, 403, 318, 214, 110), (69_206, 64_022, 39_966, 19_191, 4_689), 80),
}
MOVING = MovingPolicy()


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
