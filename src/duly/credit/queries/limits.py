"""Limits in force."""

from collections.abc import Collection
from datetime import date

from duly.credit.rules.limits_in_force import IMPORTED, LimitInForce
from duly.parties.models import Customer
from duly.storage.among import among


def limits_on(entity_id: int, customer_ids: Collection[int], on: date) -> dict[int, LimitInForce]:
    """{customer: limit on a day}; who has none is left out. One query."""
    rows = Customer.objects.filter(
        pk__in=among(customer_ids), entity_id=entity_id, credit_limit_minor__isnull=False
    )
    return {
        pk: LimitInForce(minor or 0, currency, IMPORTED)
        for pk, minor, currency in rows.values_list("pk", "credit_limit_minor", "currency")
    }
