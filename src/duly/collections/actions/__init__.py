"""Verbs of collections: the only writers of its records."""

from duly.collections.actions.calling import log_call
from duly.collections.actions.choosing import (
    choose_policy,
    end_block,
    place_block,
    save_policy,
    save_template,
    suppress,
)
from duly.collections.actions.handing import (
    Answer,
    Handover,
    Judged,
    Judgement,
    claim_message,
    judge_messages,
    mark_orphans,
    settle_message,
)
from duly.collections.actions.incoming import Place, take_in_mail, tie_mail
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
    queue_steps,
    raise_tasks,
)
from duly.collections.actions.switching import (
    cancel_message,
    hold_message,
    name_readers,
    name_sender,
    release_message,
    switch_sending,
)
from duly.collections.actions.telling import queue_week

__all__ = [
    "Answer",
    "Draft",
    "Handover",
    "Judged",
    "Judgement",
    "Place",
    "PromiseDraft",
    "TaskDraft",
    "cancel_message",
    "cancel_promise",
    "choose_policy",
    "claim_message",
    "end_block",
    "finish_task",
    "hold_message",
    "judge_messages",
    "judge_promises",
    "log_call",
    "make_promises",
    "mark_orphans",
    "name_readers",
    "name_sender",
    "place_block",
    "queue_steps",
    "queue_week",
    "raise_tasks",
    "release_message",
    "save_policy",
    "save_template",
    "settle_message",
    "suppress",
    "switch_sending",
    "take_in_mail",
    "tie_mail",
]
