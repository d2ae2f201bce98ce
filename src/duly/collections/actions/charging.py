"""Charge those who pay late for a month; set who is charged by what; add rates."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from duly.access.actions import Author, record_changes
from duly.collections.actions.relieving import remove_disputed
from duly.collections.errors import ChargePeriodUnfit
from duly.collections.models import Charge, ChargingVersion, OwnRate
from duly.collections.policy import ChargingPolicy
from duly.collections.queries.charging import Proposal, proposals
from duly.collections.queries.rates import Chargings, known_to, tables_of
from duly.collections.queries.removals import Removal, removals
from duly.collections.rules.charges.charging import Month, month_of
from duly.collections.rules.charges.kept import iso, written_runs
from duly.collections.rules.charges.knobs import read_charging, terms_of
from duly.collections.rules.charges.rates import RateTable, laid_over, read_tables
from duly.ledger.actions import Recorder, hold_books, recording
from duly.parties.models import Entity
from duly.receivables.actions import DocumentDraft, InstalmentDraft, issue_documents
from duly.receivables.models import CHARGE
from duly.storage import bulk, locks
from duly.storage.writing import whole

_PREFIX = "FC-"


@dataclass(slots=True)
class Ran:
    """What a run charged: its batch (None: nothing), how many documents and lines, the totals by
    currency; what it removed of earlier charges; why customers were left out; what of it rests on
    rates or rules that nobody verified."""

    batch_id: int | None = None
    documents: int = 0
    lines: int = 0
    totals: dict[str, int] = field(default_factory=dict)
    removed: list[Removal] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)
    unverified: set[str] = field(default_factory=set)

    def count(self, proposal: Proposal) -> None:
        """Count what was charged of a proposal."""
        self.skipped += proposal.skipped
        self.documents += len(proposal.notes)
        for (_, currency), lines in proposal.notes.items():
            self.lines += len(lines)
            minor = sum(line.amount_minor for line in lines)
            self.totals[currency] = self.totals.get(currency, 0) + minor
            self.unverified.update(line.unverified for line in lines if line.unverified)


@whole()
def run_charges(
    *,
    entity: Entity,
    month_on: date,
    customer_ids: Collection[int] | None = None,
    on: date | None = None,
    today: date,
    author: Author,
) -> Ran:
    """Charge for a month what was not charged for it yet, on a day (None: the month's last).

    All of a customer in a currency is one document, due at once. Run again, it charges nothing
    twice. Posts: receivable / finance charge income. Announces: DocumentsIssued.
    Refuses: ChargePeriodUnfit, RateMissing, LawUnknown, ChargingUnfit, PeriodLocked.
    """
    last_on = _month_end(month_on)
    on = on or last_on
    _refuse_unfit(month_on, last_on, on, today)
    hold_books(entity_id=entity.pk)
    month = month_of(month_on, last_on)
    ran = Ran()
    with ExitStack() as stack:
        opened: list[Recorder] = []

        def recorder() -> Recorder:
            if not opened:  # a run that charges nothing leaves no batch
                batch = recording(
                    kind="charges",
                    entity_id=entity.pk,
                    actor=author.actor,
                    at=author.at,
                    note=month.name,
                )
                opened.append(stack.enter_context(batch))
                ran.batch_id = opened[0].batch_id
            return opened[0]

        for proposal in proposals(entity, month, customer_ids):
            if proposal.notes:
                _write(recorder(), entity.pk, month, on, proposal)
            ran.count(proposal)
        some = None if customer_ids is None else set(customer_ids)
        ran.removed = removals(entity.pk, last_on, on, some)
        if ran.removed:
            remove_disputed(recorder=recorder(), entity_id=entity.pk, removals=ran.removed, on=on)
    return ran


def _refuse_unfit(month_on: date, last_on: date, on: date, today: date) -> None:
    facts = {"month": f"{month_on:%Y-%m}", "last_day": last_on, "on": on, "today": today}
    if today <= last_on:
        raise ChargePeriodUnfit(
            f"{month_on:%Y-%m} is not over: it is charged from {last_on + timedelta(1)} on.",
            facts=facts,
            remedy="Wait until the month is over, or name an earlier one.",
        )
    if not last_on <= on <= today:
        raise ChargePeriodUnfit(
            f"Charges of {month_on:%Y-%m} can't be booked on {on}.",
            facts=facts,
            remedy=f"Book them on a day from {last_on} to {today}.",
        )


def _write(recorder: Recorder, entity_id: int, month: Month, on: date, proposal: Proposal) -> None:
    """Write the documents of a proposal and their lines."""
    lines = [line for of_note in proposal.notes.values() for line in of_note]
    ids = bulk.reserve_ids(Charge, len(lines))
    drafts, first = [], ids[0]
    for (customer_id, currency), of_note in proposal.notes.items():
        total = sum(line.amount_minor for line in of_note)
        drafts.append(
            DocumentDraft(
                customer_id=customer_id,
                kind=CHARGE,
                number=f"{_PREFIX}{month.name}-{first}",
                currency=currency,
                amount_minor=total,
                issued_on=on.isoformat(),
                instalments=(InstalmentDraft(on.isoformat(), total),),
                reference=f"Late payment, {month.name}",
            )
        )
        first += len(of_note)
    documents = issue_documents(recorder=recorder, entity_id=entity_id, documents=drafts)
    recorder.write(Charge, list(_rows(recorder, entity_id, month, proposal, ids, documents)))


def _rows(
    recorder: Recorder,
    entity_id: int,
    month: Month,
    proposal: Proposal,
    ids: range,
    documents: range,
) -> Iterator[bulk.Row]:
    """The rows of charges, in the order of their ids."""
    batch_id, month_on = recorder.batch_id, iso(month.first)
    next_id = iter(ids).__next__
    for document_id, ((customer_id, _), of_note) in zip(
        documents, proposal.notes.items(), strict=True
    ):
        terms = proposal.terms[customer_id]
        for line in of_note:
            debt = line.debt
            yield (
                next_id(),
                batch_id,
                entity_id,
                customer_id,
                document_id,
                debt.item_id,
                debt.number,
                line.key,
                line.kind,
                month_on,
                iso(line.first),
                iso(line.last),
                debt.currency,
                line.amount_minor,
                terms.basis,
                terms.day_count,
                written_runs(line.runs),
                line.rates,
                line.unverified,
                0,
            )


def _month_end(month_on: date) -> date:
    following = (month_on.replace(day=28) + timedelta(days=4)).replace(day=1)
    return following - timedelta(days=1)


@whole()
def set_charging(
    *,
    entity: Entity,
    knobs: Mapping[str, str],
    month_on: date,
    author: Author,
    segment: str = "",
    customer_id: int = 0,
) -> ChargingPolicy:
    """Set knobs of the entity, a segment or a customer from a month on; the others stay.

    "" gives a knob back to what holds around it. Refuses: ChargingUnfit, LawUnknown.
    """
    locks.hold(f"policies:{entity.pk}")
    chargings = Chargings(entity.pk, month_on)
    before = chargings.knobs.get((segment, customer_id), {})
    after = {name: text for name, text in {**before, **knobs}.items() if text}
    read_charging(after)
    chargings.knobs[segment, customer_id] = after
    policy = chargings.of(segment, customer_id)
    terms_of(policy, known_to(entity))
    row = ChargingVersion.objects.create(
        entity_id=entity.pk,
        segment=segment,
        customer_id=customer_id,
        from_on=month_on,
        knobs=after,
        actor=author.actor,
        recorded_at=author.at,
    )
    scope = {"segment": segment, "customer": customer_id, "from_on": month_on.isoformat()}
    change = (row.pk, {"knobs": before}, {"knobs": after, **scope})
    record_changes(noun="charging", changes=[change], author=author)
    return policy


@whole()
def add_rates(
    *, entity: Entity, document: Mapping[str, Any], place: str, author: Author
) -> list[RateTable]:
    """Lay a firm's own periods over the tables there are; return the tables as they are then.

    The same days are replaced, others are added, a new table is begun. Charges that were made stay.
    Refuses: RatesUnfit with every gap, overlap and misprint.
    """
    locks.hold(f"policies:{entity.pk}")
    tables, changed, rows = tables_of(entity.pk), [], list[OwnRate]()
    for told in read_tables(document, place):
        before = tables.get(told.id)
        name = told.name or (before.name if before else told.id)
        after = laid_over(before or RateTable(told.id, name, ()), told.periods)
        changed.append(after)
        rows += _own_rates(entity.pk, told.id, name, told, author)
    OwnRate.objects.bulk_create(rows)
    changes: list[tuple[int, dict[str, Any], dict[str, Any]]] = [
        (row.pk, {}, {"table": row.table, "from_on": str(row.from_on), "percent": row.percent})
        for row in rows
    ]
    record_changes(noun="rates of interest", changes=changes, author=author)
    return changed


def _own_rates(
    entity_id: int, id_: str, name: str, told: RateTable, author: Author
) -> Sequence[OwnRate]:
    return [
        OwnRate(
            entity_id=entity_id,
            table=id_,
            name=name,
            from_on=one.from_on,
            to_on=one.to_on,
            percent=str(one.percent),
            source=one.source,
            checked=one.checked,
            is_verified=one.is_verified,
            actor=author.actor,
            recorded_at=author.at,
        )
        for one in told.periods
    ]
