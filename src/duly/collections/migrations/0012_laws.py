"""Packs of law, levels of rules, what debtors are to the law and what they said of channels."""

from typing import ClassVar

from django.db import migrations, models

from duly.storage.append_only import AppendOnly


def _fields(*own: tuple[str, models.Field]) -> list[tuple[str, models.Field]]:
    return [
        (
            "id",
            models.BigAutoField(
                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
            ),
        ),
        ("entity_id", models.BigIntegerField(db_index=True)),
        *own,
        ("actor", models.CharField(max_length=254)),
        ("recorded_at", models.DateTimeField()),
    ]


class Migration(migrations.Migration):
    """Four tables, none of which is ever changed."""

    dependencies: ClassVar = [("collections", "0011_finance_charges")]

    operations: ClassVar = [
        migrations.CreateModel(
            "LawPack",
            _fields(
                ("name", models.CharField(max_length=64)),
                ("version", models.IntegerField()),
                ("text", models.TextField()),
                ("from_on", models.DateField()),
            ),
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["entity_id", "name", "version"], name="law_pack_version"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            "LawLevel",
            _fields(
                ("rule_id", models.CharField(max_length=40)),
                ("level", models.CharField(blank=True, max_length=8)),
                ("reason", models.CharField(max_length=500)),
                ("from_on", models.DateField()),
            ),
        ),
        migrations.CreateModel(
            "DebtorProfile",
            _fields(
                ("customer_id", models.BigIntegerField(db_index=True)),
                ("kind", models.CharField(max_length=12)),
                ("place", models.CharField(blank=True, max_length=6)),
                ("law", models.CharField(blank=True, max_length=6)),
                ("note", models.CharField(blank=True, max_length=500)),
            ),
        ),
        migrations.CreateModel(
            "ChannelWish",
            _fields(
                ("customer_id", models.BigIntegerField(db_index=True)),
                ("channel", models.CharField(max_length=8)),
                ("is_allowed", models.BooleanField()),
                ("said_on", models.DateField()),
                ("evidence", models.CharField(max_length=500)),
            ),
        ),
        AppendOnly("LawPack"),
        AppendOnly("LawLevel"),
        AppendOnly("DebtorProfile"),
        AppendOnly("ChannelWish"),
    ]
