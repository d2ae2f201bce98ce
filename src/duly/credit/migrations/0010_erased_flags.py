"""Let what a flag tells be erased; that it was raised, of which request and when, stays for good."""

from typing import ClassVar

from django.db import migrations

from duly.storage.append_only import AppendOnly


class Migration(migrations.Migration):
    """The triggers of flags."""

    dependencies: ClassVar = [("credit", "0009_votes")]

    operations: ClassVar = [AppendOnly("requestflag", projections=("text", "facts"))]
