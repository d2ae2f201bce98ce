"""Batch entries that notices told the payments of."""

from django.db import migrations, models

import duly.storage.fields
from duly.storage.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("cash_application", "0006_paid_documents")]

    operations = [
        migrations.CreateModel(
            name="NoticedBatch",
            fields=[
                ("id", duly.storage.fields.RowId(primary_key=True, serialize=False)),
                ("batch_id", models.BigIntegerField(db_index=True)),
                ("account_id", models.BigIntegerField()),
                ("booked_on", models.DateField(null=True)),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("bank_reference", models.CharField(blank=True, max_length=140)),
                ("is_void", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["account_id", "amount_minor"], name="noticed_batch_sum")
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticedPart",
            fields=[
                ("id", duly.storage.fields.RowId(primary_key=True, serialize=False)),
                ("batch_id", models.BigIntegerField()),
                ("noticed_id", models.BigIntegerField(db_index=True)),
                ("amount_minor", models.BigIntegerField()),
                ("bank_reference", models.CharField(blank=True, max_length=140)),
                ("name", models.CharField(blank=True, max_length=200)),
                ("account", models.CharField(blank=True, max_length=64)),
                ("end_to_end", models.CharField(blank=True, max_length=140)),
                ("mandate", models.CharField(blank=True, max_length=140)),
                ("structured_reference", models.CharField(blank=True, max_length=300)),
                ("remittance", models.TextField(blank=True)),
                ("documents", models.TextField()),
            ],
        ),
        AppendOnly("NoticedBatch", projections=["is_void"]),
        AppendOnly("NoticedPart"),
    ]
