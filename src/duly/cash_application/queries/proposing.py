"""Proposals for the money that waits, made from the books as they stand."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from duly.cash_application.policy import MatchingPolicy
from duly.cash_application.queries.gathering import Gathered, gather
from duly.cash_application.queries.matches import let_pass_of_year
from duly.cash_application.queries.policies import policy_on
from duly.cash_application.rules.limits import let_pass, within_year
from duly.cash_application.rules.matching import Proposal, run
from duly.cash_application.rules.payers import ACCOUNT, ALIAS, NAME, REFERENCE, SAID
from duly.parties.models import Entity

CERTAIN = (SAID, ACCOUNT, ALIAS, REFERENCE)
_WHOLE_NAME = 100


class Proposed(NamedTuple):
    """Proposals in the order of their payments, and what they were made from."""

    proposals: list[Proposal]
    gathered: Gathered

    def certain_payer(self, proposal: Proposal) -> int | None:
        """The customer whose money it is beyond doubt, whatever it is for; None if there is none.

        What must not be applied unattended may still be theirs, but for what is no receivable.
        """
        payer = proposal.payer
        is_certain = payer.how in CERTAIN or (payer.how == NAME and payer.likeness == _WHOLE_NAME)
        if payer.customer is None or not is_certain:
            return None
        may_be = proposal.payment.is_receivable and not proposal.payment.has_moved_since
        return payer.customer.id if may_be else None


def propose_matches(
    *,
    entity: Entity,
    on: date,
    policy: MatchingPolicy | None = None,
    insolvent: Collection[int] = (),
    payment_ids: Collection[int] | None = None,
) -> Proposed:
    """Proposals for all money not applied on a day, or for some, by the entity's policy."""
    gathered = gather(
        entity_id=entity.pk,
        country=entity.country,
        on=on,
        policy=policy or policy_on(entity, on),
        insolvent=insolvent,
        payment_ids=payment_ids,
    )
    payments, directory, book, past, known, _, later, *_ = gathered
    proposals = run(payments, directory, book, past, known, later)
    used = let_pass_of_year(_with_differences(proposals), on)
    return Proposed(within_year(proposals, used, known), gathered)


def _with_differences(proposals: Sequence[Proposal]) -> set[int]:
    """Customers of whom a small difference would be let pass."""
    return {one.customer.id for one in proposals if one.customer and let_pass(one.lines)}
