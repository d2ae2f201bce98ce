"""Where one customer stands just now: worth, words to say, what comes next and why."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from duly.collections.actions import DEBIT_MISSING, PAYMENT_RETURNED
from duly.collections.models import Block, CustomerClaim, Promise, Task
from duly.collections.policy import ESCALATE
from duly.collections.queries.charges import open_by_customer
from duly.collections.queries.desk import blocks_in_force, claims_on, handled_on
from duly.collections.queries.messages import messages, open_tasks
from duly.collections.queries.promises import promises
from duly.collections.queries.worklist import NO_RATE, WorkRow, worklist
from duly.collections.rules.planning import PlannedStep
from duly.collections.rules.speaking import Late, Missed, Words, words_to_say
from duly.disputes.models import Dispute
from duly.disputes.queries import disputes
from duly.interfaces.jobs.day import Day
from duly.interfaces.jobs.foreseeing import plan_of_customers
from duly.interfaces.jobs.keeping import by_customer, next_act
from duly.interfaces.jobs.planned import may_be_sent
from duly.interfaces.web.templatetags.show import plain_money
from duly.kernel.zones import zone_there
from duly.parties.models import Contact, Customer, Entity
from duly.parties.queries import contacts_of
from duly.receivables.queries import oldest_of_items

TASK_WORDS = {
    "promise_broken": ("bad", "circle-x", "Promise broken"),
    PAYMENT_RETURNED: ("bad", "undo-2", "Payment returned"),
    DEBIT_MISSING: ("warn", "banknote", "Debit not come in"),
    "plan_missed": ("bad", "circle-x", "Instalment missed"),
    "proof_of_claim": ("bad", "scroll-text", "File the proof of claim"),
    "plan_broken": ("bad", "circle-x", "Plan broken: all of it is due"),
    "call": ("", "phone", "Call due"),
    "call_again": ("act", "phone", "Call again"),
    ESCALATE: ("bad", "circle-alert", "Go a step further"),
    "final_demand": ("bad", "scroll-text", "Final demand"),
    "excuse": ("act", "phone", "Look at it again"),
    "copy": ("", "file-text", "Copy to send"),
    "condition": ("act", "list-checks", "Waits for us"),
    "letter": ("", "mail", "Letter due"),
    "chargeback": ("act", "undo-2", "Deduction denied: tell them"),
    "message_failed": ("warn", "mail-x", "Mail not delivered"),
    "message_unknown": ("warn", "mail-question-mark", "Mail may have been sent"),
}
REASON_WORDS = {
    "overdue": ("", "clock", "Overdue"),
    "disputed": ("", "message-square-warning", "In dispute"),
    "promised": ("act", "handshake", "Promised"),
    "by_itself": ("good", "calendar-check", "Comes by itself"),
    "not_moved": ("", "clock-alert", "Not moved by a call"),
    "cost": ("", "phone", "Cost of a call"),
    "stopped": ("warn", "circle-slash", "Not to be asked"),
    "planned": ("act", "calendar-clock", "On a plan"),
    "probable": ("good", "banknote", "Probably paid"),
    "credits": ("good", "banknote", "Credits and money"),
    NO_RATE: ("warn", "coins", "No rate: not ranked"),
}
ACTIONS = {
    "call": "Call",
    "email": "Send reminder",
    "letter": "Letter",
    "wait": "Wait",
    "sent": "Today’s reminder",
}


@dataclass(frozen=True)
class Together:
    """Customers that one page shows: what is read alike for each is read once for all."""

    entity: Entity
    on: date
    customer_ids: tuple[int, ...]

    @cached_property
    def rows(self) -> dict[int, list[WorkRow]]:
        """{customer: what it is worth today, a row a currency}."""
        found: dict[int, list[WorkRow]] = {id_: [] for id_ in self.customer_ids}
        listed = worklist(entity=self.entity, on=self.on, customer_ids=self.customer_ids)
        for row in listed.rows:
            found[row.customer_id].append(row)
        return found

    @cached_property
    def plans(self) -> dict[int, tuple[Day, dict[str, str]]]:
        """{customer: what the day says of it, and which policy it is under, from where}."""
        return plan_of_customers(entity=self.entity, on=self.on, customer_ids=self.customer_ids)


@dataclass(frozen=True)
class CustomerNow:
    """A customer on a day, read live in a fixed number of queries."""

    customer: Customer
    on: date
    at: datetime
    shown_with: Together | None = None

    @property
    def entity(self):  # type: ignore[no-untyped-def]
        """Whose customer it is."""
        return self.customer.entity

    @cached_property
    def _together(self) -> Together:
        return self.shown_with or Together(self.entity, self.on, (self.customer.pk,))

    @property
    def rows(self) -> list[WorkRow]:
        """What it is worth today, a row a currency."""
        return self._together.rows[self.customer.pk]

    @property
    def _planned(self) -> tuple[Day, dict[str, str]]:
        return self._together.plans[self.customer.pk]

    @property
    def policy(self) -> dict[str, str]:
        """Which policy it is under, and from where."""
        return self._planned[1]

    @cached_property
    def steps(self) -> list[PlannedStep]:
        """The steps of the day, taken or left out."""
        return [told.step for told in self._planned[0].steps]

    @cached_property
    def left_out(self) -> list[PlannedStep]:
        """Every step or part of one that is left out, with its reason."""
        return [step for step in self.steps if step.why is not None]

    @cached_property
    def to_send(self) -> PlannedStep | None:
        """The e-mail that is due today and not queued, or one of before that failed."""
        if any(row.state != "held" for row in self.messages_today):
            return None
        return next(filter(may_be_sent, self.steps), None)

    @cached_property
    def why_not_sent(self) -> str:
        """Why no e-mail can be sent to it now; "" where one can."""
        if self.to_send is not None:
            return ""
        if self.messages_today:
            return f"A message of today is {self.messages_today[0].get_state_display().lower()}."
        main = [step for step in self.left_out if step.step] or self.left_out
        return main[0].why.text if main and main[0].why else "Nothing of theirs is late."

    @cached_property
    def messages_today(self):  # type: ignore[no-untyped-def]
        """E-mails of the day."""
        return messages(customer_id=self.customer.pk, planned_on=self.on)

    @cached_property
    def nexts(self) -> list[tuple[str, dict[str, Any]]]:
        """(currency, what comes next there)."""
        main, _ = by_customer(self.steps)
        taken = {(row.customer_id, row.currency, "email") for row in self.messages_today}
        return [
            (row.currency, next_act(self.on, self.tasks, main.get(key), key, taken, row.stopped))
            for row in self.rows
            for key in [(row.customer_id, row.currency)]
        ]

    @cached_property
    def tasks(self) -> list[Task]:
        """What a person is to do about it, the earliest first."""
        return open_tasks(entity_id=self.entity.pk, customer_id=self.customer.pk)

    @cached_property
    def _promises(self) -> list[Promise]:
        return promises(entity_id=self.entity.pk, customer_id=self.customer.pk)

    @property
    def promises(self) -> list[Promise]:
        """Promises that are awaited."""
        return [row for row in self._promises if row.state == "open"]

    @cached_property
    def disputes(self) -> list[Dispute]:
        """Disputes that are not cleared."""
        return disputes(entity_id=self.entity.pk, customer_id=self.customer.pk, only_open=True)

    @cached_property
    def charges(self) -> list[tuple[str, int]]:
        """What is open of finance charges: (currency, minor units)."""
        found = open_by_customer(self.entity.pk, [self.customer.pk])
        return sorted((currency, minor) for (_, currency), minor in found.items())

    @cached_property
    def blocks(self) -> list[Block]:
        """Why it is not to be chased just now."""
        return blocks_in_force(self.customer.pk, self.on)

    @cached_property
    def claim(self) -> CustomerClaim | None:
        """Who works on it now."""
        return claims_on([self.customer.pk], self.at).get(self.customer.pk)

    @cached_property
    def handled(self) -> str:
        """What was done about it today; "" for nothing."""
        return handled_on(self.entity.pk, self.on, [self.customer.pk]).get(self.customer.pk, "")

    @cached_property
    def contacts(self) -> list[Contact]:
        """Who there is to speak to; accounts payable first."""
        return sorted(contacts_of(self.customer.pk), key=lambda one: one.role != "accounts_payable")

    @property
    def phone(self) -> str:
        """The number to call."""
        listed = [one.phone for one in self.contacts if one.phone]
        return (listed or [self.customer.phone])[0]

    @property
    def time_there(self) -> str:
        """The hour where they are, where that is not ours."""
        here, customer = self.entity.timezone, self.customer
        there = zone_there(customer.timezone, customer.country, here)
        ours, theirs = (f"{self.at.astimezone(ZoneInfo(zone)):%H:%M}" for zone in (here, there))
        return theirs if theirs != ours else ""

    def row_in(self, currency: str) -> WorkRow | None:
        """Its row in a currency, or the first."""
        asked = [row for row in self.rows if row.currency == currency]
        return next(iter(asked or self.rows), None)

    def words(self, row: WorkRow | None) -> Words | None:
        """What to say to them; nothing is asked of whom we collect from."""
        if self.customer.payment_method == "direct_debit":
            return None
        return words_to_say(missed=self._missed, late=self._late(row), on=self.on)

    @property
    def _missed(self) -> Missed | None:
        if not any(task.kind == "promise_broken" for task in self.tasks):
            return None
        of_state = [row for row in self._promises if row.state in ("broken", "partly_kept")]
        if not of_state:
            return None
        row = of_state[-1]
        return Missed(
            plain_money(row.amount_minor, row.currency),
            plain_money(row.received_minor, row.currency) if row.received_minor else "",
            plain_money(row.amount_minor - row.received_minor, row.currency),
            row.due_on,
        )

    def _late(self, row: WorkRow | None) -> Late | None:
        step = row and next(
            (one for one in self.steps if one.step and one.currency == row.currency), None
        )
        items = [line for line in step.lines if line.minor > 0] if step else []
        if not step or step.amount_minor <= 0 or not items:
            return None
        oldest = oldest_of_items([line.id for line in items])
        return Late(
            oldest.number,
            plain_money(sum(line.minor for line in items), step.currency),
            len(items),
            oldest.due_on,
        )
