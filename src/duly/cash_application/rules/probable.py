"""Money not applied yet, spread over its payer's open items: what is probably paid.

Rule: either the proposal is right, with its confidence, or the oldest items are paid first, as
payers pay. An item gets the mean of both: never more than is open, and all of them together never
more than the payment. Chasing may wait for what is probably paid, before anybody has matched it.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from duly.cash_application.rules.facts import OpenItem
from duly.cash_application.rules.residuals import SETTLED, Line


class Probable(NamedTuple):
    """What of an item is probably paid, in minor units, and per thousand of what is open."""

    item_id: int
    minor: int
    per_mille: int


def spread(
    minor: int,
    items: Sequence[OpenItem],
    lines: Sequence[Line] = (),
    confidence: Decimal = Decimal(0),
    *,
    is_theirs: bool = True,
) -> tuple[Probable, ...]:
    """What a payment probably settles of its payer's items, in the order of their due days.

    Input: `lines` and `confidence` of a proposal, where there is one. Credit notes are left out.
    Where it is only proposed whose money it is (not `is_theirs`), what the proposal leaves open is
    no reason to expect anything. Returns: the items that get something.
    """
    owed = sorted((i for i in items if i.open_minor > 0), key=lambda i: (i.due_on, i.id))
    wanted = {line.item_id: line.minor for line in lines if line.reason == SETTLED}
    proposed = _filled(minor, owed, [wanted.get(item.id, 0) for item in owed])
    oldest = _filled(minor, owed, [item.open_minor for item in owed])
    found = []
    else_share = 1 - confidence if is_theirs else Decimal(0)
    for item, by_proposal, by_age in zip(owed, proposed, oldest, strict=True):
        mean = int(confidence * by_proposal + else_share * by_age)
        if mean > 0:
            found.append(Probable(item.id, mean, mean * 1000 // item.open_minor))
    return tuple(found)


def _filled(minor: int, items: Sequence[OpenItem], wanted: Sequence[int]) -> list[int]:
    """What each item gets when the money goes to them in order."""
    given = []
    for item, most in zip(items, wanted, strict=True):
        part = max(0, min(most, item.open_minor, minor))
        given.append(part)
        minor -= part
    return given
