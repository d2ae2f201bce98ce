"""A book for the desk: who is late, by how much, and who has no address."""

from datetime import date, timedelta

from tests.interfaces.web.conftest import take_in

from duly.parties.models import Customer, Entity

CUSTOMERS = ("customer_id", "name", "country", "currency", "email", "collector", "segment")
ITEMS = ("kind", "number", "customer_id", "currency", "issued_on", "due_on", "amount")


def late_books(entity: Entity, today: date, count: int = 3) -> Entity:
    """C1 to C<count> owe 1,000, 2,000, ... thirty days late; the last of them has no address."""

    def ago(days: int) -> str:
        return (today - timedelta(days=days)).isoformat()

    numbers = range(1, count + 1)
    take_in(
        entity,
        "customers",
        CUSTOMERS,
        *(
            (
                f"C{n}",
                f"Firm {n}",
                "GB",
                "GBP",
                "" if n == count else f"c{n}@c.example",
                "Some Collector" if n == 1 else "Kim",
                "gold" if n % 2 else "iron",
            )
            for n in numbers
        ),
    )
    take_in(
        entity,
        "items",
        ITEMS,
        *(("invoice", f"INV-{n}", f"C{n}", "GBP", ago(60), ago(30), f"{n}000.00") for n in numbers),
    )
    take_in(
        entity,
        "payments",
        ("payment_id", "currency", "received_on", "amount", "customer_id"),
        ("PAY-1", "GBP", ago(0), "10.00", ""),
    )
    return entity


def number_of(code: str) -> int:
    """A customer's own number."""
    return Customer.objects.get(code=code).pk
