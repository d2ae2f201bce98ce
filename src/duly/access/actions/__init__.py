"""Verbs of access: the only writers of its records."""

from duly.access.actions.approvals import ask_approval, decide_approval
from duly.access.actions.authority import lift_authority, require_authority, set_authority
from duly.access.actions.keys import KeyInUse, add_key, require_key, revoke_key
from duly.access.actions.people import (
    ENTRY_LINK_HOURS,
    add_user,
    change_role,
    close_user,
    issue_entry_link,
    redeem_entry_link,
    require,
    set_password,
)
from duly.access.actions.requests import once
from duly.access.actions.trail import SHELL, Author, announce, record_changes
from duly.access.actions.views import drop_view, save_view

__all__ = [
    "ENTRY_LINK_HOURS",
    "SHELL",
    "Author",
    "KeyInUse",
    "add_key",
    "add_user",
    "announce",
    "ask_approval",
    "change_role",
    "close_user",
    "decide_approval",
    "drop_view",
    "issue_entry_link",
    "lift_authority",
    "once",
    "record_changes",
    "redeem_entry_link",
    "require",
    "require_authority",
    "require_key",
    "revoke_key",
    "save_view",
    "set_authority",
    "set_password",
]
