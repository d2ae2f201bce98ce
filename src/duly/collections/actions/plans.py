"""Instalment plans: proposed, approved, offered, signed, judged each day, cancelled."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from duly.access.actions import Author, ask_approval, decide_approval, require_authority
from duly.access.queries import user_acting
from duly.access.rules.roles import may
from duly.collections.actions.plan_days import judge_some
from duly.collections.actions.plan_steps import hold_plans, move_plan, note_step
from duly.collections.errors import (
    PlanBeyondPolicy,
    PlanStateUnfit,
    PlanUnfit,
    PlanUnsigned,
)
from duly.collections.models import (
    InstalmentPlan,
    PlanAgreement,
    PlanInstalment,
    PlanItem,
    PlanSignature,
    PlanStep,
)
from duly.collections.policy import PLANS, PlanPolicy
from duly.collections.queries.plan_items import items_for_plan
from duly.collections.queries.plans import (
    Plan,
    changed_items,
    consents_of,
    plan_numbered,
)
from duly.collections.queries.plans_told import terms_of
from duly.collections.rules.plans import moving
from duly.collections.rules.plans.agreement import agreement, digest_of
from duly.collections.rules.plans.moving import refuse_move
from duly.collections.rules.plans.schedules import Wanted, beyond_policy, schedule
from duly.credit.actions import issue_link
from duly.credit.models import SecretLink
from duly.credit.queries.insurance import refuse_extension
from duly.credit.queries.links import link_of
from duly.kernel.locales import locale_of
from duly.kernel.money import Money
from duly.parties.models import Entity
from duly.parties.queries import codes_and_names, pay_to
from duly.parties.rules.bank_numbers import is_qr_iban
from duly.receivables.rules.references import instalment_reference, qr_reference
from duly.storage.writing import whole

PLAN_LINK = "plan"  # what a link opens
APPROVAL = "instalment_plan"
APPROVE, APPROVE_BEYOND = "approve_plan", "approve_plan_beyond"  # acts of roles
_LINK_DAYS = 90  # that a link opens a plan after its last day


class PlanDraft(NamedTuple):
    """A plan as somebody wants it; `with_disputed` says that disputed parts are in it."""

    customer_id: int
    item_ids: tuple[int, ...]
    wanted: Wanted
    way: str = "transfer"
    mandate: str = ""
    security: str = ""
    note: str = ""
    with_disputed: bool = False


class Signer(NamedTuple):
    """Who signs, in which office, how and from where."""

    name: str
    title: str
    way: str = "link"
    address: str = ""
    browser: str = ""


@whole()
def propose_plan(
    *, entity: Entity, draft: PlanDraft, author: Author, policy: PlanPolicy = PLANS
) -> Plan:
    """Write down a plan for another person to approve; the items stay as they are.

    Refuses: PlanUnfit, PlanNotEven, PlanItemTaken, PlanItemDisputed.
    """
    hold_plans(entity_id=entity.pk)
    items = _items_of(entity, draft)
    parts = schedule(draft.wanted, policy)
    wanted = draft.wanted
    code = codes_and_names([draft.customer_id])[draft.customer_id][0]
    approval = ask_approval(
        act=APPROVAL,
        facts={"customer": code, "debt": wanted.debt.text(), "currency": wanted.debt.currency},
        author=author,
    )
    row = InstalmentPlan.objects.create(
        entity_id=entity.pk,
        customer_id=draft.customer_id,
        currency=wanted.debt.currency,
        debt_minor=wanted.debt.minor,
        made_on=wanted.on,
        period=wanted.period,
        interest_percent=f"{wanted.interest_percent.normalize():f}",
        grace_business_days=policy.grace_business_days,
        acceleration_days=policy.acceleration_days,
        way=draft.way,
        mandate=draft.mandate,
        security=draft.security,
        note=draft.note,
        beyond=beyond_policy(wanted, parts, policy),
        with_disputed=draft.with_disputed,
        approval_id=approval.pk,
        actor=author.actor,
        recorded_at=author.at,
    )
    account = pay_to(entity.pk).get(row.currency)
    is_swiss = account is not None and bool(account.iban) and is_qr_iban(account.iban)
    PlanInstalment.objects.bulk_create(
        PlanInstalment(
            plan=row,
            number=part.number,
            due_on=part.due_on,
            principal_minor=part.principal_minor,
            interest_minor=part.interest_minor,
            reference=qr_reference(code)
            if is_swiss
            else instalment_reference(code, row.pk, part.number),
        )
        for part in parts
    )
    PlanItem.objects.bulk_create(PlanItem(plan=row, **item) for item in items)
    note_step(row=row, kind="proposed", on=wanted.on, author=author)
    return plan_numbered(entity.pk, row.pk)


@whole()
def approve_plan(
    *,
    entity: Entity,
    plan_id: int,
    on: date,
    author: Author,
    is_approved: bool = True,
    reason: str = "",
) -> Plan:
    """Approve a plan that another person proposed, or decline it; then it is cancelled.

    Refuses: PlanUnknown, PlanStateUnfit, OwnWorkApproval, AuthorityExceeded, PlanBeyondPolicy,
    PlanUnfit (items changed), ApprovalDecided, ExtensionBeyondCover.
    """
    hold_plans(entity_id=entity.pk)
    plan = plan_numbered(entity.pk, plan_id)
    row = plan.row
    refuse_move(row.pk, row.state, moving.OFFERED)
    if is_approved:
        user = user_acting(author.actor)
        debt = Money(row.debt_minor, row.currency)
        require_authority(user=user, act=APPROVE, money=debt)
        if row.beyond and user is not None and not may(user.role, APPROVE_BEYOND):
            raise PlanBeyondPolicy(
                f"Plan {row.pk} is beyond policy: {' '.join(row.beyond)}",
                facts={"plan": row.pk, "beyond": row.beyond, "role": user.role},
                remedy="Let a manager approve it, or propose one within policy.",
            )
        _refuse_changed(plan, on)
        _refuse_beyond_cover(plan, on)
    decide_approval(
        approval_id=row.approval_id, act=APPROVAL, is_approved=is_approved, author=author
    )
    if is_approved:
        note_step(row=row, kind="approved", on=on, author=author, text=reason)
    else:
        move_plan(row=row, to=moving.CANCELLED, on=on, author=author, kind="declined", text=reason)
    return plan


@whole()
def offer_plan(
    *,
    entity: Entity,
    plan_id: int,
    on: date,
    key: bytes,
    author: Author,
    policy: PlanPolicy = PLANS,
) -> SecretLink:
    """Write the agreement of an approved plan, and give out the link by which it is signed.

    Offered before, the same link is given out again.
    Refuses: PlanUnknown, PlanStateUnfit, PlanUnfit (items changed), ExtensionBeyondCover.
    """
    hold_plans(entity_id=entity.pk)
    plan = plan_numbered(entity.pk, plan_id)
    row = plan.row
    if row.state == moving.OFFERED:
        _refuse_changed(plan, on)
        there = link_of(purpose=PLAN_LINK, record_id=row.pk, at=author.at)
        if there is not None:
            return there
        return _link(plan, on, key, author.at)
    refuse_move(row.pk, row.state, moving.OFFERED)
    if not PlanStep.objects.filter(plan=row, kind="approved").exists():
        raise PlanStateUnfit(
            f"Nobody has approved plan {row.pk} yet.",
            facts={"plan": row.pk, "state": row.state, "wanted": moving.OFFERED},
            remedy=f"Let a second person look: `duly plan approve {row.pk} --user EMAIL`.",
        )
    _refuse_changed(plan, on)
    _refuse_beyond_cover(plan, on)
    consents = consents_of(plan)
    document = agreement(terms_of(entity, plan, consents), locale_of("en", ""))
    PlanAgreement.objects.create(
        plan=row,
        document=document,
        sha256=digest_of(document),
        consents=consents,
        expires_on=on + timedelta(days=policy.offer_days),
        actor=author.actor,
        recorded_at=author.at,
    )
    move_plan(row=row, to=moving.OFFERED, on=on, author=author)
    return _link(plan, on, key, author.at)


@whole()
def sign_plan(
    *,
    entity: Entity,
    plan_id: int,
    signer: Signer,
    is_agreed: bool,
    on: date,
    author: Author,
) -> PlanSignature:
    """Take a customer's signature and its acknowledgement of the debt; from then on the items are
    not chased while the plan is kept.

    Refuses: PlanUnknown, PlanStateUnfit, PlanUnsigned, PlanUnfit (items changed).
    """
    name, title = " ".join(signer.name.split()), " ".join(signer.title.split())
    if not is_agreed or not 0 < len(name) <= 200 or not 0 < len(title) <= 200:
        raise PlanUnsigned(
            "An agreement is signed by a full name and an office, and by agreeing to it.",
            facts={"name": len(name), "title": len(title), "is_agreed": is_agreed},
            remedy="Type both, tick that you agree, and sign again.",
        )
    hold_plans(entity_id=entity.pk)
    plan = plan_numbered(entity.pk, plan_id)
    row = plan.row
    refuse_move(row.pk, row.state, moving.SIGNED)
    paper = PlanAgreement.objects.get(plan=row)
    if on > paper.expires_on:
        raise PlanStateUnfit(
            f"The offer of plan {row.pk} lapsed after {paper.expires_on}.",
            facts={"plan": row.pk, "expired": paper.expires_on, "wanted": moving.SIGNED},
            remedy="Ask for a new plan.",
        )
    _refuse_changed(plan, on)
    signature = PlanSignature.objects.create(
        plan=row,
        name=name,
        title=title,
        way=signer.way,
        sha256=paper.sha256,
        address=signer.address[:64],
        browser=signer.browser[:200],
        actor=author.actor,
        signed_at=author.at,
    )
    move_plan(row=row, to=moving.SIGNED, on=on, author=author, text=f"{name}, {title}")
    judge_some(entity=entity, some=[plan], on=on, author=author)
    return signature


@whole()
def cancel_plan(*, entity: Entity, plan_id: int, reason: str, on: date, author: Author) -> Plan:
    """End a plan; its items are chased again. Refuses: PlanUnknown, PlanStateUnfit."""
    hold_plans(entity_id=entity.pk)
    plan = plan_numbered(entity.pk, plan_id)
    refuse_move(plan.row.pk, plan.row.state, moving.CANCELLED)
    move_plan(row=plan.row, to=moving.CANCELLED, on=on, author=author, text=reason)
    return plan


def _items_of(entity: Entity, draft: PlanDraft) -> list[dict[str, object]]:
    return items_for_plan(
        entity,
        draft.customer_id,
        draft.item_ids,
        draft.wanted,
        with_disputed=draft.with_disputed,
    )


def _link(plan: Plan, on: date, key: bytes, at: datetime) -> SecretLink:
    row, last = plan.row, plan.agreed.parts[-1].due_on
    return issue_link(
        entity_id=row.entity_id,
        purpose=PLAN_LINK,
        record_id=row.pk,
        expires_at=at + timedelta(days=max((last - on).days, 0) + _LINK_DAYS),
        key=key,
        at=at,
    )


def _refuse_changed(plan: Plan, on: date) -> None:
    """Refuse a plan that is for something else than is owed: it was paid or disputed meanwhile."""
    numbers = [item.number for item in changed_items(plan, on)]
    if numbers:
        raise PlanUnfit(
            f"What is open or disputed of {', '.join(numbers)} changed since plan"
            f" {plan.row.pk} was proposed.",
            facts={"plan": plan.row.pk, "items": numbers},
            remedy="Cancel it and propose a new one.",
        )


def _refuse_beyond_cover(plan: Plan, on: date) -> None:
    refuse_extension(
        plan.row.entity_id,
        plan.row.customer_id,
        [item.item_id for item in plan.items],
        plan.agreed.parts[-1].due_on,
        on,
    )
