"""What states and reasons are called on the pages of the outbox."""

from typing import NamedTuple


class Shown(NamedTuple):
    """A state as a badge."""

    label: str
    tone: str
    icon: str


STATES = {
    "queued": Shown("Waiting", "act", "clock"),
    "held": Shown("Held", "warn", "hand"),
    "sending": Shown("Leaving now", "act", "send"),
    "sent": Shown("Sent", "good", "circle-check"),
    "unknown": Shown("May have been sent", "warn", "circle-question-mark"),
    "failed": Shown("Failed", "bad", "circle-alert"),
    "cancelled": Shown("Taken off", "", "circle-slash"),
    "task": Shown("With a person", "act", "user"),
}

# Tab, states behind it, whether its messages wait for somebody and are counted.
TABS = (
    ("waiting", "Waiting", ("queued", "sending"), True),
    ("held", "Held", ("held",), True),
    ("unknown", "To decide", ("unknown",), True),
    ("failed", "Failed", ("failed",), True),
    ("sent", "Sent", ("sent",), False),
    ("cancelled", "Taken off", ("cancelled",), False),
)

# Why a message waits for the switch, for people who can reach it here.
SWITCH = {
    "off": "Sending is off: nothing leaves yet.",
    "stopped": "Sending is stopped: nothing leaves.",
    "test": "Test mode: this address is not on the list.",
}

REASONS = {
    "hold": "On hold",
    "order_moved": "The order went on meanwhile",
    "not_due": "Not late enough yet",
    "already_sent": "Asked for before; not yet time for the next step",
    "steps_done": "Every step was taken: a person decides",
    "below_minimum": "Too little is late enough to ask for",
    "covered": "Credits and money not applied reach it",
    "promised": "Promised, and awaited",
    "disputed": "Disputed: that part is not asked for",
    "not_delivered": "Goods not delivered yet",
    "probably_paid": "Probably paid: match the money first",
    "do_not_chase": "Not to be chased",
    "direct_debit": "We collect by direct debit",
    "no_address": "No e-mail address",
    "bad_address": "What stands as e-mail address is none",
    "do_not_contact": "Nobody there is to be written to",
    "suppressed": "Mail to the address came back",
    "silent_policy": "A policy without steps",
    "capped": "Written to a few days ago",
    "one_a_day": "Another currency is asked for first",
    "quiet_day": "No working day there",
    "bank_data_old": "Bank data is too old",
    "undecided": "A message may have been sent: decide on it first",
    "failed_before": "This message failed before: send it again",
    "snooze": "Snoozed",
    "placed": "Placed outside",
    "legal": "Legal or insolvency stay",
}


def reason(code: str) -> str:
    """A reason in a few words.

    >>> reason("covered"), reason("some_new_one")
    ('Credits and money not applied reach it', 'Some new one')
    """
    return REASONS.get(code, code.replace("_", " ").capitalize())
