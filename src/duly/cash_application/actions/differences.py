"""A small difference above what policy lets pass: asked for by one person, decided by another."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from duly.access.actions import Author, ask_approval, decide_approval, require_authority
from duly.access.errors import ApprovalUnknown
from duly.access.models import Approval
from duly.access.queries import user_acting
from duly.cash_application.actions.matching import accept_match
from duly.cash_application.queries.matches import waiting_payment
from duly.cash_application.queries.policies import policy_on
from duly.cash_application.rules.limits import charges, let_pass, refuse_unclear
from duly.cash_application.rules.residuals import Line
from duly.kernel.currencies import exponent
from duly.kernel.money import Money
from duly.parties.models import Entity
from duly.storage.writing import whole

_ANY = 10**15
DIFFERENCE = "let_difference"  # the act that a second person approves


@whole()
def ask_difference(
    *,
    entity: Entity,
    payment_id: int,
    customer_id: int,
    lines: Sequence[Line],
    note: str,
    on: date,
    author: Author,
) -> Approval:
    """Ask that a match be written though it lets more pass than policy does; it is not yet.

    Refuses: MatchUnclear, NothingToMatch.
    """
    refuse_unclear(lines)
    payment = waiting_payment(entity.pk, payment_id, on)
    facts = {
        "entity": entity.pk,
        "payment": payment_id,
        "customer": customer_id,
        "lines": [list(line) for line in lines],
        "minor": let_pass(lines) + charges(lines),
        "currency": payment.currency,
        "decimals": exponent(payment.currency),
        "note": note[:300],
    }
    return ask_approval(act=DIFFERENCE, facts=facts, author=author)


@whole()
def decide_difference(
    *, entity: Entity, approval_id: int, is_approved: bool, on: date, author: Author
) -> Approval:
    """Approve, and the match is written on that day as it was asked for; or decline.

    Refuses: ApprovalUnknown, ApprovalDecided, OwnWorkApproval, AuthorityExceeded, NothingToMatch,
    OverApplied, and what else `accept_match` refuses: then it stays undecided.
    """
    approval = decide_approval(
        approval_id=approval_id, act=DIFFERENCE, is_approved=is_approved, author=author
    )
    facts = approval.facts
    if facts["entity"] != entity.pk:
        raise ApprovalUnknown(
            f"No difference that waits in these books has the number {approval_id}.",
            facts={"approval": approval_id},
            remedy="Look at `duly difference list`.",
        )
    if is_approved:
        money = Money(facts["minor"], facts["currency"])
        require_authority(user=user_acting(author.actor), act="credit", money=money)
        lines = [Line(*line) for line in facts["lines"]]
        # Whoever approves lets exactly this difference pass, whatever policy says of others.
        lifted = replace(
            policy_on(entity, on),
            tolerance_minor=_ANY,
            tolerance_percent=Decimal(_ANY),
            tolerance_year_minor=_ANY,
            charges_most_minor=_ANY,
        )
        accept_match(
            entity=entity,
            payment_id=facts["payment"],
            customer_id=facts["customer"],
            lines=lines,
            on=on,
            actor=author.actor,
            at=author.at,
            because=(f"{author.actor} let the difference pass; {approval.asked_by} asked for it.",),
            policy=lifted,
        )
    return approval
