"""Schedules of statements on the web: made, changed, paused and ended; what came of a due day."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from django.test import Client
from tests.interfaces.web.chasing import chased
from tests.interfaces.web.shown import text

from duly.collections.models import Message, ScheduledRun, StatementSchedule
from duly.collections.rules.handing import Clock
from duly.interfaces.jobs.scheduled import carry_out_due
from duly.interfaces.web.pages.statements import schedules
from duly.parties.models import Customer, Entity

__all__ = ["chased"]

PLACE = "/statements/schedules/"
FORM = {"name": "Sundays", "due": "sunday", "kind": "open-item", "by": "mail", "minimum": "100"}


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)


@pytest.fixture
def collector(chased: Entity, open_as) -> Client:
    Customer.objects.filter(code="C4").update(address="4 Quarry Lane")
    return open_as("collector")


def shown(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return text(response.content.decode())


def carried_out(today: date) -> ScheduledRun:
    """The last Sunday, as if the schedule had been there."""
    StatementSchedule.objects.update(since_on=today - timedelta(days=7))
    assert carry_out_due(Clock(datetime.now(UTC), today)) == 1
    return ScheduledRun.objects.get()


def test_a_schedule_is_made_changed_paused_and_ended(collector: Client, chased: Entity) -> None:
    assert collector.post(PLACE, FORM).status_code == 302
    page = shown(collector, PLACE)
    assert "Sundays every Sunday" in page
    assert "from 100 on" in page
    collector.post(PLACE, FORM | {"due": "last-business-day", "minimum": ""})
    assert "last business day of the month" in shown(collector, PLACE)
    collector.post(f"{PLACE}pause/", {"name": "Sundays"})
    assert "Paused" in shown(collector, PLACE)
    collector.post(f"{PLACE}resume/", {"name": "Sundays"})
    trail = shown(collector, f"{PLACE}?change=Sundays")
    assert all(said in trail for said in ("Resumed", "Paused", "Changed", "Made"))
    collector.post(f"{PLACE}end/", {"name": "Sundays"})
    assert "No schedule yet" in shown(collector, PLACE)


def test_odd_input_is_refused_in_words(collector: Client) -> None:
    for field, value in (
        ("due", "²"), ("due", "32"), ("name", ""), ("name", "x" * 70), ("kind", "x"),
        ("paper", "a5"), ("by", "pigeon"), ("minimum", "1e9"), ("minimum", "-1"),
        ("currency", "EURO"), ("name", "a\x00\nb"),
    ):  # fmt: skip
        assert collector.post(PLACE, FORM | {field: value}).status_code == 422, (field, value)
    assert not StatementSchedule.objects.exists()


def test_a_run_tells_who_is_in_it_and_who_is_not(
    collector: Client, today: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedules, "READ_AT_ONCE", 3)
    collector.post(PLACE, FORM)
    run = carried_out(today)
    assert "Sundays Done 2 by mail, 1 for post 1 left out" in shown(collector, PLACE)
    page = shown(collector, f"{PLACE}runs/{run.pk}/")
    assert "All 4 By mail 2 For post 1 Left out 1" in page
    assert "The customer has no e-mail address." in page
    left = shown(collector, f"{PLACE}runs/{run.pk}/?outcome=left_out&after=²")
    assert "Tall Oaks Joinery C2 Left out The balance is below the least of the schedule." in left
    pdf = collector.get(f"{PLACE}runs/{run.pk}/statements.pdf")
    with pikepdf.open(BytesIO(b"".join(pdf.streaming_content))) as whole:
        assert len(whole.pages) == 1
    rows = collector.get(f"{PLACE}runs/{run.pk}/list.csv").content.decode("utf-8-sig")
    assert "C4,Quarry Lane,For post,The customer has no e-mail address.,," in rows
    assert len(rows.splitlines()) == 1 + 4  # read in two goes
    mail = Message.objects.get(customer_id=Customer.objects.get(code="C1").pk)
    told = shown(collector, f"/outbox/{mail.pk}/")
    assert f"The statement as of {today.day} " in told
    assert "Statement waits to leave" in shown(collector, f"/customers/{mail.customer_id}/")
    assert collector.get(f"{PLACE}runs/{run.pk + 1}/").status_code == 404


def test_whoever_only_looks_changes_nothing(chased: Entity, open_as) -> None:
    viewer = open_as("viewer")
    assert viewer.post(PLACE, FORM).status_code == 403
    assert viewer.post(f"{PLACE}end/", {"name": "Sundays"}).status_code == 403
    assert "New schedule" not in shown(viewer, PLACE)
