"""Offer a discount for paying early, beyond the terms; honour it when the money came in time."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from duly.access.actions import Author, record_changes, require_authority
from duly.access.queries import user_acting
from duly.cash_application.queries import policy_on
from duly.collections.errors import OfferNotEarned, OfferUnfit, OfferUnknown
from duly.collections.models import DiscountOffer
from duly.collections.queries.stays import stays_on
from duly.collections.rules.charges.discounts import discount_for
from duly.kernel.money import Money
from duly.kernel.rounding import half_up
from duly.ledger.actions import recording
from duly.parties.models import Entity
from duly.receivables.actions import apply_payments
from duly.receivables.queries import ItemFacts
from duly.receivables.queries.standing import items_of, payments_of
from duly.receivables.rules.applying import LATE_DISCOUNT, Wish
from duly.storage.among import among
from duly.storage.writing import whole

_MOST = Decimal(50)  # percent of an item


class Price(NamedTuple):
    """What is offered: a discount in percent, or one that costs a nominal yearly rate."""

    percent: Decimal | None
    yearly_rate: Decimal | None = None

    def of(self, days_early: int) -> Decimal:
        """The discount in percent for so many days."""
        if self.percent is not None:
            return self.percent
        return discount_for(self.yearly_rate or Decimal(0), days_early)


@whole()
def offer_discounts(
    *,
    entity: Entity,
    customer_id: int,
    items: Sequence[ItemFacts],
    price: Price,
    pay_by: date,
    on: date,
    author: Author,
) -> list[DiscountOffer]:
    """Offer so much off each item if it is paid by a day before it is due.

    Rule: what is given away counts as credit given; nothing is offered under a legal stay.
    Refuses: OfferUnfit, AuthorityExceeded.
    """
    _refuse_stayed(entity.pk, customer_id, on)
    there = set(
        DiscountOffer.objects.filter(
            item_id__in=among([item.id for item in items]), honoured_on=None, pay_by__gte=on
        ).values_list("item_id", flat=True)
    )
    dues = items_of(entity.pk, {item.id for item in items})
    rows = []
    for item in items:
        due_on = dues[item.id].due_on
        percent = price.of((due_on - pay_by).days) if on <= pay_by < due_on else Decimal(0)
        discount = Money(item.open_minor, item.currency).times(percent.scaleb(-2), half_up)
        why = _why_unfit(item, percent, discount.minor, is_offered=item.id in there)
        if why:
            raise OfferUnfit(
                f"No such discount can be offered on {item.number}: {why}",
                facts={"item": item.number, "due_on": due_on, "pay_by": pay_by, "on": on},
                remedy="Offer up to 50 percent of an open item, to be paid from today to the day"
                " before it is due, one offer at a time.",
            )
        rows.append(
            DiscountOffer(
                entity_id=entity.pk,
                customer_id=customer_id,
                item_id=item.id,
                number=item.number,
                currency=item.currency,
                open_minor=item.open_minor,
                discount_minor=discount.minor,
                percent=str(round(percent, 6)),
                offered_on=on,
                due_on=due_on,
                pay_by=pay_by,
                actor=author.actor,
                recorded_at=author.at,
            )
        )
    given = Counter[str]()
    for row in rows:
        given[row.currency] += row.discount_minor
    for currency, minor in given.items():
        money = Money(minor, currency)
        require_authority(user=user_acting(author.actor), act="credit", money=money)
    return DiscountOffer.objects.bulk_create(rows)


def _refuse_stayed(entity_id: int, customer_id: int, on: date) -> None:
    if stays_on(entity_id, on, [customer_id]):
        raise OfferUnfit(
            "Nothing is offered to a customer under a legal stay.",
            facts={"on": on},
            remedy="Leave it to whoever files the claim; `duly block list` shows the stay.",
        )


def _why_unfit(item: ItemFacts, percent: Decimal, minor: int, *, is_offered: bool) -> str:
    if item.open_minor <= 0:
        return "nothing of it is open."
    if percent <= 0:
        return "that day is not before its due date, or is past."
    if percent > _MOST or minor <= 0:
        return "the discount is nothing, or more than half."
    return "one is offered already." if is_offered else ""


@whole()
def honour_offer(
    *, entity: Entity, offer_id: int, payment_id: int, on: date, author: Author
) -> DiscountOffer:
    """Apply a payment that came in time to the item of an offer, and grant the discount beside it.

    In time: its value day is no later than the offer's, and the days of grace of matching.
    Posts: unapplied cash / receivable, discount allowed / receivable. Announces: CashApplied.
    Refuses: OfferUnknown, OfferNotEarned, and as `apply_payments` does.
    """
    rows = DiscountOffer.objects.select_for_update().filter(entity_id=entity.pk, pk=offer_id)
    offer = rows.first()
    if offer is None:
        raise OfferUnknown(
            f"No discount was offered under the number {offer_id}.",
            facts={"offer": offer_id},
            remedy="Look at `duly discount list`.",
        )
    with recording(
        kind="discount offer", entity_id=entity.pk, actor=author.actor, at=author.at
    ) as recorder:
        payment = payments_of(entity.pk, [payment_id])[payment_id]
        item = items_of(entity.pk, [offer.item_id])[offer.item_id]
        last = offer.pay_by + timedelta(days=policy_on(entity, on).discount_grace_days)
        cash = item.open_minor - offer.discount_minor
        if offer.honoured_on or payment.received_on > last or cash <= 0:
            raise OfferNotEarned(
                f"The discount on {offer.number} is not earned: it was to be paid by"
                f" {offer.pay_by}, the money came on {payment.received_on}.",
                facts={
                    "offer": offer_id,
                    "pay_by": offer.pay_by,
                    "received_on": payment.received_on,
                    "honoured_on": offer.honoured_on,
                },
                remedy="Apply the payment without it: `duly apply`.",
            )
        beside = ((LATE_DISCOUNT, offer.discount_minor),)
        wish = Wish(payment_id, offer.item_id, cash, on, let_go=beside)
        apply_payments(recorder=recorder, entity_id=entity.pk, wishes=[wish])
    offer.payment_id, offer.honoured_on = payment_id, on
    offer.save(update_fields=["payment_id", "honoured_on"])
    after = {"payment": payment_id, "honoured_on": on.isoformat()}
    record_changes(noun="discount offer", changes=[(offer.pk, {}, after)], author=author)
    return offer
