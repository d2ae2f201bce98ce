"""Refusals and defects of the ledger."""

from duly.kernel.errors import Conflict, Defect


class PeriodLocked(Conflict):
    """The day lies in a period that is closed."""

    code = "PERIOD_LOCKED"


class LockGoesBack(Conflict):
    """The books are closed through a later day than the one asked for."""

    code = "LOCK_GOES_BACK"


class Unbalanced(Defect):
    """An entry's postings do not add up to zero in a currency."""

    code = "UNBALANCED"
