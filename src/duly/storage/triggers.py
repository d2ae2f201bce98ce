"""Which append-only tables are guarded by their triggers."""

from functools import cache

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from duly.storage.append_only import POSTGRES_SOURCE, AppendOnly


def append_only_tables() -> set[str]:
    """The tables of which the migrations say that rows are only added."""
    return set(_wanted(connection.vendor))


def unguarded() -> list[str]:
    """Append-only tables of which a trigger is not there as the migrations make it, or is off."""
    there = _triggers_there()
    return sorted(
        table
        for table, triggers in _wanted(connection.vendor).items()
        if any(there.get(name) != _plain(made) for name, made in triggers.items())
    )


@cache
def _wanted(vendor: str) -> dict[str, dict[str, str]]:
    """{table: {trigger: the statement that makes it}}, of the last migration that says so."""
    loader = MigrationLoader(None)
    state = loader.project_state().apps
    wanted = {}
    for _, migration in sorted(loader.disk_migrations.items()):
        for operation in migration.operations:
            if isinstance(operation, AppendOnly):
                model = state.get_model(migration.app_label, operation.model_name)
                wanted[model._meta.db_table] = operation.triggers(model, vendor)
    return wanted


def _triggers_there() -> dict[str, str]:
    """{trigger: the statement that makes it} of every trigger that acts on what anyone writes."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT t.tgname, pg_get_triggerdef(t.oid, true) FROM pg_trigger t"
                " JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal"
                " AND t.tgenabled IN ('O', 'A') AND p.prosrc = %s",
                [POSTGRES_SOURCE],
            )
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return {name: _plain(made) for name, made in cursor.fetchall()}


def _plain(statement: str) -> str:
    """A statement without quotation marks: PostgreSQL tells only those that a name needs."""
    return statement.replace('"', "")
