"""Every test's ground: a home of its own, one of the two databases, and word of what was skipped.

A run is on SQLite, or on the PostgreSQL server that `DULY_TEST_POSTGRES` names
(`tests/databases.py` starts one). The tests are the same; those that touch no database are left
out on PostgreSQL. CONTRIBUTING.md tells which fixture suits which test.
"""

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
SERVER = os.environ.get("DULY_TEST_POSTGRES")
HOME = "duly-test-home-"
# `make test` is to take three minutes: fewer examples, nothing marked `complete`, no processes
# killed, and on PostgreSQL only what stands in the contexts, without a planted breach for each
# column of each proof. Continuous integration, and pytest by itself, run everything.
IS_QUICK = bool(os.environ.get("DULY_QUICK"))
_LONG_ON_SERVER = (
    *("exchange", "errors", "world", "interfaces/web", "interfaces/cli", "stories"),
    *("queries/test_proofs_seals.py", "queries/test_proofs_belonging.py"),
)
LEFT_OUT = [ROOT / "tests" / name for name in ("crash", *(_LONG_ON_SERVER if SERVER else ()))]
DATABASE_FIXTURES = {"db", "transactional_db", "installation", "fresh_database"}


def home_of_this_process() -> str:
    """A home that goes when this process ends; those of runs that were killed go now."""
    for left in Path(tempfile.gettempdir()).glob(f"{HOME}*-*"):
        try:
            os.kill(int(left.name.removeprefix(HOME).split("-")[0]), 0)
        except ProcessLookupError:
            shutil.rmtree(left, ignore_errors=True)
        except (PermissionError, ValueError):  # somebody else's, or none of ours
            continue
    home = tempfile.mkdtemp(prefix=f"{HOME}{os.getpid()}-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    return home


# Settings are read as soon as a conftest below imports a model: what they read stands here first.
# A database of the person who runs the tests is nothing to them, nor to the commands they start.
os.environ["DULY_HOME"] = home_of_this_process()
os.environ.pop("DULY_DATABASE_URL", None)
os.environ["DJANGO_SETTINGS_MODULE"] = "duly.settings"
if SERVER:
    os.environ["DULY_DATABASE_URL"] = f"{SERVER}/duly"

import django  # noqa: E402
from django.conf import settings as duly_settings  # noqa: E402

django.setup()
# Half a second for each password is what keeps strangers out; here none is a secret.
duly_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
for name in ("DULY_DATABASE_URL", "DJANGO_SETTINGS_MODULE"):  # workers come here themselves
    os.environ.pop(name, None)


# An example that is slow on a busy machine is no failure.
settings.register_profile("usual", deadline=None, max_examples=40 if IS_QUICK else 100)
settings.register_profile("long", deadline=None, max_examples=2000, stateful_step_count=100)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))


@dataclass(frozen=True)
class Installation:
    """A home and a migrated, empty database of one test, for commands run as processes."""

    home: Path
    environment: dict[str, str]
    database: str  # SQLite: the file; PostgreSQL: the database's name

    def run(self, *arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
        """Run `duly ARGUMENTS` to its end. `more` is added to its environment."""
        return subprocess.run(
            [sys.executable, "-m", "duly", *map(str, arguments)],
            env=self.environment | more,
            capture_output=True,
            text=True,
            timeout=300,
        )


def _environment(home: Path, database: str) -> dict[str, str]:
    path = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "DULY_HOME": str(home), "PYTHONPATH": path}
    if SERVER:
        environment["DULY_DATABASE_URL"] = f"{SERVER}/{database}"
    return environment


def _on_server(statement: str) -> None:
    import psycopg

    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


def _database_in(home: Path, name: str) -> str:
    return name if SERVER else str(home / "duly.sqlite3")


@pytest.fixture(scope="session")
def _migrated(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """A database with every migration, to copy from."""
    home = tmp_path_factory.mktemp("migrated")
    database = _database_in(home, f"duly_migrated_{worker_id}")
    if SERVER:
        _on_server(f"CREATE DATABASE {database}")
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity", "0", "--skip-checks"],
        env=_environment(home, database) | {"DJANGO_SETTINGS_MODULE": "duly.settings"},
        check=True,
    )
    yield database
    if SERVER:
        _on_server(f"DROP DATABASE {database} WITH (FORCE)")


@pytest.fixture
def installation(tmp_path: Path, _migrated: str, worker_id: str) -> Iterator[Installation]:
    """An installation of this test's own, for `duly` run as a process (killed, too)."""
    home = tmp_path / "home"
    home.mkdir()
    database = _database_in(home, f"duly_one_{worker_id}")
    if SERVER:
        _on_server(f"CREATE DATABASE {database} TEMPLATE {_migrated}")
    else:
        shutil.copyfile(_migrated, database)
    yield Installation(home, _environment(home, database), database)
    if SERVER:
        _on_server(f"DROP DATABASE {database} WITH (FORCE)")


@pytest.fixture
def fresh_database(
    installation: Installation, django_db_blocker: pytest.FixtureRequest
) -> Iterator[Installation]:
    """The same, with Django in this process on it: for tests that commit, or use threads.

    Rows here can't be flushed afterwards (triggers refuse), so the database is made anew. Threads
    close their connections themselves.
    """
    from django.db import connections

    before, kept = connections.settings["default"], connections["default"]
    connections.settings["default"] = {**before, "NAME": installation.database}
    connections["default"] = connections.create_connection("default")
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield installation
        connections["default"].close()
    connections.settings["default"] = before
    connections["default"] = kept


@pytest.fixture(scope="session")
def _mailboxes() -> Iterator[object]:
    """An IMAP server of this run."""
    from mailbox_server import WHY_NOT, private_mailboxes

    if WHY_NOT:
        pytest.skip(WHY_NOT)
    with private_mailboxes() as opened:
        yield opened


@pytest.fixture
def mailbox(_mailboxes, monkeypatch: pytest.MonkeyPatch):  # noqa: ANN001, ANN201
    """An empty mailbox of this test's own, named to Duly by the environment."""
    import secrets

    box = _mailboxes(f"box-{secrets.token_hex(4)}")
    for name, value in box.environment.items():
        monkeypatch.setenv(name, value)
    return box


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """Which of several parallel workers this is; `main` where there is one."""
    return str(getattr(request.config, "workerinput", {}).get("workerid", "main"))


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Don't even read, when time is short, what then would not run."""
    return True if IS_QUICK and collection_path in LEFT_OUT else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL run what touches a database, once more, and nothing else.

    What asks for a feature that PostgreSQL alone has is marked so, and left to that run. Browsers
    come first: a worker that waits for one at the end would wait alone.
    """
    wanted = [item for item in items if _is_wanted(item)]
    config.hook.pytest_deselected(items=[item for item in items if not _is_wanted(item)])
    items[:] = sorted(wanted, key=lambda item: item.get_closest_marker("browser") is None)


def _is_wanted(item: pytest.Item) -> bool:
    for_postgres = item.get_closest_marker("postgres") is not None
    if IS_QUICK and item.get_closest_marker("complete") is not None:
        return False
    if not SERVER:
        return not for_postgres
    uses = DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
    touches = bool(uses) or item.get_closest_marker("django_db") is not None
    return touches and item.get_closest_marker("browser") is None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell last what was skipped and why, and leave it for `tests/suite.py`."""
    skipped = [
        {"test": report.nodeid, "reason": report.longrepr[2].removeprefix("Skipped: ")}
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple)
    ]
    told = os.environ.get("DULY_SKIPPED_FILE")
    if told:
        Path(told).write_text(json.dumps(skipped))
        return
    for reason in sorted({one["reason"] for one in skipped}):
        count = sum(one["reason"] == reason for one in skipped)
        terminalreporter.write_line(f"skipped {count}: {reason}")
