"""Match money to what it pays: what is certain by itself, the rest as a person decides."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from duly.access.actions import announce
from duly.cash_application.actions.aliases import ACCOUNT, NAME, AliasDraft, learn_aliases, unlearn
from duly.cash_application.actions.suggestions import drop_suggestions, keep_suggestions
from duly.cash_application.events import MatchesUndone, PaymentsMatched
from duly.cash_application.models import Match
from duly.cash_application.policy import MatchingPolicy
from duly.cash_application.queries.gathering import told_by_bank
from duly.cash_application.queries.matches import (
    applications_of_matches,
    let_pass_of_year,
    waiting_payment,
)
from duly.cash_application.queries.policies import policy_on
from duly.cash_application.queries.proposing import Proposed, propose_matches
from duly.cash_application.rules.facts import Customer
from duly.cash_application.rules.limits import refuse_large, refuse_unclear
from duly.cash_application.rules.matching import AUTO, Proposal
from duly.cash_application.rules.outcomes import APPLIED, ON_ACCOUNT, outcome_of
from duly.cash_application.rules.posting import postings_of
from duly.cash_application.rules.residuals import SETTLED, SHORT_PAY, Line
from duly.disputes.actions import DeductionDraft, drop_deductions, open_deductions
from duly.kernel.collector import without_collector
from duly.ledger.actions import Recorder, hold_books, recording
from duly.parties.models import Entity
from duly.receivables.actions import (
    apply_payments,
    attribute_payments,
    take_back_applications,
)
from duly.receivables.queries import PaymentToMatch, discounts_until, standing_applications
from duly.storage import bulk
from duly.storage.writing import whole

UNEARNED_DISCOUNT = "unearned_discount"
BY_ITSELF, ACCEPTED, BY_HAND = "auto", "accepted", "by_hand"


class Decision(NamedTuple):
    """A match that is to be written; amounts in minor units, the money's own currency.

    A line with reason "short_pay" settles nothing: it becomes a deduction, with the reason that
    the payer gave.
    """

    payment: PaymentToMatch
    customer_id: int
    lines: tuple[Line, ...]
    decided: str
    confidence: Decimal = Decimal(1)
    is_unique: bool = False
    way: str = ""
    because: tuple[str, ...] = ()

    @property
    def cash_minor(self) -> int:
        """What of the money goes to items."""
        return sum(line.minor for line in self.lines if line.reason == SETTLED)


@without_collector()
@whole()
def match_payments(
    *,
    entity: Entity,
    on: date,
    auto: bool,
    actor: str,
    at: datetime,
    policy: MatchingPolicy | None = None,
    insolvent: Collection[int] = (),
    payment_ids: Collection[int] | None = None,
) -> Proposed:
    """Propose for all money not applied on a day (or some payments), and keep what is proposed.

    With `auto` what is certain is applied, and money whose payer is certain becomes theirs. Money
    of customers under `insolvent` waits for a person. Refuses: PeriodLocked. Announces:
    PaymentsMatched.
    """
    hold_books(entity_id=entity.pk)
    proposed = propose_matches(
        entity=entity, on=on, policy=policy, insolvent=insolvent, payment_ids=payment_ids
    )
    waiting = proposed.proposals
    if auto:
        applied = [one for one in waiting if outcome_of(one) == APPLIED]
        payers = _payers_to_name(proposed)
        if applied or payers:
            with recording(kind="match", entity_id=entity.pk, actor=actor, at=at) as recorder:
                for part in bulk.slices(payers.items()):
                    attribute_payments(
                        recorder=recorder, entity_id=entity.pk, payers=dict(part), on=on
                    )
                for chosen in bulk.slices(applied):
                    decisions = [_decision(proposed, x, x.customer) for x in chosen if x.customer]
                    until = proposed.gathered.discount_until
                    _write_matches(recorder, entity.pk, decisions, on, until)
                _announce_matched(recorder, entity.pk, len(applied))
                _learn(recorder, entity.pk, proposed, applied)
        waiting = [one for one in waiting if outcome_of(one) != APPLIED]
    keep_suggestions(entity_id=entity.pk, proposals=waiting, on=on, at=at, instead_of=payment_ids)
    return proposed


@whole()
def accept_match(
    *,
    entity: Entity,
    payment_id: int,
    customer_id: int,
    lines: Sequence[Line],
    on: date,
    actor: str,
    at: datetime,
    decided: str = ACCEPTED,
    because: Sequence[str] = (),
    policy: MatchingPolicy | None = None,
) -> int:
    """Apply a payment as a person says; what is over stays on account of who paid.

    Without lines all of it stays there. Teaches the payer's account and name. Returns the batch.
    Refuses: NothingToMatch, DifferenceTooLarge, MatchUnclear, and what `apply_payments` refuses.
    Announces: PaymentsMatched.
    """
    hold_books(entity_id=entity.pk)
    payment = waiting_payment(entity.pk, payment_id, on)
    refuse_unclear(lines)
    refuse_large(
        lines,
        paid_minor=payment.unapplied_minor,
        let_pass_minor=let_pass_of_year([customer_id], on).get((customer_id, payment.currency), 0),
        currency=payment.currency,
        policy=policy or policy_on(entity, on),
    )
    with recording(kind="match", entity_id=entity.pk, actor=actor, at=at) as recorder:
        attribute_payments(
            recorder=recorder, entity_id=entity.pk, payers={payment_id: customer_id}, on=on
        )
        _write_matches(
            recorder,
            entity.pk,
            [Decision(payment, customer_id, tuple(lines), decided, because=tuple(because))],
            on,
            discounts_until([line.item_id for line in lines]),
        )
        _announce_matched(recorder, entity.pk, 1)
        told = told_by_bank(payment)
        learn_aliases(
            entity_id=entity.pk,
            aliases=[
                AliasDraft(customer_id, ACCOUNT, told.account, payment_id),
                AliasDraft(customer_id, NAME, told.name, payment_id),
            ],
            actor=actor,
            at=at,
            is_said=True,
        )
        drop_suggestions([payment_id])
        return recorder.batch_id


def undo_matches(
    *, recorder: Recorder, entity_id: int, payment_ids: Collection[int], on: date
) -> int:
    """Take back all that is applied of payments, with the credit notes their matches netted.

    They are not applied unattended again; what they taught is forgotten. Returns how many rows.
    Refuses: NothingApplied, TakenBackTooEarly, PeriodLocked. Announces: MatchesUndone.
    """
    count = take_back_applications(
        recorder=recorder,
        entity_id=entity_id,
        application_ids=applications_of_matches(payment_ids),
        on=on,
    )
    drop_deductions(recorder=recorder, payment_ids=payment_ids, on=on)
    unlearn(payment_ids=payment_ids, actor=recorder.actor, at=recorder.at)
    announce(
        event=MatchesUndone(recorder.batch_id, entity_id, tuple(sorted(payment_ids))),
        at=recorder.at,
    )
    return count


def undo_items(
    *, recorder: Recorder, entity_id: int, payment_id: int, item_ids: Collection[int], on: date
) -> int:
    """Take back what is applied of a payment to some items, and their deductions; the rest stands.

    Once nothing of it stands, what it taught is forgotten. Returns how many rows.
    Refuses: NothingApplied, TakenBackTooEarly, PeriodLocked.
    """
    standing = standing_applications([payment_id], of_credit=False)
    taken = [row.id for row in standing if row.item_id in item_ids]
    count = take_back_applications(
        recorder=recorder, entity_id=entity_id, application_ids=taken, on=on
    )
    drop_deductions(recorder=recorder, payment_ids=[payment_id], item_ids=item_ids, on=on)
    if len(taken) == len(standing):
        unlearn(payment_ids=[payment_id], actor=recorder.actor, at=recorder.at)
    return count


def _payers_to_name(proposed: Proposed) -> dict[int, int | None]:
    """{payment: customer} of money that becomes a customer's: applied, or theirs for certain."""
    found: dict[int, int | None] = {}
    for one in proposed.proposals:
        told = outcome_of(one)
        is_done = told == APPLIED or (told == ON_ACCOUNT and one.decision == AUTO)
        customer_id = one.customer.id if is_done and one.customer else None
        customer_id = customer_id or proposed.certain_payer(one)
        if customer_id is not None and one.payment.customer_id != customer_id:
            found[one.payment.id] = customer_id
    return found


def _write_matches(
    recorder: Recorder,
    entity_id: int,
    decisions: Sequence[Decision],
    on: date,
    discount_until: Mapping[int, date],
) -> None:
    """Apply what was decided, dated `on`, and keep each decision. Refuses as `apply_payments`."""
    told = [
        postings_of(
            one.payment.id,
            one.lines,
            received_on=one.payment.received_on,
            on=on,
            discount_until=discount_until,
        )
        for one in decisions
    ]
    short = [
        DeductionDraft(line.item_id, line.minor, one.payment.id, line.why)
        for one in decisions
        for line in one.lines
        if line.reason == SHORT_PAY
    ]
    credit = [wish for one in told for wish in one.credit]
    cash = [wish for one in told for wish in one.cash]
    apply_payments(recorder=recorder, entity_id=entity_id, wishes=credit, with_credit=True)
    apply_payments(recorder=recorder, entity_id=entity_id, wishes=cash)
    if short:
        open_deductions(recorder=recorder, drafts=short, on=on)
    ids = bulk.reserve_ids(Match, len(decisions)) if decisions else range(0)
    recorder.write(
        Match,
        [
            (
                id_,
                recorder.batch_id,
                entity_id,
                one.payment.id,
                one.customer_id,
                one.decided,
                on.isoformat(),
                one.payment.currency,
                one.cash_minor,
                len(one.lines),
                int(one.confidence * 1_000_000),
                int(one.is_unique),
                one.way[:64],
                json.dumps([list(line) for line in one.lines]),
                json.dumps(one.because),
            )
            for id_, one in zip(ids, decisions, strict=True)
        ],
    )


def _announce_matched(recorder: Recorder, entity_id: int, count: int) -> None:
    if count:
        announce(event=PaymentsMatched(recorder.batch_id, entity_id, count), at=recorder.at)


def _decision(proposed: Proposed, one: Proposal, customer: Customer) -> Decision:
    return Decision(
        proposed.gathered.rows[one.payment.id],
        customer.id,
        tuple(_with_reason(line, one) for line in one.lines),
        BY_ITSELF,
        one.confidence,
        one.unique,
        one.way,
        one.because,
    )


def _with_reason(line: Line, proposal: Proposal) -> Line:
    """A short pay says why: as the payer's advice does, or that a discount was taken too late."""
    is_late = line.reason == SHORT_PAY and not line.why and proposal.is_unearned
    return line._replace(why=UNEARNED_DISCOUNT) if is_late else line


def _learn(
    recorder: Recorder, entity_id: int, proposed: Proposed, applied: Sequence[Proposal]
) -> None:
    """Accounts of payers whose name or items told who they are."""
    aliases = [
        AliasDraft(one.customer.id, ACCOUNT, one.payment.account, one.payment.id)
        for one in applied
        if one.customer and one.payment.account and _is_known_by_name(proposed, one)
    ]
    learn_aliases(
        entity_id=entity_id, aliases=aliases, actor=recorder.actor, at=recorder.at, is_said=False
    )


def _is_known_by_name(proposed: Proposed, one: Proposal) -> bool:
    """The name alone says the same customer: an account of somebody else teaches nothing."""
    payer = proposed.gathered.directory.by_name(one.payment.name)
    return payer.customer is not None and payer.customer == one.customer
