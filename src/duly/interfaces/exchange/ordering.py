"""Orders by the numbers that people and systems use, and the documents they are answered with."""

from datetime import date
from typing import Any, NamedTuple

from duly.access.actions import Author
from duly.collections.queries.order_signals import order_signals
from duly.credit.actions import cancel_order, check_order, ship_order
from duly.credit.errors import OrderNotReleased
from duly.credit.models import Order
from duly.credit.queries.exposure import read_book
from duly.credit.queries.holds import hold
from duly.credit.queries.orders import ask_order, order_by_ref
from duly.credit.rules.exposure import Asked, Exposure
from duly.credit.rules.order_check import Answer, Failed
from duly.interfaces.exchange.orders_told import tell_sales, tell_sales_of
from duly.kernel.currencies import EXPONENTS, exponent
from duly.kernel.money import minor_from_text, text_from_minor
from duly.parties.models import Entity
from duly.parties.queries import buyer, codes_and_names
from duly.storage.writing import whole


class OrderTold(NamedTuple):
    """An order in the words of whoever asks."""

    customer: str
    amount: str
    currency: str
    order: str = ""
    checkpoint: str = "confirm"
    is_prepaid: bool = False
    margin: str | None = None


def asked_of(customer_id: int, told: OrderTold) -> Asked:
    """What is asked. Refuses: UnknownCurrency, InvalidAmount."""
    decimals = exponent(told.currency)
    return Asked(
        customer_id=customer_id,
        currency=told.currency,
        amount_minor=minor_from_text(told.amount, decimals),
        ref=told.order,
        checkpoint=told.checkpoint,
        is_prepaid=told.is_prepaid,
        margin_minor=minor_from_text(told.margin, decimals) if told.margin else None,
    )


def check(entity: Entity, told: OrderTold, on: date, author: Author) -> dict[str, Any]:
    """Check an order and tell what came of it; without a reference nothing is written.

    Refuses: CustomerUnknown, UnknownCurrency, InvalidAmount, and as `check_order`.
    """
    who = buyer(entity_id=entity.pk, code=told.customer)
    asked = asked_of(who.id, told)
    if not asked.ref:
        answer = ask_order(entity=entity, asked=asked, on=on, signals_of=order_signals)
        return answer_document(answer)
    with whole():
        checked = check_order(
            entity=entity, asked=asked, on=on, author=author, signals_of=order_signals
        )
        if checked.case is not None:
            told_of = [(checked.case, checked.order)]
            tell_sales(entity, told_of, {who.id: who.sales_rep}, on, author)
    return answer_document(checked.answer, checked.hold_id)


def ship(entity: Entity, ref: str, amount: str, on: date, author: Author) -> dict[str, Any]:
    """Note that some of an order was shipped; or, where anything holds it now, that it waits.

    What is held is written down; `refuse_held` then tells whoever was to ship it.
    """
    minor = minor_from_text(amount, exponent(order_by_ref(entity.pk, ref).currency))
    with whole():
        row, held = ship_order(
            entity=entity,
            ref=ref,
            amount_minor=minor,
            on=on,
            author=author,
            signals_of=order_signals,
        )
        if held is None or held.hold_id is None:
            return order_document(entity, row, on)
        waits = hold(entity_id=entity.pk, hold_id=held.hold_id, on=on)
        tell_sales_of(entity, [waits], on, author)
    return order_document(entity, row, on) | answer_document(held.answer, held.hold_id)


def refuse_held(told: dict[str, Any]) -> None:
    """Refuse that goods leave, once what holds them is written down. Refuses: OrderNotReleased."""
    if told.get("hold") is None:
        return
    why = " ".join(one["text"] for one in told["failed"])
    raise OrderNotReleased(
        f"Order {told['order']} waits now: its goods can't leave. {why}",
        facts={"order": told["order"], "hold": told["hold"], "failed": told["failed"]},
        remedy="Clear what holds it, or have it released (`duly credit holds`); then ship it.",
    )


def cancel(entity: Entity, ref: str, on: date, author: Author) -> dict[str, Any]:
    """Cancel what is left of an order."""
    return order_document(entity, cancel_order(entity=entity, ref=ref, on=on, author=author), on)


def answer_document(answer: Answer, hold_id: int | None = None) -> dict[str, Any]:
    """An answer as the contract tells it."""
    one = exposure_document(answer.exposure)
    told: dict[str, Any] = {
        "decision": answer.decision,
        "exposure": one,
        "failed": failed_document(answer.failed),
        "waived": failed_document(answer.waived),
        "because": answer.because or None,
        "hold": hold_id,
    }
    if answer.above:
        told["above"] = [exposure_document(above) for above in answer.above]
    return told


def failed_document(failed: tuple[Failed, ...]) -> list[dict[str, Any]]:
    """Tests that were failed."""
    return [one._asdict() for one in failed]


def exposure_document(exposure: Exposure) -> dict[str, Any]:
    """An exposure: its parts, their sum, the limit, and the rates it was added up at."""
    decimals = EXPONENTS[exposure.currency]
    limit = exposure.limit
    return {
        "customer": exposure.code,
        "parts": [
            {"id": part.id, "amount": text_from_minor(part.minor, decimals)}
            for part in exposure.parts
        ],
        "total": text_from_minor(exposure.total_minor, decimals),
        "limit": text_from_minor(limit.minor, decimals) if limit else None,
        "currency": exposure.currency,
        "rates": [
            {"currency": code, "on": day.isoformat(), "per_entity_currency": str(price)}
            for code, (day, price) in exposure.rates.items()
        ],
    }


def order_document(entity: Entity, row: Order, on: date) -> dict[str, Any]:
    """An order and how far it has come."""
    decimals = EXPONENTS[row.currency]
    book = read_book(entity, [row.customer_id], on, refs=[row.ref])
    left = book.orders.get(row.ref)
    code, _ = codes_and_names([row.customer_id])[row.customer_id]
    amounts = {
        "released": row.amount_minor,
        "shipped": row.shipped_minor,
        "invoiced": left.invoiced_minor if left else 0,
        "open": left.open_minor if left else 0,
        "shipped_not_invoiced": left.to_invoice_minor if left else 0,
    }
    return {
        "order": row.ref,
        "customer": code,
        "currency": row.currency,
        **{name: text_from_minor(minor, decimals) for name, minor in amounts.items()},
        "prepaid": row.is_prepaid,
    }
