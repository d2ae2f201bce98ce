"""Let names be erased from the memo and the notice of a decision; all else of it stays for good."""

from typing import ClassVar

from django.db import migrations

from duly.storage.append_only import AppendOnly


class Migration(migrations.Migration):
    """The triggers of decisions."""

    dependencies: ClassVar = [("credit", "0017_until")]

    operations: ClassVar = [AppendOnly("creditdecision", projections=("memo", "notice"))]
