"""Keep for how many days terms are, with the limit that they belong to."""

from typing import ClassVar

from django.db import migrations, models

from duly.storage.append_only import AppendOnly


class Migration(migrations.Migration):
    """A column of limits and of proposals."""

    dependencies: ClassVar = [("credit", "0012_signals_of_calls")]

    operations: ClassVar = [
        migrations.AddField(
            "creditlimit", "terms_days", models.PositiveSmallIntegerField(null=True)
        ),
        migrations.AddField(
            "limitproposal", "terms_days", models.PositiveSmallIntegerField(null=True)
        ),
        AppendOnly("CreditLimit"),
        AppendOnly("LimitProposal"),
    ]
