"""What is recorded is never changed or removed."""

from django.db import migrations

from duly.storage.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [
        AppendOnly("Batch"),
        AppendOnly("Entry"),
        AppendOnly("Posting"),
        AppendOnly("PeriodLock"),
        AppendOnly("Seal"),
        AppendOnly("SealBlock"),
    ]
