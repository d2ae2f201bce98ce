"""Balances of accounts, on any day, as known now or as known then; entries for a look inside."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Max, Sum

from duly.ledger.models import AccountDay, Batch, CustomerAccount, Entry, Posting, Seal
from duly.ledger.rules.accounts import BANK, BY_ID, CONTROL_IDS
from duly.storage.among import among


@dataclass(frozen=True, slots=True)
class PostingRow:
    """One leg of an entry, ready to show: account name, signed minor units."""

    account: str
    currency: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry with its postings."""

    id: int
    booked_on: date
    reason: str
    batch_id: int
    reverses_id: int | None
    reversed_by_id: int | None
    postings: tuple[PostingRow, ...]


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch and its seal."""

    id: int
    sequence: int
    kind: str
    actor: str
    note: str
    recorded_at: datetime
    digest: str


def last_booked_on(entity_id: int, by: date) -> date | None:
    """The last day, no later than one, on which something is booked; None where nothing is."""
    days = AccountDay.objects.filter(entity_id=entity_id, booked_on__lte=by)
    return days.aggregate(last=Max("booked_on"))["last"]


def control_totals(
    *, on: date | None = None, entity_id: int | None = None, known: int | None = None
) -> dict[str, int]:
    """The control accounts together, by currency, in minor units.

    Given: `on` a past day (None: everything booked), `known` the sequence of the last batch to
    count (None: as known now; from the projection, in a few milliseconds).
    """
    if known is not None:
        return _control_known(on, entity_id, known)
    days = AccountDay.objects.filter(account_id__in=CONTROL_IDS)
    if entity_id is not None:
        days = days.filter(entity_id=entity_id)
    if on is not None:
        days = days.filter(booked_on__lte=on)
    return {
        row["currency"]: int(row["total"])
        for row in days.values("currency").annotate(total=Sum("amount_minor")).order_by("currency")
    }


def _control_known(on: date | None, entity_id: int | None, known: int) -> dict[str, int]:
    clauses, params = ["s.sequence <= %s"], [known]
    if on is not None:
        clauses.append("e.booked_on <= %s")
        params.append(on)  # type: ignore[arg-type]
    if entity_id is not None:
        clauses.append("e.entity_id = %s")
        params.append(entity_id)
    accounts = ", ".join(str(id_) for id_ in CONTROL_IDS)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.currency, CAST(SUM(p.amount_minor) AS bigint)"
            " FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id"
            " JOIN ledger_seal s ON s.batch_id = e.batch_id"
            f" WHERE p.account_id IN ({accounts}) AND {' AND '.join(clauses)}"
            " GROUP BY p.currency ORDER BY p.currency",
            params,
        )
        return {currency: int(total) for currency, total in cursor.fetchall()}


def received_between(*, entity_id: int, first: date, last: date) -> dict[str, int]:
    """{currency: money that came to the bank from a day to a day}, less what was taken back."""
    rows = AccountDay.objects.filter(
        account_id=BANK.id, entity_id=entity_id, booked_on__range=(first, last)
    )
    found = rows.order_by().values_list("currency").annotate(total=Sum("amount_minor"))
    return {currency: int(total) for currency, total in found if total}


def control_by_customer(customer_ids: Collection[int]) -> dict[tuple[int, str], int]:
    """Today's balance of the control accounts for some customers: {(customer, currency): minor}."""
    rows = (
        CustomerAccount.objects.filter(customer_id__in=customer_ids)
        .values("customer_id", "currency")
        .annotate(total=Sum("amount_minor"))
    )
    return {(row["customer_id"], row["currency"]): int(row["total"]) for row in rows}


def entries_of(source_kind: str, source_ids: Sequence[int]) -> dict[int, int]:
    """{source id: id of the first entry that it caused}, for records of one kind."""
    found: dict[int, int] = {}
    rows = Entry.objects.filter(source_kind=source_kind, source_id__in=among(source_ids))
    for source_id, id_ in rows.order_by("-id").values_list("source_id", "id"):
        found[source_id] = id_
    return found


def entries_with_postings(source_kind: str, source_ids: Collection[int]) -> list[EntryRow]:
    """Everything that was posted for some records of one kind, oldest first."""
    entries = list(
        Entry.objects.filter(source_kind=source_kind, source_id__in=list(source_ids)).order_by("id")
    )
    ids = [entry.pk for entry in entries]
    reversed_by = dict(Entry.objects.filter(reverses_id__in=ids).values_list("reverses_id", "id"))
    legs: dict[int, list[PostingRow]] = {id_: [] for id_ in ids}
    for posting in Posting.objects.filter(entry_id__in=ids).order_by("id"):
        legs[posting.entry_id].append(
            PostingRow(BY_ID[posting.account_id].name, posting.currency, posting.amount_minor)
        )
    return [
        EntryRow(
            entry.pk,
            entry.booked_on,
            entry.reason,
            entry.batch_id,
            entry.reverses_id,
            reversed_by.get(entry.pk),
            tuple(legs[entry.pk]),
        )
        for entry in entries
    ]


def recorded_moments(batch_ids: Collection[int]) -> dict[int, datetime]:
    """{batch: the moment it was recorded}."""
    rows = Batch.objects.filter(pk__in=list(batch_ids))
    return dict(rows.values_list("pk", "recorded_at"))


def known_sequence() -> int:
    """The sequence of the newest seal; 0 while there is none."""
    return Seal.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0


def known_sequence_sql() -> str:
    """The same as SQL, for a statement that asks more than this."""
    return f'SELECT MAX(sequence) FROM "{Seal._meta.db_table}"'


def sequence_known_at(at: datetime) -> int:
    """The sequence of the newest batch recorded at or before a moment."""
    batches_then = Batch.objects.filter(recorded_at__lte=at).values("id")
    newest = Seal.objects.filter(batch_id__in=batches_then).order_by("-sequence")
    return newest.values_list("sequence", flat=True).first() or 0


def latest_seal() -> tuple[int, str]:
    """(sequence, digest) at the end of the chain; (0, "") while there is none."""
    seal = Seal.objects.order_by("-sequence").first()
    return (seal.sequence, seal.digest) if seal else (0, "")


def batches(limit: int = 50) -> list[BatchRow]:
    """The newest batches with their seals."""
    seals = list(Seal.objects.order_by("-sequence").values_list("batch_id", flat=True)[:limit])
    return sorted(batches_by_id(seals).values(), key=lambda row: row.id, reverse=True)


def batches_of_kind(kind: str) -> dict[int, str]:
    """{batch: its note} of every batch of a kind."""
    return dict(Batch.objects.filter(kind=kind).values_list("pk", "note"))


def batches_by_id(batch_ids: Collection[int]) -> dict[int, BatchRow]:
    """{batch: itself with its seal}."""
    seals = {
        seal.batch_id: seal
        for seal in Seal.objects.filter(batch_id__in=among(batch_ids)).only(
            "batch_id", "sequence", "digest"
        )
    }
    return {
        batch.pk: BatchRow(
            batch.pk,
            seals[batch.pk].sequence,
            batch.kind,
            batch.actor,
            batch.note,
            batch.recorded_at,
            seals[batch.pk].digest,
        )
        for batch in Batch.objects.filter(pk__in=list(seals))
    }
