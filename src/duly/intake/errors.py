"""Refusals of intake."""

from duly.kernel.errors import Conflict, Malformed, Missing, RuleBreach


class RowsRejected(Malformed):
    """Some rows can't be taken, so nothing of the import was written."""

    code = "ROWS_REJECTED"


class ImportUnknown(Missing):
    """No import has this id."""

    code = "IMPORT_UNKNOWN"


class ImportInUse(Conflict):
    """Something that came later depends on the import."""

    code = "IMPORT_IN_USE"


class AlreadyReverted(Conflict):
    """The import was taken back before."""

    code = "ALREADY_REVERTED"


class PlanChanged(Conflict):
    """What would be written is no longer what the preview showed."""

    code = "PLAN_CHANGED"


class TooMuchCloses(RuleBreach):
    """A snapshot would close more of the book than the policy takes unasked."""

    code = "TOO_MUCH_CLOSES"


class SnapshotUnclear(Malformed):
    """A row of a snapshot that may mean any document, while others are missing."""

    code = "SNAPSHOT_UNCLEAR"


class SnapshotKind(Malformed):
    """A snapshot is one file of open items."""

    code = "SNAPSHOT_KIND"


class SnapshotInFuture(Malformed):
    """A snapshot is dated after today."""

    code = "SNAPSHOT_IN_FUTURE"


class UploadUnknown(Missing):
    """No upload waits under this token."""

    code = "UPLOAD_UNKNOWN"


class CopyUnknown(Missing):
    """No copy of an invoice has this number."""

    code = "COPY_UNKNOWN"
