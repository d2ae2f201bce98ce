"""Killed at a random moment of an import (T7 in small): all of it is there, or nothing is."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from building import broken
from northwind import CUSTOMERS
from shell import duly, write

KILLS = 6
ROWS = 3000


def test_killed_at_any_moment(fresh_database: Any, tmp_path: Path) -> None:
    """Six kills spread over a run by a fixed seed, then one run to the end."""
    dice = random.Random(20260314)
    duly("init", "--entity", "Northwind Packaging", "--currency", "EUR", "--country", "DE")
    duly("import", write(tmp_path, "customers.csv", CUSTOMERS))
    lines = [f"invoice,N-{n},MERIDIAN,EUR,2026-01-01,2026-01-31,1.00" for n in range(ROWS)]
    header = "kind,number,customer_id,currency,issued_on,due_on,amount"
    path = write(tmp_path, "items.csv", "\n".join([header, *lines]))
    command = [sys.executable, "-m", "duly", "import", str(path), "--key", "night", "--json"]
    for _ in range(KILLS):
        started = subprocess.Popen(
            command,
            env=fresh_database.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(dice.uniform(0.1, 1.2))
        started.send_signal(signal.SIGKILL)
        said, _ = started.communicate()
        there = duly("aging", "--on", "2026-01-02")["totals"].get("EUR", {}).get("total", "0")
        assert there in ("0", "3000.00")  # the slowest kill may come after the end
        assert there == "3000.00" or not said
        assert broken() == {}
    assert duly("import", path, "--key", "night")["batches"][0]["new"] == ROWS
    assert duly("aging", "--on", "2026-01-02")["totals"]["EUR"]["total"] == "3000.00"
    assert duly("import", path)["batches"][0]["new"] == 0
    assert broken() == {}
