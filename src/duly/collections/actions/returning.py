"""What follows from returned payments: promises judged anew, somebody to call, a fee."""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from duly.access.actions import Author
from duly.collections.actions.promising import judge_promises_anew
from duly.collections.actions.queueing import TaskDraft, raise_tasks
from duly.collections.models import Task
from duly.collections.policy import BUILT_IN, DunningPolicy
from duly.collections.queries.policies import choices_on, policies_on
from duly.collections.rules.promising import Verdict
from duly.disputes.actions import drop_deductions, restore_deductions
from duly.kernel.currencies import exponent
from duly.kernel.ids import digest
from duly.kernel.money import Money
from duly.kernel.rounding import half_up
from duly.ledger.actions import Recorder
from duly.parties.models import Entity
from duly.parties.queries.reach import reach_of
from duly.receivables.actions import DocumentDraft, InstalmentDraft, issue_documents
from duly.receivables.queries import ReturnFacts, items_by_number, returns_of
from duly.storage.among import among

PAYMENT_RETURNED = "payment_returned"  # a kind of task
FEE_PREFIX = "RETURN-"  # of the number of a debit note; the payment's number follows


class Aftermath(NamedTuple):
    """What followed from returned payments."""

    verdicts: list[Verdict]
    fees: list[DocumentDraft]


def follow_returns(
    *, recorder: Recorder, entity: Entity, payment_ids: Collection[int]
) -> Aftermath:
    """Draw the consequences of returned payments, in the batch that returned them.

    Promises that they kept are judged anew; deductions from them that are open end; somebody is
    told to call; where the policy of the customer has a fee, it is charged by a debit note of the
    day of the return, due at once.
    Posts: receivable / billing clearing. Refuses: PeriodLocked.
    """
    returns = list(returns_of(payment_ids).values())
    if not returns:
        return Aftermath([], [])
    verdicts = _judge(entity, returns, recorder.actor, recorder.at)
    for day in sorted({one.returned_on for one in returns}):
        of_day = [one.payment_id for one in returns if one.returned_on == day]
        drop_deductions(recorder=recorder, payment_ids=of_day, on=day)
    raise_tasks(
        entity_id=entity.pk,
        drafts=[_task(one) for one in returns if one.customer_id is not None],
        actor=recorder.actor,
        at=recorder.at,
    )
    fees = _fees(entity, returns)
    issue_documents(recorder=recorder, entity_id=entity.pk, documents=fees)
    return Aftermath(verdicts, fees)


def follow_returns_taken_back(
    *,
    entity: Entity,
    returns: Collection[ReturnFacts],
    batch_id: int,
    actor: str,
    at: datetime,
) -> None:
    """Undo what followed from returns of a batch that were taken back: the fee goes with it.

    Deductions that it dropped are open again.
    """
    if not returns:
        return
    _judge(entity, returns, actor, at)
    restore_deductions(entity_id=entity.pk, batch_id=batch_id, author=Author(actor, at))
    Task.objects.filter(key__in=among([_key(one) for one in returns]), done_at=None).update(
        done_at=at, actor=actor
    )


def _judge(
    entity: Entity, returns: Collection[ReturnFacts], actor: str, at: datetime
) -> list[Verdict]:
    customer_ids = {one.customer_id for one in returns if one.customer_id is not None}
    if not customer_ids:
        return []
    return judge_promises_anew(
        entity=entity,
        customer_ids=customer_ids,
        since=min(one.received_on for one in returns),
        on=max(one.returned_on for one in returns),
        actor=actor,
        at=at,
    )


def _key(one: ReturnFacts) -> str:
    return digest("returned", str(one.payment_id), one.returned_on.isoformat())


def _task(one: ReturnFacts) -> TaskDraft:
    advice = (
        "Agree on a day and try again."
        if one.reason.is_worth_a_try
        else "Ask for another way to pay."
    )
    return TaskDraft(
        one.customer_id or 0,
        _key(one),
        PAYMENT_RETURNED,
        f"Payment {one.number} of {Money(one.amount_minor, one.currency)} came back: "
        f"{one.reason.words} ({one.reason.code}). {advice}",
        one.returned_on,
    )


def _fees(entity: Entity, returns: Collection[ReturnFacts]) -> list[DocumentDraft]:
    """A debit note for each return whose customer's policy has a fee, and none has one yet."""
    known = [one for one in returns if one.customer_id is not None]
    reach = reach_of(entity_id=entity.pk, customer_ids={one.customer_id or 0 for one in known})
    drafts: list[DocumentDraft] = []
    for day in sorted({one.returned_on for one in known}):
        policies, choices = policies_on(entity.pk, day), choices_on(entity.pk, day)
        for one in known:
            if one.returned_on != day:
                continue
            customer_id = one.customer_id or 0
            name, _ = choices.told(customer_id=customer_id, segment=reach[customer_id].segment)
            fee = _fee(policies, name, one.currency)
            if fee:
                drafts.append(_debit_note(one, fee))
    there = items_by_number(entity.pk, {draft.number for draft in drafts})
    return [one for one in drafts if (one.customer_id, one.number) not in there]


def _fee(policies: Mapping[str, DunningPolicy], name: str, currency: str) -> int:
    """The fee of a policy in minor units; a name that no version holds for is the gentle one."""
    fee = policies.get(name, BUILT_IN["gentle"]).returned_payment_fee
    return half_up(fee.scaleb(exponent(currency))) if fee > Decimal(0) else 0


def _debit_note(one: ReturnFacts, minor: int) -> DocumentDraft:
    day = one.returned_on.isoformat()
    return DocumentDraft(
        customer_id=one.customer_id or 0,
        kind="debit_note",
        number=f"{FEE_PREFIX}{one.number}"[:64],
        currency=one.currency,
        amount_minor=minor,
        issued_on=day,
        instalments=(InstalmentDraft(day, minor),),
        reference=f"Fee for returned payment {one.number}",
    )
