"""Who may let a held order go, and what that takes."""

from collections.abc import Collection

from duly.access.rules.actors import is_same
from duly.credit.errors import HoldNotReleasable, HoldReasonMissing, OwnOrder
from duly.credit.policy import OrderPolicy
from duly.credit.rules.exposure import Exposure
from duly.credit.rules.order_check import Answer
from duly.kernel.money import Money

LONGEST_REASON = 500


def needed(answer: Answer) -> list[Money]:
    """The amounts that an authority has to reach.

    Rule: whoever releases over a limit, or where there is none, gives credit up to the exposure
    that comes of it, so that nobody reaches with a release what they may not approve as a limit;
    else it is the order's.
    """
    exposures: list[Exposure] = [answer.exposure, *answer.above]
    has_none = answer.exposure.limit is None and any(one.test == "limit" for one in answer.failed)
    over = [Money(one.total_minor, one.currency) for one in exposures if one.over_minor or has_none]
    return over or [Money(answer.asked.amount_minor, answer.asked.currency)]


def refuse_unreleasable(
    answer: Answer, *, reason: str, actor: str, asked_by: Collection[str], policy: OrderPolicy
) -> None:
    """Refuse a release that no authority makes good.

    Refuses: HoldReasonMissing, HoldNotReleasable, OwnOrder.
    """
    if not 0 < len(reason) <= LONGEST_REASON or not reason.isprintable():
        raise HoldReasonMissing(
            "A release needs its reason.",
            facts={"characters": len(reason), "most": LONGEST_REASON},
            remedy=f"Say why it may go, in up to {LONGEST_REASON} characters of plain text.",
        )
    never = [one for one in answer.failed if one.test in policy.never_released]
    if never:
        raise HoldNotReleasable(
            f"{never[0].text} No release overrules that.",
            facts={"tests": [one.test for one in never]},
            remedy="If it is not so any more, have the stop lifted: `duly credit stop --lift`.",
        )
    if any(is_same(actor, one) for one in asked_by):
        raise OwnOrder(
            f"{actor} placed this order and can't be the one who releases it.",
            facts={"asked_by": sorted(asked_by)},
            remedy="Let somebody else look at it and release it.",
        )
