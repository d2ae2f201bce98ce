"""Statements that go out by themselves: each due day of a schedule carried out once.

A due day is carried out when it is over, so that nothing of it is missing: from five in the morning
after, where the entity keeps its books. Customers are decided some at a time, each lot in one
transaction; a run that was killed goes on behind the last lot, and its PDF behind the last part.
"""

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from django.db import DatabaseError

from duly.collections.actions import (
    Placed,
    StatementMail,
    begin_scheduled_run,
    break_off_scheduled_run,
    finish_scheduled_run,
    place_statements,
)
from duly.collections.models import ScheduledRun, StatementSchedule
from duly.collections.queries.messages import sending_of
from duly.collections.queries.standing import Standing, works
from duly.collections.queries.statements import (
    customers_done,
    customers_for_post,
    days_run,
    schedules_of,
    unfinished_runs,
)
from duly.collections.rules.handing import Clock
from duly.collections.rules.reasons import Reason
from duly.collections.rules.statement_days import Rhythm, Works, last_due, next_due, period_to
from duly.collections.rules.statement_texts import write_statement_mail
from duly.collections.rules.statement_ways import MAIL, UNWRITTEN, unfit, way_of
from duly.interfaces.exchange.couriers.letter import domain_of
from duly.interfaces.exchange.scheduled import asked_of, post_file
from duly.interfaces.exchange.statements import (
    Asked,
    Filter,
    balances,
    customers_of,
    letters_of,
    unprinted,
)
from duly.interfaces.exchange.writers.statements import Letter
from duly.interfaces.exchange.writers.statements.running import processors, write_combined
from duly.interfaces.jobs.repeating import repeating
from duly.kernel.errors import DulyError
from duly.kernel.locales import reader
from duly.parties.models import Entity
from duly.parties.queries import debtors, entities
from duly.receivables.rules.statements import ACTIVITY
from duly.storage import bulk
from duly.storage.failpoints import failpoint
from duly.storage.locks import alone

log = logging.getLogger("duly.worker")

AT_ONCE = 200  # customers decided in one transaction
FROM_HOUR = 5
EVERY_SECONDS = 60.0
ONE_DAY = timedelta(days=1)

IsOver = Callable[[], bool]


def never() -> bool:
    """Nobody wants it to end."""
    return False


def carry_out_due(clock: Clock, is_over: IsOver = never) -> int:
    """Carry out what is due and go on with what broke off; return how many runs are whole by it.

    Rule: one process at a time. Of a schedule only the newest due day is carried out, and none from
    before it began; a run that can't be written stops no other.
    """
    done = 0
    with alone("statements") as is_ours:
        for entity in entities() if is_ours else ():
            local = clock.where(entity.timezone)
            if local.hour < FROM_HOUR:
                continue
            try:
                _begin_due(entity, local.date(), clock.at)
            except DatabaseError:
                raise
            except Exception:  # a defect of ours in one company stops no other's statements
                log.exception("The schedules of a company can't be read")
                continue
            for run in unfinished_runs(entity.pk):
                done += _tried(entity, run, local.date(), clock.at, is_over)
    return done


def _begin_due(entity: Entity, today: date, at: datetime) -> None:
    schedules = [row for row in schedules_of(entity.pk) if row.paused_at is None]
    there = days_run([row.pk for row in schedules])
    for row in schedules:
        rhythm, here = rhythm_of(row), business_days(entity)
        due_on = last_due(rhythm, today - ONE_DAY, here)
        if due_on >= row.since_on and due_on not in there[row.pk]:
            told = [on for on, state in there[row.pk].items() if state == "done" and on < due_on]
            began = max(told) + ONE_DAY if told else period_to(rhythm, due_on, here)
            from_on = began if row.kind == ACTIVITY else None
            begin_scheduled_run(schedule=row, due_on=due_on, from_on=from_on, at=at)


def _tried(entity: Entity, run: ScheduledRun, on: date, at: datetime, is_over: IsOver) -> bool:
    try:
        return _carry_out(entity, run, on, at, is_over)
    except DatabaseError:
        raise
    except (DulyError, OSError) as error:
        told = str(error)
    except Exception as error:  # a defect of ours stops one run, not all for good
        log.exception("A run of statements broke off")
        told = f"{type(error).__name__}, see the log"
    break_off_scheduled_run(run=run, error=told)
    return False


def _carry_out(entity: Entity, run: ScheduledRun, on: date, at: datetime, is_over: IsOver) -> bool:
    asked, whose = asked_of(run), Filter(**run.asked["whose"])
    domain = domain_of(sending_of(entity.pk).sender)
    there = customers_done(run.pk)
    ids = customers_of(entity, whose)
    left = list(enumerate((pk for pk in ids if pk not in there), len(there)))
    for some in bulk.slices(left, AT_ONCE):
        if is_over():
            return False
        placed = list(_placed(entity, run, asked, whose, some, on))
        if not place_statements(run=run, placed=placed, on=on, domain=domain, at=at):
            return False
        failpoint("statements.placed")
    _write_post(entity, run, asked, at)
    return True


def _placed(
    entity: Entity,
    run: ScheduledRun,
    asked: Asked,
    whose: Filter,
    some: Sequence[tuple[int, int]],
    on: date,
) -> Iterator[Placed]:
    ids = [pk for _, pk in some]
    standing = Standing(entity=entity, on=on, customer_ids=ids)
    letters, unwritten = _letters(entity, ids, asked)
    addresses = {pk: debtor.address for pk, debtor in debtors(ids).items()}
    for place, pk in some:
        letter, addressed = letters.get(pk), standing.addressed(pk)
        why = unwritten[pk] if letter is None else unfit(balances(letter), whose.narrow)
        way = way_of(
            why_unfit=why,
            barred=standing.barred.get(pk) or standing.holds.get(pk),
            delivery=run.asked["delivery"],
            addressed=addressed,
            has_post_address=bool(addresses[pk].strip()),
        )
        mail = None
        if way.outcome == MAIL and letter is not None:
            first, reach = balances(letter)[0], standing.reach[pk]
            subject, body = write_statement_mail(
                customer=letter.debtor.name,
                entity=entity.name,
                on=asked.on,
                locale=reader(addressed.language, tag=reach.language, country=reach.country),
            )
            mail = StatementMail(
                addressed.recipients,
                addressed.language,
                standing.timezone(pk),
                subject,
                body,
                first.currency,
                first.balance_minor,
            )
        yield Placed(pk, place, way, mail)


def _letters(
    entity: Entity, ids: Sequence[int], asked: Asked
) -> tuple[dict[int, Letter], dict[int, Reason]]:
    """The letters of some customers, and of whom none can be written: one stops no other."""
    try:
        return {one.debtor.id: one for one in letters_of(entity, ids, asked)}, {}
    except DulyError as error:
        if len(ids) == 1:
            return {}, {ids[0]: _unwritten(str(error))}
    letters, unwritten = dict[int, Letter](), dict[int, Reason]()
    for pk in ids:
        one, why = _letters(entity, [pk], asked)
        letters |= one
        unwritten |= why
    return letters, unwritten


def _unwritten(why: str) -> Reason:
    return Reason(UNWRITTEN.code, f"{UNWRITTEN.text}: {why}")


def _write_post(entity: Entity, run: ScheduledRun, asked: Asked, at: datetime) -> None:
    ids, file = customers_for_post(run.pk), post_file(run)
    warnings, unwritten, numbers = list[str](), dict[int, Reason](), dict[str, int]()

    def letters() -> Iterator[Letter]:
        for some in bulk.slices(ids, AT_ONCE):
            found, faults = _letters(entity, some, asked)
            unwritten.update(faults)
            numbers.update({letter.debtor.code: pk for pk, letter in found.items()})
            yield from (found[pk] for pk in some if pk in found)

    is_written = False
    if ids:
        file.parent.mkdir(parents=True, exist_ok=True)
        workers = max(1, processors() - 1)  # pages are served beside it
        for done in write_combined(letters(), file, processes=workers):
            is_written = is_written or bool(done.customers)
            warnings += [unprinted(code, text)["message"] for code, text in done.unprinted.items()]
            unwritten |= {numbers[code]: _unwritten(why) for code, why in done.unwritten.items()}
        if not is_written:
            file.unlink()
    finish_scheduled_run(
        run=run,
        at=at,
        bytes_written=file.stat().st_size if is_written else 0,
        sha256=_sha256(file) if is_written else "",
        warnings=warnings,
        unwritten=unwritten,
    )


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def rhythm_of(row: StatementSchedule) -> Rhythm:
    """When a schedule is due."""
    return Rhythm(row.every, row.day)


def business_days(entity: Entity) -> Works:
    """Which days are worked where an entity is."""
    return partial(works, country=entity.country)


def next_days(row: StatementSchedule, entity: Entity, today: date, count: int = 3) -> list[date]:
    """The next due days of a schedule that are not over; none while it does not go on."""
    if row.paused_at is not None or row.ended_at is not None:
        return []
    first = max(row.since_on, today)
    return next_due(rhythm_of(row), first - ONE_DAY, business_days(entity), count)


def keeping_statements() -> AbstractContextManager[None]:
    """Look every minute, in a thread while the block lasts, whether statements are due."""
    return repeating(
        "duly-statements",
        lambda is_over: carry_out_due(Clock(datetime.now(UTC)), is_over),
        EVERY_SECONDS,
    )
