"""What notices told of batch entries, and which entries of statements they open."""

import json
from collections import defaultdict
from collections.abc import Collection

from django.db.models import Exists, OuterRef

from duly.cash_application.models import BankDetail, BankLine, NoticedBatch, NoticedPart
from duly.cash_application.rules.noticed import BatchFacts
from duly.cash_application.rules.statements import Detail, NamedDocument
from duly.storage.among import among, hashed

_PART = (
    "amount_minor",
    "name",
    "account",
    "end_to_end",
    "mandate",
    "bank_reference",
    "structured_reference",
    "remittance",
)


def noticed_batches(account_ids: Collection[int], minors: Collection[int]) -> list[BatchFacts]:
    """Batch entries of notices that stand, of some accounts and amounts."""
    rows = NoticedBatch.objects.filter(
        account_id__in=among(account_ids), amount_minor__in=among(minors), is_void=False
    )
    told = ("id", "account_id", "currency", "amount_minor", "booked_on", "bank_reference")
    return [BatchFacts(*row) for row in rows.order_by("id").values_list(*told)]


def noticed_parts(noticed_ids: Collection[int]) -> dict[int, tuple[Detail, ...]]:
    """{batch entry of a notice: its payments}."""
    found: dict[int, list[Detail]] = defaultdict(list)
    rows = NoticedPart.objects.filter(noticed_id__in=among(noticed_ids)).order_by("id")
    for noticed_id, documents, *said in rows.values_list("noticed_id", "documents", *_PART):
        named = tuple(NamedDocument(*one) for one in json.loads(documents))
        found[noticed_id].append(Detail(*said)._replace(documents=named))
    return {pk: tuple(parts) for pk, parts in found.items()}


def lines_to_open(account_ids: Collection[int], minors: Collection[int]) -> dict[int, BankLine]:
    """Lines of some accounts and amounts that stand as one payment, by their ids."""
    rows = BankLine.objects.filter(
        account_id__in=among(account_ids),
        payment_id__isnull=False,
        is_void=False,
    ).filter(hashed("cash_application_bankline.amount_minor", minors))
    return {row.pk: row for row in rows.order_by("id")}


def opened_for(batch_id: int) -> list[BankLine]:
    """Lines, told by notices, that stand in place of those of a batch."""
    own = BankLine.objects.filter(batch_id=batch_id, is_void=True, **_same_line())
    rows = BankLine.objects.filter(Exists(own), is_void=False, batch_id__gt=batch_id)
    return list(rows.order_by("id"))


def opened_by(batch_id: int) -> list[int]:
    """The batches whose lines stand no longer because this one's stand in their place."""
    others = BankLine.objects.filter(
        is_void=True, batch_id__lt=batch_id, account_id=OuterRef("account_id"),
        identity=OuterRef("identity"), occurrence=OuterRef("occurrence"),
        payment_id__isnull=False,
    )  # fmt: skip
    rows = BankLine.objects.filter(batch_id=batch_id, is_void=False).annotate(
        before=others.order_by("-batch_id").values("batch_id")[:1]
    )
    found = rows.filter(before__isnull=False)
    details = BankDetail.objects.filter(line_id=OuterRef("id"))
    told = found.filter(Exists(details)).values_list("before", flat=True)
    return sorted(set(told))


def payments_of_lines(lines: Collection[BankLine]) -> list[int]:
    """The payments that some lines brought."""
    parts = BankDetail.objects.filter(line_id__in=among({line.pk for line in lines}))
    alone = [line.payment_id for line in lines if line.payment_id is not None]
    return [*alone, *parts.order_by("id").values_list("payment_id", flat=True)]


def _same_line() -> dict[str, OuterRef]:
    return {name: OuterRef(name) for name in ("account_id", "identity", "occurrence")}
