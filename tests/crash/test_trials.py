"""The trials of the outbox in small; `.ci/long` runs them whole, docs/trials.md tells figures."""

from typing import Any

import pytest

from trials.mail import FAULTS, STAGES, hand_over_all, storm


@pytest.fixture(autouse=True)
def _server_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DULY_SMTP_URL", "")  # set by the trial, and taken back


def test_nothing_is_seen_twice_through_faults_and_kills(fresh_database: Any) -> None:
    """T11 and A4: half of the messages meet a fault, four workers die."""
    many = {name: 6 if name.startswith("cut") else 4 for name in FAULTS}
    told = hand_over_all(40, kills=4, seed=3, faults=many)
    assert told["planned"] == told["sent"] + told["failed"] + told["unknown"] == 40
    assert told["kills"] == 4
    assert set(told["kills_at"]) <= set(STAGES)
    assert min(told["sent"], told["failed"], told["unknown"], told["cuts"]) > 0


def test_a_day_planned_again_and_again(fresh_database: Any) -> None:
    """T12: fifty planners beside two workers, some of them killed."""
    told = storm(runs=50, customers=8, seed=1)
    assert told["messages"] == told["due_steps"] == 8
