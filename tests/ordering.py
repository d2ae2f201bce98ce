"""Orders asked about in the books of a test, told as they are in the contract."""

from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Any

from building import Books, minor
from duly.access.actions import Author
from duly.collections.queries.order_signals import order_signals
from duly.credit.actions import cancel_order, check_order
from duly.credit.queries.exposure import exposures
from duly.credit.queries.orders import ask_order
from duly.credit.rules.exposure import Asked
from duly.interfaces.exchange import ordering
from duly.interfaces.exchange.ordering import answer_document, refuse_held
from duly.kernel.currencies import EXPONENTS
from duly.kernel.money import text_from_minor

ON = date(2026, 3, 10)
AT = datetime(2026, 3, 10, 9, tzinfo=UTC)
AUTHOR = Author("orders@example.org", AT)


def books_of_c10() -> Books:
    """Case C-10 before its orders: a limit of 50,000, 31,000 open, 2,000 not applied."""
    books = Books(currency="USD")
    books.customer("C1", currency="USD", credit_limit_minor=5_000_000)
    books.invoice("I-1", "C1", "31000.00", issued="2026-02-20", due="2026-03-22")
    books.payment("P-1", "C1", "2000.00", on="2026-03-01")
    return books


def ask(
    books: Books,
    amount: str,
    ref: str = "",
    *,
    customer: str = "C1",
    currency: str = "",
    on: date = ON,
    author: Author = AUTHOR,
    **more: Any,
) -> dict[str, Any]:
    """Ask about an order; with a reference it is written down."""
    currency = currency or books.currency
    asked = Asked(books.customer_id(customer), currency, minor(amount, currency), ref, **more)
    if not ref:
        return answer_document(
            ask_order(entity=books.entity, asked=asked, on=on, signals_of=order_signals)
        )
    checked = check_order(
        entity=books.entity, asked=asked, on=on, author=author, signals_of=order_signals
    )
    return answer_document(checked.answer, checked.hold_id)


def decision(told: dict[str, Any]) -> list[str]:
    """The decision, and the tests that were failed."""
    return [told["decision"], *(one["test"] for one in told["failed"])]


def parts(books: Books, customer: str = "C1", on: date = ON) -> dict[str, str]:
    """The parts of a customer's exposure that are not zero, and their sum."""
    pk = books.customer_id(customer)
    one = exposures(books.entity, [pk], on)[pk]
    decimals = EXPONENTS[one.currency]
    told = {part.id: part.minor for part in one.parts if part.minor}
    return {
        name: text_from_minor(value, decimals)
        for name, value in {**told, "total": one.total_minor}.items()
    }


def ship(books: Books, ref: str, amount: str, on: date = ON) -> None:
    """Ship some of an order."""
    refuse_held(ordering.ship(books.entity, ref, amount, on, AUTHOR))


def cancel(books: Books, ref: str) -> None:
    """Cancel what is left of an order."""
    cancel_order(entity=books.entity, ref=ref, on=ON, author=AUTHOR)


def bill(books: Books, number: str, amount: str, ref: str, customer: str = "C1") -> None:
    """Import an invoice that names an order."""
    books.take_in(
        "items",
        "kind,number,customer_id,currency,issued_on,due_on,amount,order_ref\n"
        f"invoice,{number},{customer},{books.currency},2026-03-05,2026-04-04,{amount},{ref}\n",
    )


def names(told: Collection[dict[str, Any]]) -> list[str]:
    """The tests of some failures."""
    return [one["test"] for one in told]
