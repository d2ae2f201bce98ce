"""A small company whose figures are known, and people of each role who look at it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from tests.interfaces.web.browsing import browser, open_page, signed_in
from tests.interfaces.web.workdays import days_to_work

from duly.access.actions import add_user
from duly.access.models import User
from duly.intake.actions import import_sheets
from duly.intake.rules.sheet import Block, Sheet
from duly.parties.actions import add_entity
from duly.parties.models import Entity

__all__ = ["browser", "open_page", "signed_in"]  # fixtures

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PASSWORD = "a sentence is easier to keep"


def take_in(entity: Entity, kind: str, columns: Sequence[str], *rows: Sequence[str]) -> None:
    """Import rows of one kind, as a reader hands them over."""
    named = {name: [row[i] for row in rows] for i, name in enumerate(columns)}
    block = Block(range(2, len(rows) + 2), named)
    sheet = Sheet(kind, f"{kind}.csv", "duly", tuple(columns), iter([block]))
    import_sheets(entity=entity, sheets=[(sheet, "0" * 64)], actor="test", at=datetime.now(UTC))


@pytest.fixture(autouse=True)
def _working_day(request: pytest.FixtureRequest) -> Iterator[None]:
    """Where nothing leaves today, pages are looked at on the next working day.

    A server in a process of its own, as browsers ask it, keeps the real day.
    """
    days = days_to_work()
    if not days or "open_page" in request.fixturenames:
        yield
    else:
        with time_machine.travel(datetime.now(UTC) + timedelta(days=days)):
            yield


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Tries to sign in are counted, and figures kept, in the cache."""
    cache.clear()


@pytest.fixture
def today() -> date:
    return datetime.now(UTC).date()


@pytest.fixture
def entity(db: None) -> Entity:
    return add_entity(
        name="Northwind Packaging",
        currency="GBP",
        country="GB",
        timezone="UTC",
        terms="net30",
        at=AT,
    )


@pytest.fixture
def books(entity: Entity, today: date) -> Entity:
    """Owed: GBP 100.00 not yet due, 250.50 ten days late, 40.25 a hundred days late, of which
    50.00 came in without an item; JPY 7000, forty days late."""

    def ago(days: int) -> str:
        return (today - timedelta(days=days)).isoformat()

    take_in(
        entity,
        "customers",
        ("customer_id", "name", "country", "currency"),
        ("C1", "Meridian Foods", "GB", "GBP"),
        ("C2", "Tall Oaks Joinery", "GB", "GBP"),
        ("C3", '=cmd|"<script>alert(1)</script>"', "JP", "JPY"),
    )
    take_in(
        entity,
        "items",
        ("kind", "number", "customer_id", "currency", "issued_on", "due_on", "amount"),
        ("invoice", "INV-1", "C1", "GBP", ago(5), ago(-25), "100.00"),
        ("invoice", "INV-2", "C1", "GBP", ago(40), ago(10), "250.50"),
        ("invoice", "INV-3", "C2", "GBP", ago(130), ago(100), "40.25"),
        ("invoice", "INV-4", "C3", "JPY", ago(70), ago(40), "7000"),
    )
    take_in(
        entity,
        "payments",
        ("payment_id", "currency", "received_on", "amount", "customer_id"),
        ("PAY-1", "GBP", ago(1), "50.00", "C1"),
    )
    return entity


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """Makes someone who may sign in."""

    def made(role: str = "manager", email: str | None = None, **more: Any) -> User:
        return add_user(
            email=email or f"{role}@example.org",
            name=f"Some {role.title()}",
            role=role,
            password=more.get("password", PASSWORD),
            at=AT,
        )

    return made


@pytest.fixture
def open_as(person: Callable[..., User]) -> Callable[[str], Client]:
    """A browser in which someone of this role is signed in."""

    def opened(role: str) -> Client:
        client = Client()
        # No password: half a second of hashing that nobody signs in with.
        client.force_login(person(role, password=None))
        return client

    return opened
