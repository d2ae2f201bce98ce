"""Verbs of intake: import files (or only say what would come of it), take an import back."""

from duly.intake.actions.copies import CopyDraft, confirm_copy, keep_copies, tie_copy
from duly.intake.actions.importing import Options, import_sheets, plan_digest
from duly.intake.actions.mappings import remember_mapping
from duly.intake.actions.reverting import revert_import
from duly.intake.actions.uploads import (
    abandon_upload,
    keep_upload,
    note_plan,
    settle_upload,
)

__all__ = [
    "CopyDraft",
    "Options",
    "abandon_upload",
    "confirm_copy",
    "import_sheets",
    "keep_copies",
    "keep_upload",
    "note_plan",
    "plan_digest",
    "remember_mapping",
    "revert_import",
    "settle_upload",
    "tie_copy",
]
