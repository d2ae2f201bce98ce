"""What each role may do: nobody more than stands here."""

import pytest

from duly.access.rules.roles import ACTS, ROLES, may

EVERY_ACT = (
    "import",
    "apply",
    "edit_contact",
    "collect",
    "send",
    "edit_customer",
    "revert",
    "lock_period",
    "void",
    "switch_sending",
    "edit_policy",
    "bank_details",
    "credit",
    "approve_refund",
    "open_period",
    "manage_users",
)
MATRIX = {
    "viewer": (),
    "sales": (),
    "clerk": ("import", "apply"),
    "collector": ("import", "apply", "edit_contact", "collect", "send"),
    "analyst": ("edit_customer",),
    "manager": EVERY_ACT[:14],
    "director": EVERY_ACT[:15],
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
