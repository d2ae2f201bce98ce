"""The state of an item on a day: derived, never stored."""

from datetime import date


def state_of(
    *, amount_minor: int, open_minor: int, due_on: date, on: date, is_void: bool = False
) -> str:
    """Open, partly paid, paid, overdue, void, or credit.

    Rule: paid is residual zero; overdue is due before `on` (the due date itself is not late); a
    part-paid item that is late is overdue, for that is what someone must act on.

    >>> from datetime import date
    >>> state_of(amount_minor=100, open_minor=40, due_on=date(2026, 3, 1), on=date(2026, 3, 1))
    'partly_paid'
    """
    if is_void:
        return "void"
    if open_minor == 0:
        return "paid"
    if amount_minor < 0:
        return "credit"
    if due_on < on:
        return "overdue"
    return "open" if open_minor == amount_minor else "partly_paid"
