"""By which way a statement of account reaches a customer, or why it does not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from duly.collections.policy import DeliveryPolicy
from duly.collections.rules.addressing import Addressed
from duly.collections.rules.reasons import DO_NOT_CONTACT, PAID, Reason
from duly.kernel.currencies import EXPONENTS

MAIL, POST, LEFT_OUT = "mail", "post", "left_out"
DELIVERIES = ((MAIL, "Mail, post where there is no address"), (POST, "Post"))
OUTCOMES = ((MAIL, "By mail"), (POST, "For post"), (LEFT_OUT, "Left out"))

NOTHING_TO_TELL = Reason("nothing_to_tell", "Nothing is open, and nothing moved.")
OTHER_CURRENCY = Reason("other_currency", "Nothing of it is in the currency of the schedule.")
NOT_OVERDUE = Reason("not_overdue", "Nothing is overdue.")
BELOW_MINIMUM = Reason("below_minimum", "The balance is below the least of the schedule.")
NO_POST_ADDRESS = Reason(
    "no_post_address", "There is no postal address to print: add it to the customer."
)
UNWRITTEN = Reason("unwritten", "The statement can't be written")


@dataclass(frozen=True, slots=True)
class Narrow:
    """What a statement must tell to be sent; `minimum` in units of its currency."""

    currency: str | None = None
    minimum: Decimal | None = None
    is_overdue: bool = False


class Balance(NamedTuple):
    """What a statement tells in one currency."""

    currency: str
    balance_minor: int
    overdue_minor: int


class Way(NamedTuple):
    """By mail, in the PDF for post, or left out; and why."""

    outcome: str
    why: Reason | None = None


def unfit(balances: Sequence[Balance], narrow: Narrow) -> Reason | None:
    """Why a statement tells nothing that was asked for.

    Rule: one currency must be overdue and reach the least, both at once.

    >>> unfit([Balance("EUR", 9_900, 0)], Narrow(minimum=Decimal(100))).code
    'below_minimum'
    """
    if not balances:
        return NOTHING_TO_TELL
    told = [one for one in balances if narrow.currency in (None, one.currency)]
    if not told:
        return OTHER_CURRENCY
    if narrow.is_overdue:
        told = [one for one in told if one.overdue_minor > 0]
        if not told:
            return NOT_OVERDUE
    if narrow.minimum is not None and not any(_reaches(one, narrow.minimum) for one in told):
        return BELOW_MINIMUM
    return None


def _reaches(one: Balance, minimum: Decimal) -> bool:
    return one.balance_minor >= minimum.scaleb(EXPONENTS[one.currency])


def way_of(
    *,
    why_unfit: Reason | None,
    barred: Reason | None,
    delivery: str,
    addressed: Addressed,
    has_post_address: bool,
) -> Way:
    """By which way a customer gets its statement.

    Rule: a statement chases nobody, so promises, disputes and snoozes leave it alone; who is placed
    outside, under a stay by law or held back gets none. Whoever asked not to be contacted gets none
    by post either; where only the address is wrong, the post is the way.
    Given: `barred` a block of the customer that forbids any letter.
    """
    stopped = why_unfit or barred
    if stopped is not None:
        return Way(LEFT_OUT, stopped)
    if delivery == MAIL and addressed.recipients:
        return Way(MAIL)
    if addressed.why_none == DO_NOT_CONTACT:
        return Way(LEFT_OUT, DO_NOT_CONTACT)
    if not has_post_address:
        return Way(LEFT_OUT, NO_POST_ADDRESS)
    return Way(POST, addressed.why_none if delivery == MAIL else None)


def never_leaves(
    *,
    barred: Reason | None,
    addressed: Addressed,
    is_settled: bool,
    waited: timedelta,
    policy: DeliveryPolicy,
) -> Reason | None:
    """Why a statement that was queued must not leave any more.

    Rule: one whose address has changed is written anew; one that has none left never leaves.
    Given: `waited` since it was queued; `is_settled` nothing is open any more, of a statement that
    lists what is open.
    """
    if barred is not None:
        return barred
    if is_settled:
        return PAID
    if waited > timedelta(days=policy.statement_days):
        return Reason("too_old", f"It waited for more than {policy.statement_days} days.")
    return None if addressed.recipients else addressed.why_none
