"""The background worker: one at a time, and no task lost with the worker that ran it."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from duly.interfaces.jobs.worker import (
    MOST_STARTS,
    BackgroundWorker,
    put_back_orphans,
)
from duly.storage.locks import alone

DONE: list[str] = []
ENDED = threading.Event()


@task()
def note(text: str) -> str:
    """Write a text down."""
    DONE.append(text)
    ENDED.set()
    return text


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)


def running(starts: int) -> DBTaskResult:
    """A task that was running when its worker was killed, for the n-th time."""
    row = DBTaskResult.objects.get(id=note.enqueue("again").id)
    row.status = TaskResultStatus.RUNNING
    row.started_at = datetime.now(UTC)
    row.worker_ids = [f"gone:{n}" for n in range(starts)]
    row.save()
    return row


@pytest.mark.django_db
def test_a_task_of_a_dead_worker_is_ready_again() -> None:
    row = running(starts=1)
    assert list(DBTaskResult.objects.ready()) == []
    assert put_back_orphans() == 1
    assert list(DBTaskResult.objects.ready()) == [row]


@pytest.mark.django_db
def test_a_task_that_ends_its_worker_again_and_again_is_given_up() -> None:
    row = running(starts=MOST_STARTS)
    assert put_back_orphans() == 0
    row.refresh_from_db()
    assert row.status == TaskResultStatus.FAILED
    assert "TaskAbandoned" in row.exception_class_path


def test_two_never_work_at_once(db: None) -> None:
    with alone("worker") as first, alone("worker") as second:
        assert (first, second) == (True, False)
    with alone("worker") as again:
        assert again


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """Rows that another thread sees. The ledger lets nothing flush the database afterwards."""
    with django_db_blocker.unblock():
        yield
        DBTaskResult.objects.all().delete()
        connection.close()


def test_it_takes_tasks_until_told_to_stop(committed: None) -> None:
    DONE.clear()
    ENDED.clear()
    orphan = running(starts=1)
    worker = BackgroundWorker()
    worker.start()
    try:
        assert ENDED.wait(30), "the task was not taken"
    finally:
        assert worker.stop()
    orphan.refresh_from_db()
    assert DONE == ["again"]
    assert orphan.status == TaskResultStatus.SUCCESSFUL
    note.enqueue("later")
    assert DBTaskResult.objects.ready().count() == 1, "nothing is taken after the end"
