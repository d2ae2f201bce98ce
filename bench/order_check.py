"""Order checks in a book of a million open items and families of fifty, inside and over HTTP.

    DULY_HOME=/tmp/books python bench/order_check.py --rate 100

Each check is of an order of its own and is written down. Over HTTP they are begun at a steady rate,
whether or not earlier ones are answered: a wait counts. `inside` is the verb by itself.
"""

import argparse
import http.client
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import fill
import measure

FAMILY = 50
CONNECTIONS = 8


def make_families(customers: int) -> None:
    """Every fiftieth customer stands above the next 49 and has the limit that they share."""
    from duly.interfaces.exchange.importing import Wanted, import_files
    from duly.parties.models import Customer

    if Customer.objects.filter(parent__isnull=False).exists():
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "customers.csv"
        with path.open("w") as file:
            file.write("customer_id,name,currency,parent_id,credit_limit\n")
            for n in range(customers):
                top = n - n % FAMILY
                above = f"C{top:06d}," if n % FAMILY else ",90000000.00"
                file.write(f"C{n:06d},Customer {n:06d},EUR,{above}\n")
        import_files([path], wanted=Wanted(), actor="bench", at=datetime.now(UTC))
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def every_customer(customers: int) -> list[str]:
    """Nearly all of them owe something late, so that nearly all of their orders are held."""
    return [f"C{n:06d}" for n in range(customers)]


def who_owe_nothing() -> list[str]:
    """Customers that owe nothing themselves, in families that do: their orders are released."""
    from duly.parties.models import Customer
    from duly.receivables.models import CustomerBalance

    owing = CustomerBalance.objects.values("customer_id")
    return list(Customer.objects.exclude(pk__in=owing).values_list("code", flat=True)[:1000])


def told(chance: random.Random, customers: list[str], mark: str, n: int) -> dict[str, str]:
    """An order of any of some customers."""
    return {
        "customer": chance.choice(customers),
        "amount": f"{chance.randint(10, 900)}.00",
        "currency": "EUR",
        "order": f"{mark}-{n}",
    }


def inside(customers: list[str], times: int, mark: str) -> tuple[list[float], int]:
    """Milliseconds of each check by the verb itself, and how many orders were held."""
    from duly.access.actions import Author
    from duly.interfaces.exchange.ordering import OrderTold, check
    from duly.parties.queries import entity

    one, chance, taken, held = entity(None), random.Random(2), [], 0
    for n in range(times):
        order = told(chance, customers, f"{mark}-I", n)
        start = time.perf_counter()
        today, author = datetime.now(UTC).date(), Author("bench", datetime.now(UTC))
        answer = check(one, OrderTold(**order), today, author)
        taken.append((time.perf_counter() - start) * 1000)
        held += answer["decision"] == "hold"
    return taken, held


def over_http(
    port: int, secret: str, customers: list[str], rate: int, seconds: int, mark: str
) -> list[float]:
    """Milliseconds from when each check was to begin until it was answered."""
    chance, lock, taken = random.Random(3), threading.Lock(), []
    orders = [told(chance, customers, f"{mark}-H", n) for n in range(rate * seconds)]
    begin = time.perf_counter() + 1

    def ask(place: int) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for n in range(place, len(orders), CONNECTIONS):
            due = begin + n / rate
            time.sleep(max(due - time.perf_counter(), 0))
            headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
            line.request("POST", "/api/v1/orders/check", json.dumps(orders[n]), headers)
            answer = line.getresponse()
            body = answer.read()
            assert answer.status == 200, body
            with lock:
                taken.append((time.perf_counter() - due) * 1000)

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken


def serve(port: int) -> subprocess.Popen[bytes]:
    """The web server of this installation, once it answers."""
    server = subprocess.Popen(
        [sys.executable, "-P", "-m", "duly", "up", "--port", str(port)],
        env={**os.environ, "PYTHONPATH": str(measure.ROOT / "src")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return server
        time.sleep(0.1)
    raise RuntimeError("the web server does not answer")


def percentiles(taken: list[float]) -> dict[str, float]:
    """Median and 99th percentile."""
    ordered = sorted(taken)
    return {
        "p50": round(ordered[len(ordered) // 2], 1),
        "p99": round(ordered[len(ordered) * 99 // 100], 1),
        "checks": len(ordered),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--rate", type=int, default=100, help="checks a second")
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--port", type=int, default=8499)
    arguments = parser.parse_args()
    measure.open_installation()
    fill.fill(arguments.size, arguments.customers, paid=False)
    make_families(arguments.customers)

    from duly.access.actions import Author, add_key
    from duly.parties.queries import entity

    mark = f"{time.time_ns():x}"
    author = Author("bench", datetime.now(UTC))
    secret = add_key(name=mark, entity_id=entity(None).pk, acts=["record_order"], author=author)
    figures = {}
    everybody = every_customer(arguments.customers)
    for name, customers in (("inside", everybody), ("inside released", who_owe_nothing())):
        inside(customers, 50, f"{mark}-W{len(customers)}")  # warms what is prepared and cached
        with measure.costing() as cost:
            taken, held = inside(customers, 500, f"{mark}-{len(customers)}")
        cpu = round(cost.cpu_s * 1000 / len(taken), 1)
        figures[name] = percentiles(taken) | {"held": held, "cpu_ms": cpu}
    server = serve(arguments.port)
    try:
        place = (arguments.port, secret, everybody)
        over_http(*place, rate=20, seconds=20, mark=f"{mark}-W")
        before = measure.tree_cpu_s(server.pid)
        with measure.costing() as cost:
            taken = over_http(*place, rate=arguments.rate, seconds=arguments.seconds, mark=mark)
        web = measure.tree_cpu_s(server.pid) - before
        figures[f"http at {arguments.rate} a second"] = percentiles(taken) | {
            "web_cpu_ms": round(web * 1000 / len(taken), 1),
            "all_cpu_ms": round((web + cost.cpu_s) * 1000 / len(taken), 1),
        }
    finally:
        server.terminate()
        server.wait(60)
    load = os.getloadavg()[0]
    measure.tell("order_check", size=arguments.size, load=round(load, 1), **figures)


if __name__ == "__main__":
    main()
