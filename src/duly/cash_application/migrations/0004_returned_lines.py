"""Which payments the lines of a bank took back."""

from django.db import migrations, models

import duly.storage.fields
from duly.storage.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("cash_application", "0003_remittances")]

    operations = [
        migrations.CreateModel(
            name="ReturnedLine",
            fields=[
                ("id", duly.storage.fields.RowId(primary_key=True, serialize=False)),
                ("batch_id", models.BigIntegerField(db_index=True)),
                ("line_id", models.BigIntegerField(db_index=True)),
                ("payment_id", models.BigIntegerField()),
                ("is_void", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_void", False)),
                        fields=("payment_id",),
                        name="returned_line_payment",
                    )
                ],
            },
        ),
        AppendOnly("ReturnedLine", projections=["is_void"]),
        migrations.AddIndex(
            model_name="bankline",
            index=models.Index(
                condition=models.Q(("undoes", "in")),
                fields=["account_id", "booked_on"],
                name="bank_line_undoing",
            ),
        ),
    ]
