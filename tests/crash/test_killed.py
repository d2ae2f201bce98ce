"""Killed with SIGKILL at every failpoint and run again: nothing is lost, nothing is doubled (T6).

The command runs in a process of its own, on a database of its own, and dies there as in a power
cut. What the books hold is read from here.
"""

import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from building import broken, row_count
from duly.storage.failpoints import NAMES
from northwind import APPLICATIONS, CUSTOMERS, ITEMS, PAYMENTS
from shell import duly, write

IMPORT_POINTS = [name for name in NAMES if name.startswith("import.")]
POST_POINTS = ["post.entries_written", "seal.before_write"]
MAIL_POINTS = [
    "statements.placed",  # test_killed_statements
    "day.steps_written",
    "hand.claimed",
    "hand.answered",  # test_killed_mail
    "mail.taken_in",  # test_incoming
]
AFTER_COMMIT = "write.after_commit"
ON = ("--on", "2026-03-14")


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return [
        write(tmp_path, "customers.csv", CUSTOMERS),
        write(tmp_path, "items.csv", ITEMS),
        write(tmp_path, "payments.csv", PAYMENTS),
        write(tmp_path, "applications.csv", APPLICATIONS),
    ]


@pytest.fixture
def kill_at(fresh_database: Any) -> Callable[..., None]:
    """Run a command as a process that dies at a failpoint."""

    def kill(point: str, *arguments: object) -> None:
        done = fresh_database.run(*arguments, "--json", DULY_FAILPOINT=point)
        assert done.returncode == -signal.SIGKILL, done.stderr or "it lived"
        assert done.stdout == ""

    return kill


@pytest.fixture
def company(fresh_database: Any) -> None:
    duly("init", "--entity", "Northwind Packaging", "--currency", "EUR", "--country", "DE")


def test_every_failpoint_is_tried_here() -> None:
    assert {*IMPORT_POINTS, *POST_POINTS, *MAIL_POINTS, AFTER_COMMIT} == set(NAMES)


@pytest.mark.parametrize("point", [*IMPORT_POINTS, *POST_POINTS])
def test_an_import_killed_and_run_again(
    company: None, kill_at: Callable[..., None], files: list[Path], point: str
) -> None:
    before = row_count()
    kill_at(point, "import", *files, "--key", "night")
    assert broken() == {}
    assert row_count() == before  # all or none: of four files, none
    told = duly("import", *files, "--key", "night")
    assert [batch["new"] for batch in told["batches"]] == [6, 8, 3, 2]
    assert duly("aging", *ON)["totals"]["EUR"]["total"] == "1694.95"
    assert broken() == {}
    assert duly("import", *files, "--key", "night") == told
    assert [batch["new"] for batch in duly("import", *files)["batches"]] == [0, 0, 0, 0]


def test_an_import_killed_after_its_commit_is_there(
    company: None, kill_at: Callable[..., None], files: list[Path]
) -> None:
    """Committed, and the answer lost: run again, the key brings the first answer."""
    kill_at(AFTER_COMMIT, "import", *files, "--key", "night")
    assert duly("aging", *ON)["totals"]["EUR"]["total"] == "1694.95"
    told = duly("import", *files, "--key", "night")
    assert [batch["new"] for batch in told["batches"]] == [6, 8, 3, 2]
    assert broken() == {}


ACTS = {
    "apply": ("apply", "P-3", "M-1=40.00", "M-2=15.55", "--customer", "MERIDIAN", *ON),
    "unapply": ("unapply", "P-1", *ON),
    "void": ("void", "M-2", "--customer", "MERIDIAN", *ON),
    "revert": ("import", "--revert", "BATCH"),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("point", POST_POINTS)
def test_an_act_killed_and_run_again(
    company: None, kill_at: Callable[..., None], files: list[Path], point: str, act: str
) -> None:
    duly("import", *files)
    newest = duly("imports")["imports"][0]["batch"]
    line = [newest if argument == "BATCH" else argument for argument in ACTS[act]]
    would_be = duly(*line, "--dry-run")
    rows, aged = row_count(), duly("aging", *ON)
    kill_at(point, *line, "--key", "once")
    assert (row_count(), duly("aging", *ON)) == (rows, aged)
    assert broken() == {}
    told = duly(*line, "--key", "once")
    assert {**told, "batch": 0} == {**would_be, "batch": 0}
    assert row_count() > rows
    assert broken() == {}


@pytest.mark.parametrize("act", ACTS)
def test_an_act_killed_after_its_commit_is_done_once(
    company: None, kill_at: Callable[..., None], files: list[Path], act: str
) -> None:
    """Done, and the answer lost: run again, the key tells it and nothing is done twice."""
    duly("import", *files)
    newest = duly("imports")["imports"][0]["batch"]
    line = [newest if argument == "BATCH" else argument for argument in ACTS[act]]
    would_be = duly(*line, "--dry-run")
    kill_at(AFTER_COMMIT, *line, "--key", "once")
    rows, aged = row_count(), duly("aging", *ON)
    told = duly(*line, "--key", "once")
    assert {**told, "batch": 0} == {**would_be, "batch": 0}
    assert (row_count(), duly("aging", *ON)) == (rows, aged)
    assert broken() == {}


def test_books_closed_and_the_answer_lost(company: None, kill_at: Callable[..., None]) -> None:
    kill_at(AFTER_COMMIT, "lock", "2026-01-31", "--key", "once")
    assert duly("lock")["locked_through"] == "2026-01-31"
    assert duly("lock", "2026-01-31", "--key", "once")["locked_through"] == "2026-01-31"


def test_two_kills_in_a_row(company: None, kill_at: Callable[..., None], files: list[Path]) -> None:
    for point in ("post.entries_written", "import.before_commit"):
        kill_at(point, "import", *files)
    assert [batch["new"] for batch in duly("import", *files)["batches"]] == [6, 8, 3, 2]
    assert broken() == {}


def test_a_first_run_killed_leaves_a_home_that_can_be_used(
    installation: Any, files: list[Path]
) -> None:
    """The very first import of a home makes the company too: that goes with it."""
    done = installation.run("import", *files, DULY_FAILPOINT="import.before_commit")
    assert done.returncode == -signal.SIGKILL
    done = installation.run("import", *files, "--json")
    assert done.returncode == 0, done.stderr
    assert installation.run("check").returncode == 0
