"""What of an item is disputed, until when, and who clears it."""

from datetime import date, timedelta

import pytest

from duly.disputes.errors import DisputedTooMuch, DisputeReasonUnknown
from duly.disputes.policy import DISPUTES
from duly.disputes.rules.disputing import Objection, deadline, refuse_too_much, withheld
from duly.kernel.money import Money

ON = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("reason", "owner", "days"),
    [
        ("price", "sales", 10),
        ("quantity", "logistics", 10),
        ("quality", "operations", 15),
        ("billing", "billing", 3),
        ("duplicate", "cash application", 2),
        ("returns", "warehouse", 10),
        ("contract", "legal", 30),
    ],
)
def test_each_reason_has_an_owner_and_a_target(reason: str, owner: str, days: int) -> None:
    assert deadline(reason, ON, DISPUTES) == (owner, ON + timedelta(days=days))


def test_a_reason_that_is_none() -> None:
    with pytest.raises(DisputeReasonUnknown):
        deadline("because", ON, DISPUTES)


@pytest.mark.parametrize(
    ("objection", "kept"),
    [
        (Objection(1, 400), 400),
        (Objection(1, 400, "invalid", ON), 0),
        (Objection(1, 400, "invalid", ON + timedelta(days=1)), 400),  # closed after the day
        (Objection(1, 400, "valid", ON, 400), 400),  # until its credit note is there
        (Objection(1, 400, "valid", ON - timedelta(days=13), 400), 400),
        (Objection(1, 400, "valid", ON - timedelta(days=14), 400), 0),
        (Objection(1, 400, "valid", ON, 400, True), 0),  # which came with the verdict
        (Objection(1, 400, "valid", ON + timedelta(days=1), 400, True), 400),  # a day later
        (Objection(1, 400, "partly", ON, 150), 150),
        (Objection(1, 400, "partly", ON, 0), 0),
    ],
)
def test_what_may_not_be_asked_for(objection: Objection, kept: int) -> None:
    assert withheld([objection], on=ON, policy=DISPUTES).get(1, 0) == kept
    assert withheld([objection, objection], on=ON, policy=DISPUTES).get(1, 0) == 2 * kept


@pytest.mark.parametrize("asked", [0, -1, 601])
def test_no_more_than_is_open_and_undisputed(asked: int) -> None:
    facts = {"open_now": Money(1000, "EUR"), "disputed": Money(400, "EUR"), "number": "I1"}
    with pytest.raises(DisputedTooMuch):
        refuse_too_much(asked=Money(asked, "EUR"), **facts)
    refuse_too_much(asked=Money(600, "EUR"), **facts)
