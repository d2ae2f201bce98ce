"""Verbs of disputes: the only writers of disputes, their files, mappings and duties."""

from duly.disputes.actions.closing import close_dispute, credit_dispute
from duly.disputes.actions.knowing import (
    DutyDraft,
    MappingDraft,
    drop_mapping,
    map_reasons,
    set_duties,
)
from duly.disputes.actions.opening import (
    DeductionDraft,
    DisputeDraft,
    OpenedDeductions,
    drop_deductions,
    open_deductions,
    open_disputes,
    restore_deductions,
)
from duly.disputes.actions.proving import FileDraft, attach_files

__all__ = [
    "DeductionDraft",
    "DisputeDraft",
    "DutyDraft",
    "FileDraft",
    "MappingDraft",
    "OpenedDeductions",
    "attach_files",
    "close_dispute",
    "credit_dispute",
    "drop_deductions",
    "drop_mapping",
    "map_reasons",
    "open_deductions",
    "open_disputes",
    "restore_deductions",
    "set_duties",
]
