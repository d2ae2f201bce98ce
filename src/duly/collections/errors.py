"""Refusals of collections."""

from duly.kernel.errors import Conflict, Malformed, Missing, RuleBreach


class PromiseUnknown(Missing):
    """No promise has this number."""

    code = "PROMISE_UNKNOWN"


class PromiseUnfit(RuleBreach):
    """A promise without an amount, of a day in the past, or too far away."""

    code = "PROMISE_UNFIT"


class PromiseJudged(Conflict):
    """The promise was kept, broken or cancelled before."""

    code = "PROMISE_JUDGED"


class PolicyUnfit(Malformed):
    """A dunning policy that can't mean anything; every fault is named."""

    code = "POLICY_UNFIT"


class PolicyUnknown(Missing):
    """No dunning policy has this name."""

    code = "POLICY_UNKNOWN"


class TemplateUnfit(Malformed):
    """A template that names what is not there, or states an amount of its own."""

    code = "TEMPLATE_UNFIT"


class ConfirmationDiffers(RuleBreach):
    """Sending is switched on by typing the company's name; another name was typed."""

    code = "CONFIRMATION_DIFFERS"


class SenderUnnamed(RuleBreach):
    """Mail would go to another machine from no address of the company's."""

    code = "SENDER_UNNAMED"


class MessageUnknown(Missing):
    """No message has this number."""

    code = "MESSAGE_UNKNOWN"


class MessageGone(Conflict):
    """The message is in a state in which this can't be done."""

    code = "MESSAGE_GONE"


class BlockUnknown(Missing):
    """No block has this number, or it ended before."""

    code = "BLOCK_UNKNOWN"


class ChoiceUnknown(Missing):
    """Nobody chose a policy for this, or the choice ended before."""

    code = "CHOICE_UNKNOWN"


class SuppressionUnknown(Missing):
    """Mail to this address is not kept back."""

    code = "SUPPRESSION_UNKNOWN"


class TaskUnknown(Missing):
    """No open task has this number."""

    code = "TASK_UNKNOWN"


class CallUnknown(Missing):
    """No call has this number, or it was taken back."""

    code = "CALL_UNKNOWN"


class NoteUnknown(Missing):
    """No note has this number, or it was taken back."""

    code = "NOTE_UNKNOWN"


class ClaimedByOther(Conflict):
    """Another person works on this customer just now."""

    code = "CLAIMED_BY_OTHER"


class MailUnknown(Missing):
    """No mail that came in has this number."""

    code = "MAIL_UNKNOWN"


class MailTied(Conflict):
    """The mail is tied to a customer already."""

    code = "MAIL_TIED"


class StatementScheduleUnknown(Missing):
    """No schedule of statements has this name, or it has ended."""

    code = "STATEMENT_SCHEDULE_UNKNOWN"


class StatementScheduleUnfit(Malformed):
    """A schedule of statements that can't mean anything."""

    code = "STATEMENT_SCHEDULE_UNFIT"


class ScheduledRunUnknown(Missing):
    """No run of a schedule has this number."""

    code = "SCHEDULED_RUN_UNKNOWN"


class ExcuseUnfit(Malformed):
    """An excuse that can't mean anything, or whose key is taken; every fault is named."""

    code = "EXCUSE_UNFIT"


class ExcuseUnknown(Missing):
    """No excuse has this code or key, or none was told under this number."""

    code = "EXCUSE_UNKNOWN"


class ScriptUnfit(Malformed):
    """A script that names a field that does not exist, or lacks a part."""

    code = "SCRIPT_UNFIT"


class ScriptUnknown(Missing):
    """No script is spoken at this stage."""

    code = "SCRIPT_UNKNOWN"


class CallUnfit(RuleBreach):
    """A call whose outcome and record contradict each other."""

    code = "CALL_UNFIT"
