"""Roles and what each may do.

Rule: a role is a set of acts; everyone may look. Sales sees everything and approves nothing, so
that whoever earns on a sale never clears the way for it: they ask for credit and place orders. Up
to what amount a role approves credit or releases an order is policy of credit.
"""

ROLES = (
    ("viewer", "Viewer"),
    ("sales", "Sales"),
    ("clerk", "Clerk"),
    ("collector", "Collector"),
    ("analyst", "Credit analyst"),
    ("manager", "Manager"),
    ("director", "Director"),
    ("admin", "Administrator"),
)

ADMINISTRATOR = "admin"

_CLERK = frozenset({"import", "apply", "ask_credit", "record_order"})
_COLLECTOR = _CLERK | {"edit_contact", "collect", "send"}
_MANAGER = _COLLECTOR | {"edit_customer", "revert", "lock_period", "void"}
_MANAGER |= {"switch_sending", "edit_policy", "bank_details", "credit", "approve_refund"}
_MANAGER |= {"approve_promise"}
_ANALYST = frozenset({"assess_credit", "approve_credit", "release_order", "ask_credit"})
_MANAGER |= _ANALYST

ACTS: dict[str, frozenset[str]] = {
    "viewer": frozenset(),
    "sales": frozenset({"ask_credit", "record_order"}),
    "clerk": _CLERK,
    "collector": _COLLECTOR,
    "analyst": _ANALYST | {"edit_customer"},
    "manager": _MANAGER,
    "director": _MANAGER | {"open_period"},
    "admin": _MANAGER | {"open_period", "manage_users"},
}


def may(role: str, act: str) -> bool:
    """Tell whether a role includes an act.

    >>> may("manager", "revert"), may("sales", "import")
    (True, False)
    """
    return act in ACTS.get(role, frozenset())
