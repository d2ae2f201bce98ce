"""An index of the numbers of void documents: those that stand have theirs in `document_number`."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("receivables", "0004_aged_balances"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                fields=["entity_id", "number"],
                name="document_void_number",
                condition=models.Q(("is_void", True)),
            ),
        ),
    ]
