from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('collections', '0007_statement_schedules'),
    ]

    operations = [
        migrations.AlterField(
            model_name='scheduledrun',
            name='state',
            field=models.CharField(choices=[('writing', 'Being written'), ('done', 'Done'), ('failed', 'Broke off'), ('replaced', 'Replaced by a newer one'), ('stopped', 'Stopped with its schedule')], default='writing', max_length=8),
        ),
    ]
