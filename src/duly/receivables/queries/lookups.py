"""Finding documents, items, payments and applications by what a file calls them."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import Case, Count, Exists, F, OuterRef, Subquery, Sum, When

from duly.receivables.models import (
    CHARGE,
    CONSUMING,
    Application,
    Attribution,
    Document,
    Item,
    Payment,
    PaymentReturn,
)
from duly.storage.among import among, hashed


class DocumentFacts(NamedTuple):
    """A document as it was issued: what a repeated row is compared with. Dates are ISO texts."""

    id: int
    batch_id: int
    currency: str
    amount_minor: int
    issued_on: str
    due_on: tuple[str, ...]
    opening_minor: int
    settled_on: str | None  # the day of that
    said: tuple[str, str, str, str | None]  # po_number, order_ref, reference, delivered_on


def documents_by_number(
    entity_id: int, numbers: Collection[str]
) -> dict[tuple[int, str, str], DocumentFacts]:
    """{(customer id, kind, number): facts} of documents that stand (voided ones are gone)."""
    rows = list(
        Document.objects.filter(
            entity_id=entity_id, number__in=among(numbers), is_void=False
        ).values_list(
            "id",
            "customer_id",
            "kind",
            "number",
            "batch_id",
            "currency",
            "amount_minor",
            "issued_on",
            "po_number",
            "order_ref",
            "reference",
            "delivered_on",
        )
    )
    if not rows:
        return {}
    ids = [row[0] for row in rows]
    dues: dict[int, list[str]] = {}
    item_document: dict[int, int] = {}
    items = Item.objects.filter(document_id__in=among(ids)).order_by("document_id", "instalment")
    for pk, document_id, due_on in items.values_list("pk", "document_id", "due_on"):
        dues.setdefault(document_id, []).append(due_on.isoformat())
        item_document[pk] = document_id
    opening = _opening(item_document)
    none: tuple[int, str | None] = (0, None)
    return {
        (customer_id, kind, number): DocumentFacts(
            pk,
            batch_id,
            currency,
            amount,
            issued_on.isoformat(),
            tuple(dues.get(pk, ())),
            opening.get(pk, none)[0] * (1 if amount >= 0 else -1),
            opening.get(pk, none)[1],
            (po, order, reference, arrived.isoformat() if arrived else None),
        )
        for (
            pk,
            customer_id,
            kind,
            number,
            batch_id,
            currency,
            amount,
            issued_on,
            po,
            order,
            reference,
            arrived,
        ) in rows
    }


def discounts_of(document_ids: Collection[int]) -> dict[int, tuple[tuple[str | None, int], ...]]:
    """{document: (until, minor units) of each of its instalments}."""
    items = Item.objects.filter(document_id__in=among(document_ids))
    found: dict[int, tuple[tuple[str | None, int], ...]] = {}
    for document_id, until, minor in items.order_by("document_id", "instalment").values_list(
        "document_id", "discount_until", "discount_minor"
    ):
        told = (until.isoformat() if until else None, minor)
        found[document_id] = (*found.get(document_id, ()), told)
    return found


def _opening(item_document: dict[int, int]) -> dict[int, tuple[int, str | None]]:
    """{document id: what was settled before opening, without a sign, and its day}."""
    found: dict[int, tuple[int, str | None]] = {}
    for side in ("item_id", "credit_item_id"):
        rows = Application.objects.filter(**{f"{side}__in": among(item_document)}, reason="opening")
        for item_id, minor, on in rows.values_list(side, "amount_minor", "applied_on"):
            document_id = item_document[item_id]
            found[document_id] = (found.get(document_id, (0, ""))[0] + minor, on.isoformat())
    return found


class ItemFacts(NamedTuple):
    """An item that stands."""

    id: int
    document_id: int
    customer_id: int
    number: str
    kind: str
    instalment: int
    currency: str
    due_on: date
    amount_minor: int
    open_minor: int
    discount_minor: int  # what its terms grant, at most


def items_by_number(
    entity_id: int, numbers: Collection[str]
) -> dict[tuple[int, str], list[ItemFacts]]:
    """{(customer id, number): its items, earliest due first}, of documents that stand."""
    documents = {
        row[0]: row
        for row in Document.objects.filter(
            entity_id=entity_id, number__in=among(numbers), is_void=False
        ).values_list("id", "customer_id", "number", "kind")
    }
    found: dict[tuple[int, str], list[ItemFacts]] = {}
    rows = Item.objects.filter(document_id__in=among(documents)).order_by("due_on", "instalment")
    for row in rows.values_list(
        "id",
        "document_id",
        "instalment",
        "currency",
        "due_on",
        "amount_minor",
        "open_minor",
        "discount_minor",
    ):
        _, customer_id, number, kind = documents[row[1]]
        found.setdefault((customer_id, number), []).append(
            ItemFacts(row[0], row[1], customer_id, number, kind, *row[2:])
        )
    return found


def credits_of_group(
    credits: Collection[ItemFacts], customer_id: int, tops: Mapping[int, int]
) -> list[ItemFacts]:
    """Of credit notes of one number, what a customer may use: its own, else those of its group.

    `tops` is the top of each customer's hierarchy.
    """
    own = [item for item in credits if item.customer_id == customer_id]
    return own or [item for item in credits if tops[item.customer_id] == tops[customer_id]]


def is_number_void(customer_id: int, number: str, kind: str | None) -> bool:
    """Tell whether a customer has a void document of this number (and kind)."""
    found = Document.objects.filter(customer_id=customer_id, number=number, is_void=True)
    return (found if kind is None else found.filter(kind=kind)).exists()


class PaymentFacts(NamedTuple):
    """A payment as it came in. `received_on` is an ISO text."""

    id: int
    batch_id: int
    customer_id: int | None
    currency: str
    amount_minor: int
    received_on: str
    unapplied_minor: int
    told_customer_id: int | None  # the payer as told when it came in


def payments_alike(
    entity_id: int, sums: Collection[tuple[str, int, date]]
) -> dict[int, tuple[str, int, date]]:
    """{id: (currency, minor units, day)} of payments that stand and are of one of these sums."""
    if not sums:
        return {}
    days = [on for _, _, on in sums]
    rows = Payment.objects.filter(
        entity_id=entity_id,
        is_void=False,
        received_on__range=(min(days), max(days)),
    ).filter(hashed("receivables_payment.amount_minor", {minor for _, minor, _ in sums}))
    found = rows.values_list("id", "currency", "amount_minor", "received_on")
    return {row[0]: row[1:] for row in found if row[1:] in sums}


def payments_by_number(entity_id: int, numbers: Collection[str]) -> dict[str, PaymentFacts]:
    """{number: facts} of payments that stand."""
    rows = Payment.objects.filter(entity_id=entity_id, number__in=among(numbers), is_void=False)
    moves = Attribution.objects.filter(payment_id=OuterRef("id")).order_by("id")
    first = Subquery(moves.values("from_customer_id")[:1])
    told = Case(When(Exists(moves), then=first), default=F("customer_id"))
    return {
        row[0]: PaymentFacts(*row[1:6], row[6].isoformat(), *row[7:])
        for row in rows.annotate(told=told).values_list(
            "number",
            "id",
            "batch_id",
            "customer_id",
            "currency",
            "amount_minor",
            "received_on",
            "unapplied_minor",
            "told",
        )
    }


class Standing(NamedTuple):
    """An application that was not taken back."""

    id: int
    batch_id: int
    source_id: int
    item_id: int
    amount_minor: int
    applied_on: date


def standing_applications(source_ids: Collection[int], *, of_credit: bool) -> list[Standing]:
    """The applications of some payments (or credit notes' items) that stand, oldest first."""
    column = "credit_item_id" if of_credit else "payment_id"
    found = list(
        Application.objects.filter(**{f"{column}__in": among(source_ids)}, item_id__isnull=False)
        .order_by("id")
        .values_list(
            "id", "batch_id", column, "item_id", "amount_minor", "applied_on", "reverses_id"
        )
    )
    gone = {row[6] for row in found if row[6] is not None}
    return [Standing(*row[:6]) for row in found if row[6] is None and row[0] not in gone]


def discounts_beside(item_ids: Collection[int]) -> dict[int, int]:
    """{application: the discount taken beside it} of some items, in minor units."""
    rows = Application.objects.filter(
        item_id__in=among(item_ids), reason="discount", reverses_id=None, beside_id__isnull=False
    )
    return dict(rows.values_list("beside_id", "amount_minor"))


def dependents_of_documents(batch_id: int) -> list[tuple[str, str]]:
    """(number, why) of a batch's documents that something later settles.

    What is void needs nothing; an application of the batch itself that a later one took back is no
    settlement either.
    """
    void = Document.objects.filter(batch_id=batch_id, is_void=True).values("id")
    items = Item.objects.filter(batch_id=batch_id).exclude(document_id__in=void).values("id")
    own = Application.objects.filter(batch_id=batch_id).values("id")
    later = Application.objects.exclude(batch_id=batch_id).exclude(reverses_id__in=own)
    totals: dict[int, int] = {}
    for side in ("item_id", "credit_item_id"):
        rows = later.filter(**{f"{side}__in": items}).values(side).annotate(s=Sum("amount_minor"))
        for row in rows:
            totals[row[side]] = totals.get(row[side], 0) + row["s"]
    return _numbers_of_items([item_id for item_id, total in totals.items() if total])


def _numbers_of_items(item_ids: Collection[int]) -> list[tuple[str, str]]:
    documents = Item.objects.filter(pk__in=list(item_ids)[:1000]).values("document_id")
    numbers = Document.objects.filter(pk__in=documents).order_by("number")
    return [(number, "settled in part") for number in numbers.values_list("number", flat=True)]


def dependents_of_payments(batch_id: int) -> list[tuple[str, str]]:
    """(number, why) of a batch's payments that are applied, or that a later batch returned."""
    returns = PaymentReturn.objects.filter(payment_id=OuterRef("id"), is_void=False)
    rows = (
        Payment.objects.filter(batch_id=batch_id, is_void=False)
        .exclude(unapplied_minor=F("amount_minor"))
        .exclude(Exists(returns.filter(batch_id=batch_id)))
        .annotate(is_returned=Exists(returns))
    )
    return [
        (number, "returned" if is_returned else "applied")
        for number, is_returned in rows.values_list("number", "is_returned")[:1000]
    ]


def customers_with_history(customer_ids: Collection[int]) -> set[int]:
    """Those of some customers that have documents or payments, voided ones too."""
    return _customers_with(customer_ids, {})


def customers_in_use(customer_ids: Collection[int], *, besides_batch: int) -> set[int]:
    """Those of some customers that have documents or payments of another batch that stand."""
    return _customers_with(customer_ids, {"is_void": False}, besides_batch)


def _customers_with(
    customer_ids: Collection[int], narrow: dict[str, object], besides_batch: int | None = None
) -> set[int]:
    used: set[int] = set()
    for model in (Document, Payment):
        rows = model._default_manager.filter(customer_id__in=among(customer_ids), **narrow)
        if besides_batch is not None:
            rows = rows.exclude(batch_id=besides_batch)
        used.update(row["customer_id"] for row in rows.values("customer_id").distinct())
    return used


def ids_by_batch(batch_id: int) -> tuple[list[int], list[int], list[int]]:
    """What a batch wrote that still stands: ids of (documents, payments, applications)."""
    taken_back = Application.objects.filter(reverses_id__isnull=False).values("reverses_id")
    applications = Application.objects.filter(batch_id=batch_id, reverses_id=None)
    applications = applications.exclude(pk__in=taken_back)
    return (
        list(
            Document.objects.filter(batch_id=batch_id, is_void=False).values_list("id", flat=True)
        ),
        list(Payment.objects.filter(batch_id=batch_id, is_void=False).values_list("id", flat=True)),
        list(applications.exclude(reason__in=CONSUMING).values_list("id", flat=True)),
    )


def open_items_of_entity(entity_id: int, *, issued_by: date) -> list[ItemFacts]:
    """What is open of what was issued by a day, charges left out, to hold a snapshot against."""
    rows = Item.objects.filter(entity_id=entity_id, issued_on__lte=issued_by)
    rows = rows.exclude(open_minor=0)
    found = list(
        rows.values_list(
            "id",
            "document_id",
            "customer_id",
            "instalment",
            "currency",
            "due_on",
            "amount_minor",
            "open_minor",
            "discount_minor",
        )
    )
    numbers = {
        pk: (number, kind)
        for pk, number, kind in Document.objects.filter(
            pk__in=among({row[1] for row in found})
        ).values_list("pk", "number", "kind")
    }
    return [
        ItemFacts(pk, document, customer, *numbers[document], *rest)
        for pk, document, customer, *rest in found
        if numbers[document][1] != CHARGE
    ]


def written_by_batch() -> dict[int, dict[str, dict[str, tuple[int, int]]]]:
    """{batch: {kind of import: {currency: (records, minor units)}}} of what batches wrote."""
    found: dict[int, dict[str, dict[str, tuple[int, int]]]] = {}
    applied = Application.objects.filter(
        reverses_id=None, reason__in=["cash", "credit"], item_id__isnull=False
    )
    for kind, rows in (
        ("items", Document.objects.all()),
        ("payments", Payment.objects.all()),
        ("applications", applied),
    ):
        grouped = rows.values("batch_id", "currency").annotate(n=Count("id"), s=Sum("amount_minor"))
        for row in grouped:
            of_batch = found.setdefault(row["batch_id"], {}).setdefault(kind, {})
            of_batch[row["currency"]] = (row["n"], int(row["s"]))
    return found


def batches_that_stand(batch_ids: Collection[int]) -> set[int]:
    """Those of some batches of which a document, payment or application still stands."""
    standing: set[int] = set()
    for model in (Document, Payment):
        rows = model._default_manager.filter(batch_id__in=among(batch_ids), is_void=False)
        standing.update(rows.values_list("batch_id", flat=True).distinct())
    taken_back = Application.objects.filter(reverses_id=OuterRef("id"))
    applied = Application.objects.filter(batch_id__in=among(batch_ids), reverses_id=None)
    applied = applied.exclude(reason="void").exclude(Exists(taken_back))
    standing.update(applied.values_list("batch_id", flat=True).distinct())
    return standing
