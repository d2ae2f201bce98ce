"""What of an item is disputed, and by when a dispute is cleared."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from duly.disputes.errors import DisputedTooMuch, DisputeReasonUnknown
from duly.disputes.policy import DisputePolicy
from duly.kernel.money import Money


class Objection(NamedTuple):
    """A dispute as the rules see it: `verdict` is empty while it is open, `is_credited` says that
    its credit note was issued and applied with the verdict."""

    item_id: int
    amount_minor: int
    verdict: str = ""
    closed_on: date | None = None
    credit_minor: int = 0
    is_credited: bool = False


def deadline(reason: str, opened_on: date, policy: DisputePolicy) -> tuple[str, date]:
    """Who clears a dispute and by when.

    Refuses: DisputeReasonUnknown.

    >>> deadline("price", date(2026, 3, 2), DisputePolicy())
    ('sales', datetime.date(2026, 3, 12))
    """
    refuse_unknown(reason, policy)
    duty = policy.duties[reason]
    return duty.owner, opened_on + timedelta(days=duty.target_days)


def refuse_unknown(reason: str, policy: DisputePolicy) -> None:
    """Refuse a reason that nobody clears. Refuses: DisputeReasonUnknown."""
    if reason not in policy.duties:
        raise DisputeReasonUnknown(
            f"{reason!r} is no reason of a dispute.",
            facts={"reason": reason, "reasons": sorted(policy.duties)},
            remedy=f"Use one of: {', '.join(sorted(policy.duties))}.",
        )


def withheld(objections: Iterable[Objection], *, on: date, policy: DisputePolicy) -> dict[int, int]:
    """{item: minor units that may not be asked for on a day}.

    Rule: the amount of a dispute while it is open; of one found valid or partly valid the credit
    that is due, for `credit_wait_days`, so that nobody is asked for what the next credit note takes
    away. A credit note that came with the verdict has taken it away already. Never more than is
    disputed; the reader cuts it to what is still open.
    """
    found: dict[int, int] = {}
    for item_id, amount, verdict, closed_on, credit, is_credited in objections:
        kept = amount
        if verdict and closed_on is not None and closed_on <= on:
            waits = not is_credited and (on - closed_on).days < policy.credit_wait_days
            kept = min(credit, amount) if waits else 0
        if kept:
            found[item_id] = found.get(item_id, 0) + kept
    return found


def refuse_too_much(*, asked: Money, open_now: Money, disputed: Money, number: str) -> None:
    """Refuse a dispute of more than is open and undisputed. Refuses: DisputedTooMuch."""
    left = open_now - disputed
    if asked > left or asked.minor <= 0:
        raise DisputedTooMuch(
            f"{asked} can't be disputed of {number}: {open_now} is open, {disputed} of it is "
            "disputed already.",
            facts={"item": number, "asked": asked, "open": open_now, "disputed": disputed},
            remedy=f"Dispute more than nothing and at most {left}.",
        )
