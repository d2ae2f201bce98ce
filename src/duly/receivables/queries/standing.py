"""What verbs read before they decide: items, payments and documents of an entity, and their course.

Read inside a recording, where nobody else writes in the entity's books.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import Exists, Max, OuterRef, Sum

from duly.receivables.errors import DocumentUnknown, ItemUnknown, PaymentUnknown
from duly.receivables.models import Application, Attribution, Document, Item, Payment
from duly.receivables.queries.lookups import ItemFacts
from duly.receivables.rules.course import Course
from duly.storage.among import among

Moves = defaultdict[int, list[tuple[date, int]]]


def items_of(entity_id: int, ids: Collection[int]) -> dict[int, Item]:
    """{id: item} of an entity. Refuses: ItemUnknown."""
    found = {row.pk: row for row in Item.objects.filter(entity_id=entity_id, pk__in=among(ids))}
    missing = sorted(set(ids) - found.keys())
    if missing:
        raise ItemUnknown(
            f"There is no item {missing[0]} in these books.",
            facts={"items": missing[:100]},
            remedy="Look the items up again.",
        )
    return found


def item_facts(entity_id: int, ids: Collection[int]) -> dict[int, ItemFacts]:
    """{id: item with the number and kind of its document} of an entity. Refuses: ItemUnknown."""
    items = items_of(entity_id, ids)
    documents = documents_of(entity_id, {item.document_id for item in items.values()})
    return {
        pk: ItemFacts(
            pk,
            item.document_id,
            item.customer_id,
            documents[item.document_id].number,
            documents[item.document_id].kind,
            item.instalment,
            item.currency,
            item.due_on,
            item.amount_minor,
            item.open_minor,
            item.discount_minor,
        )
        for pk, item in items.items()
    }


def payments_of(entity_id: int, ids: Collection[int]) -> dict[int, Payment]:
    """{id: payment} of an entity. Refuses: PaymentUnknown."""
    found = {row.pk: row for row in Payment.objects.filter(entity_id=entity_id, pk__in=among(ids))}
    missing = sorted(set(ids) - found.keys())
    if missing:
        raise PaymentUnknown(
            f"There is no payment {missing[0]} in these books.",
            facts={"payments": missing[:100]},
            remedy="Look the payments up again.",
        )
    return found


def documents_of(entity_id: int, ids: Collection[int]) -> dict[int, Document]:
    """{id: document} of an entity. Refuses: DocumentUnknown."""
    rows = Document.objects.filter(entity_id=entity_id, pk__in=among(ids))
    found = {row.pk: row for row in rows}
    missing = sorted(set(ids) - found.keys())
    if missing:
        raise DocumentUnknown(
            f"There is no document {missing[0]} in these books.",
            facts={"documents": missing[:100]},
            remedy="Look the documents up again.",
        )
    return found


def numbers_of(items: Iterable[Item]) -> dict[int, str]:
    """{document id: number} of the documents of some items."""
    documents = Document.objects.filter(pk__in=among({item.document_id for item in items}))
    return dict(documents.values_list("pk", "number"))


def courses_of_items(items: Mapping[int, Item], *, after: date) -> dict[int, Course]:
    """{item: what is open of it, without a sign, with its moves after a day}."""
    debts = {pk for pk, item in items.items() if item.amount_minor >= 0}
    moves = _moves("item_id", debts, after)
    moves.update(_moves("credit_item_id", items.keys() - debts, after))
    return {pk: Course(abs(item.open_minor), moves[pk]) for pk, item in items.items()}


def courses_of_payments(payments: Mapping[int, Payment], *, after: date) -> dict[int, Course]:
    """{payment: what is left of it, with its moves after a day}."""
    moves = _moves("payment_id", payments, after)
    return {pk: Course(row.unapplied_minor, moves[pk]) for pk, row in payments.items()}


def last_days_of_payments(payment_ids: Collection[int]) -> dict[int, date]:
    """{payment: the last day on which some of it was applied, taken back or changed hands}."""
    found: dict[int, date] = {}
    for model, day in ((Application, "applied_on"), (Attribution, "attributed_on")):
        rows = model._default_manager.filter(payment_id__in=among(payment_ids))
        for pk, last in rows.values_list("payment_id").annotate(last=Max(day)):
            found[pk] = max(last, found.get(pk, last))
    return found


def last_attributions(payment_ids: Collection[int]) -> dict[int, date]:
    """{payment: the last day on which it changed hands}."""
    rows = Attribution.objects.filter(payment_id__in=among(payment_ids))
    return dict(rows.values_list("payment_id").annotate(last=Max("attributed_on")))


class Before(NamedTuple):
    """Whose money a payment was before it changed hands; None: nobody's that was known."""

    customer_id: int | None


def payer_before(payment_id: int, batch_id: int) -> Before | None:
    """Whose a payment was before a batch said so; None where it didn't, or others did since."""
    last = Attribution.objects.filter(payment_id=payment_id).order_by("-id").first()
    if last is None or last.batch_id != batch_id:
        return None
    return Before(last.from_customer_id)


def courses_of_discounts(items: Mapping[int, Item], *, after: date) -> dict[int, Course]:
    """{item: what its terms still grant, with the discounts taken after a day}."""
    granted = {pk for pk, item in items.items() if item.discount_minor}
    taken = dict(
        Application.objects.filter(item_id__in=among(granted), reason="discount")
        .values_list("item_id")
        .annotate(total=Sum("amount_minor"))
    )
    moves = _moves("item_id", granted, after, reason="discount")
    return {
        pk: Course(item.discount_minor - taken.get(pk, 0), moves[pk]) for pk, item in items.items()
    }


def discounts_left(
    entity_id: int, item_ids: Collection[int], *, on: date
) -> dict[int, tuple[date, int]]:
    """{item: (last day, minor units)} of the discounts that terms still grant on a day."""
    items = items_of(entity_id, item_ids)
    courses = courses_of_discounts(items, after=on)
    return {
        pk: (item.discount_until, courses[pk].least_from(on))
        for pk, item in items.items()
        if item.discount_until
    }


def openings_of(items: Mapping[int, Item]) -> dict[int, list[Application]]:
    """{item: what was settled of it before the books were opened, and was not taken back}."""
    found: dict[int, list[Application]] = defaultdict(list)
    taken_back = Application.objects.filter(reverses_id=OuterRef("id"))
    for pointer in ("item_id", "credit_item_id"):
        rows = Application.objects.filter(
            **{f"{pointer}__in": among(items)}, reason="opening", reverses_id=None
        )
        for row in rows.exclude(Exists(taken_back)).order_by("id"):
            found[getattr(row, pointer)].append(row)
    return found


def _moves(column: str, ids: Collection[int], after: date, **narrow: str) -> Moves:
    """{id: (day, minor units used)} of some items or payments, dated after a day."""
    moves: Moves = defaultdict(list)
    rows = Application.objects.filter(
        **{f"{column}__in": among(ids)}, applied_on__gt=after, **narrow
    )
    for pk, on, minor in rows.values_list(column, "applied_on", "amount_minor"):
        moves[pk].append((on, minor))
    return moves
