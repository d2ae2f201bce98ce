"""A company that writes to its customers: whom it is late with, under a policy for any day."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.interfaces.web.conftest import AT, take_in

from duly.collections.actions import choose_policy, save_policy
from duly.collections.queries.standing import next_sending_day
from duly.interfaces.jobs.day import run_day
from duly.parties.models import Entity

# Bank data counts for long: on which day of the year the tests run does not matter.
POLICY: dict[str, Any] = {
    "name": "firm",
    "fresh_days": 60,
    "hours": [0, 24],
    "weekdays": [1, 2, 3, 4, 5, 6, 7],
    "steps": [
        {"code": "friendly", "days": 5, "template": "friendly", "minimum": "10"},
        {"code": "reminder", "days": 200, "template": "reminder", "wait_days": 14},
    ],
}


@pytest.fixture
def chased(entity: Entity, today: date) -> Entity:
    """C1 owes 250.50 and C2 40.25 that are late, C4 too and has no address; C5 pays by itself."""

    def ago(days: int) -> str:
        return (today - timedelta(days=days)).isoformat()

    take_in(
        entity,
        "customers",
        ("customer_id", "name", "country", "currency", "email", "payment_method", "language"),
        ("C1", "Meridian Foods", "GB", "GBP", "ap@meridian.example", "", "en"),
        ("C2", "Tall Oaks Joinery", "GB", "GBP", "oaks@oaks.example", "", "de"),
        ("C4", "Quarry Lane", "GB", "GBP", "", "", ""),
        ("C5", "Saltmarsh", "GB", "GBP", "salt@marsh.example", "direct_debit", ""),
    )
    take_in(
        entity,
        "items",
        ("kind", "number", "customer_id", "currency", "issued_on", "due_on", "amount"),
        ("invoice", "INV-1", "C1", "GBP", ago(40), ago(20), "250.50"),
        ("invoice", "INV-2", "C2", "GBP", ago(60), ago(30), "40.25"),
        ("invoice", "INV-4", "C4", "GBP", ago(60), ago(30), "400.00"),
        ("invoice", "INV-5", "C5", "GBP", ago(60), ago(30), "500.00"),
    )
    take_in(
        entity,
        "payments",
        ("payment_id", "currency", "received_on", "amount", "customer_id"),
        ("PAY-1", "GBP", ago(0), "5.00", "C2"),
    )
    save_policy(
        entity_id=entity.pk, document=POLICY, valid_from=date(2026, 1, 1), actor="test", at=AT
    )
    choose_policy(
        entity_id=entity.pk,
        policy="firm",
        scope="entity",
        on=date(2026, 1, 1),
        actor="test",
        at=AT,
    )
    return entity


def queue_day(entity: Entity, today: date) -> date:
    """Queue the messages of the next day on which offices work; return the day."""
    on = next_sending_day(entity, today)
    run_day(entity=entity, on=on, actor="test", at=AT, is_dry_run=False)
    return on
