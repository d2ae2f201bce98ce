"""Verbs of the ledger: record a batch, post entries, lock a period.

Everything that counts is written inside `recording(...)`: it opens a batch, takes rows and
entries by the thousand, and closes with the projections and the seal, all in the caller's
transaction.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from operator import itemgetter

from django.db import models

from duly.access.actions import Author
from duly.ledger.errors import PeriodLocked
from duly.ledger.models import (
    AccountDay,
    Batch,
    CustomerAccount,
    Entry,
    PeriodLock,
    Posting,
    Seal,
    SealBlock,
)
from duly.ledger.rules import sealing
from duly.ledger.rules.accounts import BY_ID, CONTROL_IDS
from duly.ledger.rules.entries import Draft, refuse_unbalanced
from duly.storage import bulk, locks
from duly.storage.failpoints import failpoint
from duly.storage.projections import add_up
from duly.storage.writing import whole

BLOCK_ROWS = 20_000


@contextmanager
def recording(*, kind: str, actor: str, at: datetime, note: str = "") -> Iterator["Recorder"]:
    """Open a batch, yield its recorder, and seal it when the block ends without an error."""
    with whole():
        batch = Batch.objects.create(kind=kind, actor=actor, recorded_at=at, note=note[:300])
        recorder = Recorder(batch)
        yield recorder
        recorder._close()


class Recorder:
    """Takes the rows and entries of one batch while it is open."""

    def __init__(self, batch: Batch) -> None:
        self.batch_id: int = batch.pk
        self.at: datetime = batch.recorded_at
        self.actor: str = batch.actor
        self._batch = batch
        self._days: defaultdict[tuple[int, int, str, str], int] = defaultdict(int)
        self._customers: defaultdict[tuple[int, int, str], int] = defaultdict(int)
        self._blocks: list[SealBlock] = []
        self._locked: dict[int, date | None] = {}

    @property
    def author(self) -> Author:
        """Who writes this batch, for changes to master data beside it."""
        return Author(self.actor, self.at, self.batch_id)

    def write(self, model: type[models.Model], rows: Sequence[bulk.Row]) -> None:
        """Write rows whose ids follow each other, and take them into the seal."""
        for start in range(0, len(rows), BLOCK_ROWS):
            part = rows[start : start + BLOCK_ROWS]
            lines = bulk.lines_of(part)
            bulk.insert_rows(model, part, lines)
            self._blocks.append(
                SealBlock(
                    batch_id=self.batch_id,
                    table=model._meta.db_table,
                    first_id=part[0][0],
                    count=len(part),
                    digest=sealing.block_digest(lines),
                    marks=sealing.row_marks(lines, len(part)),
                )
            )

    def post(self, *, entity_id: int, drafts: Sequence[Draft]) -> range:
        """Write entries with their postings; return the entries' ids.

        Refuses: PeriodLocked when a day is closed. Never: an entry that does not balance.
        """
        if not drafts:
            return range(0)
        refuse_unbalanced(drafts)
        self._refuse_locked(entity_id, min(map(itemgetter(0), drafts)))
        entry_ids = bulk.reserve_ids(Entry, len(drafts))
        batch_id = self.batch_id
        self.write(
            Entry,
            [
                (id_, batch_id, entity_id, on, reason, kind, source, reverses)
                for id_, (on, reason, kind, source, reverses, _) in zip(
                    entry_ids, drafts, strict=True
                )
            ],
        )
        legs = sum(len(draft.legs) for draft in drafts)
        next_id = iter(bulk.reserve_ids(Posting, legs)).__next__
        days, customers = self._days, self._customers
        postings = []
        for entry_id, draft in zip(entry_ids, drafts, strict=True):
            on = draft[0]
            for account_id, currency, amount, customer_id in draft[5]:
                postings.append((next_id(), entry_id, account_id, customer_id, currency, amount))
                days[entity_id, account_id, currency, on] += amount
                if account_id in CONTROL_IDS:
                    customers[customer_id or 0, account_id, currency] += amount
        self.write(Posting, postings)
        failpoint("post.entries_written")
        return entry_ids

    def _refuse_locked(self, entity_id: int, earliest_on: str) -> None:
        if entity_id not in self._locked:
            self._locked[entity_id] = locked_through(entity_id)
        through = self._locked[entity_id]
        if through is not None and date.fromisoformat(earliest_on) <= through:
            raise PeriodLocked(
                f"This period is closed through {through}; nothing can be booked on {earliest_on}.",
                facts={"locked_through": through.isoformat(), "booked_on": earliest_on},
                remedy="Book it on a later day, or ask a manager to open the period.",
            )

    def _close(self) -> None:
        add_up(
            AccountDay,
            ("entity_id", "account_id", "currency", "booked_on"),
            ("amount_minor",),
            {key: (amount,) for key, amount in self._days.items()},
        )
        add_up(
            CustomerAccount,
            ("customer_id", "account_id", "currency"),
            ("amount_minor",),
            {key: (amount,) for key, amount in self._customers.items()},
        )
        self._seal()

    def _seal(self) -> None:
        failpoint("seal.before_write")
        locks.hold("seal")  # the chain has one end: held from here to the commit only
        last = Seal.objects.order_by("-sequence").first()
        totals: dict[str, dict[str, int]] = dict(last.totals) if last else {}
        for (_, account_id, currency), amount in self._customers.items():
            of_currency = totals.setdefault(currency, {})
            code = BY_ID[account_id].code
            of_currency[code] = of_currency.get(code, 0) + amount
        rows: dict[str, int] = {}
        for block in self._blocks:
            rows[block.table] = rows.get(block.table, 0) + block.count
        SealBlock.objects.bulk_create(self._blocks, batch_size=500)
        previous = last.digest if last else sealing.FIRST_DIGEST
        sequence = last.sequence + 1 if last else 1
        batch = self._batch
        Seal.objects.create(
            sequence=sequence,
            batch_id=self.batch_id,
            previous_digest=previous,
            digest=sealing.batch_digest(
                previous,
                sealing.header(
                    sequence=sequence,
                    batch=(batch.pk, batch.kind, batch.actor, batch.note),
                    recorded_at=batch.recorded_at,
                    totals=totals,
                    rows=rows,
                ),
                [(b.table, b.first_id, b.count, b.digest) for b in self._blocks],
            ),
            totals=totals,
            rows=rows,
            version=sealing.VERSION,
        )


def locked_through(entity_id: int) -> date | None:
    """The last closed day of an entity, or None."""
    lock = PeriodLock.objects.filter(entity_id=entity_id).order_by("-id").first()
    return lock.through_on if lock else None


@whole()
def lock_period(*, entity_id: int, through_on: date | None, actor: str, at: datetime) -> None:
    """Close the books of an entity through a day; None opens them again."""
    PeriodLock.objects.create(
        entity_id=entity_id, through_on=through_on, actor=actor, recorded_at=at
    )
