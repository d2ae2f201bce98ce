"""How long the server takes for each page, over filled books.

    DULY_HOME=/tmp/books python bench/pages.py

Every page is asked for in this process, as a signed-in viewer, with many different questions: other
customers, words, orders and days; `customer_biggest` is the one with most items. p50 and p95 are
wall milliseconds; `cpu_p95` is of this process and the database server together, which a busy
machine does not change.
"""

import argparse
import random
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import fill
import measure

ACTS = ("", "call", "email", "wait")
HTMX = {"HX-Request": "true"}
FORMS = ("call", "promise", "dispute", "snooze", "note")


def typed(chance: random.Random, customer: tuple[str, str, str]) -> str:
    """What someone types to find a customer: (name, id, e-mail), or the beginning of them."""
    name, code, email = customer
    stem, *_, number, _ = name.split()
    return chance.choice(
        (name[:3], stem, f"{stem} {number[:4]}", name, code[:4], code, number[:3], email[:6], email)
    )


def rounds(chance: random.Random) -> Iterator[list[tuple[str, str]]]:
    """(page, address) of each page, one round after the other."""
    from django.db.models import Count

    from duly.collections.models import WorklistRow
    from duly.parties.models import Customer
    from duly.receivables.models import Item, Payment

    rows = Customer.objects.values_list("pk", "name", "code", "email")
    customers = {pk: told for pk, *told in rows}
    numbers = list(customers)
    biggest = Item.objects.values("customer_id").annotate(n=Count("pk")).order_by("-n")[0]
    today = datetime.now(UTC).date()
    listed = list(WorklistRow.objects.filter(rank__lte=200).values_list("customer_id", "currency"))
    some = Payment.objects.filter(number__startswith="WAITS-", unapplied_minor__gt=0)
    waiting = list(some.values_list("pk", flat=True))
    while True:
        number = chance.choice(numbers)
        word = quote(typed(chance, customers[number]))
        past = today - timedelta(days=chance.randrange(400))
        either = chance.choice(("", word))
        late, currency = chance.choice(listed)
        yield [
            ("customers", "/customers/"),
            ("customers_search", f"/customers/?q={word}"),
            ("customers_overdue", f"/customers/?order=overdue&overdue=1&q={either}"),
            ("customers_owed", "/customers/?order=owed"),
            ("customer", f"/customers/{number}/"),
            ("customer_biggest", f"/customers/{biggest['customer_id']}/"),
            ("customer_past_day", f"/customers/{number}/?on={past}"),
            ("palette", f"/find/?q={word}"),
            ("overview", "/"),
            ("aging_today", "/aging/"),
            ("items", f"/items/?currency=EUR&bucket={chance.randrange(5)}"),
            ("items_customer", f"/items/?currency=EUR&customer={number}"),
            ("today", f"/today/?at={late}&in={currency}"),
            ("today_filtered", f"/today/?do={chance.choice(ACTS)}&least=1000&q={either}"),
            ("today_customer", f"/today/{late}/?in={currency}"),
            ("left_out", f"/today/silent/?after={chance.randrange(1000)}"),
            ("customer_late", f"/customers/{late}/"),
            ("form", f"/customers/{late}/acts/{chance.choice(FORMS)}/"),
            ("cash", "/cash/"),
            ("cash_line", f"/cash/{chance.choice(waiting)}/"),
            ("cash_apply", f"/cash/{waiting.pop()}/"),
            ("twenty_minutes", "/owner/"),
            ("twenty_minutes_week", "/owner/week/"),
        ]


def call_who_is_worth_most(entity_id: int, at: datetime) -> None:
    """Put the first of the worklist under a policy that calls, for the acts of Twenty minutes."""
    from duly.collections.actions import choose_policy, save_policy
    from duly.collections.models import PolicyVersion, WorklistRow

    told = {"entity_id": entity_id, "actor": "bench", "at": at}
    if not PolicyVersion.objects.exists():
        step = {"code": "call", "days": 1, "channel": "call"}
        save_policy(document={"name": "calls", "steps": [step]}, valid_from=at.date(), **told)
        for row in WorklistRow.objects.filter(rank__lte=20):
            choose_policy(
                policy="calls", scope="customer", record_id=row.customer_id, on=at.date(), **told
            )


def form_of(one: Any, address: str) -> dict[str, object]:
    """What the form of a line of the bank sends, as it is proposed."""
    from duly.interfaces.web.pages.cash.line import view_of

    view = view_of(one, int(address.split("/")[2]), datetime.now(UTC).date())
    rows = [row for row in view.rows if row.cash_minor is not None]
    return {
        "key": f"bench {address} {time.time()}",
        "seen": view.seen,
        "customer": view.customer.id,
        "act": "apply" if rows else "on_account",
        "item": [row.item.id for row in rows],
        **{f"amount-{row.item.id}": row.cash for row in rows},
    }


def p95(figures: list[float]) -> float:
    """What 95 of 100 stay under."""
    return sorted(figures)[min(len(figures) - 1, int(len(figures) * 0.95))]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--only", nargs="*", default=[], help="pages to time; default all")
    arguments = parser.parse_args()
    measure.open_installation()
    fill.fill(arguments.size, arguments.customers)

    from django.core.cache import cache
    from django.test import Client

    from duly.access.actions import add_user
    from duly.access.models import User
    from duly.interfaces.jobs.aging import age_books
    from duly.interfaces.jobs.planned import plan_ahead
    from duly.parties.queries import entity

    now = datetime.now(UTC)
    fill.fresh_money(now.date())
    fill.money_to_match(now.date())
    age_books(at=now)  # as the worker does within seconds
    one = entity(None)
    for _ in range(2):  # whom the first puts on top is to be called by the second
        plan_ahead(entity=one, on=now.date(), actor="bench", at=now)
        call_who_is_worth_most(one.pk, now)
    who = User.objects.filter(email="collector@example.org").first() or add_user(
        email="collector@example.org", name="Bench", role="manager", password=None, at=now
    )
    client = Client(headers={"host": "localhost"})
    client.force_login(who)
    wall: dict[str, list[float]] = {}
    cpu: dict[str, list[float]] = {}
    for turn, asked in zip(range(arguments.rounds + 1), rounds(random.Random(1)), strict=False):
        for page, address in asked:
            if arguments.only and page not in arguments.only:
                continue
            if page == "twenty_minutes_week":
                cache.clear()  # as after a write: the week is counted again
            form = form_of(one, address) if page == "cash_apply" else None
            with measure.costing() as cost:
                start = time.perf_counter()
                if form is None:
                    response = client.get(address)
                else:
                    response = client.post(f"{address}accept/", form, headers=HTMX)
                taken = (time.perf_counter() - start) * 1000
            assert response.status_code in (200, 204), (address, response.status_code)
            if turn:  # the first round warms templates and caches
                wall.setdefault(page, []).append(taken)
                cpu.setdefault(page, []).append(cost.cpu_s * 1000)
    figures = {}
    for page, taken in wall.items():
        figures[page] = {
            "p50": round(statistics.median(taken), 1),
            "p95": round(p95(taken), 1),
            "cpu_p95": round(p95(cpu[page]), 1),
        }
    measure.tell("pages", size=arguments.size, pages=figures)


if __name__ == "__main__":
    main()
