"""What stands before a call: who, when, what is owed, what was said, what may be offered."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from duly.access.queries import user_acting
from duly.access.rules.roles import may
from duly.collections.models import Call, Promise, Task
from duly.collections.policy import PROMISES
from duly.collections.queries.calls import calls_due, calls_of
from duly.collections.queries.excuses import Told, told_excuses
from duly.collections.queries.kept_rates import Kept, kept_rates
from duly.collections.queries.messages import open_tasks
from duly.collections.queries.promises import promised_by_item, promises
from duly.collections.queries.scripts import scripts_of
from duly.collections.queries.standing import Standing, next_sending_day, works
from duly.collections.rules.calling_hours import next_window, not_callable
from duly.collections.rules.handing import Clock
from duly.collections.rules.laws.gate import Stopped
from duly.collections.rules.reasons import DIRECT_DEBIT, Reason
from duly.collections.rules.scripts import Script, fill, pick, stage_of
from duly.collections.rules.speaking import next_friday
from duly.credit.queries.insurance import cover_of
from duly.disputes.models import Dispute
from duly.disputes.queries import disputed_by_item, disputes
from duly.kernel.currencies import exponent
from duly.kernel.locales import language_of, reader
from duly.kernel.zones import zone_of
from duly.parties.models import Contact, Customer, Entity
from duly.parties.queries import contacts_of
from duly.parties.queries.reach import Reach
from duly.receivables.queries import line_facts, open_of_customers

ROLES = ("accounts_payable", "approver", "owner", "other")
LAST = 5  # of promises, disputes, excuses and calls


class Person(NamedTuple):
    """Somebody to ask for; `why_not` where they are not to be contacted."""

    name: str
    role: str
    phone: str
    email: str
    language: str
    why_not: str


class LocalTime(NamedTuple):
    """The hour where they are, and whether one may call now, or from when on."""

    zone: str
    at: datetime
    why_not: Reason | None
    next_at: datetime | None
    is_assumed: bool  # neither a zone nor a country is known: it is ours

    @property
    def hour(self) -> str:
        """The hour there."""
        return f"{self.at:%H:%M}"

    @property
    def opens(self) -> str:
        """The day and hour, there, from which one may call; "" where none is known."""
        return f"{self.next_at:%a %H:%M}" if self.next_at else ""


class Due(NamedTuple):
    """An open item as it is spoken of; what is disputed and promised of it is not asked for."""

    id: int
    number: str
    due_on: date
    days_late: int
    currency: str
    open_minor: int
    disputed_minor: int
    promised_minor: int

    @property
    def asked_minor(self) -> int:
        """What may be asked for: once it is late."""
        left = self.open_minor - min(self.disputed_minor + self.promised_minor, self.open_minor)
        return left if self.days_late > 0 else 0


class Offer(NamedTuple):
    """What may be agreed to, until when."""

    code: str
    text: str
    until_on: date | None = None
    promise_id: int | None = None


@dataclass(frozen=True)
class Preparation:
    """Everything that one has in hand before a call."""

    customer: Customer
    on: date
    people: list[Person]
    time: LocalTime
    items: list[Due]
    currency: str
    asked_minor: int
    promises: list[Promise]
    kept: Kept
    kept_by: str
    disputes: list[Dispute]
    excuses: list[Told]
    calls: list[Call]
    tasks: list[Task]
    offers: list[Offer]
    by_on: date
    script: Script | None
    silence: Reason | None
    laws: list[Stopped]  # what of the law stands before a call now

    @property
    def is_stopped(self) -> bool:
        """Whether the law forbids a call now."""
        return any(one.is_stop for one in self.laws)


def prepare_call(
    *, customer: Customer, on: date, clock: Clock, actor: str, currency: str = ""
) -> Preparation:
    """Read all that a call needs, in a fixed number of questions."""
    entity = customer.entity
    standing = Standing(entity=entity, on=on, customer_ids=[customer.pk])
    items = _items(entity, customer, on)
    laws = standing.gate.stopped(customer.pk, "call", clock)
    is_stopped = any(one.is_stop for one in laws)  # then nothing is asked for and nothing offered
    sums: dict[str, int] = {}
    for one in items:
        sums[one.currency] = sums.get(one.currency, 0) + one.asked_minor
    if currency not in sums:
        currency = max(sums, key=lambda code: sums[code], default=entity.currency)
    made = promises(entity_id=entity.pk, customer_id=customer.pk)
    people = _people(customer)
    rates = kept_rates(entity.pk, [customer.pk])
    kept, kept_by = rates.chance(
        customer.pk, people[0].name if people else "", standing.reach[customer.pk].segment
    )
    tasks = open_tasks(entity_id=entity.pk, customer_id=customer.pk)
    by_on = min(next_friday(on), on + timedelta(days=PROMISES.horizon_days))
    found = Preparation(
        customer=customer,
        on=on,
        people=people,
        time=_time(standing, customer.pk, clock),
        items=items,
        currency=currency,
        asked_minor=0 if is_stopped else sums.get(currency, 0),
        promises=sorted(made, key=lambda row: (row.made_on, row.pk), reverse=True)[:LAST],
        kept=kept,
        kept_by=kept_by,
        disputes=disputes(entity_id=entity.pk, customer_id=customer.pk)[::-1][:LAST],
        excuses=told_excuses(entity.pk, on=on, customer_ids=[customer.pk])[:LAST],
        calls=calls_of(customer.pk, LAST),
        tasks=tasks,
        offers=[] if is_stopped else _offers(entity, customer, made, on, actor),
        by_on=by_on,
        script=None,
        silence=standing.silence(customer.pk) or standing.holds.get(customer.pk),
        laws=laws,
    )
    return found if is_stopped else replace(found, script=_script(entity, found, standing))


def _people(customer: Customer) -> list[Person]:
    contacts: list[Contact] = contacts_of(customer.pk)
    order = {role: place for place, role in enumerate(ROLES)}
    ranked = sorted(
        contacts, key=lambda one: (one.do_not_contact, order.get(one.role, 9), one.name)
    )
    return [
        Person(
            one.name,
            one.role,
            one.phone or customer.phone,
            one.email,
            language_of(one.language, customer.language, customer.entity.language),
            "is not to be contacted" if one.do_not_contact else "",
        )
        for one in ranked
    ]


def _time(standing: Standing, customer_id: int, clock: Clock) -> LocalTime:
    reach = standing.reach[customer_id]
    zone = standing.timezone(customer_id)
    local, policy = clock.where(zone), standing.policy_of(customer_id, reach)
    country = reach.country or standing.entity.country
    why = not_callable(local, policy, works=works(local.date(), country))
    opens = next_window(local, policy, lambda day: works(day, country))
    return LocalTime(zone, local, why, opens, not (reach.timezone or zone_of(reach.country)))


def _items(entity: Entity, customer: Customer, on: date) -> list[Due]:
    owed = open_of_customers(entity_id=entity.pk, customer_ids=[customer.pk])
    rows = [(pk, code, minor) for (_, code), found in owed.items() for pk, minor in found]
    facts = line_facts({pk for pk, _, _ in rows}, set())
    disputed = disputed_by_item(entity_id=entity.pk, on=on, customer_ids=[customer.pk])
    awaited = promised_by_item(entity, on, [customer.pk])
    found = [
        Due(
            pk,
            facts["item", pk].number,
            facts["item", pk].due_on,
            (on - facts["item", pk].due_on).days,
            code,
            minor,
            min(disputed.get(pk, 0), minor),
            min(awaited.get(pk, 0), minor),
        )
        for pk, code, minor in rows
    ]
    return sorted(found, key=lambda one: (one.due_on, one.id))


def _offers(
    entity: Entity, customer: Customer, made: list[Promise], on: date, actor: str
) -> list[Offer]:
    """What whoever calls may agree to; beyond the insurer's day only with its consent."""
    user = user_acting(actor)
    far = on + timedelta(days=PROMISES.approved_days)
    near = on + timedelta(days=PROMISES.horizon_days)
    is_free = user is None or may(user.role, "approve_promise")
    found = [
        Offer("today", "All of it today", on),
        Offer("date", "All of it by a day", far if is_free else near),
    ]
    if not is_free:
        found.append(Offer("date_approved", "A later day, if a manager approves it", far))
    found.append(Offer("parts", "A part now, the rest on days of their own"))
    found += [
        Offer(
            "extend",
            f"Put the promise for {row.due_on} off, once",
            far if is_free else near,
            row.pk,
        )
        for row in made
        if row.state == "open" and row.first_due_on is None
    ]
    insured = cover_of(entity, on, [customer.pk]).get(customer.pk)
    if insured is not None:
        days = [
            insured.terms.mep_on(one.debt.due_on)
            for one in insured.items
            if one.cover.is_covered and not one.is_extended
        ]
        if days:
            found.append(
                Offer("insured", "Nothing put off beyond it without the insurer", min(days))
            )
    return found


def _script(entity: Entity, told: Preparation, standing: Standing) -> Script | None:
    """The words for this call, with its figures in them."""
    mine = [one for one in told.items if one.currency == told.currency]
    late = [one for one in mine if one.asked_minor > 0]
    spoken = late or [one for one in mine if one.days_late <= 0]
    if not spoken:
        return None
    missed = next((row for row in told.promises if row.state in ("broken", "partly_kept")), None)
    is_broken = missed is not None and any(task.kind == "promise_broken" for task in told.tasks)
    reach = standing.reach[told.customer.pk]
    language = (
        told.people[0].language if told.people else language_of(reach.language, entity.language)
    )
    script = pick(
        scripts_of(entity.pk),
        stage=stage_of(max(one.days_late for one in spoken), is_broken=is_broken),
        segment=reach.segment,
        language=language,
    )
    if script is None:
        return None
    looked_for = told.on if is_broken else told.by_on  # what was missed is asked for today
    values = _values(entity, told, reach, script.language, spoken, missed)
    locale = reader(script.language, tag=reach.language, country=reach.country)
    values["check_day"] = locale.long_day(next_sending_day(entity, looked_for))
    return fill(script, values)


def _values(
    entity: Entity,
    told: Preparation,
    reach: Reach,
    language: str,
    spoken: list[Due],
    missed: Promise | None,
) -> dict[str, str]:
    locale = reader(language, tag=reach.language, country=reach.country)
    decimals, first = exponent(told.currency), spoken[0]
    amount = told.asked_minor or first.open_minor
    values = {
        "customer": reach.name,
        "entity": entity.name,
        "person": told.people[0].name if told.people else reach.name,
        "amount": locale.money(amount, decimals),
        "currency": told.currency,
        "count": str(len(spoken)),
        "number": first.number,
        "due_on": locale.long_day(first.due_on),
        "days_late": str(max(first.days_late, 0)),
        "by_day": locale.long_day(told.by_on),
        "today": locale.long_day(told.on),
    }
    if missed is not None:
        places = exponent(missed.currency)
        values["promised"] = locale.money(missed.amount_minor, places)
        values["promised_on"] = locale.long_day(missed.due_on)
        values["missing"] = locale.money(missed.amount_minor - missed.received_minor, places)
    return values


class CallBack(NamedTuple):
    """A customer to be called on a day: why, and when it may be done where they are."""

    customer_id: int
    tasks: tuple[Task, ...]
    phone: str
    time: LocalTime
    barred: Reason | None = None  # the law, or the silence, for which it is not to be called

    @property
    def may_call(self) -> bool:
        """Whether one may call now."""
        return self.barred is None and self.time.why_not is None


def callback_list(*, entity: Entity, on: date, clock: Clock) -> list[CallBack]:
    """Who is to be called, those first whose hours end soonest, then by when theirs begin;
    last, and marked, those whom the law or a silence keeps from being called."""
    due = calls_due(entity.pk, on)
    standing = Standing(entity=entity, on=on, customer_ids=sorted(due))
    phones = dict(Customer.objects.filter(pk__in=list(due)).values_list("pk", "phone"))
    for pk, phone in (
        Contact.objects.filter(customer_id__in=list(due), do_not_contact=False)
        .exclude(phone="")
        .order_by("-role", "-name")
        .values_list("customer_id", "phone")
    ):
        phones[pk] = phone
    rows = [
        CallBack(
            pk,
            tuple(tasks),
            phones.get(pk, ""),
            _time(standing, pk, clock),
            _barred(standing, pk, clock),
        )
        for pk, tasks in due.items()
    ]
    return sorted(rows, key=_order)


def _barred(standing: Standing, customer_id: int, clock: Clock) -> Reason | None:
    """Why a customer is not to be called. One whom we debit is called where a debit came back."""
    for one in standing.gate.stopped(customer_id, "call", clock):
        if one.is_stop:
            return one.reason
    why = standing.silence(customer_id)
    if why is not None and why != DIRECT_DEBIT:
        return why
    return standing.holds.get(customer_id)


def _order(row: CallBack) -> tuple[bool, bool, float, date, int]:
    local = row.time
    minutes = local.at.hour * 60 + local.at.minute
    opens = local.next_at.timestamp() if local.next_at else float("inf")
    is_shut = local.why_not is not None
    place = opens if is_shut else -float(minutes)
    return row.barred is not None, is_shut, place, row.tasks[0].due_on, row.customer_id
