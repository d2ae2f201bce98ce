"""What is known of bank accounts and their lines."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Max, Min, Sum

from duly.cash_application.models import (
    BankAccount,
    BankDetail,
    BankLine,
    BankStatement,
    PaidDocument,
)
from duly.cash_application.rules.lines import StatementFacts
from duly.cash_application.rules.other_days import Booked
from duly.cash_application.rules.statements import STATEMENT, NamedDocument
from duly.storage.among import among


def accounts_of(entity_id: int) -> dict[tuple[str, str], int]:
    """{(number, currency): id} of the bank accounts of an entity, by each of their names."""
    rows = BankAccount.objects.filter(entity_id=entity_id)
    return {
        (number, currency): same_as or pk
        for pk, same_as, number, currency in rows.values_list(
            "id", "same_as_id", "number", "currency"
        )
    }


def account_rows(entity_id: int) -> list[BankAccount]:
    """The bank accounts of an entity with their other numbers, in the order they were told of."""
    return list(BankAccount.objects.filter(entity_id=entity_id).order_by("id"))


def batches_of_account(account_id: int) -> set[int]:
    """The batches that told statements of an account which stand."""
    rows = BankStatement.objects.filter(account_id=account_id, is_void=False)
    return set(rows.values_list("batch_id", flat=True).distinct())


def sums_by_day(
    account_id: int, batch_ids: Collection[int], days: Collection[date]
) -> dict[tuple[date, int], int]:
    """{(day, minor units): lines} of an account that some batches wrote and that stand."""
    rows = BankLine.objects.filter(
        account_id=account_id,
        batch_id__in=among(batch_ids),
        booked_on__range=(min(days), max(days)),
        is_void=False,
    )
    counted = rows.values("booked_on", "amount_minor").annotate(n=Count("id"))
    return {(row["booked_on"], row["amount_minor"]): row["n"] for row in counted}


def lines_near(
    account_id: int, batch_ids: Collection[int], days: tuple[date, date], minors: Collection[int]
) -> list[Booked]:
    """Lines of an account to some amounts that some batches wrote within some days."""
    rows = BankLine.objects.filter(
        account_id=account_id,
        batch_id__in=among(batch_ids),
        booked_on__range=days,
        amount_minor__in=among(minors),
        is_void=False,
    ).order_by("booked_on", "id")
    told = rows.values_list("booked_on", "amount_minor", "bank_reference", "end_to_end")
    return [Booked(*row) for row in told]


def holders_of(number: str, *, besides: int) -> set[int]:
    """The other entities that have a bank account of this number."""
    rows = BankAccount.objects.filter(number=number).exclude(entity_id=besides)
    return set(rows.values_list("entity_id", flat=True))


def statements_of(
    account_id: int, batch_ids: Collection[int] | None = None
) -> list[StatementFacts]:
    """The statements of an account that stand (of some batches), in the order of their last day."""
    rows = BankStatement.objects.filter(account_id=account_id, is_void=False)
    if batch_ids is not None:
        rows = rows.filter(batch_id__in=among(batch_ids))
    return [
        StatementFacts(*row)
        for row in rows.order_by("closed_on", "id").values_list(*StatementFacts._fields)
    ]


def files_told() -> dict[str, int]:
    """{SHA-256 of a bank's file: the first statement that it told}."""
    rows = BankStatement.objects.values_list("sha256").annotate(first=Min("id"))
    return dict(rows.order_by("first"))


def known_lines(keys: Collection[tuple[int, str]]) -> dict[tuple[int, str, int], int]:
    """Of lines of some accounts and identities that stand, {(account, identity, occurrence):
    the batch that wrote it}."""
    rows = BankLine.objects.filter(
        account_id__in=among({account for account, _ in keys}),
        identity__in=among({identity for _, identity in keys}),
        is_void=False,
    )
    told = rows.values_list("account_id", "identity", "occurrence", "batch_id")
    return {row[:3]: row[3] for row in told}


def latest_bank_day(entity_id: int) -> date | None:
    """The last day that a bank's statement tells of: up to then it is known who has paid."""
    accounts = BankAccount.objects.filter(entity_id=entity_id).values("id")
    found: date | None = BankStatement.objects.filter(
        account_id__in=accounts, kind=STATEMENT, is_void=False
    ).aggregate(day=Max("closed_on"))["day"]
    return found


class Source(NamedTuple):
    """What the bank told of a payment."""

    payment_id: int
    line_id: int
    account_id: int
    booked_on: date
    code: str
    undoes: str  # "out": a payment of our own that came back
    bank_reference: str
    name: str
    account: str
    end_to_end: str
    mandate: str
    structured_reference: str
    remittance: str
    is_of_batch: bool


_TEXTS = (
    "bank_reference",
    "name",
    "account",
    "end_to_end",
    "mandate",
    "structured_reference",
    "remittance",
)


def sources_of(payment_ids: Collection[int]) -> dict[int, Source]:
    """{payment: what the bank told of it}, of those that came in with a bank's file."""
    of_line = ("account_id", "booked_on", "code", "undoes")
    alone = BankLine.objects.filter(payment_id__in=among(payment_ids))
    found = {
        row[0]: Source._make((*row, False))
        for row in alone.values_list("payment_id", "id", *of_line, *_TEXTS)
    }
    parts = list(
        BankDetail.objects.filter(payment_id__in=among(payment_ids)).values_list(
            "payment_id", "line_id", *_TEXTS
        )
    )
    lines = BankLine.objects.filter(pk__in=among({part[1] for part in parts}))
    said = {row[0]: row[1:] for row in lines.values_list("id", *of_line, "bank_reference")}
    for payment_id, line_id, reference, *texts in parts:
        *line, line_reference = said[line_id]
        told = (*line, reference or line_reference, *texts)
        found[payment_id] = Source._make((payment_id, line_id, *told, True))
    return found


def documents_of(payment_ids: Collection[int]) -> dict[int, list[NamedDocument]]:
    """{payment: the documents that its structured remittance names}."""
    rows = PaidDocument.objects.filter(payment_id__in=among(payment_ids)).order_by("id")
    found: dict[int, list[NamedDocument]] = defaultdict(list)
    for payment_id, *said in rows.values_list("payment_id", *NamedDocument._fields):
        found[payment_id].append(NamedDocument(*said))
    return found


class BatchLine(NamedTuple):
    """A line that a batch wrote."""

    id: int
    booked_on: date
    currency: str
    amount_minor: int
    name: str
    remittance: str
    undoes: str
    is_void: bool


def line_count_of_batch(batch_id: int) -> int:
    """How many lines a batch wrote."""
    return BankLine.objects.filter(batch_id=batch_id).count()


def lines_of_batch(batch_id: int, *, limit: int, offset: int = 0) -> list[BatchLine]:
    """Lines that a batch wrote, in the order of the file."""
    rows = BankLine.objects.filter(batch_id=batch_id).order_by("id")
    return [BatchLine(*row) for row in rows.values_list(*BatchLine._fields)[offset:][:limit]]


def lines_by_batch() -> dict[int, dict[str, tuple[int, int]]]:
    """{batch: {currency: (lines, minor units)}} of what batches wrote."""
    found: dict[int, dict[str, tuple[int, int]]] = {}
    rows = BankLine.objects.values("batch_id", "currency")
    for row in rows.annotate(n=Count("id"), s=Sum("amount_minor")):
        found.setdefault(row["batch_id"], {})[row["currency"]] = (row["n"], int(row["s"]))
    return found


def batches_with_lines(batch_ids: Collection[int]) -> set[int]:
    """Those of some batches of which a line or statement still stands."""
    standing: set[int] = set()
    for model in (BankLine, BankStatement):
        rows = model._default_manager.filter(batch_id__in=among(batch_ids), is_void=False)
        standing.update(rows.values_list("batch_id", flat=True).distinct())
    return standing


def overlapping(batch_id: int) -> list[tuple[str, str]]:
    """(statement, why) of later statements that found lines of a batch there already."""
    own = BankLine.objects.filter(batch_id=batch_id, is_void=False)
    last = dict(own.values_list("account_id").annotate(day=Max("booked_on")))
    later = BankStatement.objects.filter(
        account_id__in=among(last), batch_id__gt=batch_id, is_void=False
    ).order_by("-batch_id")
    return [
        (f"import {row.batch_id} (statement {row.number})", "found lines of it there already")
        for row in later
        if row.line_count > row.new_count
        and (row.opened_on or last[row.account_id]) <= last[row.account_id]
    ]
