"""How payments were applied, who pays from where, what waits."""

import duly.storage.fields
from django.db import migrations, models

from duly.storage.append_only import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('cash_application', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Suggestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entity_id', models.BigIntegerField(db_index=True)),
                ('payment_id', models.BigIntegerField(unique=True)),
                ('customer_id', models.BigIntegerField(db_index=True, null=True)),
                ('outcome', models.CharField(max_length=12)),
                ('made_on', models.DateField()),
                ('made_at', models.DateTimeField()),
                ('confidence_ppm', models.IntegerField()),
                ('is_unique', models.BooleanField()),
                ('on_account_minor', models.BigIntegerField()),
                ('way', models.CharField(blank=True, max_length=64)),
                ('lines', models.JSONField()),
                ('because', models.JSONField()),
                ('against', models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name='Alias',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entity_id', models.BigIntegerField()),
                ('customer_id', models.BigIntegerField(db_index=True)),
                ('kind', models.CharField(choices=[('account', 'Account'), ('name', 'Name')], max_length=8)),
                ('value', models.CharField(max_length=200)),
                ('shown', models.CharField(max_length=200)),
                ('payment_id', models.BigIntegerField(db_index=True, null=True)),
                ('actor', models.CharField(max_length=254)),
                ('learned_at', models.DateTimeField()),
                ('revoked_by', models.CharField(blank=True, max_length=254)),
                ('revoked_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('revoked_at__isnull', True)), fields=('entity_id', 'kind', 'value', 'customer_id'), name='alias_once')],
            },
        ),
        migrations.CreateModel(
            name='Match',
            fields=[
                ('id', duly.storage.fields.RowId(primary_key=True, serialize=False)),
                ('batch_id', models.BigIntegerField(db_index=True)),
                ('entity_id', models.BigIntegerField()),
                ('payment_id', models.BigIntegerField(db_index=True)),
                ('customer_id', models.BigIntegerField()),
                ('decided', models.CharField(choices=[('auto', 'By itself'), ('accepted', 'Accepted'), ('by_hand', 'By hand')], max_length=8)),
                ('matched_on', models.DateField()),
                ('currency', models.CharField(max_length=3)),
                ('applied_minor', models.BigIntegerField()),
                ('line_count', models.IntegerField()),
                ('confidence_ppm', models.IntegerField()),
                ('is_unique', models.BooleanField()),
                ('way', models.CharField(blank=True, max_length=64)),
                ('lines', models.TextField()),
                ('because', models.TextField()),
            ],
            options={
                'indexes': [models.Index(fields=['entity_id', 'matched_on'], name='match_day')],
            },
        ),
        migrations.CreateModel(
            name='SetAside',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entity_id', models.BigIntegerField()),
                ('payment_id', models.BigIntegerField(db_index=True)),
                ('reason', models.CharField(max_length=300)),
                ('actor', models.CharField(max_length=254)),
                ('recorded_at', models.DateTimeField()),
                ('ended_by', models.CharField(blank=True, max_length=254)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('payment_id',), name='set_aside_once')],
            },
        ),
        AppendOnly("Match"),
    ]
