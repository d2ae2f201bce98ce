"""Finance charges: own rates, knobs, what was charged, what came off; offers of discounts."""

from django.db import migrations, models

import duly.storage.fields
from duly.storage.append_only import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('collections', '0010_instalment_plans'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChargeRelief',
            fields=[
                ('id', duly.storage.fields.RowId(primary_key=True, serialize=False)),
                ('batch_id', models.BigIntegerField(db_index=True)),
                ('entity_id', models.BigIntegerField()),
                ('document_id', models.BigIntegerField(db_index=True)),
                ('kind', models.CharField(choices=[('waived', 'Waived'), ('reversed', 'Reversed'), ('removed', 'Removed: the objection was right')], max_length=10)),
                ('currency', models.CharField(max_length=3)),
                ('amount_minor', models.BigIntegerField()),
                ('relieved_on', models.DateField()),
                ('reason', models.CharField(max_length=300)),
                ('dispute_id', models.BigIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='ChargingVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entity_id', models.BigIntegerField(db_index=True)),
                ('segment', models.CharField(blank=True, max_length=64)),
                ('customer_id', models.BigIntegerField(default=0)),
                ('from_on', models.DateField()),
                ('knobs', models.JSONField()),
                ('actor', models.CharField(max_length=254)),
                ('recorded_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='OwnRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entity_id', models.BigIntegerField(db_index=True)),
                ('table', models.CharField(max_length=32)),
                ('name', models.CharField(max_length=120)),
                ('from_on', models.DateField()),
                ('to_on', models.DateField()),
                ('percent', models.CharField(max_length=20)),
                ('source', models.CharField(max_length=200)),
                ('checked', models.CharField(max_length=10)),
                ('is_verified', models.BooleanField()),
                ('actor', models.CharField(max_length=254)),
                ('recorded_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Charge',
            fields=[
                ('id', duly.storage.fields.RowId(primary_key=True, serialize=False)),
                ('batch_id', models.BigIntegerField(db_index=True)),
                ('entity_id', models.BigIntegerField()),
                ('customer_id', models.BigIntegerField()),
                ('document_id', models.BigIntegerField(db_index=True)),
                ('item_id', models.BigIntegerField(db_index=True)),
                ('number', models.CharField(max_length=64)),
                ('key', models.CharField(max_length=40)),
                ('kind', models.CharField(choices=[('interest', 'Interest'), ('dispute', 'Interest on what was disputed'), ('fixed_sum', 'Fixed sum')], max_length=10)),
                ('month_on', models.DateField()),
                ('first_on', models.DateField()),
                ('last_on', models.DateField()),
                ('currency', models.CharField(max_length=3)),
                ('amount_minor', models.BigIntegerField()),
                ('basis', models.CharField(max_length=40)),
                ('day_count', models.CharField(max_length=6)),
                ('balances', models.TextField()),
                ('rates', models.TextField(blank=True)),
                ('unverified', models.CharField(blank=True, max_length=80)),
                ('is_reversed', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [models.Index(fields=['customer_id', 'month_on'], name='charge_customer')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_reversed', False)), fields=('key', 'entity_id'), name='charge_once')],
            },
        ),
        migrations.CreateModel(
            name='DiscountOffer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entity_id', models.BigIntegerField(db_index=True)),
                ('customer_id', models.BigIntegerField(db_index=True)),
                ('item_id', models.BigIntegerField()),
                ('number', models.CharField(max_length=64)),
                ('currency', models.CharField(max_length=3)),
                ('open_minor', models.BigIntegerField()),
                ('discount_minor', models.BigIntegerField()),
                ('percent', models.CharField(max_length=40)),
                ('offered_on', models.DateField()),
                ('due_on', models.DateField()),
                ('pay_by', models.DateField()),
                ('payment_id', models.BigIntegerField(null=True)),
                ('honoured_on', models.DateField(null=True)),
                ('actor', models.CharField(max_length=254)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('honoured_on', None)), fields=('item_id', 'pay_by'), name='discount_offer_once')],
            },
        ),
        AppendOnly("charge", ["is_reversed"]),
        AppendOnly("chargerelief"),
        AppendOnly("ownrate"),
    ]
