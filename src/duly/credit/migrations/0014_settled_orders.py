"""Note orders that were invoiced whole, and find those that count without reading them."""

from datetime import date
from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """A day for each order, and the index by which a family's orders are read."""

    dependencies: ClassVar = [("credit", "0013_terms_days")]

    operations: ClassVar = [
        migrations.AddField("order", "settled_on", models.DateField(default=date.max)),
        migrations.RemoveIndex("order", "order_released"),
        migrations.AddIndex(
            "order",
            models.Index(
                fields=["customer_id", "entity_id", "settled_on"],
                name="order_counted",
                condition=~models.Q(amount_minor=0),
            ),
        ),
    ]
