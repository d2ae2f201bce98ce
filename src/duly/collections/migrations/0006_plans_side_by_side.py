"""Plans stand side by side: of today the one before too, and of days to come. What was planned is
planned anew by the worker, so that no row needs to find its plan."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('collections', '0005_the_desk'),
    ]

    operations = [
        migrations.DeleteModel(name='WorklistRow'),
        migrations.RunSQL('DELETE FROM collections_dayplan', migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name='dayplan', name='day_plan_day'),
        migrations.AddField(
            model_name='dayplan',
            name='leaving',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='dayplan',
            name='facts',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddIndex(
            model_name='dayplan',
            index=models.Index(fields=['entity_id', 'on'], name='day_plan_on'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['entity_id', 'state', 'id'], name='message_state'),
        ),
        migrations.CreateModel(
            name='WorklistRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rank', models.IntegerField()),
                ('customer_id', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('value_minor', models.BigIntegerField()),
                ('overdue_minor', models.BigIntegerField()),
                ('oldest_days', models.IntegerField()),
                ('collector', models.CharField(blank=True, max_length=120)),
                ('segment', models.CharField(blank=True, max_length=64)),
                ('action', models.CharField(max_length=8)),
                ('step', models.CharField(blank=True, max_length=64)),
                ('channel', models.CharField(blank=True, max_length=8)),
                ('recipients', models.JSONField(default=list)),
                ('items', models.JSONField(default=list)),
                ('key', models.CharField(blank=True, max_length=64)),
                ('asked_minor', models.BigIntegerField(default=0)),
                ('why_code', models.CharField(blank=True, max_length=32)),
                ('why_text', models.CharField(blank=True, max_length=1000)),
                ('next_on', models.DateField(null=True)),
                ('plan', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to='collections.dayplan')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('plan', 'rank'), name='worklist_rank'),
                    models.UniqueConstraint(fields=('customer_id', 'currency', 'plan'), name='worklist_customer_currency'),
                ],
            },
        ),
    ]
