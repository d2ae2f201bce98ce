"""Orders, what became of them, and those that wait."""

import duly.storage.fields
from django.db import migrations, models
from duly.storage.append_only import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('credit', '0004_limits'),
    ]

    operations = [
        migrations.CreateModel(
            name='HoldRelease',
            fields=[
                ('id', duly.storage.fields.RowId(primary_key=True, serialize=False)),
                ('case_id', models.BigIntegerField(db_index=True)),
                ('order_id', models.BigIntegerField(db_index=True)),
                ('tests', models.JSONField()),
                ('currency', models.CharField(max_length=3)),
                ('amount_minor', models.BigIntegerField()),
                ('reason', models.CharField(max_length=500)),
                ('role', models.CharField(blank=True, max_length=12)),
                ('took', models.JSONField()),
                ('released_on', models.DateField()),
                ('expires_on', models.DateField()),
                ('actor', models.CharField(max_length=254)),
                ('recorded_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='OrderMovement',
            fields=[
                ('id', duly.storage.fields.RowId(primary_key=True, serialize=False)),
                ('order_id', models.BigIntegerField(db_index=True)),
                ('kind', models.CharField(choices=[('confirmed', 'Released'), ('amended', 'Released for another amount'), ('shipped', 'Shipped'), ('cancelled', 'Cancelled')], max_length=12)),
                ('currency', models.CharField(max_length=3)),
                ('amount_minor', models.BigIntegerField()),
                ('on', models.DateField()),
                ('actor', models.CharField(max_length=254)),
                ('recorded_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='HoldCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entity_id', models.BigIntegerField()),
                ('order_id', models.BigIntegerField(db_index=True)),
                ('customer_id', models.BigIntegerField(db_index=True)),
                ('checkpoint', models.CharField(choices=[('confirm', 'Before it is confirmed'), ('pick', 'Before it is picked'), ('ship', 'Before it is shipped'), ('invoice', 'Before it is invoiced')], max_length=8)),
                ('currency', models.CharField(max_length=3)),
                ('amount_minor', models.BigIntegerField()),
                ('failed', models.JSONField()),
                ('owner', models.CharField(blank=True, max_length=120)),
                ('opened_on', models.DateField()),
                ('opened_at', models.DateTimeField()),
                ('tested_at', models.DateTimeField()),
                ('ending', models.CharField(blank=True, choices=[('released', 'Released by a person'), ('cleared', 'Its cause cleared'), ('cancelled', 'The order was cancelled')], max_length=10)),
                ('ended_at', models.DateTimeField(null=True)),
                ('asked_by', models.CharField(max_length=254)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('ending', '')), fields=['entity_id', 'opened_at'], name='hold_case_queue')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ending', '')), fields=('order_id',), name='hold_case_open')],
            },
        ),
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entity_id', models.BigIntegerField()),
                ('customer_id', models.BigIntegerField()),
                ('ref', models.CharField(max_length=64)),
                ('currency', models.CharField(max_length=3)),
                ('amount_minor', models.BigIntegerField(default=0)),
                ('shipped_minor', models.BigIntegerField(default=0)),
                ('is_prepaid', models.BooleanField(default=False)),
                ('margin_minor', models.BigIntegerField(null=True)),
                ('ordered_on', models.DateField()),
                ('batch_id', models.BigIntegerField(db_index=True, null=True)),
                ('actor', models.CharField(max_length=254)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('amount_minor', 0), _negated=True), fields=['customer_id', 'entity_id'], name='order_released')],
                'constraints': [models.UniqueConstraint(fields=('entity_id', 'ref'), name='order_ref'), models.CheckConstraint(condition=models.Q(('amount_minor__gte', 0), ('shipped_minor__gte', 0), ('shipped_minor__lte', models.F('amount_minor'))), name='order_shipped_within_amount')],
            },
        ),
        migrations.CreateModel(
            name='OrderStop',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entity_id', models.BigIntegerField()),
                ('customer_id', models.BigIntegerField(db_index=True)),
                ('kind', models.CharField(max_length=10)),
                ('since_on', models.DateField()),
                ('reason', models.CharField(max_length=500)),
                ('actor', models.CharField(max_length=254)),
                ('recorded_at', models.DateTimeField()),
                ('lifted_at', models.DateTimeField(null=True)),
                ('lifted_by', models.CharField(blank=True, max_length=254)),
                ('lifted_because', models.CharField(blank=True, max_length=500)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('lifted_at__isnull', True)), fields=('customer_id', 'kind'), name='order_stop_once')],
            },
        ),
        AppendOnly("OrderMovement"),
        AppendOnly("HoldRelease"),
    ]
