"""The background worker: one for each installation, in a thread beside the web app.

A worker that was killed leaves its task marked as running, and the task library never takes such
a task again. Whoever holds the worker's lock therefore knows that every running task is an orphan,
and puts it back. Tasks are written to be run twice without harm: their writes carry keys.
"""

import logging
import os
import socket
import threading

from django.core.management import call_command
from django.db import DatabaseError, close_old_connections, connections
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from duly.interfaces.jobs.aging import keeping_ages
from duly.interfaces.jobs.holding import keeping_holds
from duly.interfaces.jobs.morning import keeping_plans
from duly.interfaces.jobs.scheduled import keeping_statements
from duly.kernel.errors import Outage
from duly.storage.locks import alone

POLL_SECONDS = 1.0
LOCK_RETRY_SECONDS = 10.0
MOST_STARTS = 3

log = logging.getLogger("duly.worker")


class TaskAbandoned(Outage):
    """A task's worker died under it, again and again."""

    code = "TASK_ABANDONED"


class BackgroundWorker:
    """Runs tasks in a thread until told to stop; waits while another process holds the lock."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._worker: Worker | None = None
        self._thread = threading.Thread(target=self._run, name="duly-worker", daemon=True)

    def start(self) -> None:
        """Begin to take tasks."""
        self._thread.start()

    def stop(self, timeout_seconds: float = 30.0) -> bool:
        """Finish the task at hand, take no other. Tells whether it ended in time."""
        self._stop.set()
        if self._worker is not None:
            self._worker.running = False
        self._thread.join(timeout_seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with alone("worker") as is_ours:
                    if is_ours:
                        self._take_tasks()
            except DatabaseError:
                log.warning("The worker can't reach the database; it tries again.", exc_info=True)
            finally:
                close_old_connections()
            self._stop.wait(LOCK_RETRY_SECONDS)
        connections.close_all()

    def _take_tasks(self) -> None:
        put_back_orphans()
        call_command("clearsessions")
        self._worker = _worker(batch=False)
        if not self._stop.is_set():
            with keeping_ages(), keeping_plans(), keeping_statements(), keeping_holds():
                self._worker.run()


def run_ready_tasks() -> tuple[int, int]:
    """Run every task that is ready, if no other worker does; return (done, failed)."""
    with alone("worker") as is_ours:
        if not is_ours:
            return 0, 0
        put_back_orphans()
        ready = list(DBTaskResult.objects.ready().values_list("id", flat=True))
        if ready:
            _worker(batch=True).run()
        ended = DBTaskResult.objects.filter(id__in=ready)
        done = ended.filter(status=TaskResultStatus.SUCCESSFUL).count()
        return done, ended.filter(status=TaskResultStatus.FAILED).count()


def _worker(*, batch: bool) -> Worker:
    return Worker(
        queue_names=["*"],
        interval=POLL_SECONDS,
        batch=batch,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=f"{socket.gethostname()[:40]}:{os.getpid()}",
        excluded_queue_names=[],
    )


def put_back_orphans() -> int:
    """Make tasks of dead workers ready again; give up on one that was started three times.

    Only the holder of the worker's lock may call it. Returns: how many are ready again.
    """
    again = 0
    for task in DBTaskResult.objects.running():
        if len(task.worker_ids) >= MOST_STARTS:
            task.set_failed(
                TaskAbandoned(
                    f"The worker died {len(task.worker_ids)} times under this task.",
                    facts={"task": task.task_path, "id": str(task.id)},
                    remedy="Look in the log for what ended it, then start it again.",
                )
            )
            continue
        task.status, task.started_at = TaskResultStatus.READY, None
        task.save(update_fields=["status", "started_at"])
        again += 1
    return again
