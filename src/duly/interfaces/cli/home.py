"""The installation that a command works on: made on first use, without asking."""

import os
import sys
from datetime import UTC, datetime

_PREPARED = False


def prepare() -> None:
    """Set Django up, and make or bring up to date the database of this home."""
    global _PREPARED
    if _PREPARED:
        return
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    settings.HOME.mkdir(parents=True, exist_ok=True)
    if not _is_current():
        print("Preparing the database ...", file=sys.stderr)
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    connection.ensure_connection()
    _PREPARED = True


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
    """Who runs the command, for the trail: the shell's user."""
    return f"shell:{os.environ.get('DULY_ACTOR') or os.environ.get('USER') or 'unknown'}"
