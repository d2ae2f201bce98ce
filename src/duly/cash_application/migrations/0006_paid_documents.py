"""Which documents a bank's line names as paid; which numbers are of one account."""

from django.db import migrations, models

import duly.storage.fields
from duly.storage.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("cash_application", "0005_matching_knobs")]

    operations = [
        migrations.CreateModel(
            name="PaidDocument",
            fields=[
                ("id", duly.storage.fields.RowId(primary_key=True, serialize=False)),
                ("batch_id", models.BigIntegerField()),
                ("payment_id", models.BigIntegerField(db_index=True)),
                ("number", models.CharField(max_length=300)),
                ("kind", models.CharField(blank=True, max_length=35)),
                ("gross_minor", models.BigIntegerField(null=True)),
                ("paid_minor", models.BigIntegerField(null=True)),
                ("discount_minor", models.BigIntegerField()),
                ("deduction_minor", models.BigIntegerField()),
                ("reason", models.CharField(blank=True, max_length=300)),
            ],
        ),
        AppendOnly("PaidDocument"),
        migrations.AddField(
            model_name="bankaccount",
            name="same_as_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="bankaccount",
            name="same_said_by",
            field=models.CharField(blank=True, max_length=254, default=""),
            preserve_default=False,
        ),
    ]
