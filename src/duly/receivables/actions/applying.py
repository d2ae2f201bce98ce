"""Apply payments and credit notes to items, settle items elsewhere, take settlements back."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Sum

from duly.access.actions import announce
from duly.kernel.errors import Problem
from duly.ledger.actions import Recorder
from duly.ledger.queries import entries_of
from duly.receivables.actions.settling import Settlement, write_settlements
from duly.receivables.actions.sums import Sums
from duly.receivables.errors import NothingApplied
from duly.receivables.events import ApplicationsTakenBack, CashApplied
from duly.receivables.models import Application, Document, Item, Payment
from duly.receivables.rules.applying import ItemFacts, SourceFacts, Wish, judge
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

    Posts: unapplied cash / receivable; an earned discount as discount allowed / receivable.
    Announces: CashApplied. Refuses: OverApplied, CurrencyDiffers, AppliedTooEarly,
    DiscountNotEarned. With `places` (one for each wish) refusals come back as problems that name
    the place, and nothing is written when there are any.
    """
    if not wishes:
        return []
    items = {row.pk: row for row in _locked(Item, {wish.item_id for wish in wishes})}
    sources: dict[int, Item] | dict[int, Payment]
    sources = {
        row.pk: row
        for row in _locked(Item if with_credit else Payment, {wish.source_id for wish in wishes})
    }
    verdicts = judge(
        wishes,
        _item_facts(items),
        _source_facts(sources),  # type: ignore[arg-type]
    )
    problems = []
    for index, verdict in enumerate(verdicts):
        if verdict is not None:
            if places is None:
                raise verdict
            problems.append(Problem(places[index], verdict.code, verdict.message, verdict.remedy))
    if problems:
        return problems
    sums = Sums(entity_id)
    cash = [
        _settlement(wish, items[wish.item_id], sources[wish.source_id], with_credit)
        for wish in wishes
    ]
    ids = write_settlements(recorder, entity_id, cash, sums)
    discounts = [
        cash[index]._replace(
            reason="discount",
            payment_id=None,
            credit_item_id=None,
            payer_id=None,
            source_on=None,
            amount_minor=wish.discount_minor,
            beside_id=ids[index],
        )
        for index, wish in enumerate(wishes)
        if wish.discount_minor
    ]
    write_settlements(recorder, entity_id, discounts, sums)
    sums.flush()
    announce(event=CashApplied(recorder.batch_id, entity_id, len(wishes)), at=recorder.at)
    return []


def _locked(model: type[Item] | type[Payment], ids: Collection[int]) -> list[Item | Payment]:
    """Rows by id, locked, in id order, so that two appliers never wait in a circle."""
    return list(model.objects.filter(pk__in=among(ids)).order_by("pk").select_for_update())


def _numbers(document_ids: Collection[int]) -> dict[int, str]:
    return dict(Document.objects.filter(pk__in=among(document_ids)).values_list("pk", "number"))


def _item_facts(items: dict[int, Item]) -> dict[int, ItemFacts]:
    numbers = _numbers({item.document_id for item in items.values()})
    taken = dict(
        Application.objects.filter(
            item_id__in=among({pk for pk, item in items.items() if item.discount_minor}),
            reason="discount",
        )
        .values_list("item_id")
        .annotate(total=Sum("amount_minor"))
    )
    return {
        pk: ItemFacts(
            number=numbers[item.document_id],
            currency=item.currency,
            issued_on=item.issued_on,
            open_minor=item.open_minor,
            amount_minor=item.amount_minor,
            discount_until=item.discount_until,
            discount_left_minor=item.discount_minor - taken.get(pk, 0),
        )
        for pk, item in items.items()
    }


def _source_facts(sources: dict[int, Item | Payment]) -> dict[int, SourceFacts]:
    credits = {pk: row for pk, row in sources.items() if isinstance(row, Item)}
    numbers = _numbers({row.document_id for row in credits.values()})
    return {
        pk: SourceFacts(
            numbers[row.document_id], row.currency, row.issued_on, max(0, -row.open_minor)
        )
        if isinstance(row, Item)
        else SourceFacts(row.number, row.currency, row.received_on, row.unapplied_minor)
        for pk, row in sources.items()
    }


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
    """Settle items that another system shows as settled, dated `on`.

    Posts: settled elsewhere / receivable.
    """
    items = {row.pk: row for row in _locked(Item, {draft.item_id for draft in drafts})}
    sums = Sums(entity_id)
    ids = write_settlements(
        recorder,
        entity_id,
        [
            Settlement.of_item(
                "settled_elsewhere",
                draft.item_id,
                item.customer_id,
                item.currency,
                draft.amount_minor,
                max(on, item.issued_on).isoformat(),
                item.issued_on.isoformat(),
                item.due_on.isoformat(),
            )
            for draft in drafts
            for item in (items[draft.item_id],)
            if isinstance(item, Item)
        ],
        sums,
    )
    sums.flush()
    return ids


def take_back_applications(
    *, recorder: Recorder, entity_id: int, application_ids: Collection[int], on: date | None
) -> int:
    """Take settlements back, with the discounts beside them; return how many rows were written.

    Dated `on`, or with None each on its own day (the import that brought them is reverted).
    Posts: the stored amounts negated, as reversals. Announces: ApplicationsTakenBack.
    Refuses: NothingApplied when none of them stands.
    """
    standing = _standing(application_ids)
    if not standing:
        raise NothingApplied(
            "There is nothing applied here to take back.",
            remedy="Look at the payment: it may have been taken back before.",
        )
    entry_of = entries_of("application", [row.pk for row in standing])
    settlements, reverses = [], {}
    for index, row in enumerate(standing):
        day = row.applied_on if on is None else max(on, row.applied_on)
        settlements.append(_taken_back(row, day))
        if row.pk in entry_of:
            reverses[index] = entry_of[row.pk]
    sums = Sums(entity_id)
    write_settlements(recorder, entity_id, settlements, sums, reverses)
    sums.flush()
    announce(
        event=ApplicationsTakenBack(recorder.batch_id, entity_id, len(standing)), at=recorder.at
    )
    return len(standing)


def _standing(application_ids: Collection[int]) -> list[Application]:
    """The applications that were not taken back yet, and the discounts beside them, by id."""
    found: dict[int, Application] = {}
    for field in ("pk__in", "beside_id__in"):
        rows = Application.objects.filter(**{field: among(application_ids)}, reverses_id=None)
        found.update({row.pk: row for row in rows})
    gone = set(
        Application.objects.filter(reverses_id__in=among(found)).values_list(
            "reverses_id", flat=True
        )
    )
    return [found[pk] for pk in sorted(found) if pk not in gone]


def _taken_back(row: Application, day: date) -> Settlement:
    def text(on: date | None) -> str | None:
        return None if on is None else on.isoformat()

    return Settlement(
        reason=row.reason,
        item_id=row.item_id,
        payment_id=row.payment_id,
        credit_item_id=row.credit_item_id,
        customer_id=row.customer_id,
        payer_id=row.payer_id,
        currency=row.currency,
        amount_minor=-row.amount_minor,
        applied_on=day.isoformat(),
        item_issued_on=text(row.item_issued_on),
        item_due_on=text(row.item_due_on),
        source_on=text(row.source_on),
        beside_id=None,
        reverses_id=row.pk,
    )
