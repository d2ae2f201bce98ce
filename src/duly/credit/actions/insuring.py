"""Write down what insurers cover: policies, and limits of buyers."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from duly.access.actions import Author
from duly.credit.actions.signals import SignalDraft, record_signals
from duly.credit.errors import InsurancePolicyUnfit, InsuredLimitUnfit
from duly.credit.models import InsurancePolicy, InsuredLimit
from duly.credit.queries.insurance import insured_limits, policy_named
from duly.credit.rules.insurance import Terms, limit_on
from duly.kernel.money import Money
from duly.storage.writing import whole


class InsuredLimitDraft(NamedTuple):
    """What an insurer covers of a buyer, or what we take under our discretion (`basis`)."""

    customer_id: int
    amount_minor: int
    from_on: date
    to_on: date | None = None
    basis: str = "approved"
    evidence: str = ""


@whole()
def save_insurance_policy(
    *, entity_id: int, terms: Terms, author: Author, document: str = ""
) -> InsurancePolicy:
    """Keep a policy as it reads from a day on. Refuses: InsurancePolicyUnfit."""
    days = (terms.mep_days, terms.notify_days, terms.waiting_days, terms.declare_days)
    kept = terms._asdict() | {"indemnity_percent": str(terms.indemnity_percent)}
    del kept["known_on"]
    is_share = Decimal(0) < terms.indemnity_percent <= Decimal(100)
    is_fit = min(days) >= 0 and is_share and terms.from_on <= terms.to_on
    if not is_fit or min(terms.first_loss_minor, terms.discretionary_minor) < 0:
        raise InsurancePolicyUnfit(
            "Days and amounts of a policy are not negative, its indemnity is above 0 and at most "
            "100 %, and it ends after it begins.",
            facts={"policy": terms.number},
            remedy="Copy them from the policy: it is the source.",
        )
    return InsurancePolicy.objects.create(
        entity_id=entity_id,
        **kept,
        document=document,
        actor=author.actor,
        recorded_at=author.at,
    )


@whole()
def set_insured_limits(
    *,
    entity_id: int,
    policy_number: str,
    drafts: Sequence[InsuredLimitDraft],
    on: date,
    author: Author,
) -> list[InsuredLimit]:
    """Keep limits of buyers under a policy; one that falls is a signal to credit.

    Rule: a limit under our discretion is at most what the policy leaves to us, and has evidence.
    Refuses: InsurancePolicyUnknown, InsuredLimitUnfit.
    """
    terms = policy_named(entity_id, policy_number, on)
    for draft in drafts:
        _refuse_unfit(draft, terms)
    before = insured_limits(entity_id, {draft.customer_id for draft in drafts})
    rows = InsuredLimit.objects.bulk_create(
        InsuredLimit(
            entity_id=entity_id,
            policy_number=policy_number,
            currency=terms.currency,
            **draft._asdict(),
            actor=author.actor,
            recorded_at=author.at,
        )
        for draft in drafts
    )
    cuts = []
    for row in rows:
        was = limit_on(before.get(row.customer_id, ("", []))[1], row.from_on)
        if was is not None and row.amount_minor < was.minor:
            cut = Money(row.amount_minor, row.currency)
            told = f"Insured limit from {Money(was.minor, row.currency)} to {cut}"
            source = f"insured-limit:{row.pk}"
            cuts.append(SignalDraft(row.customer_id, "insurer_cut", on, source, told))
    record_signals(entity_id=entity_id, drafts=cuts, author=author)
    return rows


def _refuse_unfit(draft: InsuredLimitDraft, terms: Terms) -> None:
    is_ours = draft.basis != "approved"
    if is_ours and draft.amount_minor > terms.discretionary_minor:
        most = Money(terms.discretionary_minor, terms.currency)
        told = f"The policy leaves {most} to our discretion."
        remedy = "Ask the insurer for a limit, or take one within it."
    elif is_ours and not draft.evidence:
        told = "A limit under our discretion needs what it rests on."
        remedy = "Name the account's history, or the agency's report with its day."
    elif draft.amount_minor < 0 or (draft.to_on is not None and draft.to_on < draft.from_on):
        told = "A limit is not negative and ends after it begins."
        remedy = "Enter zero for one that is withdrawn."
    else:
        return
    raise InsuredLimitUnfit(told, facts={"policy": terms.number}, remedy=remedy)
