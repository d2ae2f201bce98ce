"""Verbs of the ledger: record a batch, post entries, lock a period.

Everything that counts is written inside `recording(...)`: it opens a batch in the books of an
entity, takes rows and entries by the thousand, and closes with the projections and the seal, all
in the caller's transaction. Nobody else writes in these books meanwhile, so that what a verb reads
still holds when it writes.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import repeat
from operator import itemgetter
from typing import Protocol, TypeVar, cast

from django.db import models

from duly.access.actions import Author
from duly.kernel.errors import Defect
from duly.ledger.errors import LockGoesBack, PeriodLocked
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
from duly.ledger.rules.accounts import BY_ID, CONTROL_IDS, Account
from duly.ledger.rules.entries import Draft, Transfers, refuse_unbalanced
from duly.storage import bulk, locks
from duly.storage.failpoints import failpoint
from duly.storage.projections import add_up
from duly.storage.writing import whole

BLOCK_ROWS = 20_000


class Flushed(Protocol):
    """Gathers what a batch changes in projections above the ledger, and writes it at its end."""

    def __init__(self, entity_id: int) -> None: ...

    def flush(self) -> None:
        """Write what was gathered."""


Gathered = TypeVar("Gathered", bound=Flushed)


@contextmanager
def recording(
    *, kind: str, entity_id: int, actor: str, at: datetime, note: str = ""
) -> Iterator["Recorder"]:
    """Open a batch, yield its recorder, and seal it when the block ends without an error.

    Waits until nobody else writes in the books of the entity: read what you decide by inside.
    """
    with whole():
        hold_books(entity_id=entity_id)
        batch = Batch.objects.create(kind=kind, actor=actor, recorded_at=at, note=note[:300])
        recorder = Recorder(batch, entity_id)
        yield recorder
        recorder._close()


def hold_books(*, entity_id: int) -> None:
    """Wait until nobody else writes in the books of an entity; keep others out to the commit."""
    locks.hold(f"books:{entity_id}")


class Recorder:
    """Takes the rows and entries of one batch while it is open."""

    def __init__(self, batch: Batch, entity_id: int) -> None:
        self.batch_id: int = batch.pk
        self.entity_id = entity_id
        self.at: datetime = batch.recorded_at
        self.actor: str = batch.actor
        self._batch = batch
        self._days: defaultdict[tuple[int, int, str, str], int] = defaultdict(int)
        self._customers: defaultdict[tuple[int, int, str], int] = defaultdict(int)
        self._blocks: list[SealBlock] = []
        self._locked_through = locked_through(entity_id)
        self._gathered: dict[type[Flushed], Flushed] = {}

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
        self.refuse_closed(entity_id, min(map(itemgetter(0), drafts)))
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

    def transfer(
        self, *, entity_id: int, from_account: Account, to_account: Account, moved: Transfers
    ) -> range:
        """Write entries that each move an amount from one account to another; return their ids.

        The legs of an entry negate each other, so that it balances however it is written.
        Refuses: PeriodLocked when a day is closed.
        """
        count = len(moved.source_ids)
        if not count:
            return range(0)
        self.refuse_closed(entity_id, min(moved.booked_on))
        ids = bulk.reserve_ids(Entry, count)
        entries = zip(
            ids,
            repeat(self.batch_id, count),
            repeat(entity_id, count),
            moved.booked_on,
            moved.reasons,
            repeat(moved.source_kind, count),
            moved.source_ids,
            repeat(None, count),
            strict=True,
        )
        self.write(Entry, list(entries))
        leg_ids = bulk.reserve_ids(Posting, 2 * count)
        postings: list[bulk.Row] = [()] * (2 * count)
        for place, account, sign in ((0, to_account, 1), (1, from_account, -1)):
            legs = moved.legs(account, sign)
            postings[place::2] = [
                (id_, entry_id, *leg)
                for id_, entry_id, leg in zip(leg_ids[place::2], ids, legs, strict=True)
            ]
        self.write(Posting, postings)
        self._count(entity_id, moved, ((to_account, 1), (from_account, -1)))
        failpoint("post.entries_written")
        return ids

    def _count(
        self, entity_id: int, moved: Transfers, sides: Sequence[tuple[Account, int]]
    ) -> None:
        """Take the legs of transfers into the sums of days and of customers."""
        days = moved.sums(moved.booked_on)
        customers = moved.sums(moved.customer_ids)
        for account, sign in sides:
            for (on, currency), amount in days.items():
                self._days[entity_id, account.id, currency, on] += sign * amount
            if account.is_control:
                for (customer_id, currency), amount in customers.items():
                    self._customers[customer_id or 0, account.id, currency] += sign * amount

    def gather(self, kind: type[Gathered]) -> Gathered:
        """The one `kind(entity_id)` of this batch, whose `flush` is called when the batch closes.

        What many verbs of a batch change a little is so written once.
        """
        if kind not in self._gathered:
            self._gathered[kind] = kind(self.entity_id)
        return cast(Gathered, self._gathered[kind])

    def refuse_closed(self, entity_id: int, earliest_on: str) -> None:
        """Refuse what would count on a closed day, whether or not it moves an account.

        Refuses: PeriodLocked.
        """
        if entity_id != self.entity_id:
            raise Defect(
                "a batch writes in the books of one entity",
                facts={"batch_of": self.entity_id, "asked": entity_id},
            )
        through = self._locked_through
        if through is not None and date.fromisoformat(earliest_on) <= through:
            raise PeriodLocked(
                f"This period is closed through {through}; nothing can be booked on {earliest_on}.",
                facts={"locked_through": through.isoformat(), "booked_on": earliest_on},
                remedy="Book it on a later day, or ask a manager to open the period.",
            )

    def _close(self) -> None:
        # The chain has one end, and money of unknown payers one row for all entities: whoever has
        # sealed before must find neither held by someone who waits for the other.
        locks.hold("seal")
        for gathered in self._gathered.values():
            gathered.flush()
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


def lock_period(*, entity_id: int, through_on: date | None, actor: str, at: datetime) -> None:
    """Close the books of an entity through a day; None opens them again.

    A lock is a batch of its own: its place in the chain tells what was booked before and after.
    Refuses: LockGoesBack when they are closed through a later day.
    """
    with recording(kind="lock", entity_id=entity_id, actor=actor, at=at) as recorder:
        closed = locked_through(entity_id)
        if through_on is not None and closed is not None and through_on < closed:
            raise LockGoesBack(
                f"The books are closed through {closed}; closing them through {through_on} "
                "would open the days between.",
                facts={"locked_through": closed.isoformat(), "asked": through_on.isoformat()},
                remedy="Open them first, if that is meant, and close them again.",
            )
        (id_,) = bulk.reserve_ids(PeriodLock, 1)
        through = through_on.isoformat() if through_on else None
        moment = str(at.astimezone(UTC))  # as both databases give it back to the proof
        recorder.write(PeriodLock, [(id_, entity_id, through, actor, moment)])
