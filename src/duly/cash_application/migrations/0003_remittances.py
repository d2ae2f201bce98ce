"""What payers said they paid."""

from django.db import migrations, models

import duly.storage.fields
from duly.storage.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("cash_application", "0002_matching"),
    ]

    operations = [
        migrations.CreateModel(
            name="RemittanceLine",
            fields=[
                ("id", duly.storage.fields.RowId(primary_key=True, serialize=False)),
                ("batch_id", models.BigIntegerField()),
                ("advice_id", models.BigIntegerField(db_index=True)),
                ("number", models.CharField(blank=True, max_length=300)),
                ("gross_minor", models.BigIntegerField(null=True)),
                ("paid_minor", models.BigIntegerField(null=True)),
                ("discount_minor", models.BigIntegerField()),
                ("deduction_minor", models.BigIntegerField()),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("text", models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name="RemittanceAdvice",
            fields=[
                ("id", duly.storage.fields.RowId(primary_key=True, serialize=False)),
                ("batch_id", models.BigIntegerField(db_index=True)),
                ("entity_id", models.BigIntegerField()),
                ("customer_id", models.BigIntegerField(null=True)),
                ("kind", models.CharField(max_length=12)),
                ("file", models.CharField(max_length=255)),
                ("place", models.CharField(max_length=100)),
                ("sha256", models.CharField(max_length=64)),
                ("ordinal", models.IntegerField()),
                ("mail_id", models.CharField(blank=True, max_length=255)),
                ("payer_name", models.CharField(blank=True, max_length=300)),
                ("payer_account", models.CharField(blank=True, max_length=300)),
                ("payer_code", models.CharField(blank=True, max_length=300)),
                ("payment_reference", models.CharField(blank=True, max_length=300)),
                ("amount_minor", models.BigIntegerField(null=True)),
                ("total_minor", models.BigIntegerField(null=True)),
                ("currency", models.CharField(max_length=3)),
                ("paid_on", models.DateField(null=True)),
                ("told_on", models.DateField()),
                ("line_count", models.IntegerField()),
                ("is_void", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["entity_id", "told_on"], name="remittance_advice_day"),
                    models.Index(
                        condition=models.Q(("customer_id__isnull", False)),
                        fields=["customer_id", "told_on"],
                        name="remittance_advice_customer",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_void", False)),
                        fields=("entity_id", "sha256", "ordinal"),
                        name="remittance_advice_once",
                    )
                ],
            },
        ),
        AppendOnly("RemittanceAdvice", projections=["is_void"]),
        AppendOnly("RemittanceLine"),
    ]
