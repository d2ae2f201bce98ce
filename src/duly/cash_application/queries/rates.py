"""What came in in some days, and how each payment was dealt with: the rows behind the rates."""

from collections.abc import Collection
from datetime import date

from duly.cash_application.models import Match
from duly.cash_application.queries.gathering import set_aside
from duly.cash_application.rules.rates import (
    TOUCHED,
    UNTOUCHED,
    WAITS,
    CashRates,
    Received,
    cash_rates,
)
from duly.ledger.queries import batches_by_id
from duly.receivables.queries import (
    PaymentToMatch,
    payments_received,
    standing_applications,
    undone_payments,
)
from duly.storage.among import among

_BY_HAND = frozenset({"apply", "match"})  # kinds of batches in which a person applies


def rates_between(*, entity_id: int, first: date, last: date) -> CashRates:
    """The rates of money received in some days. See: docs/sources.md, M-19."""
    return cash_rates(received_between(entity_id=entity_id, first=first, last=last))


def received_between(*, entity_id: int, first: date, last: date) -> list[Received]:
    """The payments that the rates count, the oldest first."""
    rows = payments_received(entity_id, since=first, until=last)
    ids = [row.id for row in rows]
    decisions = _decisions(ids)
    aside, undone = set_aside(ids), undone_payments(ids)
    came_applied = _came_applied([row for row in rows if row.id not in decisions])
    found = []
    for row in rows:
        if row.id in aside or row.id in came_applied:
            continue
        told = decisions.get(row.id)
        if told is None:
            is_used = row.unapplied_minor != row.amount_minor
            found.append(
                Received(row.id, row.currency, row.amount_minor, TOUCHED if is_used else WAITS)
            )
            continue
        deciders, lines, auto_minor = told
        was_auto = "auto" in deciders
        is_untouched = deciders == {"auto"}
        found.append(
            Received(
                row.id,
                row.currency,
                row.amount_minor,
                UNTOUCHED if is_untouched else TOUCHED,
                max(1, lines),
                auto_minor if is_untouched else 0,
                was_auto,
                was_auto and row.id in undone,
            )
        )
    return found


def _decisions(payment_ids: Collection[int]) -> dict[int, tuple[set[str], int, int]]:
    """{payment: (who decided, lines of the last decision, what was applied by itself)}."""
    found: dict[int, tuple[set[str], int, int]] = {}
    rows = Match.objects.filter(payment_id__in=among(payment_ids)).order_by("id")
    for payment, decided, lines, minor in rows.values_list(
        "payment_id", "decided", "line_count", "applied_minor"
    ):
        deciders, _, auto = found.get(payment, (set(), 0, 0))
        found[payment] = (
            deciders | {decided},
            lines,
            auto + (minor if decided == "auto" else 0),
        )
    return found


def _came_applied(rows: Collection[PaymentToMatch]) -> set[int]:
    """Those of some payments without a decision that no person here has applied, but a file."""
    used = {row.id for row in rows if row.unapplied_minor == 0}
    standing = standing_applications(used, of_credit=False)
    batches = batches_by_id({one.batch_id for one in standing})
    by_hand = {one.source_id for one in standing if batches[one.batch_id].kind in _BY_HAND}
    return used - by_hand
