"""Let held orders go: a person with a reason and the authority, or by themselves once the cause
has cleared. Stop a customer's orders, and lift the stop.
"""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from duly.access.actions import Author, record_changes, require_authority
from duly.access.queries import user_acting
from duly.credit.actions.exposure_locks import lock_families
from duly.credit.actions.order_writing import OrderWriter
from duly.credit.actions.orders import Checked, check_orders
from duly.credit.errors import HoldEnded, StopUnfit, StopUnknown
from duly.credit.models import HoldCase, HoldRelease, OrderStop
from duly.credit.policy import OrderPolicy
from duly.credit.queries.holds import TAKEN_BACK, Held, StopTold, hold, holds
from duly.credit.queries.orders import SignalsOf, answer_of, read_desk
from duly.credit.queries.policies import RELEASE, releases_on
from duly.credit.rules.holds import LONGEST_REASON, needed, refuse_unreleasable
from duly.credit.rules.order_check import HOLD, STOPS
from duly.parties.models import Entity
from duly.storage.among import among
from duly.storage.writing import whole


@whole()
def release_hold(
    *,
    entity: Entity,
    hold_id: int,
    reason: str,
    on: date,
    author: Author,
    signals_of: SignalsOf,
    policy: OrderPolicy | None = None,
) -> HoldCase:
    """Let one held order go, for some days: until then what it failed does not hold it again.

    Everything is tested anew first: an order that nothing holds any more is cleared instead.
    Refuses: HoldUnknown, HoldEnded, HoldReasonMissing, HoldNotReleasable, OwnOrder,
    AuthorityExceeded (also of a role that releases nothing, such as sales), CreditRateMissing.
    """
    found = _locked(entity, hold_id, on)
    case, row = found.case, found.order
    desk = read_desk(entity, [found.asked], on, signals_of=signals_of, policy=policy)
    answer = answer_of(desk, found.asked, on)
    writer = OrderWriter(entity.pk, on, author)
    if answer.decision != HOLD:
        writer.settle(desk, answer)
        writer.write()
        case.refresh_from_db()
        return case
    refuse_unreleasable(
        answer,
        reason=reason.strip(),
        actor=author.actor,
        asked_by={row.actor, case.asked_by},
        policy=desk.policy,
    )
    user = user_acting(author.actor)
    took = needed(answer)
    reach = releases_on(entity, on)
    for money in took if user else ():
        told, limits = reach.held_against(money)
        require_authority(user=user, act=RELEASE, money=told, limits=limits)
    HoldRelease.objects.create(
        case_id=case.pk,
        order_id=row.pk,
        tests=sorted({one.test for one in answer.failed}),
        currency=case.currency,
        amount_minor=case.amount_minor,
        reason=reason.strip(),
        role=user.role if user else "",
        took=[{"currency": one.currency, "amount": one.text()} for one in took],
        released_on=on,
        expires_on=on + timedelta(days=desk.policy.grace_days),
        actor=author.actor,
        recorded_at=author.at,
    )
    writer.release(row, case)
    writer.write()
    return case


def _locked(entity: Entity, hold_id: int, on: date) -> Held:
    """A hold that nobody else decides meanwhile. Refuses: HoldUnknown, HoldEnded."""
    found = hold(entity_id=entity.pk, hold_id=hold_id, on=on)
    lock_families(
        entity_id=entity.pk, customer_ids={found.case.customer_id}, refs=[found.order.ref]
    )
    found = hold(entity_id=entity.pk, hold_id=hold_id, on=on)
    if found.case.ending:
        raise HoldEnded(
            f"Order {found.order.ref} does not wait any more: it was {found.case.ending}.",
            facts={"hold": hold_id, "ending": found.case.ending},
            remedy="Look at `duly credit holds`.",
        )
    return found


@whole()
def retest_holds(
    *,
    entity: Entity,
    on: date,
    author: Author,
    signals_of: SignalsOf,
    customer_ids: Collection[int] | None = None,
    policy: OrderPolicy | None = None,
) -> list[tuple[Held, Checked]]:
    """Test orders that wait (or those of some customers) again, the longest waiting first: those
    that nothing holds any more go; of the others what holds them now is noted.

    Refuses: ExposureRateMissing.
    """
    waiting = holds(entity_id=entity.pk, on=on, customer_ids=customer_ids)
    if not waiting:
        return []
    lock_families(
        entity_id=entity.pk,
        customer_ids={one.case.customer_id for one in waiting},
        refs=[one.order.ref for one in waiting],
    )
    waiting = holds(entity_id=entity.pk, on=on, customer_ids=customer_ids)
    found = check_orders(
        entity=entity,
        asked=[one.asked for one in waiting],
        on=on,
        author=author,
        signals_of=signals_of,
        policy=policy,
    )
    return list(zip(waiting, found, strict=True))


@whole()
def assign_hold(*, entity: Entity, hold_id: int, owner: str, on: date, author: Author) -> HoldCase:
    """Say who clears a held order. Refuses: HoldUnknown, HoldEnded."""
    case = _locked(entity, hold_id, on).case
    change = (case.pk, {"owner": case.owner}, {"owner": owner})
    record_changes(noun="hold", changes=[change], author=author)
    case.owner = owner
    case.save(update_fields=["owner"])
    return case


class StopDraft(NamedTuple):
    """No order of a customer is to go, and why."""

    customer_id: int
    kind: str
    reason: str
    since_on: date | None = None  # None: the day on which it is set
    source: str = ""

    def is_among(self, told: Collection[StopTold]) -> bool:
        """Whether such a stop stands, or was lifted though it rested on the same word."""
        return any(
            (one.customer_id, one.kind) == (self.customer_id, self.kind)
            and (one.stands or (one.since_on, one.source) == (self.since_on, self.source))
            for one in told
        )


@whole()
def stop_orders(*, entity_id: int, drafts: Sequence[StopDraft], on: date, author: Author) -> int:
    """Let no order of some customers go from a day on; return how many stops are new.

    A stop that stands already stays as it is. Refuses: StopUnfit.
    """
    for draft in drafts:
        if draft.kind not in STOPS or not 0 < len(draft.reason.strip()) <= LONGEST_REASON:
            raise StopUnfit(
                "A stop needs a kind and a reason.",
                facts={"kind": draft.kind, "kinds": list(STOPS)},
                remedy=f"Use one of {', '.join(STOPS)}, and say why and by which list or letter.",
            )
    lock_families(
        entity_id=entity_id, customer_ids={draft.customer_id for draft in drafts}, refs=[]
    )
    customers = among({draft.customer_id for draft in drafts})
    rows = OrderStop.objects.filter(customer_id__in=customers, lifted_at=None)
    there = set(rows.values_list("customer_id", "kind"))
    fresh = {(one.customer_id, one.kind): one for one in drafts}
    made = OrderStop.objects.bulk_create(
        OrderStop(
            entity_id=entity_id,
            customer_id=one.customer_id,
            kind=one.kind,
            since_on=one.since_on or on,
            reason=one.reason.strip(),
            source=one.source,
            batch_id=author.batch_id,
            actor=author.actor,
            recorded_at=author.at,
        )
        for key, one in fresh.items()
        if key not in there
    )
    return len(made)


@whole()
def lift_stop(
    *, entity_id: int, customer_id: int, kind: str, reason: str, author: Author
) -> OrderStop:
    """Lift a stop: the other tests decide again. Refuses: StopUnknown, StopUnfit."""
    rows = OrderStop.objects.select_for_update().filter(entity_id=entity_id, lifted_at=None)
    row = rows.filter(customer_id=customer_id, kind=kind).first()
    if row is None:
        raise StopUnknown(
            f"The customer has no stop of the kind {kind[:16]}.",
            facts={"kind": kind[:16]},
            remedy="Look at `duly credit stops`.",
        )
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise StopUnfit(
            "Lifting a stop needs its reason.",
            facts={"kind": kind},
            remedy="Say why it does not hold any more.",
        )
    row.lifted_at, row.lifted_by, row.lifted_because = author.at, author.actor, reason.strip()
    row.save(update_fields=["lifted_at", "lifted_by", "lifted_because"])
    return row


@whole()
def take_back_stops(*, batch_id: int, author: Author) -> int:
    """Lift the stops that an import set and that still stand; return how many."""
    rows = OrderStop.objects.filter(batch_id=batch_id, lifted_at=None)
    return rows.update(lifted_at=author.at, lifted_by=author.actor, lifted_because=TAKEN_BACK)
