"""What matching is told of the books: open items, money not applied, how customers have paid."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from duly.receivables.models import Application, Attribution, Document, Item, Payment
from duly.receivables.queries.refunds import reserved_of_credits, reserved_of_payments
from duly.receivables.queries.standing import payments_of
from duly.receivables.rules.applying import BANK_FEE, LATE_DISCOUNT, TOLERANCE
from duly.storage.among import among, listed
from duly.storage.reading import days_between

_LATEST = 5_000  # applications by which it is told what is usual of late
_LET_GO = ("discount", LATE_DISCOUNT, BANK_FEE, TOLERANCE)


class ItemToMatch(NamedTuple):
    """An open item with what its terms still grant; credit notes are below zero."""

    id: int
    customer_id: int
    number: str
    currency: str
    open_minor: int
    issued_on: date
    due_on: date
    discount_until: date | None
    discount_minor: int
    order: str


class PaymentToMatch(NamedTuple):
    """A payment of which something is not applied yet."""

    id: int
    customer_id: int | None
    number: str
    currency: str
    amount_minor: int
    unapplied_minor: int
    received_on: date
    payer_name: str
    payer_account: str
    reference: str
    batch_id: int


def items_to_match(
    entity_id: int, *, on: date, customer_ids: Collection[int] | None = None
) -> list[ItemToMatch]:
    """What is open of an entity (or of some customers) of what was issued by a day."""
    rows = Item.objects.filter(~Q(open_minor=0), entity_id=entity_id, issued_on__lte=on)
    if customer_ids is not None:
        rows = rows.filter(customer_id__in=among(customer_ids))
    found = list(
        rows.values_list(
            "id", "customer_id", "document_id", "currency", "open_minor", "issued_on", "due_on",
            "discount_until", "discount_minor",
        )
    )  # fmt: skip
    documents = Document.objects.filter(id__in=rows.values("document_id"))
    named = {pk: told for pk, *told in documents.values_list("id", "number", "po_number")}
    taken = dict(
        Application.objects.filter(
            item_id__in=among({row[0] for row in found if row[8]}), reason="discount"
        )
        .values_list("item_id")
        .annotate(total=Sum("amount_minor"))
    )
    items = [
        ItemToMatch(
            pk, customer, named[document][0], *rest, discount - taken.get(pk, 0), named[document][1]
        )
        for pk, customer, document, *rest, discount in found
    ]
    reserved = reserved_of_credits([one.id for one in items if one.open_minor < 0])
    free = (one._replace(open_minor=one.open_minor + reserved.get(one.id, 0)) for one in items)
    return [one for one in free if one.open_minor] if reserved else items


def payments_to_match(
    entity_id: int,
    *,
    on: date,
    payment_ids: Collection[int] | None = None,
    owned_or: Collection[int] | None = None,
) -> list[PaymentToMatch]:
    """Money received by a day of which something is free to be applied, the oldest first.

    Given: `payment_ids` to look at these alone; `owned_or` to look at what is a customer's, and at
    these.
    """
    rows = Payment.objects.filter(~Q(unapplied_minor=0), entity_id=entity_id, received_on__lte=on)
    if payment_ids is not None:
        rows = rows.filter(id__in=among(payment_ids))
    if owned_or is not None:
        owned = Q(customer_id__isnull=False)
        rows = rows.filter(owned | Q(id__in=among(owned_or)) if owned_or else owned)
    ordered = rows.order_by("received_on", "id").values_list(*PaymentToMatch._fields)
    found = [PaymentToMatch(*row) for row in ordered]
    if not found:
        return []
    reserved = reserved_of_payments([row.id for row in found])
    free = (
        row._replace(unapplied_minor=row.unapplied_minor - reserved.get(row.id, 0)) for row in found
    )
    return [row for row in free if row.unapplied_minor > 0]


def count_that_wait(entity_id: int, *, on: date) -> int:
    """How many payments received by a day have something that is not applied."""
    rows = Payment.objects.filter(~Q(unapplied_minor=0), entity_id=entity_id, received_on__lte=on)
    return rows.count()


def unclaimed_payments(payment_ids: Collection[int]) -> set[int]:
    """Those of some payments of which something is not applied, and nobody's yet."""
    rows = Payment.objects.filter(
        ~Q(unapplied_minor=0), id__in=among(payment_ids), customer_id__isnull=True
    )
    return set(rows.values_list("id", flat=True))


def moved_since(entity_id: int, on: date) -> tuple[set[int], set[int]]:
    """(items, payments) of an entity of which something moved after a day.

    What is open of them today was not open all the while: nothing can be applied on that day.
    """
    rows = Application.objects.filter(entity_id=entity_id, applied_on__gt=on)
    items: set[int] = set()
    payments: set[int] = set()
    for item_id, credit_id, payment_id in rows.values_list(
        "item_id", "credit_item_id", "payment_id"
    ):
        items.update(one for one in (item_id, credit_id) if one is not None)
        if payment_id is not None:
            payments.add(payment_id)
    changed = Attribution.objects.filter(entity_id=entity_id, attributed_on__gt=on)
    payments.update(changed.values_list("payment_id", flat=True))
    return items, payments


def payments_received(
    entity_id: int, *, since: date, until: date, minors: Collection[int] | None = None
) -> list[PaymentToMatch]:
    """Payments that stand and were received in some days (of these amounts), the oldest first."""
    rows = Payment.objects.filter(
        entity_id=entity_id, is_void=False, received_on__range=(since, until)
    )
    if minors is not None:
        rows = rows.filter(amount_minor__in=among(minors))
    ordered = rows.order_by("received_on", "id")
    return [PaymentToMatch(*row) for row in ordered.values_list(*PaymentToMatch._fields)]


def payments_standing(entity_id: int, payment_ids: Collection[int]) -> set[int]:
    """Those of some payments that are not void. Refuses: PaymentUnknown where one is not there."""
    return {pk for pk, row in payments_of(entity_id, payment_ids).items() if not row.is_void}


def undone_payments(payment_ids: Collection[int]) -> set[int]:
    """Those of some payments of which an application was taken back."""
    rows = Application.objects.filter(
        payment_id__in=among(payment_ids), reverses_id__isnull=False, reason="cash"
    )
    return set(rows.values_list("payment_id", flat=True))


def settled_numbers(entity_id: int, numbers: Collection[str]) -> set[str]:
    """Those of some numbers that documents have, and none of which anything is open."""
    rows = Document.objects.filter(entity_id=entity_id, number__in=among(numbers))
    named = dict(rows.values_list("id", "number"))
    open_ = Item.objects.filter(~Q(open_minor=0), document_id__in=among(named))
    owed = {named[pk] for pk in open_.values_list("document_id", flat=True)}
    return set(named.values()) - owed


def charges_kept(entity_id: int) -> dict[int, int]:
    """{minor units: how often} of charges that banks kept from payments, where they stand."""
    rows = Application.objects.filter(entity_id=entity_id, reason=BANK_FEE)
    counted = rows.values_list("amount_minor").annotate(times=Count("id"))
    times = dict(counted.order_by())
    return {
        minor: n - times.get(-minor, 0)
        for minor, n in times.items()
        if minor > 0 and n > times.get(-minor, 0)
    }


def payers_of_charges(entity_id: int, customer_ids: Collection[int] | None = None) -> set[int]:
    """Customers (of some) from whose payments a bank on the way kept a charge."""
    rows = Application.objects.filter(entity_id=entity_id, reason=BANK_FEE)
    if customer_ids is not None:
        rows = rows.filter(customer_id__in=among(customer_ids))
    return set(rows.values_list("customer_id", flat=True).distinct())


def kept_back(entity_id: int) -> list[tuple[int, int]]:
    """(what an item was, what of it was not paid) of items that one payment paid short, of late.

    Not of items on which a discount, a charge or a small difference was let go.
    """
    cash = Q(reason="cash")
    latest = Application.objects.filter(cash, entity_id=entity_id, amount_minor__gt=0)
    rows = (
        Application.objects.filter(item_id__in=latest.order_by("-id").values("item_id")[:_LATEST])
        .values_list("item_id")
        .annotate(
            paid=Sum("amount_minor", filter=cash),
            times=Count("payment_id", filter=cash, distinct=True),
            let_go=Sum("amount_minor", filter=Q(reason__in=_LET_GO)),
        )
        .order_by("item_id")
    )
    paid = {item: minor for item, minor, times, let_go in rows if times == 1 and not let_go}
    amounts = Item.objects.filter(id__in=among(paid)).order_by("id")
    return [
        (amount, amount - paid[pk])
        for pk, amount in amounts.values_list("id", "amount_minor")
        if 0 < paid[pk] < amount
    ]


def days_paid(
    entity_id: int, customer_ids: Collection[int] | None = None
) -> dict[int, tuple[int, int, int]]:
    """{customer: (items paid, days after the due date of the earliest, of the latest)}.

    Below zero is before.
    """
    days = days_between("a.item_due_on", "a.source_on")
    some, params = ("", []) if customer_ids is None else listed(customer_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT a.customer_id, COUNT(*), MIN({days}), MAX({days})"
            " FROM receivables_application a"
            " WHERE a.entity_id = %s AND a.reason = 'cash' AND a.amount_minor > 0"
            + (f" AND a.customer_id IN ({some})" if some else "")
            + " GROUP BY a.customer_id",
            [entity_id, params] if some else [entity_id],
        )
        return {row[0]: (row[1], int(row[2]), int(row[3])) for row in cursor.fetchall()}


def discounts_until(item_ids: Collection[int]) -> dict[int, date]:
    """{item: the last day on which its terms grant a discount}."""
    rows = Item.objects.filter(id__in=among(item_ids), discount_until__isnull=False)
    return {pk: until for pk, until in rows.values_list("id", "discount_until") if until}


def let_pass_between(
    customer_ids: Collection[int], *, since: date, until: date
) -> dict[tuple[int, str], int]:
    """{(customer, currency): small differences let pass on their items in some days}."""
    rows = Application.objects.filter(
        customer_id__in=among(customer_ids), reason=TOLERANCE, applied_on__range=(since, until)
    )
    sums = rows.values_list("customer_id", "currency").annotate(total=Sum("amount_minor"))
    return {(customer, currency): total for customer, currency, total in sums}


def standing_of_payments(payment_ids: Collection[int]) -> list[int]:
    """Applications of payments to items that were not taken back."""
    rows = Application.objects.filter(
        payment_id__in=among(payment_ids), item_id__isnull=False, reverses_id=None
    )
    return list(_standing(rows).values_list("id", flat=True))


def standing_of_pairs(pairs: Collection[tuple[int, int, int]]) -> list[int]:
    """Applications of a (batch, credit note's item, item) each that were not taken back."""
    rows = Application.objects.filter(
        credit_item_id__in=among({credit for _, credit, _ in pairs}), reverses_id=None
    )
    found = _standing(rows).values_list("id", "batch_id", "credit_item_id", "item_id")
    return [row[0] for row in found if row[1:] in pairs]


def _standing(rows: QuerySet[Application]) -> QuerySet[Application]:
    return rows.exclude(Exists(Application.objects.filter(reverses_id=OuterRef("id"))))


def numbers_of_items(item_ids: Collection[int]) -> dict[int, str]:
    """{item: the number of its document}."""
    items = dict(Item.objects.filter(id__in=among(item_ids)).values_list("id", "document_id"))
    documents = Document.objects.filter(id__in=among(set(items.values())))
    named = dict(documents.values_list("id", "number"))
    return {pk: named[document] for pk, document in items.items()}


def numbers_of_payments(payment_ids: Collection[int]) -> dict[int, str]:
    """{payment: its number}."""
    rows = Payment.objects.filter(id__in=among(payment_ids))
    return dict(rows.values_list("id", "number"))
