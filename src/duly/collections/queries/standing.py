"""Where customers stand on a day: everything that planning asks of them, in a fixed number of
reads however many they are."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, timedelta

from django.db.models import Count, Max

from duly.access.models import Change, Event
from duly.cash_application.queries import likely_paid
from duly.collections.models import (
    COUNTED_STATES,
    Block,
    Call,
    Message,
    MessageLine,
    PolicyVersion,
    Suppression,
    Task,
)
from duly.collections.policy import ESCALATE, PROMISES, DunningPolicy
from duly.collections.queries.blocks import blocks_on
from duly.collections.queries.gate import Gate
from duly.collections.queries.plans import planned_items
from duly.collections.queries.policies import choices_on, policies_on
from duly.collections.queries.promises import promised_by_item
from duly.collections.rules.addressing import Addressed, address
from duly.collections.rules.call_tasks import avoidance_key
from duly.collections.rules.planning import Asked, Debtor, Line, OverdueItem, Protections
from duly.collections.rules.policies import Choice, Choices
from duly.collections.rules.reasons import (
    BARRING,
    DIRECT_DEBIT,
    DO_NOT_CHASE,
    NOT_DELIVERED,
    PLANNED,
    PROBABLY_PAID,
    UNREAD_ANSWER,
    Reason,
    failed_before,
)
from duly.disputes.queries import disputed_by_item
from duly.kernel.calendar import TARGET, is_business_day
from duly.kernel.errors import UnknownCalendar
from duly.kernel.ids import digest
from duly.kernel.zones import zone_there
from duly.ledger.queries import known_sequence
from duly.parties.models import Entity
from duly.parties.queries.reach import Reach, contact_reach_of, reach_of
from duly.receivables.queries import credits_by_customer, late_deliveries, overdue_by_customer
from duly.storage.among import among

FARTHEST_DAYS = 14  # that a day is foreseen
SETTLED_WITHIN = timedelta(days=31)  # a message has its last state so many days after its own


class Standing:
    """The facts of a day of one entity, of all its customers or of some."""

    def __init__(
        self, *, entity: Entity, on: date, customer_ids: Collection[int] | None = None
    ) -> None:
        self.entity, self.on, self._some = entity, on, customer_ids
        pk = entity.pk
        self.policies = policies_on(pk, on)
        self.choices = choices_on(pk, on)
        self.reach = reach_of(entity_id=pk, customer_ids=customer_ids)
        self._contacts = contact_reach_of(entity_id=pk, customer_ids=customer_ids)
        self._suppressed = self._suppressions()
        self.credits = {
            key: tuple(Line(*credit) for credit in found)
            for key, found in credits_by_customer(entity_id=pk, customer_ids=customer_ids).items()
        }
        self.barred: dict[int, Reason] = {}  # who gets no letter of any kind
        self.silences, self.holds, blocked = self._blocks()
        for customer_id in self._answered():
            self.silences.setdefault(customer_id, UNREAD_ANSWER)
        for item_id in late_deliveries(entity_id=pk, on=on, customer_ids=customer_ids):
            blocked.setdefault(item_id, NOT_DELIVERED)
        for item_id in likely_paid(entity_id=pk, customer_ids=customer_ids):
            blocked.setdefault(item_id, PROBABLY_PAID)
        self.gate = Gate(entity=entity, on=on, reach=self.reach, customer_ids=customer_ids)
        time_barred, extinguished = self.gate.time_barred()
        for item_id, why in extinguished.items():
            blocked.setdefault(item_id, why)
        for item_id in planned_items(entity, on, customer_ids):
            blocked.setdefault(item_id, PLANNED)
        failed, self._undecided = self._troubles()
        self.guards = Protections(
            disputed=disputed_by_item(entity_id=pk, on=on, customer_ids=customer_ids),
            promised=promised_by_item(entity, on, customer_ids),
            blocked=blocked,
            failed=failed,
            time_barred=time_barred,
        )
        self._escalated = self._escalations()
        self._business: dict[str, bool] = {}

    def to_ask_for(self) -> Iterator[tuple[int, str, list[OverdueItem], list[OverdueItem]]]:
        """(customer, currency, overdue items, items that a step may announce before their due date)
        by customer and currency."""
        days = (step.days for policy in self.policies.values() for step in policy.steps)
        ahead_days = -min(0, min(days, default=0))
        for customer_id, currency, items in overdue_by_customer(
            entity_id=self.entity.pk,
            on=self.on,
            customer_ids=self._some,
            ahead_days=ahead_days,
        ):
            late = bisect_left(items, (self.on, 0, 0)) if ahead_days else len(items)
            yield customer_id, currency, items[:late] if ahead_days else items, items[late:]

    def asked(self) -> dict[int, Asked]:
        """{item: how far it is}, by messages of other days than this: a rerun plans the same."""
        rows = MessageLine.objects.filter(item_id__isnull=False, open_minor__gt=0)
        messages = self._messages()
        if self._some is not None:
            rows = rows.filter(message_id__in=list(messages.values_list("pk", flat=True)))
        else:
            rows = rows.filter(message_id__in=messages.values("pk"))
        days = dict(messages.values_list("pk", "planned_on"))
        if not days:
            return {}
        return {
            item_id: Asked(level, days[newest], times)
            for item_id, level, newest, times in rows.order_by()
            .values_list("item_id")
            .annotate(Max("level"), Max("message_id"), Count("pk"))
        }

    def last_messages(self) -> dict[int, date]:
        """{customer: day of the last e-mail} of other days than this."""
        rows = self._messages().filter(channel="email").order_by()
        return dict(rows.values_list("customer_id").annotate(Max("planned_on")))

    def last_sent(self, customer_ids: Collection[int]) -> dict[int, date]:
        """{customer: day of the last e-mail before this day that is known to have been sent}."""
        rows = Message.objects.filter(
            entity_id=self.entity.pk,
            channel="email",
            state="sent",
            planned_on__lt=self.on,
            customer_id__in=among(customer_ids),
        )
        return dict(rows.order_by().values_list("customer_id").annotate(Max("planned_on")))

    def debtor(self, customer_id: int, last_message_on: date | None) -> Debtor:
        """What planning needs to know of a customer."""
        reach = self.reach[customer_id]
        to = self.addressed(customer_id)
        return Debtor(
            customer_id,
            to.recipients,
            to.why_none,
            self.silence(customer_id),
            last_message_on,
            self.policy_of(customer_id, reach),
            self.holds.get(customer_id),
            customer_id in self._undecided,
            self._escalated.get(customer_id),
            self.gate.barred(customer_id),
        )

    def addressed(self, customer_id: int) -> Addressed:
        """Who is written to, in which language."""
        return address(
            self.reach[customer_id],
            self._contacts.get(customer_id, []),
            self._suppressed,
            self.entity.language,
        )

    def is_suppressed(self, address: str) -> bool:
        """Tell whether nothing is sent to an address any more."""
        return address.strip().lower() in self._suppressed

    def silence(self, customer_id: int) -> Reason | None:
        """Why a customer is not to be chased at all; a hold stands apart, in `holds`."""
        reach = self.reach[customer_id]
        if reach.do_not_chase:
            return DO_NOT_CHASE
        if customer_id in self.silences:
            return self.silences[customer_id]
        return DIRECT_DEBIT if reach.payment_method == "direct_debit" else None

    def policy_of(self, customer_id: int, reach: Reach) -> DunningPolicy:
        """The policy that a customer is under; gentle where the one chosen is not valid yet."""
        name, _ = self.choices.told(customer_id=customer_id, segment=reach.segment)
        return self.policies.get(name, self.policies["gentle"])

    def try_out(self, policy: DunningPolicy) -> None:
        """Let a policy stand in for that of its name; where nobody is under it, for everyone's."""
        self.policies[policy.name] = policy
        if not self.choices.knows(policy.name) and policy.name != "gentle":
            self.choices = Choices([Choice("entity", "", 0, policy.name)])

    def timezone(self, customer_id: int) -> str:
        """Where a customer reads its mail."""
        reach = self.reach[customer_id]
        return zone_there(reach.timezone, reach.country, self.entity.timezone)

    def is_business_day(self, customer_id: int) -> bool:
        """Tell whether offices work at the customer's on the day."""
        country = self.reach[customer_id].country or self.entity.country
        if country not in self._business:
            self._business[country] = works(self.on, country)
        return self._business[country]

    def _suppressions(self) -> set[str]:
        rows = Suppression.objects.filter(entity_id=self.entity.pk)
        if self._some is not None:
            ours = [reach.email.lower() for reach in self.reach.values()]
            ours += [one.email.lower() for found in self._contacts.values() for one in found]
            rows = rows.filter(address__in=among(ours))
        return set(rows.values_list("address", flat=True))

    def _answered(self) -> set[int]:
        """Customers whose answer nobody has read yet."""
        rows = Task.objects.filter(entity_id=self.entity.pk, kind="reply", done_at__isnull=True)
        if self._some is not None:
            rows = rows.filter(customer_id__in=among(self._some))
        return set(rows.values_list("customer_id", flat=True))

    def _escalations(self) -> dict[int, date]:
        """{customer: the last day on which it was escalated}, while that is news; not by a call
        that was taken back."""
        days = (self.on - timedelta(days=PROMISES.escalated_days), self.on)
        rows = Task.objects.filter(entity_id=self.entity.pk, kind=ESCALATE, due_on__range=days)
        mistaken = Call.objects.filter(entity_id=self.entity.pk, called_on__range=days).exclude(
            taken_back_at=None
        )
        keys = [avoidance_key(pk) for pk in mistaken.values_list("pk", flat=True)]
        if keys:
            rows = rows.exclude(key__in=among(keys))
        if self._some is not None:
            rows = rows.filter(customer_id__in=among(self._some))
        return dict(rows.order_by().values_list("customer_id").annotate(Max("due_on")))

    def _messages(self):  # type: ignore[no-untyped-def]
        rows = Message.objects.filter(entity_id=self.entity.pk, state__in=COUNTED_STATES).exclude(
            planned_on=self.on
        )
        return rows if self._some is None else rows.filter(customer_id__in=among(self._some))

    def _troubles(self) -> tuple[dict[str, Reason], set[int]]:
        """({key: why} of messages that were not delivered on other days, customers of whom nobody
        said yet whether one arrived that may have been sent).

        What failed is not planned again until a person sends it again or takes it off, or another
        address makes another key.
        """
        rows = Message.objects.filter(
            entity_id=self.entity.pk, state__in=("failed", "unknown"), channel="email"
        ).exclude(planned_on=self.on)
        if self._some is not None:
            rows = rows.filter(customer_id__in=among(self._some))
        failed: dict[str, Reason] = {}
        undecided: set[int] = set()
        told = rows.values_list("state", "customer_id", "key", "planned_on", "why_text")
        for state, customer_id, key, planned_on, why in told:
            if state == "failed":
                failed[key] = failed_before(planned_on, why)
            else:
                undecided.add(customer_id)
        return failed, undecided

    def _blocks(self) -> tuple[dict[int, Reason], dict[int, Reason], dict[int, Reason]]:
        """Reasons of customers, their holds, reasons of items."""
        rows = blocks_on(self.entity.pk, self.on, self._some)
        customers: dict[int, Reason] = {}
        holds: dict[int, Reason] = {}
        items: dict[int, Reason] = {}
        for row in rows.order_by("pk"):
            until = f" until {row.until_on}" if row.until_on else ""
            why = Reason(row.kind, f"{row.get_kind_display()}{until}: {row.reason}")
            if row.kind in BARRING and row.item_id is None:
                self.barred[row.customer_id] = why
            if row.item_id is not None:
                items[row.item_id] = why
            elif row.kind == "hold":
                holds[row.customer_id] = why
            else:
                customers[row.customer_id] = why
        return customers, holds, items


def newest_facts(entity_id: int, on: date) -> str:
    """What changes whenever something is recorded that a day's plan is made from.

    Holds are left out: they are laid over a plan when it is shown, so that holding one message
    plans nothing anew. What people do with messages is seen by when these were settled.
    """
    recent = Message.objects.filter(
        entity_id=entity_id, planned_on__range=(on - SETTLED_WITHIN, on)
    )
    blocks = Block.objects.filter(entity_id=entity_id).exclude(kind="hold", item_id=None)
    changes = Change.objects.exclude(noun__in=("block", "message"))
    newest = [
        rows.aggregate(newest=Max("pk"))["newest"]
        for rows in (changes, Event.objects, PolicyVersion.objects)
    ]
    tasks = Task.objects.filter(entity_id=entity_id, done_at__isnull=True)
    facts = (
        known_sequence(),
        *newest,
        *blocks.aggregate(Max("pk"), Max("ended_at")).values(),
        *recent.aggregate(Max("settled_at")).values(),
        *tasks.aggregate(Count("pk"), Max("pk")).values(),
        Message.objects.filter(entity_id=entity_id, state="failed").count(),
    )
    return digest(*map(str, facts))


def suppressions(entity_id: int) -> list[Suppression]:
    """Addresses that nothing is sent to, in their order."""
    return list(Suppression.objects.filter(entity_id=entity_id).order_by("address"))


def works(on: date, country: str) -> bool:
    """Tell whether a day is worked in a country; euro payment days where it has no calendar."""
    try:
        return is_business_day(on, country)
    except UnknownCalendar:
        return is_business_day(on, TARGET)


def next_sending_day(entity: Entity, on: date) -> date:
    """The day after `on` on which offices work where the entity is."""
    days = (on + timedelta(days=count) for count in range(1, FARTHEST_DAYS))
    return next((day for day in days if works(day, entity.country)), on + timedelta(days=1))


def lines_of(message_ids: Collection[int]) -> dict[int, list[MessageLine]]:
    """{message: its lines in order}."""
    found: dict[int, list[MessageLine]] = defaultdict(list)
    rows = MessageLine.objects.filter(message_id__in=among(message_ids))
    for row in rows.order_by("message_id", "place"):
        found[row.message_id].append(row)
    return found
