"""Triggers that refuse to change or remove what was recorded, on both databases.

`AppendOnly("entry")` is a migration operation: rows of the table can be added and nothing else.
Columns that are projections of other rows (an item's open amount) are named in `projections` and
stay free; `duly check` proves them. A migration that adds a column says it again, for SQLite makes
the table anew without its triggers, and PostgreSQL's name the columns they guard.
"""

from collections.abc import Sequence

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# What each database can do to rows, and a trigger refuses.
EVENTS = {"sqlite": ("update", "delete"), "postgresql": ("update", "delete", "truncate")}

POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION duly_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are never changed or removed: post a reversal', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
POSTGRES_SOURCE = POSTGRES_FUNCTION.split("$$")[1]


class AppendOnly(migrations.operations.base.Operation):
    """Refuse UPDATE (except of `projections`) and DELETE on the table of a model."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, model_name: str, projections: Sequence[str] = ()) -> None:
        self.model_name = model_name
        self.projections = tuple(projections)

    def state_forwards(self, app_label: str, state: object) -> None:
        """Triggers change nothing that Django's state knows of."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: object,
        to_state: object,
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)  # type: ignore[attr-defined]
        self._remove_triggers(model._meta.db_table, schema_editor)
        vendor = schema_editor.connection.vendor
        if vendor == "postgresql":
            schema_editor.execute(POSTGRES_FUNCTION, params=None)  # its % is no placeholder
        for statement in self.triggers(model, vendor).values():
            schema_editor.execute(statement)

    def triggers(self, model: type[models.Model], vendor: str) -> dict[str, str]:
        """{trigger: the statement that makes it} for a model as it stands at this migration."""
        table = model._meta.db_table
        fixed = [f.column for f in model._meta.concrete_fields if f.column not in self.projections]
        columns = ", ".join(f'"{name}"' for name in fixed)
        acts = {"update": f"UPDATE OF {columns}", "delete": "DELETE", "truncate": "TRUNCATE"}
        statements = {}
        for event in EVENTS[vendor]:
            if vendor == "postgresql":
                each = "STATEMENT" if event == "truncate" else "ROW"
                then = f"FOR EACH {each} EXECUTE FUNCTION duly_refuse_change()"
            else:
                told = f"rows of {table} are never changed or removed: post a reversal"
                then = f"BEGIN SELECT RAISE(ABORT, '{told}'); END"
            name = f"{table}_no_{event}"
            statements[name] = f'CREATE TRIGGER "{name}" BEFORE {acts[event]} ON "{table}" {then}'
        return statements

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: object,
        to_state: object,
    ) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)  # type: ignore[attr-defined]
        self._remove_triggers(model._meta.db_table, schema_editor)

    def _remove_triggers(self, table: str, schema_editor: BaseDatabaseSchemaEditor) -> None:
        vendor = schema_editor.connection.vendor
        on = f' ON "{table}"' if vendor == "postgresql" else ""
        for event in EVENTS[vendor]:
            schema_editor.execute(f'DROP TRIGGER IF EXISTS "{table}_no_{event}"{on}')

    def describe(self) -> str:
        return f"Refuse to change or remove rows of {self.model_name}"
