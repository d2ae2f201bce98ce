"""How long the server takes for each page, over filled books.

    DULY_HOME=/tmp/books python bench/pages.py

Every page is asked for in this process, as a signed-in viewer, with many different questions: other
customers, words, orders and days; `customer_biggest` is the one with most items. p50 and p95 are
wall milliseconds; `cpu_ms` is the mean of this process and the database server together, which a
busy machine does not change.
"""

import argparse
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import fill
import measure


def typed(chance: random.Random, customer: tuple[str, str, str]) -> str:
    """What someone types to find a customer: (name, id, e-mail), or the beginning of them."""
    name, code, email = customer
    stem, *_, number, _ = name.split()
    return chance.choice(
        (name[:3], stem, f"{stem} {number[:4]}", name, code[:4], code, number[:3], email[:6], email)
    )


def questions(chance: random.Random) -> Iterator[tuple[str, str]]:
    """(page, address) of one round after the other."""
    from django.db.models import Count

    from duly.parties.models import Customer
    from duly.receivables.models import Item

    rows = Customer.objects.values_list("pk", "name", "code", "email")
    customers = {pk: told for pk, *told in rows}
    numbers = list(customers)
    biggest = Item.objects.values("customer_id").annotate(n=Count("pk")).order_by("-n")[0]
    today = datetime.now(UTC).date()
    while True:
        number = chance.choice(numbers)
        word = quote(typed(chance, customers[number]))
        past = today - timedelta(days=chance.randrange(400))
        either = chance.choice(("", word))
        yield "customers", "/customers/"
        yield "customers_search", f"/customers/?q={word}"
        yield "customers_overdue", f"/customers/?order=overdue&overdue=1&q={either}"
        yield "customers_owed", "/customers/?order=owed"
        yield "customer", f"/customers/{number}/"
        yield "customer_biggest", f"/customers/{biggest['customer_id']}/"
        yield "customer_past_day", f"/customers/{number}/?on={past}"
        yield "palette", f"/find/?q={word}"
        yield "overview", "/"
        yield "aging_today", "/aging/"
        yield "items", f"/items/?currency=EUR&bucket={chance.randrange(5)}"
        yield "items_customer", f"/items/?currency=EUR&customer={number}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--only", nargs="*", default=[], help="pages to time; default all")
    arguments = parser.parse_args()
    measure.open_installation()
    fill.fill(arguments.size, arguments.customers)

    from django.test import Client

    from duly.access.actions import add_user
    from duly.access.models import User
    from duly.interfaces.jobs.aging import age_books

    now = datetime.now(UTC)
    age_books(at=now)  # as the worker does within seconds
    who = User.objects.filter(email="bench@example.org").first() or add_user(
        email="bench@example.org", name="Bench", role="viewer", password=None, at=now
    )
    client = Client(headers={"host": "localhost"})
    client.force_login(who)
    wall: dict[str, list[float]] = {}
    cpu: dict[str, float] = {}
    asked = questions(random.Random(1))
    pages = len({next(asked)[0] for _ in range(12)})
    for turn in range(arguments.rounds + 1):
        for _ in range(pages):
            page, address = next(asked)
            if arguments.only and page not in arguments.only:
                continue
            with measure.costing() as cost:
                start = time.perf_counter()
                response = client.get(address)
                taken = (time.perf_counter() - start) * 1000
            assert response.status_code == 200, (address, response.status_code)
            if turn:  # the first round warms templates and caches
                wall.setdefault(page, []).append(taken)
                cpu[page] = cpu.get(page, 0.0) + cost.cpu_s * 1000
    figures = {}
    for page, taken in wall.items():
        taken.sort()
        figures[page] = {
            "p50": round(taken[len(taken) // 2], 1),
            "p95": round(taken[min(len(taken) - 1, int(len(taken) * 0.95))], 1),
            "cpu_ms": round(cpu[page] / len(taken), 1),
        }
    measure.tell("pages", size=arguments.size, pages=figures)


if __name__ == "__main__":
    main()
