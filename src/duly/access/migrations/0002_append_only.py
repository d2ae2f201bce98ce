"""What is recorded is never changed or removed."""

from django.db import migrations

from duly.storage.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]
    operations = [
        AppendOnly("Change"),
        AppendOnly("Event"),
        AppendOnly("Request"),
    ]
