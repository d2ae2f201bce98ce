"""Killed between two lots of a run of statements: it goes on, and makes nothing twice."""

import signal
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from collecting import TODAY, CollectionsDesk, after
from mail_server import MailServer
from shell import duly


def test_a_run_killed_goes_on_behind_what_was_decided(
    fresh_database: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = MailServer()
    monkeypatch.setenv("DULY_SMTP_URL", server.url)
    desk = CollectionsDesk(tmp_path, server)
    rows = [
        f"C{n:03},Customer {n},{'' if n == 100 else f'c{n:03}@c.example'},{n} Street,DE,EUR"
        for n in range(230)
    ]
    desk.take("customer_id,name,email,address,country,currency", *rows)
    for code in ("C000", "C100", "C229"):
        desk.invoice(f"I-{code}", code, "500.00")
    desk.open_for_mail()
    duly("schedule", "set", "Mondays", "--due", "monday", "--on", after(-1))
    done = fresh_database.run(
        "work", "--until-idle", "--on", TODAY,
        DULY_FAILPOINT="statements.placed", DULY_SMTP_URL=server.url,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr or "it lived"
    [run] = duly("schedule", "runs")["runs"]
    assert (run["state"], run["mail"], run["post"], run["left_out"]) == ("writing", 1, 1, 198)
    assert desk.work()["sent"] == 2
    assert desk.work()["sent"] == 0
    [run] = duly("schedule", "runs")["runs"]
    assert (run["state"], run["mail"], run["post"], run["left_out"]) == ("done", 2, 1, 228)
    with pikepdf.open(run["pdf"]) as pdf:
        assert len(pdf.pages) == 1
    assert sorted(one.to for one in server.taken) == [("c000@c.example",), ("c229@c.example",)]
    places = [row["customer"] for row in duly("schedule", "run", run["run"])["customers"]]
    assert places == sorted(places)
    server.close()
