"""What customers call their reasons, and which of ours that is.

Rule: the customer's own mapping, else the entity's, else one of our own names; what nobody knows is
"other", and told as unknown so that somebody maps it (collections facts, section 5).
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from duly.disputes.policy import DisputePolicy, Duty

OTHER = "other"
EVERYBODY = 0  # the customer of a mapping that holds for all
LONGEST_CODE = 64


class Reading(NamedTuple):
    """A reason as it was told: ours, theirs where they have a code, and whether it was known."""

    reason: str
    their_reason: str
    is_known: bool


def their_code(told: str) -> str:
    """A customer's code as it is kept and compared.

    >>> their_code("  pr 07 short-ship ")
    'PR 07 SHORT-SHIP'
    """
    return " ".join(told.split()).upper()[:LONGEST_CODE]


def read_reason(
    told: str,
    customer_id: int,
    mappings: Mapping[tuple[int, str], str],
    policy: DisputePolicy,
) -> Reading:
    """Which of our reasons is meant; `mappings` are {(customer, code): reason}.

    >>> of = {(0, "07"): "quantity", (7, "07"): "price"}
    >>> policy = DisputePolicy()
    >>> read_reason("07", 7, of, policy).reason, read_reason("07", 8, of, policy).reason
    ('price', 'quantity')
    >>> read_reason("Set off", 8, of, policy)
    Reading(reason='set_off', their_reason='', is_known=True)
    >>> read_reason("ZZ", 8, of, policy)
    Reading(reason='other', their_reason='ZZ', is_known=False)
    """
    code = their_code(told)
    if not code:
        return Reading(OTHER, "", True)
    mapped = mappings.get((customer_id, code)) or mappings.get((EVERYBODY, code))
    if mapped:
        return Reading(mapped, code, True)
    own = code.lower().replace(" ", "_").replace("-", "_")
    if own in policy.duties:
        return Reading(own, "", True)
    return Reading(OTHER, code, False)


def duties_on(
    built_in: Mapping[str, Duty], versions: Iterable[tuple[date, str, str, int]], on: date
) -> dict[str, Duty]:
    """The duties of a day: what comes with Duly, replaced by (from, reason, owner, days) in the
    order in which they were written; a later day wins."""
    found = dict(built_in)
    held: dict[str, date] = {}
    for from_on, reason, owner, days in versions:
        if from_on <= on and from_on >= held.get(reason, from_on):
            found[reason], held[reason] = Duty(owner, days), from_on
    return found
