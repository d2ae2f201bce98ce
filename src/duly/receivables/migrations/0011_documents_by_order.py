"""Find the documents that name an order."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("receivables", "0010_document_reference")]

    operations = [
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                condition=models.Q(("order_ref__gt", "")),
                fields=["entity_id", "order_ref"],
                name="document_order",
            ),
        ),
    ]
