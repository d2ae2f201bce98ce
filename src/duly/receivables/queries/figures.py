"""A number of the aging, opened to what it is made of: which items, how many, their sum.

Counted like the sums themselves (see open_sums): what is open now and was there on the day, with
what was applied later; or as known then, from the rows up to a batch of the chain.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db import connection

from duly.parties.queries import codes_and_names
from duly.receivables.models import Document, Item, Payment
from duly.receivables.queries.items import ItemRow
from duly.receivables.queries.open_sums import (
    EVERYTHING,
    TOLD_PAYMENTS,
    Scope,
    handed_on,
    has_moved_after,
    narrow,
    used_by,
)
from duly.receivables.rules.aging import Buckets
from duly.receivables.rules.state import state_of
from duly.storage.among import among


@dataclass(frozen=True, slots=True)
class Counted:
    """Open items and money not applied: how many, and what they add up to in minor units."""

    number: int
    total_minor: int


class _Part(NamedTuple):
    """Records of one table, or what was applied to them: their share of what was open."""

    side: str  # what `id` is of: "item" or "payment"
    id: str
    day: str  # oldest first goes by it
    minor: str
    source: str  # table and WHERE
    params: list[object]


def open_items(
    *,
    on: date,
    chosen: Buckets,
    scope: Scope = EVERYTHING,
    bucket: int | None = None,
    side: str = "",
    known: int | None = None,
    limit: int | None = 100,
    offset: int = 0,
) -> list[ItemRow]:
    """What a number of the aging is made of, oldest first; the sum of all pages is the number.

    Given: `bucket` an index of `chosen.names`; without one `side`: "owed" (all buckets),
    "unapplied" (credit notes and money not applied), or "" for both; `known` the sequence of the
    last batch to count; no `limit` for all.
    """
    open_then, params = _open_then(on, chosen, scope, bucket, side, known)
    sql = f"SELECT side, id, minor FROM ({open_then}) AS found ORDER BY day, side, id"
    if limit is not None:
        sql += " LIMIT %s OFFSET %s"
        params += [limit, offset]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found = [(side, id_, int(minor)) for side, id_, minor in cursor.fetchall()]
    return _named(found, on)


def count_open(
    *,
    on: date,
    chosen: Buckets,
    scope: Scope = EVERYTHING,
    bucket: int | None = None,
    side: str = "",
    known: int | None = None,
) -> dict[str, Counted]:
    """The items of `open_items` counted and added up one by one, by currency."""
    open_then, params = _open_then(on, chosen, scope, bucket, side, known)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT currency, COUNT(*), CAST(SUM(minor) AS bigint)"
            f" FROM ({open_then}) AS found GROUP BY currency ORDER BY currency",
            params,
        )
        return {
            currency: Counted(number, int(total)) for currency, number, total in cursor.fetchall()
        }


def _open_then(
    on: date,
    chosen: Buckets,
    scope: Scope,
    bucket: int | None,
    side: str,
    known: int | None,
) -> tuple[str, list[object]]:
    """SQL of (side, id, currency, day, minor) of what was open on a day."""
    owed, apart = _parts_now(on, scope) if known is None else _parts_then(on, scope, known)
    age = "due_on" if chosen.basis == "due" else "issued_on"
    parts = [_within(part, age, chosen, bucket, on) for part in owed if side != "unapplied"]
    if bucket is None and side != "owed":
        parts += apart
    union = " UNION ALL ".join(
        f"SELECT '{part.side}' AS side, {part.id} AS id, currency, {part.day} AS day,"
        f" {part.minor} AS minor FROM {part.source}"
        for part in parts
    )
    params = [param for part in parts for param in part.params]
    if known is None and not has_moved_after(on):
        return union, params  # a row a record: nothing to add up
    return (
        "SELECT side, id, currency, day, CAST(SUM(minor) AS bigint) AS minor"
        f" FROM ({union}) AS shares GROUP BY side, id, currency, day HAVING SUM(minor) <> 0",
        params,
    )


def _within(part: _Part, age: str, chosen: Buckets, bucket: int | None, on: date) -> _Part:
    """A part that keeps to a bucket; its day of age is called as its due day is."""
    column = part.day.replace("due_on", age)
    firsts = chosen.first_dates(on)
    source, params = part.source, list(part.params)
    if bucket is not None and bucket < len(firsts):
        source += f" AND {column} >= %s"
        params.append(firsts[bucket])
    if bucket is not None and bucket > 0:
        source += f" AND {column} < %s"
        params.append(firsts[bucket - 1])
    return part._replace(source=source, params=params)


def _parts_now(on: date, scope: Scope) -> tuple[list[_Part], list[_Part]]:
    """(invoices and debit notes; credit notes and money): what is open now, what followed."""
    own, own_params = narrow(scope)
    payer, payer_params = narrow(scope, customer="payer_id")
    # NOT (x = 0), as the indexes of what is open say it.
    items = f"receivables_item WHERE NOT (open_minor = 0) AND issued_on <= %s{own}"
    there: list[object] = [on, *own_params]
    payments = f"receivables_payment WHERE NOT (unapplied_minor = 0) AND received_on <= %s{own}"
    applied = "receivables_application WHERE applied_on > %s"
    of_payer, since = used_by(scope)
    since += [on, on, *payer_params]
    used = f"{of_payer} WHERE applied_on > %s AND source_on <= %s{payer}"
    return [
        _Part("item", "id", "due_on", "open_minor", f"{items} AND open_minor > 0", there),
        _Part(
            "item",
            "item_id",
            "item_due_on",
            "amount_minor",
            f"{applied} AND item_issued_on <= %s{own}",
            [on, on, *own_params],
        ),
    ], [
        _Part("item", "id", "issued_on", "open_minor", f"{items} AND open_minor < 0", there),
        _Part("payment", "id", "received_on", "-unapplied_minor", payments, there),
        *_used("-amount_minor", used, since),
        *_changed_hands("attributed_on > %s AND source_on <= %s", [on, on], scope, undone=True),
    ]


def _parts_then(on: date, scope: Scope, known: int) -> tuple[list[_Part], list[_Part]]:
    """The same as known then: from the rows themselves up to a batch of the chain."""
    own, own_params = narrow(scope)
    payer, payer_params = narrow(scope, customer="payer_id")
    then = "batch_id IN (SELECT batch_id FROM ledger_seal WHERE sequence <= %s)"
    items = f"receivables_item WHERE issued_on <= %s AND {then}{own}"
    there: list[object] = [on, known, *own_params]
    told, told_params = narrow(scope, customer="told_customer_id")
    payments = f"{TOLD_PAYMENTS} WHERE received_on <= %s AND {then}{told}"
    received: list[object] = [on, known, *told_params]
    applied = f"receivables_application WHERE applied_on <= %s AND {then}"
    return [
        _Part("item", "id", "due_on", "amount_minor", f"{items} AND amount_minor > 0", there),
        _Part(
            "item",
            "item_id",
            "item_due_on",
            "-amount_minor",
            f"{applied} AND item_id IS NOT NULL{own}",
            there,
        ),
    ], [
        _Part("item", "id", "issued_on", "amount_minor", f"{items} AND amount_minor < 0", there),
        _Part("payment", "id", "received_on", "-amount_minor", payments, received),
        *_used("amount_minor", f"{applied}{payer}", [on, known, *payer_params]),
        *_changed_hands(f"attributed_on <= %s AND {then}", [on, known], scope),
    ]


def _changed_hands(
    when: str, params: list[object], scope: Scope, *, undone: bool = False
) -> list[_Part]:
    return [
        _Part("payment", "payment_id", "source_on", side.amount, side.source, side.params)
        for side in handed_on(when, params, scope, undone=undone)
    ]


def _used(minor: str, source: str, params: list[object]) -> list[_Part]:
    """What was applied of credit notes and of payments."""
    return [
        _Part(side, id_, "source_on", minor, f"{source} AND {id_} IS NOT NULL", params)
        for side, id_ in (("item", "credit_item_id"), ("payment", "payment_id"))
    ]


def _named(found: Collection[tuple[str, int, int]], on: date) -> list[ItemRow]:
    """Rows for (side, id, open then), in the order given."""
    items = {
        row.pk: row
        for row in Item.objects.filter(
            pk__in=among([id_ for side, id_, _ in found if side == "item"])
        )
    }
    documents = {
        row.pk: row
        for row in Document.objects.filter(
            pk__in=among({item.document_id for item in items.values()})
        ).only("kind", "number")
    }
    payments = {
        row.pk: row
        for row in Payment.objects.filter(
            pk__in=among([id_ for side, id_, _ in found if side == "payment"])
        )
    }
    names = codes_and_names(
        {row.customer_id for rows in (items, payments) for row in rows.values()} - {None}
    )
    rows = []
    for side, id_, minor in found:
        if side == "item":
            item = items[id_]
            rows.append(_item_row(item, documents[item.document_id], minor, on, names))
        else:
            rows.append(_payment_row(payments[id_], minor, on, names))
    return rows


Names = Mapping[int, tuple[str, str]]


def _item_row(item: Item, document: Document, minor: int, on: date, names: Names) -> ItemRow:
    code, name = names[item.customer_id]
    return ItemRow(
        id=document.pk,
        kind=document.kind,
        number=document.number,
        instalment=item.instalment,
        customer_id=item.customer_id,
        customer_code=code,
        customer_name=name,
        currency=item.currency,
        issued_on=item.issued_on,
        due_on=item.due_on,
        amount_minor=item.amount_minor,
        open_minor=minor,
        days_past_due=(on - item.due_on).days,
        state=state_of(amount_minor=item.amount_minor, open_minor=minor, due_on=item.due_on, on=on),
        entity_id=item.entity_id,
    )


def _payment_row(payment: Payment, minor: int, on: date, names: Names) -> ItemRow:
    code, name = names.get(payment.customer_id or 0, (None, ""))
    return ItemRow(
        id=payment.pk,
        kind="payment",
        number=payment.number,
        instalment=1,
        customer_id=payment.customer_id,
        customer_code=code,
        customer_name=name,
        currency=payment.currency,
        issued_on=payment.received_on,
        due_on=payment.received_on,
        amount_minor=-payment.amount_minor,
        open_minor=minor,
        days_past_due=(on - payment.received_on).days,
        state="unapplied",
        entity_id=payment.entity_id,
    )
