"""Verbs of collections: the only writers of its records."""

from duly.collections.actions.calling import log_call, take_back_call
from duly.collections.actions.choosing import (
    choose_policy,
    end_block,
    place_block,
    save_policy,
    save_template,
    suppress,
)
from duly.collections.actions.desk import (
    LeftOut,
    Ranked,
    claim_customer,
    hold_day,
    keep_plan,
    let_customer_go,
    let_day_go,
    take_back_note,
    write_note,
)
from duly.collections.actions.handing import (
    Answer,
    Claim,
    Handover,
    claim_message,
    mark_orphans,
    settle_message,
)
from duly.collections.actions.promising import (
    PromiseDraft,
    cancel_promise,
    judge_promises,
    make_promises,
)
from duly.collections.actions.queueing import (
    Draft,
    TaskDraft,
    finish_task,
    open_task_again,
    queue_steps,
    raise_tasks,
)
from duly.collections.actions.switching import (
    cancel_message,
    hold_message,
    name_sender,
    release_message,
    switch_sending,
)

__all__ = [
    "Answer",
    "Claim",
    "Draft",
    "Handover",
    "LeftOut",
    "PromiseDraft",
    "Ranked",
    "TaskDraft",
    "cancel_message",
    "cancel_promise",
    "choose_policy",
    "claim_customer",
    "claim_message",
    "end_block",
    "finish_task",
    "hold_day",
    "hold_message",
    "judge_promises",
    "keep_plan",
    "let_customer_go",
    "let_day_go",
    "log_call",
    "make_promises",
    "mark_orphans",
    "name_sender",
    "open_task_again",
    "place_block",
    "queue_steps",
    "raise_tasks",
    "release_message",
    "save_policy",
    "save_template",
    "settle_message",
    "suppress",
    "switch_sending",
    "take_back_call",
    "take_back_note",
    "write_note",
]
