"""Refusals of receivables."""

from duly.kernel.errors import Conflict, Malformed, Missing, RuleBreach


class ItemUnknown(Missing):
    """No open or settled item has this number for the customer."""

    code = "ITEM_UNKNOWN"


class PaymentUnknown(Missing):
    """No payment or credit note has this id."""

    code = "PAYMENT_UNKNOWN"


class DocumentUnknown(Missing):
    """The entity has no such document."""

    code = "DOCUMENT_UNKNOWN"


class NumberUnclear(Malformed):
    """Several documents have this number, and it was not said which is meant."""

    code = "NUMBER_UNCLEAR"


class AmountNotPositive(Malformed):
    """Nothing, or less than nothing, would be applied."""

    code = "AMOUNT_NOT_POSITIVE"


class OverApplied(RuleBreach):
    """More would be applied than is open, or than the payment holds."""

    code = "OVER_APPLIED"


class CurrencyDiffers(RuleBreach):
    """A payment settles items of its own currency only."""

    code = "CURRENCY_DIFFERS"


class AppliedTooEarly(RuleBreach):
    """Applied before the money came in or the item was issued."""

    code = "APPLIED_TOO_EARLY"


class TakenBackTooEarly(RuleBreach):
    """Taken back or voided on a day on which it was not there yet."""

    code = "TAKEN_BACK_TOO_EARLY"


class AttributedTooEarly(RuleBreach):
    """A payer is named for a day on which the money was not there, or was used already."""

    code = "ATTRIBUTED_TOO_EARLY"


class DiscountNotEarned(RuleBreach):
    """The terms frozen on the item do not grant this discount on that day."""

    code = "DISCOUNT_NOT_EARNED"


class ItemSettled(Conflict):
    """The document can't be voided: part of it is settled."""

    code = "ITEM_SETTLED"


class AlreadyVoid(Conflict):
    """The document or payment was voided before."""

    code = "ALREADY_VOID"


class AlreadyReturned(Conflict):
    """The bank took the payment back before."""

    code = "ALREADY_RETURNED"


class NotReturned(Conflict):
    """The payment was not returned, so there is no return to take back."""

    code = "NOT_RETURNED"


class ReturnInUse(Conflict):
    """What a return opened was settled since, or the return came with a bank's file."""

    code = "RETURN_IN_USE"


class ReturnReasonUnknown(Malformed):
    """This is no reason for which a payment is returned."""

    code = "RETURN_REASON_UNKNOWN"


class PaymentRefunded(Conflict):
    """Part of the payment went back to the payer already."""

    code = "PAYMENT_REFUNDED"


class RefundUnknown(Missing):
    """The entity has no such refund."""

    code = "REFUND_UNKNOWN"


class RefundSettled(Conflict):
    """The refund was approved, paid, refused or lapsed before, or is not approved yet."""

    code = "REFUND_SETTLED"


class RefundReasonMissing(Malformed):
    """It is not said why money should go back."""

    code = "REFUND_REASON_MISSING"


class MoneyReserved(Conflict):
    """A refund waits for this money."""

    code = "MONEY_RESERVED"


class NothingApplied(Conflict):
    """There is no application to take back."""

    code = "NOTHING_APPLIED"


class InstalmentUnclear(RuleBreach):
    """The document has several instalments and none was named."""

    code = "INSTALMENT_UNCLEAR"


class ChargeNotVoided(RuleBreach):
    """A finance charge is waived or reversed, which its own verbs do."""

    code = "CHARGE_NOT_VOIDED"
