"""The collections day: promises judged, steps planned, messages and tasks queued.

A day run again is the same day: what was queued for it is told as it was first, and nothing is
queued twice, however often and by however many it is run.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from duly.cash_application.queries import latest_bank_day
from duly.collections.actions import Draft, JudgedPlan, judge_plans, judge_promises, queue_steps
from duly.collections.models import Message
from duly.collections.queries.messages import sending_of, steps_of_day
from duly.collections.queries.plans import standing as plans_standing
from duly.collections.queries.policies import texts_of
from duly.collections.queries.promises import judged
from duly.collections.queries.standing import Standing, lines_of
from duly.collections.queries.worklist import worklist
from duly.collections.rules.handing import old_bank_data
from duly.collections.rules.planning import (
    Line,
    PlannedStep,
    one_message_a_day,
    plan_before_due,
    plan_customer,
    plan_digest,
)
from duly.collections.rules.promising import Verdict
from duly.collections.rules.reasons import Reason
from duly.collections.rules.releasing import Difference, Seen, difference
from duly.collections.rules.wording import Said, write
from duly.disputes.queries import denied_items
from duly.intake.queries import latest_snapshot_day
from duly.interfaces.exchange.couriers.letter import domain_of
from duly.interfaces.jobs.debits import look_for_debits
from duly.interfaces.jobs.keeping import keep_day
from duly.interfaces.jobs.on_account import on_account_drafts, tell_on_account
from duly.interfaces.jobs.watching import watch_credit
from duly.kernel.currencies import exponent
from duly.kernel.errors import Conflict, Problem
from duly.kernel.locales import locale_of, reader
from duly.parties.models import Entity
from duly.parties.queries import codes_and_names
from duly.receivables.queries import latest_money_day, line_facts
from duly.storage import bulk
from duly.storage.reading import one_state

MOST_TOLD = 20  # of what changed since somebody looked
CHUNK = 1_000  # messages written as one: a kill loses none and doubles none


Taken = dict[tuple[int, str, str], PlannedStep]  # by customer, currency, channel


class Told(NamedTuple):
    """A step and what became of it: planned, queued or skipped."""

    step: PlannedStep
    outcome: str
    is_new: bool = False  # queued by this run, and not by one before


@dataclass
class Day:
    """What a day came to."""

    on: date
    steps: list[Told] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    digest: str = ""
    on_account: int = 0  # messages of money that is left on an account
    dropped: list[Seen] = field(default_factory=list)  # looked at, and no longer to be sent
    plans: list[JudgedPlan] = field(default_factory=list)


class DayChanged(Conflict):
    """Something would leave that was not in the plan that a person looked at."""

    code = "DAY_CHANGED"


def run_day(
    *,
    entity: Entity,
    on: date,
    actor: str,
    at: datetime,
    is_dry_run: bool,
    looked_at: Collection[Seen] | None = None,
    not_before: datetime | None = None,
) -> Day:
    """Carry out the day of an entity, or with `is_dry_run` tell what it would be.

    Given: `looked_at` the e-mails that a person saw before, which leave `not_before` a moment;
    without it, who runs the day looks by running it.
    Refuses: DayChanged when another would leave, or say more; one that drops out, or asks for less,
    is what planning anew is for.
    """
    day = Day(on)
    _judge(day, entity, actor, at, is_dry_run)
    with one_state():
        standing = Standing(entity=entity, on=on)
        last_messages = standing.last_messages()
        plan = list(plan_day(standing, last_messages))
        ranked = None if is_dry_run else worklist(entity=entity, on=on)
    taken = taken_on(entity.pk, on)
    fresh, told = without(plan, taken), list(taken.values())
    if looked_at is not None:
        day.dropped = _refuse_unseen(looked_at, fresh, taken, on)
    day.digest = plan_digest([*fresh, *told])
    day.steps = [Told(step, "queued") for step in told]
    wanted = [step for step in fresh if step.why is None]
    day.steps += [Told(step, "skipped") for step in fresh if step.why is not None]
    if is_dry_run:
        day.steps += [Told(step, "planned") for step in wanted]
        day.on_account = len(on_account_drafts(standing))
    else:
        for some in bulk.slices(wanted, CHUNK):
            drafts = write_drafts(standing, some)
            day.steps += queue_drafts(entity, drafts, on, actor, at, not_before)
        day.on_account = tell_on_account(standing, actor=actor, at=at, not_before=not_before)
    if ranked is not None:
        there = {
            (one.step.customer_id, one.step.currency, one.step.channel)
            for one in day.steps
            if one.outcome == "queued"
        }
        keep_day(
            standing, plan, ranked, there, digest=day.digest, actor=actor, at=at, is_released=True
        )
    day.steps.sort(key=lambda one: (one.step.customer_id, one.step.currency, one.step.key))
    return day


def _judge(day: Day, entity: Entity, actor: str, at: datetime, is_dry_run: bool) -> None:
    """Hold promises and plans against the money there is, and see what else has happened."""
    on = day.on
    if is_dry_run:
        day.verdicts = [v for found in judged(entity, on).values() for _, v in found]
        day.plans = [
            JudgedPlan(one.plan.row.pk, one.plan.row.state, *one.verdict)
            for one in plans_standing(entity, on)
        ]
        return
    day.verdicts = judge_promises(entity=entity, on=on, actor=actor, at=at)
    day.plans = judge_plans(entity=entity, on=on, actor=actor, at=at)
    look_for_debits(entity=entity, on=on, actor=actor, at=at)
    watch_credit(entity=entity, on=on, actor=actor, at=at)


def _refuse_unseen(
    looked_at: Collection[Seen], fresh: Sequence[PlannedStep], taken: Taken, on: date
) -> list[Seen]:
    """Hold what would leave against what was looked at; return what went."""
    seen = [one for one in looked_at if (one.customer_id, one.currency, "email") not in taken]
    found = difference(seen, [s for s in fresh if s.why is None and s.channel == "email"])
    if not found.is_unseen:
        return found.went
    raise DayChanged(
        f"Not released: {len(found.came)} came and {len(found.changed)} changed since you looked.",
        facts={"on": on, "problems": _what_changed(found)},
        remedy="Plan the day again, look at what would leave now, and release that.",
    )


def _what_changed(found: Difference) -> list[Problem]:
    """The first of what came, changed and went, in words."""
    came, went = found.came[:MOST_TOLD], found.went[:MOST_TOLD]
    changed = found.changed[:MOST_TOLD]
    ids = {one.customer_id for one in (*came, *(now for _, now in changed))}
    names = codes_and_names(ids | {one.customer_id for one in went})

    def told(code: str, said: str, one: PlannedStep | Seen, *minor: int) -> Problem:
        english, decimals = locale_of("en", ""), exponent(one.currency)
        amounts = ", before ".join(english.money(each, decimals) for each in minor)
        what = f"{said}: {one.step}, {one.currency} {amounts}."
        return Problem(names[one.customer_id][0], code, what)

    return [
        *(told("CAME", "is new", one, one.amount_minor) for one in came),
        *(
            told("CHANGED", was.unseen_of(now), now, now.amount_minor, was.asked_minor)
            for was, now in changed
        ),
        *(told("WENT", "would not leave", one, one.asked_minor) for one in went),
    ]


def plan_day(standing: Standing, last_messages: dict[int, date]) -> Iterator[PlannedStep]:
    """Every step of a day, taken or left out, customer by customer."""
    asked = standing.asked()
    quiet = _Quiet(standing)
    entity_choices = standing.choices.items
    current, steps = 0, list[PlannedStep]()
    for customer_id, currency, late, ahead in standing.to_ask_for():
        if customer_id != current:
            yield from one_message_a_day(steps)
            current, steps = customer_id, []
            debtor = standing.debtor(customer_id, last_messages.get(customer_id))
        for plan, items in ((plan_customer, late), (plan_before_due, ahead)):
            if not items:
                continue
            parts = [(debtor, items)]
            if entity_choices:
                parts = _by_policy(standing, debtor, items)
            for place, (of_policy, some) in enumerate(parts):
                steps += plan(
                    debtor=of_policy,
                    currency=currency,
                    items=some,
                    credits=standing.credits.get((customer_id, currency), ()) if not place else (),
                    asked=asked,
                    guards=standing.guards,
                    on=standing.on,
                    quiet=quiet.reason(customer_id, of_policy.policy),
                )
    yield from one_message_a_day(steps)


def _by_policy(standing, debtor, items):  # type: ignore[no-untyped-def]
    """The items of a customer under each policy: its own, and those of items with another."""
    chosen = standing.choices.items
    parts = defaultdict(list)
    for item in items:
        parts[chosen.get(item[1], debtor.policy.name)].append(item)
    return [
        (debtor._replace(policy=standing.policies.get(name, debtor.policy)), some)
        for name, some in sorted(parts.items(), key=lambda part: part[0] != debtor.policy.name)
    ]


class _Quiet:
    """Why nobody of a place under a policy is written to on the day; worked out once each."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        pk = standing.entity.pk
        days = (latest_money_day(pk), latest_bank_day(pk), latest_snapshot_day(pk))
        self._bank_on = max(filter(None, days), default=None)
        self._old: dict[str, Reason | None] = {}

    def reason(self, customer_id: int, policy) -> Reason | None:  # type: ignore[no-untyped-def]
        on = self._standing.on
        if policy.name not in self._old:
            self._old[policy.name] = old_bank_data(self._bank_on, on, policy)
        if self._old[policy.name] is not None:
            return self._old[policy.name]
        if on.isoweekday() in policy.weekdays and self._standing.is_business_day(customer_id):
            return None
        return Reason("quiet_day", f"{on} is no working day there.")


def taken_on(entity_id: int, on: date) -> Taken:
    """{(customer, currency, channel): step} taken for a day before, as they were then."""
    rows = steps_of_day(entity_id, on)
    lines = lines_of([row.pk for row in rows])
    return {(row.customer_id, row.currency, row.channel): _as_planned(row, lines) for row in rows}


def _as_planned(row: Message, lines) -> PlannedStep:  # type: ignore[no-untyped-def]
    return PlannedStep(
        row.key,
        row.customer_id,
        row.currency,
        row.step,
        row.channel,
        "",
        tuple(row.recipients),
        tuple(
            Line(
                "payment" if one.item_id is None else "item",
                one.item_id or one.payment_id,
                one.open_minor,
                one.level,
            )
            for one in lines[row.pk]
        ),
        row.amount_minor,
        None,
    )


def without(plan: Iterable[PlannedStep], taken: Taken) -> list[PlannedStep]:
    """The plan without the main steps of customers for whom one was taken on the day."""
    return [
        step
        for step in plan
        if not step.step or (step.customer_id, step.currency, step.channel) not in taken
    ]


def write_drafts(standing: Standing, steps: Sequence[PlannedStep]) -> list[Draft]:
    """The texts of some steps."""
    texts = texts_of(standing.entity.pk)
    last_sent = standing.last_sent({step.customer_id for step in steps})
    lines = [line for step in steps for line in step.lines]
    facts = line_facts(
        {line.id for line in lines if line.kind == "item"},
        {line.id for line in lines if line.kind == "payment"},
    )
    denied = denied_items({line.id for line in lines if line.kind == "item"})
    drafts = []
    for step in steps:
        reach = standing.reach[step.customer_id]
        policy = standing.policy_of(step.customer_id, reach)
        language = standing.addressed(step.customer_id).language
        said = [
            Said(
                *facts[line.kind, line.id],
                line.minor,
                is_denied=line.kind == "item" and line.id in denied,
            )
            for line in step.lines
        ]
        amount = locale_of("en", "").money(step.amount_minor, exponent(step.currency))
        subject = f"{amount} {step.currency} {'due soon' if step.is_before_due else 'overdue'}"
        body = ""
        if (step.template, language) in texts:
            language, text = texts[step.template, language]
            subject, body = write(
                text,
                customer=reach.name,
                entity=standing.entity.name,
                currency=step.currency,
                lines=said,
                today=standing.on,
                previous_on=last_sent.get(step.customer_id),
                locale=reader(language, tag=reach.language, country=reach.country),
            )
        drafts.append(
            Draft(
                step,
                policy.name,
                policy.version,
                language,
                standing.timezone(step.customer_id),
                subject,
                body,
                tuple(one.number for one in said),
            )
        )
    return drafts


def queue_drafts(
    entity: Entity,
    drafts: Sequence[Draft],
    on: date,
    actor: str,
    at: datetime,
    not_before: datetime | None = None,
) -> Iterator[Told]:
    """Queue some steps, and tell what became of each."""
    queued = queue_steps(
        entity_id=entity.pk,
        drafts=drafts,
        on=on,
        domain=domain_of(sending_of(entity.pk).sender),
        actor=actor,
        at=at,
        not_before=not_before,
    )
    there = taken_on(entity.pk, on) if len(queued) < len(drafts) else {}
    for draft in drafts:
        step = draft.step
        first = there.get((step.customer_id, step.currency, step.channel))
        if step.key in queued:
            yield Told(step, "queued", is_new=True)
        elif first is not None:  # another run of the day was quicker
            yield Told(first, "queued")
        else:
            why = Reason("already_sent", "The same step for the same items was taken before.")
            yield Told(step._replace(why=why), "skipped")
