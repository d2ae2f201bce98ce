"""Refusals of cash application."""

from duly.kernel.errors import Conflict, Malformed, Missing, RuleBreach


class AliasUnknown(Missing):
    """No account or name of this number is kept for a customer."""

    code = "ALIAS_UNKNOWN"


class NothingToMatch(Conflict):
    """The payment is void, returned or applied already."""

    code = "NOTHING_TO_MATCH"


class ChangedMeanwhile(Conflict):
    """The payment, or an item of the payer, is no longer as it was looked at."""

    code = "CHANGED_MEANWHILE"


class MatchUnclear(Malformed):
    """The lines of a match name an item twice for one reason, or none of the payer's."""

    code = "MATCH_UNCLEAR"


class DifferenceTooLarge(RuleBreach):
    """More would be let pass than policy allows without an approval."""

    code = "DIFFERENCE_TOO_LARGE"


class BankLineUnknown(Missing):
    """There is no line of a bank that took money back and waits for its payment."""

    code = "BANK_LINE_UNKNOWN"


class AdviceUnknown(Missing):
    """No remittance advice has this number."""

    code = "ADVICE_UNKNOWN"


class KnobUnfit(Malformed):
    """A knob of matching that is not there, or a value that it can't have."""

    code = "KNOB_UNFIT"


class BankAccountUnknown(Missing):
    """No bank account of ours has this number."""

    code = "BANK_ACCOUNT_UNKNOWN"


class AccountsBothUsed(Conflict):
    """Two numbers are said to be of one account, and both have lines in the books."""

    code = "ACCOUNTS_BOTH_USED"


class KindUnfit(Malformed):
    """What was said of a bank's code can't be kept, or nothing was."""

    code = "KIND_UNFIT"
