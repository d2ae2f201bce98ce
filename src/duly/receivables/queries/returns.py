"""Payments that a bank took back: which, when and why, and what their return opened again."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from duly.kernel.errors import DulyError
from duly.receivables.models import Application, Document, Item, Payment, PaymentReturn
from duly.receivables.queries.standing import (
    courses_of_items,
    courses_of_payments,
    last_attributions,
    payments_of,
)
from duly.receivables.rules.course import Course
from duly.receivables.rules.returning import (
    Paid,
    ReturnDraft,
    ReturnReason,
    first_day_of_return,
    reason_of,
    refusal_of_return,
)
from duly.storage.among import among


class ReturnFacts(NamedTuple):
    """The return of a payment; `customer_id` is the payer, or the one whose items it paid."""

    payment_id: int
    number: str
    customer_id: int | None
    currency: str
    amount_minor: int
    received_on: date
    returned_on: date
    reason: ReturnReason


def returns_of(payment_ids: Collection[int]) -> dict[int, ReturnFacts]:
    """{payment: its return}, of those that were returned."""
    rows = PaymentReturn.objects.filter(payment_id__in=among(payment_ids), is_void=False)
    return _by_payment(rows)


def returns_of_batch(batch_id: int) -> dict[int, ReturnFacts]:
    """{payment: its return}, of the returns that a batch wrote and that stand."""
    return _by_payment(PaymentReturn.objects.filter(batch_id=batch_id, is_void=False))


def batch_of_return(payment_id: int) -> int | None:
    """The batch that wrote the return of a payment which stands."""
    rows = PaymentReturn.objects.filter(payment_id=payment_id, is_void=False)
    return rows.values_list("batch_id", flat=True).first()


def _by_payment(rows: Iterable[PaymentReturn]) -> dict[int, ReturnFacts]:
    returns = {row.payment_id: row for row in rows}
    payments = list(Payment.objects.filter(pk__in=among(returns)).order_by("pk"))
    settled = _customers_settled([row.pk for row in payments if row.customer_id is None])
    return {
        row.pk: ReturnFacts(
            row.pk,
            row.number,
            row.customer_id or settled.get(row.pk),
            row.currency,
            row.amount_minor,
            row.received_on,
            returns[row.pk].returned_on,
            reason_of(returns[row.pk].reason),
        )
        for row in payments
    }


def _customers_settled(payment_ids: Collection[int]) -> dict[int, int]:
    """{payment: the customer of the item it was applied to last}."""
    rows = Application.objects.filter(payment_id__in=among(payment_ids), item_id__isnull=False)
    return dict(rows.order_by("id").values_list("payment_id", "customer_id"))


def opened_items(payment_ids: Collection[int]) -> dict[int, list[tuple[str, int]]]:
    """{payment: (document number, minor units) that its return opened again}."""
    returns = PaymentReturn.objects.filter(payment_id__in=among(payment_ids), is_void=False)
    batches = dict(returns.values_list("payment_id", "batch_id"))
    rows = Application.objects.filter(
        payment_id__in=among(batches),
        batch_id__in=among(set(batches.values())),
        reverses_id__isnull=False,
    ).order_by("id")
    items = dict(
        Item.objects.filter(pk__in=among({row.item_id for row in rows})).values_list(
            "pk", "document_id"
        )
    )
    numbers = dict(
        Document.objects.filter(pk__in=among(set(items.values()))).values_list("pk", "number")
    )
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for row in rows:
        payment_id, item_id = row.payment_id or 0, row.item_id or 0
        if row.batch_id == batches[payment_id]:
            found[payment_id].append((numbers[items[item_id]], -row.amount_minor))
    return found


def applied_of(payment_ids: Collection[int]) -> dict[int, list[Application]]:
    """{payment: what stands of what it settled, with what was settled beside it}, oldest first."""
    taken_back = Application.objects.filter(reverses_id=OuterRef("id"))
    standing = Application.objects.filter(reverses_id=None).exclude(Exists(taken_back))
    cash = standing.filter(payment_id__in=among(payment_ids), item_id__isnull=False)
    found: dict[int, list[Application]] = defaultdict(list)
    payment_of: dict[int, int] = {}
    for row in cash.order_by("id"):
        payment_of[row.pk] = row.payment_id or 0
        found[payment_of[row.pk]].append(row)
    for row in standing.filter(beside_id__in=among(payment_of)).order_by("id"):
        found[payment_of[row.beside_id or 0]].append(row)
    return found


def refusals_of(
    payments: Mapping[int, Payment],
    applied: Mapping[int, Sequence[Application]],
    returns: Sequence[ReturnDraft],
) -> list[DulyError | None]:
    """Why each return can't be, or None; a payment asked for twice is returned the first time."""
    found: list[DulyError | None] = []
    returned: set[int] = set()
    for draft, paid in zip(returns, _paid(payments, applied, returns), strict=True):
        if draft.payment_id in returned:
            paid = paid._replace(is_returned=True)
        found.append(refusal_of_return(paid, draft.on))
        returned.add(draft.payment_id)
    return found


def first_days_of_returns(entity_id: int, returns: Sequence[ReturnDraft]) -> list[date | None]:
    """The first day, that asked for or later, on which each payment can be returned."""
    ids = [draft.payment_id for draft in returns]
    judged = _paid(payments_of(entity_id, ids), applied_of(ids), returns)
    return [
        None if one.is_returned or one.is_void else first_day_of_return(one, draft.on)
        for draft, one in zip(returns, judged, strict=True)
    ]


def _paid(
    payments: Mapping[int, Payment],
    applied: Mapping[int, Sequence[Application]],
    returns: Sequence[ReturnDraft],
) -> list[Paid]:
    first = min((draft.on for draft in returns), default=date.min)
    courses = courses_of_payments(payments, after=first)
    returned, since = returns_of(payments), last_attributions(payments)
    found = []
    for draft in returns:
        payment = payments[draft.payment_id]
        left = _left(courses[payment.pk], applied.get(payment.pk, ()), draft.on)
        found.append(
            Paid(
                payment.number,
                payment.currency,
                payment.amount_minor,
                since.get(payment.pk, payment.received_on),
                payment.is_void,
                payment.pk in returned,
                left,
            )
        )
    return found


def _left(course: Course, rows: Sequence[Application], on: date) -> Course:
    """How a payment runs once what it settled is taken back on a day."""
    back = [row for row in rows if row.payment_id is not None]
    moves = [(max(on, row.applied_on), -row.amount_minor) for row in back]
    left_minor = course.left_minor + sum(row.amount_minor for row in back)
    return Course(left_minor, [*course.moves, *moves])


def opened_by_returns(batch_id: int) -> list[tuple[Application, Application]]:
    """(what stood, what took it back) of the applications that the returns of a batch undid."""
    payment_ids = returns_of_batch(batch_id).keys()
    back = {
        row.reverses_id: row
        for row in Application.objects.filter(batch_id=batch_id, reverses_id__isnull=False)
    }
    stood = {row.pk: row for row in Application.objects.filter(pk__in=among(back))}
    return [
        (row, back[pk])
        for pk, row in sorted(stood.items())
        if _payment_of(row, stood) in payment_ids
    ]


def _payment_of(row: Application, others: dict[int, Application]) -> int | None:
    if row.beside_id is None:
        return row.payment_id
    cash = others.get(row.beside_id)
    return cash.payment_id if cash else None


def dependents_of_returns(batch_id: int) -> list[tuple[str, str]]:
    """(number, why) of what the returns of a batch opened and something settled since."""
    wanted: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for stood, back in opened_by_returns(batch_id):
        wanted[stood.item_id or 0].append((back.applied_on, stood.amount_minor))
    if not wanted:
        return []
    items = {row.pk: row for row in Item.objects.filter(pk__in=among(wanted))}
    first = min(on for found in wanted.values() for on, _ in found)
    courses = courses_of_items(items, after=first)
    documents = {
        items[pk].document_id
        for pk, found in wanted.items()
        if any(courses[pk].least_from(on) < sum(m for _, m in found) for on, _ in found)
    }
    numbers = Document.objects.filter(pk__in=among(documents)).order_by("number")
    return [
        (number, "settled again since its payment was returned")
        for number in numbers.values_list("number", flat=True)
    ]


class PaymentOfAmount(NamedTuple):
    """A payment that stands, by what it brought and from whom."""

    id: int
    number: str
    customer_id: int | None
    currency: str
    amount_minor: int
    received_on: date
    payer_name: str
    payer_account: str
    reference: str


def payments_of_amounts(
    entity_id: int, amounts: Collection[tuple[str, int]], *, since: date, until: date
) -> list[PaymentOfAmount]:
    """Payments that stand over one of some (currency, minor units), of some days, oldest first."""
    rows = Payment.objects.filter(
        entity_id=entity_id,
        is_void=False,
        received_on__range=(since, until),
        amount_minor__in=among({minor for _, minor in amounts}),
    ).order_by("received_on", "id")
    found = (PaymentOfAmount(*row) for row in rows.values_list(*PaymentOfAmount._fields))
    return [one for one in found if (one.currency, one.amount_minor) in amounts]
