"""What is recorded is never changed or removed; projections are free, and proved."""

from django.db import migrations

from duly.storage.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("receivables", "0001_initial")]
    operations = [
        AppendOnly("Document", projections=["is_void"]),
        AppendOnly("Item", projections=["open_minor"]),
        AppendOnly("Payment", projections=["is_void", "unapplied_minor"]),
        AppendOnly("Application"),
    ]
