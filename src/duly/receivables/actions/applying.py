"""Apply payments and credit notes to items, settle items elsewhere, take settlements back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from duly.access.actions import announce
from duly.kernel.errors import Problem
from duly.ledger.actions import Recorder
from duly.ledger.queries import entries_of
from duly.receivables.actions.attributing import give_back
from duly.receivables.actions.settling import Settlement, write_settlements
from duly.receivables.errors import NothingApplied, OverApplied, TakenBackTooEarly
from duly.receivables.events import ApplicationsTakenBack, CashApplied
from duly.receivables.models import CONSUMING, Application, Item, Payment
from duly.receivables.queries.refunds import reserved_of_credits, reserved_of_payments
from duly.receivables.queries.standing import (
    courses_of_discounts,
    courses_of_items,
    courses_of_payments,
    items_of,
    numbers_of,
    payments_of,
)
from duly.receivables.rules.applying import ItemFacts, SourceFacts, Wish, judge
from duly.receivables.rules.course import Course
from duly.storage.among import among


class ElsewhereDraft(NamedTuple):
    """Part of an item that was settled in another system, as a snapshot of it shows."""

    item_id: int
    amount_minor: int  # the item's sign


def apply_payments(
    *,
    recorder: Recorder,
    entity_id: int,
    wishes: Sequence[Wish],
    with_credit: bool = False,
    places: Sequence[str] | None = None,
) -> list[Problem]:
    """Apply payments (or, `with_credit`, credit notes' items) to items.

    Posts: unapplied cash / receivable; what is settled beside it as discount allowed,
    bank charges or small differences / receivable.
    Announces: CashApplied. Refuses: AmountNotPositive, OverApplied, CurrencyDiffers,
    AppliedTooEarly, DiscountNotEarned, PeriodLocked. With `places` (one for each wish) refusals of
    a wish come back as problems that name the place, and nothing is written when there are any.
    """
    if not wishes:
        return []
    items = items_of(entity_id, {wish.item_id for wish in wishes})
    source_ids = {wish.source_id for wish in wishes}
    sources: Mapping[int, Item | Payment]
    sources = items_of(entity_id, source_ids) if with_credit else payments_of(entity_id, source_ids)
    first = min(wish.applied_on for wish in wishes)
    verdicts = judge(wishes, _item_facts(items, first), _source_facts(sources, first))
    problems = []
    for index, verdict in enumerate(verdicts):
        if verdict is not None:
            if places is None:
                raise verdict
            problems.append(Problem(places[index], verdict.code, verdict.message, verdict.remedy))
    if problems:
        return problems
    cash = [
        _settlement(wish, items[wish.item_id], sources[wish.source_id], with_credit)
        for wish in wishes
    ]
    ids = write_settlements(recorder, entity_id, cash)
    beside = [
        cash[index]._replace(
            reason=reason,
            payment_id=None,
            credit_item_id=None,
            payer_id=None,
            source_on=None,
            amount_minor=minor,
            beside_id=ids[index],
        )
        for index, wish in enumerate(wishes)
        for reason, minor in wish.beside
    ]
    write_settlements(recorder, entity_id, beside)
    announce(event=CashApplied(recorder.batch_id, entity_id, len(wishes)), at=recorder.at)
    return []


def _item_facts(items: Mapping[int, Item], first: date) -> dict[int, ItemFacts]:
    numbers = numbers_of(items.values())
    open_ = courses_of_items(items, after=first)
    discounts = courses_of_discounts(items, after=first)
    return {
        pk: ItemFacts(
            number=numbers[item.document_id],
            currency=item.currency,
            issued_on=item.issued_on,
            open=open_[pk] if item.amount_minor >= 0 else Course(0),
            discount_until=item.discount_until,
            discount=discounts[pk],
        )
        for pk, item in items.items()
    }


def _source_facts(sources: Mapping[int, Item | Payment], first: date) -> dict[int, SourceFacts]:
    credits = {pk: row for pk, row in sources.items() if isinstance(row, Item)}
    payments = {pk: row for pk, row in sources.items() if isinstance(row, Payment)}
    numbers, reserved = numbers_of(credits.values()), reserved_of_payments(payments)
    left = courses_of_items(credits, after=first) | courses_of_payments(payments, after=first)
    facts = {
        pk: SourceFacts(row.number, row.currency, row.received_on, *_free(left[pk], reserved, pk))
        for pk, row in payments.items()
    }
    reserved = reserved_of_credits(credits)
    for pk, row in credits.items():
        # An invoice is no source: nothing is left of it to apply.
        course = left[pk] if row.amount_minor < 0 else Course(0)
        facts[pk] = SourceFacts(
            numbers[row.document_id], row.currency, row.issued_on, *_free(course, reserved, pk)
        )
    return facts


def _free(course: Course, reserved: Mapping[int, int], pk: int) -> tuple[Course, int]:
    """What is left without what refunds wait for, and that."""
    minor = reserved.get(pk, 0)
    return Course(course.left_minor - minor, course.moves), minor


def _settlement(wish: Wish, item: Item, source: Item | Payment, with_credit: bool) -> Settlement:
    on = source.issued_on if isinstance(source, Item) else source.received_on
    return Settlement(
        reason="credit" if with_credit else "cash",
        item_id=item.pk,
        payment_id=None if with_credit else source.pk,
        credit_item_id=source.pk if with_credit else None,
        customer_id=item.customer_id,
        payer_id=source.customer_id,
        currency=item.currency,
        amount_minor=wish.amount_minor,
        applied_on=wish.applied_on.isoformat(),
        item_issued_on=item.issued_on.isoformat(),
        item_due_on=item.due_on.isoformat(),
        source_on=on.isoformat(),
    )


def settle_elsewhere(
    *, recorder: Recorder, entity_id: int, drafts: Sequence[ElsewhereDraft], on: date
) -> range:
    """Settle items that another system shows as settled.

    Dated `on`, or the first later day on which the item is there and as much of it is open: what
    was settled here for a while, and taken back, was not settled elsewhere on those days.
    Posts: settled elsewhere / receivable. Refuses: ItemUnknown, OverApplied, PeriodLocked.
    """
    items = items_of(entity_id, {draft.item_id for draft in drafts})
    courses = courses_of_items(items, after=on)
    settlements = []
    for item_id, minor in drafts:
        item, course = items[item_id], courses[item_id]
        day = course.first_day(abs(minor), since=max(on, item.issued_on))
        if day is None or not minor or (minor < 0) is not (item.amount_minor < 0):
            raise OverApplied(
                "More would be settled than is open of an item.",
                facts={"item": item_id, "asked_minor": minor, "open_minor": item.open_minor},
                remedy="Look at what is open now, and settle that.",
            )
        course.use(day, abs(minor))
        settlements.append(
            Settlement.of_item(
                "settled_elsewhere",
                item_id,
                item.customer_id,
                item.currency,
                minor,
                day.isoformat(),
                item.issued_on.isoformat(),
                item.due_on.isoformat(),
            )
        )
    return write_settlements(recorder, entity_id, settlements)


def take_back_applications(
    *, recorder: Recorder, entity_id: int, application_ids: Collection[int], on: date | None
) -> int:
    """Take settlements back, with the discounts beside them; return how many rows were written.

    Dated `on`, or with None each on its own day (the import that brought them is reverted).
    Posts: the stored amounts negated, as reversals. Announces: ApplicationsTakenBack.
    Refuses: NothingApplied when none of them stands; TakenBackTooEarly when one of them was not
    there yet on the day; PeriodLocked.
    """
    standing = _standing(entity_id, application_ids)
    if not standing:
        raise NothingApplied(
            "There is nothing applied here to take back.",
            remedy="Look at the payment: it may have been taken back before.",
        )
    latest = max(row.applied_on for row in standing)
    if on is not None and on < latest:
        raise TakenBackTooEarly(
            f"What was applied on {latest} can't be taken back on {on}.",
            facts={"applied_on": latest.isoformat(), "on": on.isoformat()},
            remedy=f"Take it back on {latest} or later.",
        )
    entry_of = entries_of("application", [row.pk for row in standing])
    settlements, reverses = [], {}
    for index, row in enumerate(standing):
        settlements.append(Settlement.taking_back(row, on or row.applied_on))
        if row.pk in entry_of:
            reverses[index] = entry_of[row.pk]
    write_settlements(recorder, entity_id, settlements, reverses)
    give_back(recorder, entity_id, standing, on)
    announce(
        event=ApplicationsTakenBack(recorder.batch_id, entity_id, len(standing)), at=recorder.at
    )
    return len(standing)


def _standing(entity_id: int, application_ids: Collection[int]) -> list[Application]:
    """The applications that were not taken back yet, and the discounts beside them, by id.

    A void is not taken back, nor a return or a refund by itself: it stays so.
    """
    found: dict[int, Application] = {}
    for field in ("pk__in", "beside_id__in"):
        rows = Application.objects.filter(
            **{field: among(application_ids)}, entity_id=entity_id, reverses_id=None
        )
        found.update({row.pk: row for row in rows.exclude(reason__in=CONSUMING)})
    gone = set(
        Application.objects.filter(reverses_id__in=among(found)).values_list(
            "reverses_id", flat=True
        )
    )
    return [found[pk] for pk in sorted(found) if pk not in gone]
