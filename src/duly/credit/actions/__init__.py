"""Verbs of credit."""

from duly.credit.actions.guarantees import (
    sign_guarantee,
)
from duly.credit.actions.holds import (
    StopDraft,
    assign_hold,
    lift_stop,
    release_hold,
    retest_holds,
    stop_orders,
    take_back_stops,
)
from duly.credit.actions.links import (
    issue_link,
    spend_link,
)
from duly.credit.actions.orders import (
    cancel_order,
    check_order,
    check_orders,
    ship_order,
    take_back_orders,
)
from duly.credit.actions.references import (
    ReportDraft,
    add_agency_report,
    answer_by_link,
    answer_reference,
    ask_references,
    close_reference,
    refuse_reference,
    set_agency_budget,
)
from duly.credit.actions.requests import (
    RequestFileDraft,
    attach_request_files,
    begin_request,
    erase_lapsed_drafts,
    erase_person,
    save_answers,
    save_conditions,
    save_request_form,
    tie_request,
)
from duly.credit.actions.submitting import (
    Evidence,
    submit_request,
)

__all__ = [
    "Evidence",
    "ReportDraft",
    "RequestFileDraft",
    "StopDraft",
    "add_agency_report",
    "answer_by_link",
    "answer_reference",
    "ask_references",
    "assign_hold",
    "attach_request_files",
    "begin_request",
    "cancel_order",
    "check_order",
    "check_orders",
    "close_reference",
    "erase_lapsed_drafts",
    "erase_person",
    "issue_link",
    "lift_stop",
    "refuse_reference",
    "release_hold",
    "retest_holds",
    "save_answers",
    "save_conditions",
    "save_request_form",
    "set_agency_budget",
    "ship_order",
    "sign_guarantee",
    "spend_link",
    "stop_orders",
    "submit_request",
    "take_back_orders",
    "take_back_stops",
    "tie_request",
]
