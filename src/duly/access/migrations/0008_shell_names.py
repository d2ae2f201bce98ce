"""Say by which name a person acts in a shell, so that two names count as one person."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column of users."""

    dependencies: ClassVar = [("access", "0007_api_keys")]

    operations: ClassVar = [
        migrations.AddField("user", "shell_name", models.CharField(blank=True, default="", max_length=80), preserve_default=False),
        migrations.AddConstraint(
            "user",
            models.UniqueConstraint(
                fields=["shell_name"],
                name="shell_name_of_one",
                condition=~models.Q(shell_name=""),
            ),
        ),
    ]
