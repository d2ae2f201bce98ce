"""Proofs over the whole ledger: entries balance, projections agree, nothing was touched."""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from django.apps import apps
from django.db import connection, models
from django.db.models import Sum

from duly.kernel.proofs import MOST_VIOLATIONS, Proof
from duly.ledger.models import Batch, CustomerAccount, Entry, Posting, Seal, SealBlock
from duly.ledger.rules import sealing
from duly.ledger.rules.accounts import BY_ID, CONTROL_IDS
from duly.storage import bulk, triggers

CONTROL = ", ".join(str(id_) for id_ in CONTROL_IDS)


def _fetch(sql: str, params: list[object] | None = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params or [])
        return cursor.fetchall()


def prove_balance() -> Proof:
    """I1: every entry's postings sum to zero in each currency, and every posting has its entry."""
    unbalanced = _fetch(
        "SELECT p.entry_id, e.source_kind, e.source_id, p.currency, SUM(p.amount_minor)"
        " FROM ledger_posting p LEFT JOIN ledger_entry e ON e.id = p.entry_id"
        " GROUP BY p.entry_id, e.source_kind, e.source_id, p.currency"
        f" HAVING SUM(p.amount_minor) <> 0 OR e.source_kind IS NULL LIMIT {MOST_VIOLATIONS}"
    )
    bare = _fetch(
        "SELECT e.id, e.source_kind, e.source_id FROM ledger_entry e"
        " WHERE NOT EXISTS (SELECT 1 FROM ledger_posting p WHERE p.entry_id = e.id)"
        f" LIMIT {MOST_VIOLATIONS}"
    )
    violations = [
        {
            "entry": entry,
            "source": f"{kind} {source}",
            "source_kind": kind,
            "source_id": source,
            "currency": currency,
            "sum_minor": int(total),
        }
        for entry, kind, source, currency, total in unbalanced
    ] + [
        {
            "entry": entry,
            "source": f"{kind} {source}",
            "source_kind": kind,
            "source_id": source,
            "problem": "no postings",
        }
        for entry, kind, source in bare
    ]
    return Proof("I1", "Every entry balances in each currency", Entry.objects.count(), violations)


def prove_account_days() -> list[dict[str, object]]:
    """Where the sums by account and day differ from the postings (part of I2)."""
    rows = _fetch(
        "SELECT entity_id, account_id, currency, booked_on, SUM(amount) FROM ("
        " SELECT e.entity_id, p.account_id, p.currency, e.booked_on, p.amount_minor AS amount"
        "   FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id"
        " UNION ALL SELECT entity_id, account_id, currency, booked_on, -amount_minor"
        "   FROM ledger_accountday) AS both_sides"
        " GROUP BY entity_id, account_id, currency, booked_on HAVING SUM(amount) <> 0"
        f" LIMIT {MOST_VIOLATIONS}"
    )
    return [
        {
            "projection": "account_day",
            "entity": entity,
            "account": account,
            "currency": currency,
            "booked_on": str(on),
            "difference_minor": int(off),
        }
        for entity, account, currency, on, off in rows
    ]


def control_postings() -> dict[tuple[int, str, int], int]:
    """{(customer or 0, currency, account): minor units} on control accounts, from the postings."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COALESCE(customer_id, 0), currency, account_id, SUM(amount_minor)"
            f" FROM ledger_posting WHERE account_id IN ({CONTROL})"
            " GROUP BY customer_id, currency, account_id"
        )
        return {(row[0], row[1], row[2]): int(row[3]) for row in cursor.fetchall()}


def prove_customer_accounts(
    counted: Mapping[tuple[int, str, int], int],
) -> list[dict[str, object]]:
    """Where the sums by customer differ from the postings as `control_postings` counts them."""
    off = {key: minor for key, minor in counted.items() if minor}
    kept = CustomerAccount.objects.values_list(
        "customer_id", "currency", "account_id", "amount_minor"
    )
    for customer, currency, account, minor in kept.iterator(chunk_size=10_000):
        key = (customer, currency, account)
        off[key] = off.get(key, 0) - minor
    return [
        {
            "projection": "customer_account",
            "customer_id": customer,
            "account": account,
            "currency": currency,
            "difference_minor": difference,
        }
        for (customer, currency, account), difference in off.items()
        if difference
    ][:MOST_VIOLATIONS]


def prove_untouched() -> Proof:
    """I7: rows are as they were sealed, seals chain, triggers stand guard.

    Every sealed row is read again and its block's digest taken; where one differs, the rows are
    named. Rows that no seal covers are found by counting.
    """
    violations: list[dict[str, object]] = []
    checked = 0
    for table, model in sealed_models().items():
        violations += _compare_blocks(table, model)
        covered = SealBlock.objects.filter(table=table).aggregate(n=Sum("count"))["n"] or 0
        checked += covered
        there = model._default_manager.count()
        if there > covered:
            violations.append(
                {"table": table, "problem": "rows that no seal covers", "count": there - covered}
            )
    violations += _broken_links()
    violations += [
        {"table": table, "problem": "no trigger refuses changes"} for table in triggers.unguarded()
    ]
    return Proof(
        "I7", "Posted rows never change: seals hold", checked, violations[:MOST_VIOLATIONS]
    )


def sealed_models() -> dict[str, type[models.Model]]:
    """{table: model} of everything whose rows are sealed, from whichever context."""
    found: dict[str, type[models.Model]] = {"ledger_entry": Entry, "ledger_posting": Posting}
    for model in apps.get_models():
        if hasattr(model, "sealed_as"):
            found[model._meta.db_table] = model
    return found


def _compare_blocks(table: str, model: type[models.Model]) -> list[dict[str, object]]:
    """Rows of one table that differ from what was sealed."""
    violations: list[dict[str, object]] = []
    as_sealed = getattr(model, "sealed_as", {})
    blocks = SealBlock.objects.filter(table=table).order_by("first_id")
    for block in blocks.iterator(chunk_size=500):
        if len(violations) >= MOST_VIOLATIONS:
            break
        last_id = block.first_id + block.count - 1
        lines = bulk.lines_there(model, block.first_id, last_id, as_sealed)
        if sealing.block_digest(lines) != block.digest:
            rows = bulk.rows_there(model, block.first_id, last_id, as_sealed)
            lines = bulk.lines_of(rows)
            if sealing.block_digest(lines) != block.digest:
                violations += _differing(table, block, rows)
                continue
        if sealing.row_marks(lines, block.count) != bytes(block.marks):
            problem = "the marks are not of its rows"
            violations.append({"table": "ledger_sealblock", "id": block.pk, "problem": problem})
    return violations


def _differing(
    table: str, block: SealBlock, rows: Sequence[bulk.Row]
) -> Iterator[dict[str, object]]:
    """The rows of a block that are not as they were sealed."""
    found = [(cast(int, row[0]), bulk.lines_of([row])) for row in rows]
    differing = sealing.differing_rows(bytes(block.marks), block.first_id, found)
    for id_, how in differing or [(block.first_id, "block changed")]:
        yield {"table": table, "id": id_, "batch": block.batch_id, "problem": how}


def _broken_links() -> list[dict[str, object]]:
    """Seals whose digest, place in the chain or counted rows are not right."""
    violations: list[dict[str, object]] = []
    previous, sequence = sealing.FIRST_DIGEST, 0
    batches = Batch.objects.in_bulk()
    told: dict[int, list[tuple[str, int, int, str]]] = {}
    blocks = SealBlock.objects.order_by("id").values_list(
        "batch_id", "table", "first_id", "count", "digest"
    )
    for batch_id, *block in blocks.iterator():
        told.setdefault(batch_id, []).append(tuple(block))
    for seal in Seal.objects.order_by("sequence").iterator():
        sequence += 1
        batch, blocks_of = batches.get(seal.batch_id), told.pop(seal.batch_id, [])
        if batch is None:
            problem = "batch is missing"
        elif seal.sequence != sequence:
            problem = "a seal before it is missing"
        elif seal.version != sealing.VERSION:
            problem = "of another version"
        elif seal.previous_digest != previous:
            problem = "does not follow the seal before it"
        elif seal.digest != sealing.batch_digest(previous, _header(batch, seal), blocks_of):
            problem = "the digest is not of what is there"
        else:
            problem = ""
        if problem:
            violations.append({"table": "ledger_seal", "batch": seal.batch_id, "problem": problem})
        previous, sequence = seal.digest, seal.sequence
    violations += [
        {"table": "ledger_sealblock", "batch": batch_id, "problem": "rows of no seal"}
        for batch_id in told
    ]
    unsealed = Batch.objects.exclude(pk__in=Seal.objects.values("batch_id"))
    violations += [
        {"table": "ledger_batch", "batch": pk, "problem": "batch without a seal"}
        for pk in unsealed.values_list("pk", flat=True)[:MOST_VIOLATIONS]
    ]
    return violations


def _header(batch: Batch, seal: Seal) -> dict[str, object]:
    return sealing.header(
        sequence=seal.sequence,
        batch=(batch.pk, batch.kind, batch.actor, batch.note),
        recorded_at=batch.recorded_at,
        totals=seal.totals,
        rows=seal.rows,
    )


def prove_known_then() -> Proof:
    """I6: the control accounts as known at each seal, counted again, are as the seal told them.

    The newest and a spread of earlier seals are counted from the postings.
    """
    running: dict[str, dict[int, int]] = {}
    rows = _fetch(
        "SELECT s.sequence, p.currency, p.account_id, SUM(p.amount_minor)"
        " FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id"
        " JOIN ledger_seal s ON s.batch_id = e.batch_id"
        f" WHERE p.account_id IN ({CONTROL})"
        " GROUP BY s.sequence, p.currency, p.account_id ORDER BY s.sequence"
    )
    deltas: dict[int, list[tuple[str, int, int]]] = {}
    for sequence, currency, account, total in rows:
        deltas.setdefault(sequence, []).append((currency, account, int(total)))
    violations: list[dict[str, object]] = []
    checked = 0
    for seal in Seal.objects.order_by("sequence").iterator():
        checked += 1
        for currency, account, total in deltas.get(seal.sequence, ()):
            of_currency = running.setdefault(currency, {})
            of_currency[account] = of_currency.get(account, 0) + total
        told = {
            (currency, code): minor
            for currency, accounts in seal.totals.items()
            for code, minor in accounts.items()
            if minor
        }
        counted = {
            (currency, BY_ID[account].code): minor
            for currency, accounts in running.items()
            for account, minor in accounts.items()
            if minor
        }
        if told != counted and len(violations) < MOST_VIOLATIONS:
            violations.append(
                {"batch": seal.batch_id, "problem": "the books of that moment count differently"}
            )
    return Proof("I6", "The books as known then are still the same", checked, violations)
