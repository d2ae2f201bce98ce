"""Whose money a payment is held to be may be said after it came in."""

from django.db import migrations, models

import duly.storage.fields
from duly.storage.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("receivables", "0006_payments_by_day")]

    operations = [
        migrations.CreateModel(
            name="Attribution",
            fields=[
                ("id", duly.storage.fields.RowId(primary_key=True, serialize=False)),
                ("batch_id", models.BigIntegerField(db_index=True)),
                ("entity_id", models.BigIntegerField()),
                ("payment_id", models.BigIntegerField(db_index=True)),
                ("from_customer_id", models.BigIntegerField(null=True)),
                ("customer_id", models.BigIntegerField(null=True)),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("attributed_on", models.DateField()),
                ("source_on", models.DateField()),
            ],
            options={
                "indexes": [models.Index(fields=["attributed_on"], name="attribution_day")],
            },
        ),
        AppendOnly("Attribution"),
        AppendOnly("Payment", projections=["is_void", "unapplied_minor", "customer_id"]),
    ]
