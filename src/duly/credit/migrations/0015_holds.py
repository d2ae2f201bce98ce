"""Who asked for what a hold holds, and what a release took."""

from django.db import migrations, models

from duly.storage.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("credit", "0017_insurance_and_securities")]

    operations = [
        migrations.RemoveField(model_name="holdcase", name="is_told"),
        migrations.AddField(
            model_name="holdcase",
            name="asked_by",
            field=models.CharField(default="", max_length=254),
            preserve_default=False,
        ),
        migrations.RemoveField(model_name="holdrelease", name="authority"),
        migrations.AddField(
            model_name="holdrelease",
            name="took",
            field=models.JSONField(default=list),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="holdrelease",
            name="role",
            field=models.CharField(blank=True, max_length=12),
        ),
        AppendOnly("HoldRelease"),
    ]
