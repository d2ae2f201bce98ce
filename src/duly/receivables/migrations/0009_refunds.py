"""Money that is to go back to who paid it, once a second person has approved it."""

from django.db import migrations, models

import duly.storage.fields
from duly.storage.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("receivables", "0008_returned_payments")]

    operations = [
        migrations.CreateModel(
            name="Refund",
            fields=[
                ("id", duly.storage.fields.RowId(primary_key=True, serialize=False)),
                ("batch_id", models.BigIntegerField()),
                ("entity_id", models.BigIntegerField()),
                ("approval_id", models.BigIntegerField()),
                ("payment_id", models.BigIntegerField(null=True)),
                ("credit_item_id", models.BigIntegerField(null=True)),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("asked_on", models.DateField()),
                ("reason", models.CharField(max_length=300)),
                ("account", models.CharField(blank=True, max_length=64)),
                ("source_account", models.CharField(blank=True, max_length=64)),
                ("state", models.CharField(default="asked", max_length=8)),
                ("application_id", models.BigIntegerField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("asked", "approved"))),
                        fields=["payment_id"],
                        name="refund_of_payment",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ("asked", "approved"))),
                        fields=["credit_item_id"],
                        name="refund_of_credit",
                    ),
                    models.Index(fields=["entity_id", "state", "id"], name="refund_state"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="refund_positive"
                    )
                ],
            },
        ),
        AppendOnly("Refund", projections=["state", "application_id"]),
    ]
