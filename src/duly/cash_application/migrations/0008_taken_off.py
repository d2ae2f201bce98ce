"""Money that was put on account and taken off it again."""

from django.db import migrations, models

import duly.storage.fields
from duly.storage.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("cash_application", "0007_notices")]

    operations = [
        migrations.CreateModel(
            name="TakenOff",
            fields=[
                ("id", duly.storage.fields.RowId(primary_key=True, serialize=False)),
                ("batch_id", models.BigIntegerField()),
                ("entity_id", models.BigIntegerField()),
                ("match_id", models.BigIntegerField(unique=True)),
            ],
        ),
        AppendOnly("TakenOff"),
    ]
