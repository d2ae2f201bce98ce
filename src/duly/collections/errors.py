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


class LawPackUnfit(Malformed):
    """A pack of rules of law with a gap, an overlap, an unknown place or field; all are named."""

    code = "LAW_PACK_UNFIT"


class LawWeakened(RuleBreach):
    """An enforced rule of law loses something by a pack, and nobody says why; all are named."""

    code = "LAW_WEAKENED"


class LawRuleUnknown(Missing):
    """No rule of law has this id."""

    code = "LAW_RULE_UNKNOWN"


class LawLevelUnfit(RuleBreach):
    """The rule can't have this level, or nobody says why it changes."""

    code = "LAW_LEVEL_UNFIT"


class DebtorUnfit(Malformed):
    """A kind of debtor, place or channel that is not known."""

    code = "DEBTOR_UNFIT"


class WordingUnlawful(RuleBreach):
    """A text says what a rule of law forbids, or lacks what it wants; the rule is quoted."""

    code = "WORDING_UNLAWFUL"


class ExcuseUnfit(Malformed):
    """An excuse that can't mean anything, or whose key is taken; every fault is named."""

    code = "EXCUSE_UNFIT"


class ExcuseUnknown(Missing):
    """No excuse has this code or key, or none was told under this number."""

    code = "EXCUSE_UNKNOWN"


class PlanUnknown(Missing):
    """No instalment plan has this number."""

    code = "PLAN_UNKNOWN"


class PlanUnfit(RuleBreach):
    """An instalment plan that can't be: of nothing, in the past, in another currency, too long."""

    code = "PLAN_UNFIT"


class PlanNotEven(RuleBreach):
    """The payments of a plan are not what is owed; the difference is told."""

    code = "PLAN_NOT_EVEN"


class PlanItemTaken(Conflict):
    """An item stands on another instalment plan."""

    code = "PLAN_ITEM_TAKEN"


class PlanItemDisputed(RuleBreach):
    """An item is disputed, and nobody said that the plan takes it in all the same."""

    code = "PLAN_ITEM_DISPUTED"


class PlanStateUnfit(Conflict):
    """The plan is in a state in which this can't be done."""

    code = "PLAN_STATE_UNFIT"


class PlanBeyondPolicy(RuleBreach):
    """The plan's terms are beyond policy: a manager approves them."""

    code = "PLAN_BEYOND_POLICY"


class PlanUnsigned(RuleBreach):
    """A plan is signed by a full name, a title, and by agreeing to it."""

    code = "PLAN_UNSIGNED"


class RateMissing(Missing):
    """A table of rates has none for a day that is asked for."""

    code = "REFERENCE_RATE_MISSING"


class RatesUnfit(Malformed):
    """Tables of rates with a gap, an overlap, or what can't mean anything; every place is named."""

    code = "RATES_UNFIT"


class LawUnknown(Missing):
    """No rules for late payment are known of this law."""

    code = "LAW_UNKNOWN"


class ChargingUnfit(Malformed):
    """A knob of charging that there is not, or that can't be set so."""

    code = "CHARGING_UNFIT"


class ChargePeriodUnfit(RuleBreach):
    """A month that is not over, or a day before its end, is not charged."""

    code = "CHARGE_PERIOD_UNFIT"


class ChargeUnknown(Missing):
    """No finance charge has this number."""

    code = "CHARGE_UNKNOWN"


class ChargeGone(Conflict):
    """The charge was waived, reversed or paid: nothing of it is left to take off."""

    code = "CHARGE_GONE"


class OfferUnfit(RuleBreach):
    """A discount that can't be offered: nothing is open, too late to be early, one is offered."""

    code = "OFFER_UNFIT"


class OfferUnknown(Missing):
    """No discount was offered under this number."""

    code = "OFFER_UNKNOWN"


class OfferNotEarned(RuleBreach):
    """An offer that was honoured before, or whose money came too late or is too little."""

    code = "OFFER_NOT_EARNED"


class ScriptUnfit(Malformed):
    """A script that names a field that does not exist, or lacks a part."""

    code = "SCRIPT_UNFIT"


class ScriptUnknown(Missing):
    """No script is spoken at this stage."""

    code = "SCRIPT_UNKNOWN"


class CallUnfit(RuleBreach):
    """A call whose outcome and record contradict each other."""

    code = "CALL_UNFIT"
