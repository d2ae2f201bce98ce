"""The installation that a command works on: made on first use, without asking."""

import contextlib
import os
import pwd
import stat
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from duly.access.rules.actors import shell_actor

_PREPARED = False
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def prepare() -> None:
    """Set Django up, and make or bring up to date the database of this home."""
    global _PREPARED
    os.umask(OTHERS)  # processes that this one starts inherit it
    if _PREPARED:
        return
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    settings.HOME.mkdir(parents=True, exist_ok=True)
    shut([settings.HOME, *settings.HOME.glob("duly.sqlite3*"), *settings.HOME.glob("sample/**/*")])
    if not _is_current():
        print("Preparing the database ...", file=sys.stderr)
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    connection.ensure_connection()
    _PREPARED = True


def shut(paths: Iterable[Path]) -> None:
    """Take from all but the owner what an older release, or a looser umask, let them do.

    A folder that everybody shares (/tmp) stays as it is, and so does what is not ours.
    """
    for path in paths:
        with contextlib.suppress(FileNotFoundError, PermissionError):
            mode = path.stat().st_mode
            if mode & OTHERS and not mode & stat.S_ISVTX and not path.is_symlink():
                path.chmod(stat.S_IMODE(mode) & ~OTHERS)


def _is_current() -> bool:
    """Tell whether every migration is applied: one short query, so that commands start fast."""
    from django.db import DatabaseError, connection
    from django.db.migrations.loader import MigrationLoader

    try:
        loader = MigrationLoader(connection)
    except DatabaseError:
        return False
    return set(loader.graph.nodes) <= set(loader.applied_migrations)


def now() -> datetime:
    """The moment of this command: the only clock that verbs are given."""
    return datetime.now(UTC)


def actor() -> str:
    """Who runs the command, for the trail: the user of the process, then what the shell says."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container may run as a number that has no name
        name = f"uid {os.getuid()}"
    return shell_actor(name, os.environ.get("DULY_ACTOR") or os.environ.get("USER") or "")
