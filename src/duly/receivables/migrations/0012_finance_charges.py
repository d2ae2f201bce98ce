"""Finance charges are a kind of document."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("receivables", "0011_documents_by_order")]

    operations = [
        migrations.AlterField(
            model_name="document",
            name="kind",
            field=models.CharField(
                choices=[
                    ("invoice", "Invoice"),
                    ("credit_note", "Credit note"),
                    ("debit_note", "Debit note"),
                    ("charge", "Finance charge"),
                ],
                max_length=12,
            ),
        ),
    ]
