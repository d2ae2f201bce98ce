"""Reads of securities."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db.models import Q

from duly.credit.errors import SecurityUnknown
from duly.credit.models import ClockDone, CreditDeadline, Security
from duly.storage.among import among


def securities(
    *, entity_id: int, customer_id: int | None = None, on: date | None = None
) -> list[Security]:
    """Securities of an entity (or one customer), by when they end; with a day those in force."""
    rows = Security.objects.filter(entity_id=entity_id)
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    if on is not None:
        rows = rows.filter(_in_force(on))
    return sorted(rows, key=lambda row: (row.to_on or date.max, row.pk))


def security(security_id: int) -> Security:
    """The security of a number. Refuses: SecurityUnknown."""
    row = Security.objects.filter(pk=security_id).first()
    if row is None:
        raise security_unknown(security_id)
    return row


def security_unknown(security_id: int) -> SecurityUnknown:
    """The refusal of a number that is none."""
    return SecurityUnknown(
        f"There is no security {security_id}.",
        facts={"security": security_id},
        remedy="Look at `duly credit security list`.",
    )


def secured_by(
    entity_id: int, customer_ids: Collection[int], on: date
) -> dict[int, dict[str, int]]:
    """{customer: {currency: what securities of a fixed amount stand for on a day}}."""
    rows = Security.objects.filter(
        _in_force(on),
        entity_id=entity_id,
        customer_id__in=among(customer_ids),
        amount_minor__isnull=False,
    )
    found: dict[int, dict[str, int]] = {}
    for customer_id, currency, minor in rows.values_list("customer_id", "currency", "amount_minor"):
        theirs = found.setdefault(customer_id, defaultdict(int))
        theirs[currency] += minor or 0
    return found


def deadlines(entity_id: int) -> list[CreditDeadline]:
    """Dates of documents, consents and the like, the earliest first."""
    return list(CreditDeadline.objects.filter(entity_id=entity_id).order_by("due_on", "pk"))


def clocks_done(entity_id: int, customer_id: int | None = None) -> list[ClockDone]:
    """What was done about clocks, the newest first."""
    rows = ClockDone.objects.filter(entity_id=entity_id)
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    return list(rows.order_by("-done_on", "-pk"))


def _in_force(on: date) -> Q:
    begun = Q(from_on__lte=on) & (Q(to_on=None) | Q(to_on__gte=on))
    return begun & (Q(released_on=None) | Q(released_on__gt=on))
