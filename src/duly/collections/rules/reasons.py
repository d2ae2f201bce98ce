"""Why nothing was sent, or not now: a code that machines read and a sentence that people do."""

from datetime import date
from typing import NamedTuple


class Reason(NamedTuple):
    """A reason for a silence."""

    code: str
    text: str


DISPUTED = Reason("disputed", "This part is disputed; it is not asked for until it is cleared.")
PROMISED = Reason("promised", "The customer promised to pay it; it is awaited until then.")
PLANNED = Reason("planned", "It stands on an instalment plan that the customer keeps.")
PROBABLY_PAID = Reason(
    "probably_paid", "Money that came in is probably for it: match it first, at Cash."
)
NOT_DELIVERED = Reason("not_delivered", "The goods are not delivered yet.")
DO_NOT_CHASE = Reason("do_not_chase", "The customer is marked not to be chased.")
DIRECT_DEBIT = Reason(
    "direct_debit", "We collect from this customer by direct debit: there is nothing to ask for."
)
NO_ADDRESS = Reason("no_address", "The customer has no e-mail address.")
BAD_ADDRESS = Reason(
    "bad_address", "What stands as e-mail address is none: correct it at the customer's contacts."
)
DO_NOT_CONTACT = Reason("do_not_contact", "Every contact with an address is not to be written to.")
SUPPRESSED = Reason("suppressed", "Mail to this address came back or was refused.")
COVERED = Reason("covered", "Credit notes and money not yet applied reach what is asked for.")
ONE_A_DAY = Reason(
    "one_a_day", "A message of the same day goes before: for another currency, or what is overdue."
)
STEPS_DONE = Reason("steps_done", "Every step of the policy was taken: decide what comes next.")
SILENT_POLICY = Reason("silent_policy", "The policy chosen for this customer has no steps.")
SENDING_OFF = Reason("sending_off", "Sending is off: `duly sending on --confirm NAME`.")
STOPPED = Reason("stopped", "Somebody pressed the stop button: `duly sending on --confirm NAME`.")
NOT_ALLOWED = Reason("test_mode", "Sending is being tried, and this address is not on its list.")
PAID = Reason("paid", "Everything that the message asks for is settled.")
REPLACED = Reason("replaced", "A newer statement of the schedule took its place.")
SCHEDULE_STOPPED = Reason("stopped", "Its schedule was paused or ended before it left.")
HELD = Reason("held", "Somebody holds this message back.")
ARRIVED = Reason("arrived", "Somebody looked, and it had arrived.")
HELD_WITH_DAY = Reason("held_with_day", "The release of its day was taken back.")
ANSWERED_TO = Reason("answered", "An answer to it came: it arrived.")
UNREAD_ANSWER = Reason(
    "answered", "The customer has answered, and nobody has read it: see the task."
)
NOT_THERE = Reason(
    "in_flight", "The worker ended while it handed this over: it may have been sent."
)
OBJECTED = Reason("law", "ALL-OPTOUT: The customer asked not to be written to by e-mail.")
UNDECIDED = Reason(
    "undecided", "A message may have been sent: say whether it arrived, and the next step follows."
)
FAILED_BEFORE = "failed_before"
FELL_DUE = Reason("fell_due", "What the message announces has fallen due since.")
NOTHING_TO_ASK = "Nothing that is late may be asked for."

# Blocks that forbid letters of any kind, not only those that chase.
BARRING = {"placed", "legal"}
# What stands in the way of mail and not of a telephone.
NEEDS_A_PERSON = {
    "no_address",
    "bad_address",
    "suppressed",
    "do_not_contact",
    "steps_done",
    "undecided",
    FAILED_BEFORE,
}
# What comes and goes by itself with every day; no timeline tells of it.
ROUTINE = {"not_due", "already_sent", "quiet_day", "one_a_day"}


def failed_before(on: date, told: str) -> Reason:
    """Why a step is not planned again whose message failed.

    >>> failed_before(date(2026, 3, 9), "554 no").text
    'This very message failed on 2026-03-09: 554 no. Send it again, or take it off.'
    """
    why = told[:800].rstrip(" .")
    said = f"This very message failed on {on}: {why}. Send it again, or take it off."
    return Reason(FAILED_BEFORE, said)
