"""Keep the terms and conditions that a vote was for."""

from typing import ClassVar

from django.db import migrations, models

from duly.storage.append_only import AppendOnly


class Migration(migrations.Migration):
    """A column of steps."""

    dependencies: ClassVar = [("credit", "0008_scores")]

    operations: ClassVar = [
        migrations.AddField("decisionstep", "wanted", models.JSONField(default=dict)),
        AppendOnly("DecisionStep"),
    ]
