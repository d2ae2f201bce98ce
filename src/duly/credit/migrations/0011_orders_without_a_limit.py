"""Orders of customers without a limit wait from now on; a firm that is there keeps what it has."""

from datetime import date
from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.functions import Now

KNOBS = {"orders.needs_limit": "no"}
BEFORE_ALL = date(1900, 1, 1)  # what a firm said itself counts over it


def keep(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write down for each entity what was so until now."""
    policies = apps.get_model("credit", "CreditPolicy").objects
    for entity_id in apps.get_model("parties", "Entity").objects.values_list("pk", flat=True):
        policies.create(
            entity_id=entity_id,
            knobs=KNOBS,
            from_on=BEFORE_ALL,
            actor="upgrade",
            recorded_at=Now(),
        )


class Migration(migrations.Migration):
    """A version of the policy for each entity."""

    dependencies: ClassVar = [("credit", "0010_erased_flags"), ("parties", "0001_initial")]

    operations: ClassVar = [migrations.RunPython(keep, migrations.RunPython.noop)]
