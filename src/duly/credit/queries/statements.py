"""Financial statements as they count: the last one kept of each year end."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q, QuerySet

from duly.credit.errors import SubjectUnknown
from duly.credit.models import CreditRequest, FinancialStatement, StatementYardstick
from duly.credit.queries.requests import customers_of_requests
from duly.credit.rules.analysis import Analysis, analyse
from duly.credit.rules.ratios import ratios
from duly.credit.rules.statements import Sheet
from duly.credit.rules.yardsticks import Yardstick, yardsticks_of
from duly.kernel.currencies import exponent
from duly.kernel.quoting import quoted
from duly.parties.models import Customer
from duly.parties.queries import customer

PORTFOLIO = 500  # newest statements that our own yardstick is made of


class Subject(NamedTuple):
    """Whose statements: of a credit request, a customer, or a request of a customer."""

    request_id: int | None = None
    customer_id: int | None = None


class Kept(NamedTuple):
    """A statement as it was kept; `corrected` counts those of the same day it stands in for."""

    id: int
    subject: Subject
    sheet: Sheet
    firm_kind: str
    assurance: str
    market_value: Decimal | None
    price_index: Decimal | None
    file: str
    actor: str
    recorded_at: datetime
    corrected: int = 0


def subject(entity_id: int, request_id: int | None, customer_id: int | None) -> Subject | None:
    """Both sides of a subject, looked up in these books; None where it is not there."""
    if request_id is not None:
        found = (
            CreditRequest.objects.filter(pk=request_id, entity_id=entity_id)
            .values_list("customer_id", flat=True)
            .first()
        )
        is_there = (
            found is not None
            or CreditRequest.objects.filter(pk=request_id, entity_id=entity_id).exists()
        )
        return Subject(request_id, found) if is_there else None
    if customer_id is None or not Customer.objects.filter(pk=customer_id, entity_id=entity_id):
        return None
    return Subject(None, customer_id)


def subject_named(entity_id: int, request_number: str | None, customer_code: str | None) -> Subject:
    """A subject by the names people use. Refuses: SubjectUnknown, CustomerUnknown."""
    if request_number is None:
        return Subject(None, customer(entity_id=entity_id, code=customer_code or "").pk)
    found = CreditRequest.objects.filter(entity_id=entity_id, number=request_number).first()
    if found is None:
        raise SubjectUnknown(
            f"There is no credit request {quoted(request_number)}.",
            facts={"request": request_number},
            remedy="Look at the credit requests.",
        )
    return Subject(found.pk, found.customer_id)


def request_by_id(entity_id: int, request_id: int) -> CreditRequest:
    """A credit request of these books. Refuses: SubjectUnknown."""
    found = CreditRequest.objects.filter(pk=request_id, entity_id=entity_id).first()
    if found is None:
        raise SubjectUnknown(
            "There is no such credit request in these books.",
            facts={"request": request_id},
            remedy="Look at the credit requests.",
        )
    return found


def statements_of(
    entity_id: int, request_id: int | None = None, customer_id: int | None = None
) -> list[Kept]:
    """The statements of a subject that count, newest first; a customer's requests are theirs."""
    whose = subject(entity_id, request_id, customer_id)
    if whose is None:
        return []
    return _counting(_rows_of(entity_id, whose))


def statements_by_customer(entity_id: int, customer_ids: Collection[int]) -> dict[int, list[Kept]]:
    """{customer: its statements that count, newest first}, also those of its requests."""
    wanted, whose = set(customer_ids), customers_of_requests(entity_id)
    rows: dict[int, list[FinancialStatement]] = defaultdict(list)
    for row in FinancialStatement.objects.filter(entity_id=entity_id):
        pk = row.customer_id or whose.get(row.request_id or 0)
        if pk in wanted:
            rows[pk].append(row)
    return {pk: _counting(some) for pk, some in rows.items()}


def _rows_of(entity_id: int, whose: Subject) -> QuerySet[FinancialStatement]:
    which = Q()
    if whose.request_id is not None:
        which |= Q(request_id=whose.request_id)
    if whose.customer_id is not None:
        which |= Q(customer_id=whose.customer_id)
    return FinancialStatement.objects.filter(which, entity_id=entity_id)


def _counting(rows: Iterable[FinancialStatement]) -> list[Kept]:
    last: dict[date, Kept] = {}
    for row in sorted(rows, key=lambda row: row.pk):
        kept = kept_from(row)
        earlier = last.get(row.year_end)
        last[row.year_end] = kept._replace(corrected=earlier.corrected + 1 if earlier else 0)
    return sorted(last.values(), key=lambda one: one.sheet.year_end, reverse=True)


def every_statement_of(entity_id: int, whose: Subject) -> list[Kept]:
    """Also those that were corrected since, the last kept first."""
    return [kept_from(row) for row in _rows_of(entity_id, whose).order_by("-pk")]


def kept_from(row: FinancialStatement) -> Kept:
    """A row as rules take it."""
    decimals = exponent(row.currency)
    minors = json.loads(row.figures)
    figures = {line: Decimal(minor).scaleb(-decimals) for line, minor in minors.items()}
    market = row.market_value_minor
    return Kept(
        row.pk,
        Subject(row.request_id, row.customer_id),
        Sheet(row.year_end, row.months, row.unit, row.currency, figures),
        row.firm_kind,
        row.assurance,
        None if market is None else Decimal(market).scaleb(-decimals),
        Decimal(row.price_index) if row.price_index else None,
        row.file,
        row.actor,
        row.recorded_at,
    )


def statement_by_id(entity_id: int, statement_id: int) -> Kept | None:
    """One statement of these books, corrected since or not."""
    row = FinancialStatement.objects.filter(pk=statement_id, entity_id=entity_id).first()
    return kept_from(row) if row is not None else None


def sheets_of(
    entity_id: int, request_id: int | None = None, customer_id: int | None = None
) -> list[Sheet]:
    """The sheets of a subject, newest first."""
    return [one.sheet for one in statements_of(entity_id, request_id, customer_id)]


def analysis_of(entity_id: int, kept: list[Kept], on: date, segment: str = "") -> Analysis | None:
    """What the statements of a subject say; None without any. Six queries at most."""
    if not kept:
        return None
    newest = kept[0]
    return analyse(
        [one.sheet for one in kept],
        newest.firm_kind,
        newest.market_value,
        newest.price_index,
        portfolio_yardsticks(entity_id) | yardsticks_on(entity_id, segment, on),
    )


def segment_of(customer_id: int | None) -> str:
    """The segment of a customer, "" where there is none."""
    if customer_id is None:
        return ""
    found = Customer.objects.filter(pk=customer_id).values_list("segment", flat=True).first()
    return found or ""


def yardsticks_on(entity_id: int, segment: str, on: date) -> dict[str, Yardstick]:
    """{ratio: yardstick of a segment on a day}; what is said of every segment comes second."""
    rows = StatementYardstick.objects.filter(
        entity_id=entity_id, segment__in=["", segment], from_on__lte=on
    ).order_by("from_on", "pk")
    found: dict[str, Yardstick] = {}
    for row in sorted(rows, key=lambda row: bool(row.segment)):
        found[row.ratio] = Yardstick(
            row.ratio,
            Decimal(row.low),
            Decimal(row.median),
            Decimal(row.high),
            row.source,
            row.segment,
        )
    return found


def yardsticks_kept(entity_id: int) -> list[StatementYardstick]:
    """Every yardstick that was ever given, the last first."""
    return list(StatementYardstick.objects.filter(entity_id=entity_id).order_by("-pk"))


def portfolio_yardsticks(entity_id: int) -> dict[str, Yardstick]:
    """What our own customers' newest statements make; of the last 500 kept."""
    rows = FinancialStatement.objects.filter(entity_id=entity_id).order_by("-pk")[:PORTFOLIO]
    newest: dict[tuple[int | None, int | None], FinancialStatement] = {}
    for row in rows:
        key = (row.customer_id, None) if row.customer_id else (None, row.request_id)
        held = newest.get(key)
        if held is None or row.year_end > held.year_end:
            newest[key] = row
    firms = [ratios(kept_from(row).sheet.yearly) for row in newest.values()]
    return yardsticks_of(firms, "our own customers")
