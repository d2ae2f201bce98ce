"""A kept request carries a digest over all of it."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from duly.access.rules.requests import request_digest
from duly.storage.append_only import AppendOnly


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the digests of what is kept already."""
    requests = apps.get_model("access", "Request").objects
    for row in requests.iterator(chunk_size=1000):
        digest = request_digest(row.key, row.command, row.input_digest, row.result, row.recorded_at)
        requests.filter(pk=row.pk).update(digest=digest)


class Migration(migrations.Migration):
    dependencies = [("access", "0002_append_only")]
    operations = [
        migrations.AddField(
            "request", "digest", models.CharField(max_length=64, default=""), preserve_default=False
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        AppendOnly("Request"),
    ]
