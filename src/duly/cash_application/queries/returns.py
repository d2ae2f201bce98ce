"""Lines by which a bank took money back: which payments they may mean, which are not found."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from duly.cash_application.models import BankAccount, BankLine, ReturnedLine
from duly.cash_application.queries.lines import sources_of
from duly.cash_application.rules.lines import MONEY_IN, NO_REASON
from duly.cash_application.rules.returning import (
    MOST_DAYS,
    Came,
    Finding,
    Undoing,
    amounts_of,
    find_returned,
)
from duly.receivables.queries import payments_of_amounts
from duly.storage.among import among


class UndoingLine(NamedTuple):
    """A line of a bank that took money back, with the payments that it meant, or why none."""

    line_id: int
    undoing: Undoing
    payment_ids: tuple[int, ...]
    because: str  # "" once its payments are known


def came_before(entity_id: int, undoings: Sequence[Undoing]) -> list[Came]:
    """Payments over the amounts of some lines that no line took back yet, with what is known."""
    if not undoings:
        return []
    found = payments_of_amounts(
        entity_id,
        {(one.currency, minor) for one in undoings for minor in amounts_of(one)},
        since=min(one.booked_on for one in undoings) - timedelta(days=MOST_DAYS),
        until=max(one.booked_on for one in undoings),
    )
    taken = set(tied_payments([one.id for one in found]))
    told = sources_of([one.id for one in found])
    payments = []
    for one in found:
        if one.id in taken:
            continue
        came = Came(
            one.id,
            one.number,
            one.customer_id,
            one.currency,
            one.amount_minor,
            one.received_on,
            account=one.payer_account,
            name=one.payer_name,
            text=one.reference,
        )
        if one.id in told:
            source = told[one.id]
            came = came._replace(
                bank_reference=source.bank_reference,
                end_to_end=source.end_to_end,
                mandate=source.mandate,
            )
        payments.append(came)
    return payments


def tied_payments(payment_ids: Collection[int]) -> dict[int, int]:
    """{payment: the line that took it back}, of those that a line is known to have."""
    rows = ReturnedLine.objects.filter(payment_id__in=among(payment_ids), is_void=False)
    return dict(rows.values_list("payment_id", "line_id"))


def undoing_lines(
    entity_id: int, *, only_unknown: bool = True, limit: int = 500
) -> list[UndoingLine]:
    """Lines that took money back, newest first: those whose payment is not known, or all."""
    accounts = BankAccount.objects.filter(entity_id=entity_id).values("id")
    rows = BankLine.objects.filter(account_id__in=accounts, undoes=MONEY_IN, is_void=False)
    tied = ReturnedLine.objects.filter(line_id=OuterRef("id"), is_void=False)
    if only_unknown:
        rows = rows.exclude(Exists(tied))
    lines = list(rows.order_by("-booked_on", "-id")[:limit])
    payments: dict[int, list[int]] = {}
    ties = ReturnedLine.objects.filter(line_id__in=among([row.pk for row in lines]), is_void=False)
    for line_id, payment_id in ties.order_by("id").values_list("line_id", "payment_id"):
        payments.setdefault(line_id, []).append(payment_id)
    undoings = {row.pk: _undoing(row) for row in lines}
    unknown = [one for pk, one in undoings.items() if pk not in payments]
    came = came_before(entity_id, unknown)
    return [
        UndoingLine(
            pk,
            one,
            tuple(payments.get(pk, ())),
            "" if pk in payments else _why(find_returned(one, came)),
        )
        for pk, one in undoings.items()
    ]


def _why(found: Finding) -> str:
    if found.payment is None:
        return found.because
    return f"payment {found.payment.number} fits by {found.because}, and was not returned"


def undoing_line(entity_id: int, line_id: int) -> Undoing | None:
    """What a line tells that took money back and whose payment is not known; None for others."""
    accounts = BankAccount.objects.filter(entity_id=entity_id).values("id")
    row = BankLine.objects.filter(
        pk=line_id, account_id__in=accounts, undoes=MONEY_IN, is_void=False
    ).first()
    if row is None or ReturnedLine.objects.filter(line_id=line_id, is_void=False).exists():
        return None
    return _undoing(row)


def _undoing(row: BankLine) -> Undoing:
    booked_on: date = row.booked_on
    return Undoing(
        booked_on,
        row.currency,
        -row.amount_minor,
        row.charges_minor,
        row.return_reason or NO_REASON,
        row.bank_reference,
        row.customer_reference,
        row.end_to_end,
        row.mandate,
        row.account,
        row.name,
        " ".join(filter(None, (row.structured_reference, row.remittance))),
    )
