"""What waits to be applied, with what was proposed for it and what a person said of it."""

from collections.abc import Collection
from datetime import date

from django.db import connection

from duly.cash_application.models import (
    BankAccount,
    BankDetail,
    BankLine,
    BankStatement,
    Match,
    SetAside,
    Suggestion,
    TakenOff,
)
from duly.cash_application.rules.queue import ASIDE, ASKS, KEPT, NEW, Queued
from duly.receivables.queries import waiting_payments
from duly.storage.among import among

BY_PEOPLE = ("accepted", "by_hand")
_MOST_STATEMENTS = 60
_DECIDED = ("payment_id", "id", "line_count")


def queue(
    *,
    entity_id: int,
    on: date,
    customer_id: int | None = None,
    account_id: int | None = None,
    statement_id: int | None = None,
) -> list[Queued]:
    """All money that is not applied on a day; of one customer, bank account or statement."""
    rows = waiting_payments(entity_id, on=on, customer_id=customer_id)
    ids = [row.id for row in rows]
    outcomes = dict(
        Suggestion.objects.filter(entity_id=entity_id).values_list("payment_id", "outcome")
    )
    aside = dict(
        SetAside.objects.filter(entity_id=entity_id, ended_at=None).values_list(
            "payment_id", "reason"
        )
    )
    kept = _kept(ids)
    if account_id is not None or statement_id is not None:
        of_bank = _of_bank(ids, account_id, statement_id)
        rows = [row for row in rows if row.id in of_bank]
    found = []
    for id_, customer, number, currency, amount, left, received, name, reference in rows:
        is_kept = id_ in kept and (amount != left or kept[id_] == 0)
        state = ASIDE if id_ in aside else KEPT if is_kept else ASKS
        found.append(
            Queued(
                id_,
                customer,
                number,
                currency,
                amount,
                left,
                received,
                name,
                reference,
                state,
                outcomes.get(id_, NEW),
                aside.get(id_, ""),
            )
        )
    return found


# As `queue` says of each: not set aside, and not left as it is by a person.
_THAT_ASK = (
    "SELECT COUNT(*) FROM receivables_payment p WHERE p.entity_id = %s AND p.received_on <= %s"
    " AND NOT (p.unapplied_minor = 0) AND NOT EXISTS (SELECT 1 FROM cash_application_setaside s"
    "  WHERE s.payment_id = p.id AND s.ended_at IS NULL)"
    " AND NOT EXISTS (SELECT 1 FROM cash_application_match m WHERE m.payment_id = p.id"
    "  AND m.decided <> 'auto' AND NOT EXISTS (SELECT 1 FROM cash_application_takenoff t"
    "   WHERE t.match_id = m.id) AND (p.amount_minor <> p.unapplied_minor OR m.line_count = 0)"
    "  AND m.id = (SELECT MAX(l.id) FROM cash_application_match l"
    "   WHERE l.payment_id = p.id AND l.decided <> 'auto'))"
)


def count_that_ask(*, entity_id: int, on: date) -> int:
    """How many lines of the queue ask a person, of money received by a day."""
    with connection.cursor() as cursor:
        cursor.execute(_THAT_ASK, [entity_id, on])
        return int(cursor.fetchone()[0])


def _kept(payment_ids: Collection[int]) -> dict[int, int]:
    """{payment: lines of its last match} of those that a person has matched."""
    rows = Match.objects.filter(payment_id__in=among(payment_ids), decided__in=BY_PEOPLE)
    last = {row[0]: row[1:] for row in rows.order_by("id").values_list(*_DECIDED)}
    off = set(
        TakenOff.objects.filter(match_id__in=among([pk for pk, _ in last.values()])).values_list(
            "match_id", flat=True
        )
    )
    return {payment: lines for payment, (pk, lines) in last.items() if pk not in off}


def kept_by(entity_id: int, payment_id: int) -> Match | None:
    """The match by which a person put all of a payment on account, where that stands."""
    rows = Match.objects.filter(entity_id=entity_id, payment_id=payment_id, decided__in=BY_PEOPLE)
    row = rows.order_by("-id").first()
    if row is None or row.line_count or TakenOff.objects.filter(match_id=row.pk).exists():
        return None
    return row


def kept_whole(match_ids: Collection[int]) -> set[int]:
    """Those of some matches that put a payment on account whole and were not taken off it."""
    rows = Match.objects.filter(pk__in=among(match_ids), line_count=0)
    off = TakenOff.objects.filter(match_id__in=among(match_ids))
    return {*rows.values_list("pk", flat=True)} - {*off.values_list("match_id", flat=True)}


def _of_bank(
    payment_ids: Collection[int], account_id: int | None, statement_id: int | None
) -> set[int]:
    """Those of some payments that came in with a bank account or statement."""
    lines = BankLine.objects.filter(is_void=False)
    if account_id is not None:
        lines = lines.filter(account_id=account_id)
    if statement_id is not None:
        lines = lines.filter(statement_id=statement_id)
    parts = BankDetail.objects.filter(
        payment_id__in=among(payment_ids), line_id__in=lines.values("id")
    )
    alone = lines.filter(payment_id__in=among(payment_ids))
    return {
        *(pk for pk in alone.values_list("payment_id", flat=True) if pk is not None),
        *parts.values_list("payment_id", flat=True),
    }


def bank_accounts(entity_id: int) -> list[BankAccount]:
    """The bank accounts of an entity, by number."""
    return list(BankAccount.objects.filter(entity_id=entity_id).order_by("number", "currency"))


def latest_statements(entity_id: int, account_id: int | None = None) -> list[BankStatement]:
    """The statements that came last and stand, the newest first."""
    accounts = BankAccount.objects.filter(entity_id=entity_id)
    if account_id is not None:
        accounts = accounts.filter(pk=account_id)
    rows = BankStatement.objects.filter(account_id__in=accounts.values("id"), is_void=False)
    return list(rows.order_by("-closed_on", "-id")[:_MOST_STATEMENTS])


def statement_of_line(line_id: int) -> tuple[BankLine, BankStatement, BankAccount] | None:
    """A line with its statement and account."""
    line = BankLine.objects.filter(pk=line_id).first()
    if line is None:
        return None
    statement = BankStatement.objects.get(pk=line.statement_id)
    return line, statement, BankAccount.objects.get(pk=line.account_id)
