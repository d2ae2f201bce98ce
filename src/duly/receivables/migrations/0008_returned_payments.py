"""Payments that the bank took back; what is recorded of them is never changed or removed."""

from django.db import migrations, models

import duly.storage.fields
from duly.storage.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("receivables", "0007_attributions")]

    operations = [
        migrations.CreateModel(
            name="PaymentReturn",
            fields=[
                ("id", duly.storage.fields.RowId(primary_key=True, serialize=False)),
                ("batch_id", models.BigIntegerField(db_index=True)),
                ("entity_id", models.BigIntegerField()),
                ("payment_id", models.BigIntegerField()),
                ("returned_on", models.DateField()),
                ("reason", models.CharField(max_length=64)),
                ("is_void", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["entity_id", "returned_on"], name="payment_return_day")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_void", False)),
                        fields=("payment_id",),
                        name="payment_returned_once",
                    )
                ],
            },
        ),
        AppendOnly("PaymentReturn", projections=["is_void"]),
    ]
