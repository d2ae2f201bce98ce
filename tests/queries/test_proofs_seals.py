"""I7: any sealed row that was flipped, dropped, reordered or slipped in is found and named."""

import pytest
from django.db import connection

from building import Books, broken, proved
from duly.cash_application.models import BankDetail, BankLine, BankStatement
from duly.ledger.models import Entry, Posting, Seal, SealBlock
from duly.receivables.models import Application, Document, Item, Payment
from duly.storage import bulk
from duly.storage.triggers import append_only_tables
from queries.planting import change, copy_row, drop, newest, plant, swap

pytestmark = pytest.mark.django_db

OF_BANK = [BankStatement, BankLine, BankDetail]
SEALED = [Entry, Posting, Document, Item, Payment, Application, *OF_BANK]
FLIPS = {
    "ledger_entry": {"booked_on": "2026-01-02"},
    "ledger_posting": {"currency": "USD"},
    "receivables_document": {"reference": "another"},
    "receivables_item": {"due_on": "2027-01-01"},
    "receivables_payment": {"payer_name": "another"},
    "receivables_application": {"applied_on": "2026-03-09"},
    "cash_application_bankstatement": {"number": "another"},
    "cash_application_bankline": {"name": "another"},
    "cash_application_bankdetail": {"remittance": "another"},
}


def told() -> list[dict[str, object]]:
    return broken().get("I7", [])


def test_untouched_books_hold_and_every_row_is_looked_at(books: Books) -> None:
    proof = proved()["I7"]
    assert proof.violations == []
    assert proof.checked == sum(model._default_manager.count() for model in SEALED)


@pytest.mark.parametrize("model", SEALED)
class TestEachTable:
    def ids(self, model: type) -> list[int]:
        return list(model._default_manager.order_by("id").values_list("id", flat=True))

    def test_a_flipped_row_is_named(self, books: Books, model: type) -> None:
        table = model._meta.db_table
        pk = self.ids(model)[1]
        change(table, pk, **FLIPS[table])
        batch = SealBlock.objects.filter(table=table, first_id__lte=pk).latest("first_id").batch_id
        assert told() == [{"table": table, "id": pk, "batch": batch, "problem": "changed"}]

    def test_a_dropped_row_is_named(self, books: Books, model: type) -> None:
        table = model._meta.db_table
        pk = self.ids(model)[0]
        drop(table, pk)
        assert [(one["table"], one["id"], one["problem"]) for one in told()] == [
            (table, pk, "missing")
        ]

    def test_all_rows_dropped_are_named(self, books: Books, model: type) -> None:
        table = model._meta.db_table
        there = self.ids(model)
        plant(table, f"DELETE FROM {table}")
        assert [one["id"] for one in told() if one["problem"] == "missing"] == there

    def test_reordered_rows_are_named(self, books: Books, model: type) -> None:
        table = model._meta.db_table
        first, second = self.ids(model)[:2]
        swap(table, first, second)
        assert [(one["table"], one["id"], one["problem"]) for one in told()] == [
            (table, first, "changed"),
            (table, second, "changed"),
        ]

    def test_a_row_slipped_in_is_told(self, books: Books, model: type) -> None:
        table = model._meta.db_table
        extra: dict[str, object] = {"number": "FALSE-1"} if model in (Document, Payment) else {}
        if model in (Entry, Application):
            extra["reverses_id"] = None
        if model in (BankLine, BankDetail):
            extra["payment_id"] = 99_999
        if model is BankLine:
            extra["occurrence"] = 2
        copy_row(table, newest(table), newest(table) + 1, **extra)
        assert [one for one in told() if one["table"] == table] == [
            {"table": table, "problem": "rows that no seal covers", "count": 1}
        ]


def test_a_row_with_a_line_break_does_not_hide_its_block(books: Books) -> None:
    """A name may hold a line break: which row of its block was flipped is still told."""
    books.take_in(
        "payments",
        "payment_id,customer_id,currency,received_on,amount,payer_name\n"
        'N-1,,EUR,2026-03-09,1.00,"Two\nlines"\nN-2,,EUR,2026-03-09,2.00,plain\n',
    )
    assert broken() == {}
    pk = Payment.objects.get(number="N-2").pk
    change("receivables_payment", pk, payer_name="other")
    assert [one["id"] for one in told()] == [pk]


@pytest.mark.parametrize(
    "name",
    [
        'a "quoted", name',
        "a\ttab",
        "a\rreturn",
        "two\r\nlines",
        "Łódź ß 😀",
        "trailing ",
        " leading",
        "\\N",
        "\\.",
        "''",
    ],
)
def test_any_text_reads_back_as_it_was_sealed(books: Books, name: str) -> None:
    text = '"' + name.replace('"', '""') + '"'
    books.take_in(
        "payments",
        "payment_id,customer_id,currency,received_on,amount,payer_name\n"
        f"N-1,,EUR,2026-03-09,1.00,{text}\n",
    )
    assert Payment.objects.get(number="N-1").payer_name == name
    assert told() == []


def test_the_database_writes_rows_as_they_were_sealed(books: Books) -> None:
    """Else each block would be read row by row, several times as slowly."""
    head = "payment_id,customer_id,currency,received_on,amount,payer_name,reference\n"
    for number, name in enumerate(['a "b", c', "two\nlines", "a\rb", "%s {0}", "None", " ", "Ł"]):
        text = '"' + name.replace('"', '""') + '"'
        books.take_in("payments", f"{head}T-{number},,EUR,2026-03-09,1.00,{text},")
    for model in SEALED:
        instead = getattr(model, "sealed_as", {})
        last = newest(model._meta.db_table)
        rows = bulk.rows_there(model, 1, last, instead)
        assert len(rows) == model._default_manager.count()
        assert bulk.lines_there(model, 1, last, instead) == bulk.lines_of(rows)
        assert bulk.lines_there(model, last + 1, last + 9, instead) == b""


class TestTheChain:
    def test_a_flipped_batch(self, books: Books) -> None:
        batch = Seal.objects.get(sequence=3).batch_id
        change("ledger_batch", batch, actor="somebody else")
        assert told() == [
            {
                "table": "ledger_seal",
                "batch": batch,
                "problem": "the digest is not of what is there",
            }
        ]

    def test_a_flipped_moment(self, books: Books) -> None:
        batch = Seal.objects.get(sequence=2).batch_id
        change("ledger_batch", batch, recorded_at="2025-01-01 00:00:00+00:00")
        assert [one["batch"] for one in told()] == [batch]

    @pytest.mark.parametrize("column", ["digest", "previous_digest"])
    def test_a_flipped_seal(self, books: Books, column: str) -> None:
        seal = Seal.objects.get(sequence=2)
        change("ledger_seal", seal.pk, **{column: "f" * 64})
        assert seal.batch_id in [one["batch"] for one in told()]

    def test_flipped_totals(self, books: Books) -> None:
        seal = Seal.objects.get(sequence=4)
        change("ledger_seal", seal.pk, totals='{"EUR": {"receivable": 1}}')
        assert set(broken()) == {"I6", "I7"}
        assert seal.batch_id in [one["batch"] for one in told()]

    def test_a_flipped_version(self, books: Books) -> None:
        seal = Seal.objects.get(sequence=2)
        change("ledger_seal", seal.pk, version=2)
        assert told() == [
            {"table": "ledger_seal", "batch": seal.batch_id, "problem": "of another version"}
        ]

    def test_flipped_marks(self, books: Books) -> None:
        block = SealBlock.objects.filter(table="receivables_item").earliest("id")
        marks = bytes(block.marks)
        change("ledger_sealblock", block.pk, marks=marks[:-1] + bytes([marks[-1] ^ 1]))
        (one,) = told()
        assert (one["table"], one["id"]) == ("ledger_sealblock", block.pk)

    def test_a_forged_block_covers_no_row_slipped_in(self, books: Books) -> None:
        from duly.ledger.rules import sealing

        id_ = newest("ledger_posting") + 1
        copy_row("ledger_posting", id_ - 1, id_)
        lines = bulk.lines_of(list(Posting.objects.filter(pk=id_).values_list()))
        SealBlock.objects.create(
            batch_id=99_999,
            table="ledger_posting",
            first_id=id_,
            count=1,
            digest=sealing.block_digest(lines),
            marks=sealing.row_marks(lines, 1),
        )
        assert told() == [
            {"table": "ledger_sealblock", "batch": 99_999, "problem": "rows of no seal"}
        ]

    def test_a_dropped_seal(self, books: Books) -> None:
        seal = Seal.objects.get(sequence=2)
        drop("ledger_seal", seal.pk)
        assert {one["problem"] for one in told()} >= {
            "a seal before it is missing",
            "batch without a seal",
        }

    def test_a_dropped_last_seal(self, books: Books) -> None:
        seal = Seal.objects.latest("sequence")
        drop("ledger_seal", seal.pk)
        assert seal.batch_id in [one.get("batch") for one in told()]

    def test_a_dropped_batch(self, books: Books) -> None:
        batch = Seal.objects.get(sequence=2).batch_id
        drop("ledger_batch", batch)
        assert told()[0]["problem"] == "batch is missing"

    def test_reordered_batches(self, books: Books) -> None:
        one, two = Seal.objects.order_by("sequence")[:2]
        swap("ledger_batch", one.batch_id, two.batch_id)
        assert {violation["batch"] for violation in told()} == {one.batch_id, two.batch_id}

    def test_a_dropped_seal_block(self, books: Books) -> None:
        block = SealBlock.objects.filter(table="receivables_item").latest("id")
        drop("ledger_sealblock", block.pk)
        assert {"ledger_seal", "receivables_item"} <= {one["table"] for one in told()}

    def test_a_forged_seal_block(self, books: Books) -> None:
        """Row and block changed together: the batch's digest still tells."""
        from duly.ledger.rules import sealing

        block = SealBlock.objects.filter(table="receivables_document").latest("id")
        change("receivables_document", block.first_id, reference="forged")
        names = ", ".join(f'"{name}"' for name in bulk.column_names(Document))
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {names.replace(chr(34) + 'is_void' + chr(34), '0')} "
                "FROM receivables_document WHERE id BETWEEN %s AND %s ORDER BY id",
                [block.first_id, block.first_id + block.count - 1],
            )
            lines = bulk.lines_of(cursor.fetchall())
        marks = sealing.row_marks(lines, block.count)
        change("ledger_sealblock", block.pk, digest=sealing.block_digest(lines), marks=marks)
        assert told() == [
            {
                "table": "ledger_seal",
                "batch": block.batch_id,
                "problem": "the digest is not of what is there",
            }
        ]


GUARDED = [
    "ledger_batch",
    "ledger_entry",
    "ledger_posting",
    "ledger_seal",
    "ledger_sealblock",
    "receivables_document",
    "receivables_item",
    "receivables_payment",
    "receivables_application",
    "cash_application_bankstatement",
    "cash_application_bankline",
    "cash_application_bankdetail",
]
BESIDE = ["ledger_periodlock", "access_change", "access_event", "access_request"]


def drop_trigger(table: str, event: str) -> None:
    on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        if on:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f'DROP TRIGGER "{table}_no_{event}"{on}')


class TestTriggers:
    @pytest.mark.parametrize("table", GUARDED)
    @pytest.mark.parametrize("event", ["update", "delete"])
    def test_a_trigger_that_is_gone_is_named(self, books: Books, table: str, event: str) -> None:
        drop_trigger(table, event)
        assert told() == [{"table": table, "problem": "no trigger refuses changes"}]

    @pytest.mark.parametrize("table", BESIDE)
    @pytest.mark.parametrize("event", ["update", "delete"])
    def test_the_trail_is_watched_too(self, books: Books, table: str, event: str) -> None:
        drop_trigger(table, event)
        assert [one["table"] for one in told()] == [table]

    @pytest.mark.parametrize("event", ["update", "delete"])
    def test_a_trigger_that_refuses_nothing_is_named(self, books: Books, event: str) -> None:
        """It bears the name, and would refuse, on a condition that never holds."""
        table, act = "ledger_entry", event.upper()
        drop_trigger(table, event)
        name = f"{table}_no_{event}"
        each, when = "BEGIN SELECT RAISE(ABORT, 'never changed or removed'); END", "WHEN 0"
        if connection.vendor == "postgresql":
            each, when = "EXECUTE FUNCTION duly_refuse_change()", "FOR EACH ROW WHEN (false)"
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE TRIGGER "{name}" BEFORE {act} ON "{table}" {when} {each}')
        assert told() == [{"table": table, "problem": "no trigger refuses changes"}]

    @pytest.mark.postgres  # SQLite knows neither
    @pytest.mark.parametrize(
        "sql",
        [
            'ALTER TABLE "ledger_entry" DISABLE TRIGGER "ledger_entry_no_update"',
            'ALTER TABLE "ledger_entry" ENABLE REPLICA TRIGGER "ledger_entry_no_update"',
            "CREATE OR REPLACE FUNCTION duly_refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN IF false THEN RAISE EXCEPTION 'never'; END IF; RETURN NEW; END $$",
        ],
    )
    def test_a_trigger_that_is_off_is_named(self, books: Books, sql: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(sql, None)
        assert "ledger_entry" in [one["table"] for one in told()]

    def test_what_the_migrations_guard_is_what_is_watched(self) -> None:
        assert append_only_tables() >= {*GUARDED, *BESIDE}

    @pytest.mark.parametrize("table", [*GUARDED, *BESIDE])
    def test_no_row_is_changed_or_removed_while_they_stand(self, books: Books, table: str) -> None:
        from django.db import DatabaseError, transaction

        books.lock("2020-01-01")
        books.take_in("customers", "customer_id,name\nKOBO,Kobo")
        if table == "access_request":
            from duly.access.actions import once

            once(key="k", command="c", given=1, at=books.moment(), act=dict)
        for sql in (
            f'UPDATE "{table}" SET id = id + 1000000 WHERE id = (SELECT MAX(id) FROM "{table}")',
            f'DELETE FROM "{table}" WHERE id = (SELECT MAX(id) FROM "{table}")',
        ):
            assert newest(table)
            with (
                pytest.raises(DatabaseError, match="never changed or removed"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(sql)

    def test_plain_sql_changes_no_amount(self, books: Books) -> None:
        from django.db import DatabaseError, transaction

        with pytest.raises(DatabaseError), transaction.atomic():
            Item.objects.update(amount_minor=1)
        with pytest.raises(DatabaseError), transaction.atomic():
            Posting.objects.all().delete()


@pytest.mark.parametrize("table", ["receivables_document", "receivables_payment"])
def test_a_flipped_void_mark_is_named(books: Books, table: str) -> None:
    """Without it the number would be free again, and a second import would double the debt."""
    pk = Document.objects.get(number="M-2").pk
    if table == "receivables_payment":
        pk = Payment.objects.get(number="P-3").pk
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET is_void = %s WHERE id = %s", [True, pk])
    number = {"receivables_document": "M-2", "receivables_payment": "P-3"}[table]
    assert number in str(broken())


def test_a_void_mark_taken_away_is_named(books: Books) -> None:
    books.void("M-2", on="2026-03-09")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE receivables_document SET is_void = %s", [False])
    assert "M-2" in str(broken())


def test_a_document_that_is_void_and_still_open_is_named(books: Books) -> None:
    """Of two instalments one was voided: it is neither void nor whole."""
    parts = [("2026-03-31", "5.00"), ("2026-04-30", "5.00")]
    books.invoice("V-1", "MERIDIAN", "10.00", issued="2026-03-01", instalments=parts)
    books.void("V-1", on="2026-03-09")
    drop("receivables_application", newest("receivables_application"))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE receivables_item SET open_minor = 500 WHERE id = %s",
            [Item.objects.latest("id").pk],
        )
    assert {"document": "V-1", "problem": "void, and still open"} in broken()["I3"]


def test_the_customer_of_a_posting(books: Books) -> None:
    posting = Posting.objects.filter(account_id=1).earliest("id")
    plant(
        "ledger_posting",
        "UPDATE ledger_posting SET customer_id = %s WHERE id = %s",
        books.customer_id("GULF"),
        posting.pk,
    )
    assert {"I2", "I7"} <= set(broken())
