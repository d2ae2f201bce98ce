"""What each role may do: nobody more than stands here."""

import pytest

from duly.access.rules.roles import ACTS, ROLES, may

EVERY_ACT = (
    "import",
    "apply",
    "edit_contact",
    "collect",
    "send",
    "approve_plan",
    "approve_plan_beyond",
    "approve_promise",
    "edit_customer",
    "revert",
    "lock_period",
    "void",
    "switch_sending",
    "edit_policy",
    "bank_details",
    "credit",
    "approve_refund",
    "assess_credit",
    "approve_credit",
    "release_order",
    "ask_credit",
    "record_order",
    "open_period",
    "manage_users",
)
MATRIX = {
    "viewer": (),
    "sales": ("ask_credit", "record_order"),
    "clerk": ("import", "apply", "ask_credit", "record_order"),
    "collector": (
        "import",
        "apply",
        "edit_contact",
        "collect",
        "send",
        "approve_plan",
        "ask_credit",
        "record_order",
    ),
    "analyst": ("edit_customer", "assess_credit", "approve_credit", "release_order", "ask_credit"),
    "manager": EVERY_ACT[:22],
    "director": EVERY_ACT[:23],
    "admin": EVERY_ACT,
}


def test_the_roles_are_those_of_the_issue() -> None:
    assert [role for role, _ in ROLES] == list(MATRIX)


@pytest.mark.parametrize("role", MATRIX)
def test_a_role_may_do_its_acts_and_no_others(role: str) -> None:
    assert {act for act in EVERY_ACT if may(role, act)} == set(MATRIX[role])
    assert ACTS[role] <= set(EVERY_ACT)


@pytest.mark.parametrize("role", ["", "root", "ADMIN", "owner"])
def test_an_unknown_role_may_nothing(role: str) -> None:
    assert not any(may(role, act) for act in EVERY_ACT)


@pytest.mark.parametrize("act", ["", "approve", "Import"])
def test_an_unknown_act_is_nobodys(act: str) -> None:
    assert not any(may(role, act) for role in MATRIX)
