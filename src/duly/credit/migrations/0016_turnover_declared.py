"""Keep by when the turnover of a month is to be declared to an insurer."""

from typing import ClassVar

from django.db import migrations, models

from duly.storage.append_only import AppendOnly


class Migration(migrations.Migration):
    """A column of policies."""

    dependencies: ClassVar = [("credit", "0015_stops_from_files")]

    operations: ClassVar = [
        migrations.AddField("insurancepolicy", "declare_days", models.IntegerField(default=0)),
        AppendOnly("InsurancePolicy"),
    ]
