"""Killed around the queue and the hand-over: no message is doubled, none is lost without a word."""

import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from collecting import TODAY, CollectionsDesk
from mail_server import MailServer
from shell import duly

ON = ("--on", TODAY)


@pytest.fixture
def server() -> MailServer:
    return MailServer()


@pytest.fixture
def desk(fresh_database: Any, tmp_path: Path, server: MailServer) -> CollectionsDesk:
    """Five customers who owe, sending on."""
    desk = CollectionsDesk(tmp_path, server)
    for n in range(5):
        desk.customer(f"C{n}")
        desk.invoice(f"I-{n}", f"C{n}", "500.00")
    desk.open_for_mail()
    return desk


@pytest.fixture
def kill_at(fresh_database: Any, server: MailServer) -> Callable[..., None]:
    """Run a command as a process that dies at a failpoint."""

    def kill(point: str, *arguments: object) -> None:
        done = fresh_database.run(
            *arguments, "--json", DULY_FAILPOINT=point, DULY_SMTP_URL=server.url
        )
        assert done.returncode == -signal.SIGKILL, done.stderr or "it lived"

    return kill


@pytest.fixture(autouse=True)
def _told_of_the_server(monkeypatch: pytest.MonkeyPatch, server: MailServer) -> None:
    monkeypatch.setenv("DULY_SMTP_URL", server.url)


def test_a_day_killed_while_it_queues_is_run_again(
    desk: CollectionsDesk, kill_at: Callable[..., None]
) -> None:
    planned = desk.day(TODAY, "--dry-run")
    kill_at("day.steps_written", "day", *ON)
    assert duly("messages")["messages"] == []
    assert desk.day()["digest"] == planned["digest"]
    assert desk.work()["sent"] == 5


@pytest.mark.parametrize(("point", "seen"), [("hand.claimed", 0), ("hand.answered", 1)])
def test_what_a_killed_worker_had_in_hand_is_unknown_and_never_sent_again(
    desk: CollectionsDesk,
    server: MailServer,
    kill_at: Callable[..., None],
    point: str,
    seen: int,
) -> None:
    """Pain A4: killed before the first command and after the server took it, thrice each."""
    desk.day()
    for n in range(1, 4):
        kill_at(point, "work", "--until-idle", *ON)
        assert len(server.taken) == n * seen
    assert desk.work() == {"sent": 2, "unknown": 1, "failed": 0, "cancelled": 0}
    for _ in range(3):
        desk.day()
        assert desk.work()["sent"] == 0
    states = list(desk.states().values())
    assert (states.count("unknown"), states.count("sent")) == (3, 2)
    ids = [one.message_id for one in server.taken]
    assert len(ids) == len(set(ids)) == 2 + 3 * seen
    tasks = [task for task in duly("task", "list")["tasks"] if task["kind"] == "message_unknown"]
    assert len(tasks) == 3  # a person is told of each
