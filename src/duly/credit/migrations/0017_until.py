"""Keep until when guarantees and consents hold."""

from typing import ClassVar

from django.db import migrations, models

from duly.storage.append_only import AppendOnly


class Migration(migrations.Migration):
    """A column of each."""

    dependencies: ClassVar = [("credit", "0016_turnover_declared")]

    operations: ClassVar = [
        migrations.AddField("consent", "until_on", models.DateField(null=True)),
        migrations.AddField("guarantee", "until_on", models.DateField(null=True)),
        AppendOnly("Consent"),
        AppendOnly("Guarantee"),
    ]
