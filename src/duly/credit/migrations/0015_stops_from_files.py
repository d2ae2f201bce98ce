"""A stop keeps what it rests on, and the import that brought it."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two columns of stops."""

    dependencies: ClassVar = [("credit", "0014_settled_orders")]

    operations: ClassVar = [
        migrations.AddField("orderstop", "source", models.CharField(blank=True, default="", max_length=200)),
        migrations.AddField("orderstop", "batch_id", models.BigIntegerField(db_index=True, null=True)),
    ]
