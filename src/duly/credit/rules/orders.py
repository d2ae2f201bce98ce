"""What may be asked of an order, and what becomes of it."""

from datetime import date, timedelta

from duly.credit.errors import OrderDayUnfit, OrderOfAnother, OrderShipped, OrderUnfit
from duly.credit.policy import OrderPolicy
from duly.credit.rules.exposure import Asked, OrderLeft
from duly.kernel.currencies import EXPONENTS, exponent
from duly.kernel.money import MAX_MINOR, text_from_minor

CHECKPOINTS = ("confirm", "pick", "ship", "invoice")
LONGEST_REF = 64
MOST_MINOR = MAX_MINOR // 1000  # sums of orders stay within 64 bits


def refuse_unfit(asked: Asked) -> None:
    """Refuse what can't be asked. Refuses: UnknownCurrency, OrderUnfit."""
    exponent(asked.currency)
    if not 0 < asked.amount_minor <= MOST_MINOR:
        raise OrderUnfit(
            "The amount of an order is above zero, and within what can be held.",
            facts={
                "amount": text_from_minor(asked.amount_minor, EXPONENTS[asked.currency]),
                "most": text_from_minor(MOST_MINOR, EXPONENTS[asked.currency]),
            },
            remedy="Ask about what the order comes to, tax included.",
        )
    if asked.checkpoint not in CHECKPOINTS:
        raise OrderUnfit(
            f"{asked.checkpoint[:40]!r} is no checkpoint.",
            facts={"checkpoints": list(CHECKPOINTS)},
            remedy=f"Use one of {', '.join(CHECKPOINTS)}.",
        )
    if (
        len(asked.ref) > LONGEST_REF
        or not asked.ref.isprintable()
        or asked.ref != asked.ref.strip()
    ):
        raise OrderUnfit(
            "This reference of an order can't be kept.",
            facts={"characters": len(asked.ref), "most": LONGEST_REF},
            remedy=f"Use up to {LONGEST_REF} characters of plain text.",
        )


def refuse_day(on: date, *, today: date, booked_on: date | None, policy: OrderPolicy) -> None:
    """Refuse a question of another system that is dated at will: by an earlier day nothing would
    be late yet, by a later one a limit may have begun. Refuses: OrderDayUnfit.

    Given: `booked_on` the last day, today at the latest, on which something is booked.
    """
    first = min(booked_on or today, today) - timedelta(days=policy.days_back)
    last = today + timedelta(days=policy.days_ahead)
    if not first <= on <= last:
        raise OrderDayUnfit(
            f"{on} is too far from today and from what is booked: orders are asked about as of"
            f" {first} to {last}.",
            facts={"on": on.isoformat(), "first": first.isoformat(), "last": last.isoformat()},
            remedy="Leave `on` out: it is then today. How far a day may lie off is set by"
            " `duly credit policy orders.days_back=N` and `orders.days_ahead=N`.",
        )


def refuse_other(asked: Asked, customer_id: int, there: OrderLeft | None) -> None:
    """Refuse what contradicts an order that is there.

    Refuses: OrderOfAnother, OrderShipped (another currency, or less than was shipped).
    """
    if customer_id != asked.customer_id:
        raise OrderOfAnother(
            f"Order {asked.ref} is there, of another customer.",
            facts={"order": asked.ref},
            remedy="Give this order its own reference.",
        )
    if there is None or not max(there.shipped_minor, there.invoiced_minor):
        return
    is_other = asked.currency != there.currency
    if is_other or (asked.checkpoint == "confirm" and asked.amount_minor < there.shipped_minor):
        raise OrderShipped(
            f"Order {asked.ref} was shipped or invoiced in part; it can't become this.",
            facts={
                "order": asked.ref,
                "currency": there.currency,
                "shipped": text_from_minor(there.shipped_minor, EXPONENTS[there.currency]),
                "invoiced": text_from_minor(there.invoiced_minor, EXPONENTS[there.currency]),
            },
            remedy="Cancel what is left of it and place another order.",
        )
