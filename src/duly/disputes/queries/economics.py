"""What disputes cost and are expected to bring, from the rows there are."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from duly.disputes.models import JUDGED, SHORT_PAY, Dispute
from duly.disputes.policy import RECOVERY, RecoveryPolicy
from duly.disputes.rules.causes import Case
from duly.disputes.rules.recovering import Expected, History, expected, recovered
from duly.receivables.queries.settled import settled_by

_COLUMNS = (
    "pk",
    "customer_id",
    "item_id",
    "reason",
    "owner",
    "currency",
    "amount_minor",
    "opened_on",
    "deadline_on",
    "verdict",
    "closed_on",
    "credit_minor",
    "origin",
)


def cases_of(entity_id: int) -> list[Case]:
    """Every dispute of an entity that counts, the earliest first."""
    rows = Dispute.objects.filter(entity_id=entity_id, verdict__in=["", *JUDGED])
    ordered = rows.order_by("opened_on", "pk").values_list(*_COLUMNS)
    return [Case(*row)._replace(is_short_pay=row[-1] == SHORT_PAY) for row in ordered]


def expected_of(
    cases: Sequence[Case],
    *,
    on: date,
    own: str,
    rates: dict[str, Decimal],
    policy: RecoveryPolicy = RECOVERY,
) -> dict[int, Expected]:
    """{dispute: what it is expected to bring} of the open ones among all cases of an entity."""
    history = History(cases, policy)
    return {
        case.id: expected(case, history, on=on, own=own, rates=rates, policy=policy)
        for case in cases
        if not case.verdict
    }


def recovered_in(cases: Iterable[Case], first: date, last: date) -> dict[str, tuple[int, int]]:
    """{currency: (received by the last day, found invalid in the window)}."""
    by_item: dict[int, list[Case]] = {}
    for case in cases:
        if case.verdict == "invalid" and case.closed_on and first <= case.closed_on <= last:
            by_item.setdefault(case.item_id, []).append(case)
    settled = settled_by(by_item, last)
    found: dict[str, tuple[int, int]] = {}
    for item_id, denied in by_item.items():
        since = min(case.closed_on for case in denied if case.closed_on)
        money = sum(minor for on, minor in settled[item_id].money if on >= since)
        owed = sum(case.amount_minor for case in denied)
        came, of_it = found.get(denied[0].currency, (0, 0))
        back = recovered(owed, settled[item_id].open_minor, money)
        found[denied[0].currency] = (came + back, of_it + owed)
    return found
