"""Which append-only tables are guarded by their triggers."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from duly.storage.append_only import EVENTS, AppendOnly


def append_only_tables() -> set[str]:
    """The tables of which the migrations say that rows are only added."""
    return {
        apps.get_model(migration.app_label, operation.model_name)._meta.db_table
        for migration in MigrationLoader(None).disk_migrations.values()
        for operation in migration.operations
        if isinstance(operation, AppendOnly)
    }


def unguarded() -> list[str]:
    """Append-only tables that lack a trigger, or whose trigger is switched off."""
    there = set(_triggers_there())
    wanted = EVENTS[connection.vendor]
    return sorted(
        table
        for table in append_only_tables()
        if not {(table, f"{table}_no_{event}") for event in wanted} <= there
    )


def _triggers_there() -> Iterator[tuple[str, str]]:
    """(table, trigger) of every trigger that acts on what anyone writes."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                " JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal"
                " AND t.tgenabled IN ('O', 'A') AND p.proname = 'duly_refuse_change'"
                " AND p.prosrc LIKE '%RAISE EXCEPTION%'"
            )
        else:
            cursor.execute(
                "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"
                " AND sql LIKE '%RAISE(ABORT,%'"
            )
        yield from cursor.fetchall()
