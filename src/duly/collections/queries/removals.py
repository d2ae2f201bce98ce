"""What is to come off charges because an objection proved right after they were made."""

from datetime import date
from typing import NamedTuple

from duly.collections.models import Charge, ChargeRelief
from duly.collections.rules.charges.kept import made_again, read_runs, without_before
from duly.disputes.queries import credited_until
from duly.receivables.models import Item
from duly.storage.among import among


class Removal(NamedTuple):
    """Interest on what was never owed: so much comes off the item of a charge."""

    document_id: int
    item_id: int
    number: str  # of the document that was charged
    currency: str
    minor: int
    dispute_id: int


def removals(entity_id: int, until: date, on: date, customer_ids: set[int] | None) -> list[Removal]:
    """Of disputes found valid by a day, the interest for the days before they were opened; `on` is
    the day on which it would come off.

    From then on the disputed part bore nothing. No more than is open of a charge; each dispute
    once a charge, so that a month that is charged later is set right too.
    """
    disputes = credited_until(entity_id, until)
    if customer_ids is not None:
        disputes = [one for one in disputes if one.customer_id in customer_ids]
    done = set(
        ChargeRelief.objects.filter(dispute_id__in=among([one.pk for one in disputes])).values_list(
            "dispute_id", "document_id"
        )
    )
    rows = Charge.objects.filter(
        item_id__in=among([one.item_id for one in disputes]), kind="interest", is_reversed=False
    )
    charges: dict[int, list[Charge]] = {}
    for row in rows.order_by("pk"):
        charges.setdefault(row.item_id, []).append(row)
    items = Item.objects.filter(
        document_id__in=among({one.document_id for of in charges.values() for one in of}),
        issued_on__lte=on,
    )
    left = {one.document_id: [one.pk, one.open_minor] for one in items}
    found: list[Removal] = []
    for dispute in disputes:
        for row in charges.get(dispute.item_id, ()):
            if row.document_id not in left or (dispute.pk, row.document_id) in done:
                continue
            runs = without_before(
                read_runs(row.balances), dispute.credit_minor, dispute.opened_on.toordinal()
            )
            right = made_again(runs, row.rates, row.day_count) if runs else 0
            item_id, open_minor = left[row.document_id]
            minor = min(row.amount_minor - right, open_minor)
            if minor > 0:
                left[row.document_id][1] -= minor
                found.append(
                    Removal(row.document_id, item_id, row.number, row.currency, minor, dispute.pk)
                )
    return found
