"""What was decided, what of it stands, and how much was let pass."""

import json
from collections.abc import Collection
from datetime import date

from duly.cash_application.errors import NothingToMatch
from duly.cash_application.models import Alias, Match
from duly.receivables.queries import (
    PaymentToMatch,
    let_pass_between,
    payments_to_match,
    standing_of_pairs,
    standing_of_payments,
)
from duly.storage.among import among


def applications_of_matches(payment_ids: Collection[int]) -> list[int]:
    """The applications of payments that stand, and those of credit notes their matches netted."""
    pairs: set[tuple[int, int, int]] = set()
    rows = Match.objects.filter(payment_id__in=among(payment_ids))
    for batch_id, told in rows.values_list("batch_id", "lines"):
        lines = json.loads(told)
        credits = [item for item, minor, *_ in lines if minor < 0]
        paid = {item for item, minor, *_ in lines if minor > 0}
        pairs.update((batch_id, credit, item) for credit in credits for item in paid)
    return [*standing_of_payments(payment_ids), *standing_of_pairs(pairs)]


def let_pass_of_year(customer_ids: Collection[int], on: date) -> dict[tuple[int, str], int]:
    """{(customer, currency): small differences let pass on items in the year of a day}."""
    return let_pass_between(customer_ids, since=on.replace(month=1, day=1), until=on)


def aliases(*, entity_id: int, customer_id: int | None = None) -> list[Alias]:
    """The accounts and names that customers pay from, as they were learned."""
    rows = Alias.objects.filter(entity_id=entity_id, revoked_at=None)
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    return list(rows.order_by("customer_id", "kind", "id"))


def waiting_payment(entity_id: int, payment_id: int, on: date) -> PaymentToMatch:
    """A payment of which something waits on a day. Refuses: NothingToMatch."""
    found = payments_to_match(entity_id, on=on, payment_ids=[payment_id])
    if not found:
        raise NothingToMatch(
            f"Nothing of payment {payment_id} waits to be applied on {on}.",
            facts={"payment": payment_id, "on": on.isoformat()},
            remedy="Look at the payment: it may have been applied, returned or voided meanwhile.",
        )
    return found[0]
