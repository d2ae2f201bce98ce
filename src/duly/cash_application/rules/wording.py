"""Why a payment is for what is proposed, and what speaks against it: in words for a person."""

from collections.abc import Sequence

from duly.cash_application.rules.explanation import (
    ADVISED,
    COMPLETED,
    GUESS,
    MISREAD,
    NAMED,
    RANGE,
    SUM,
    Explanation,
)  # fmt: skip
from duly.cash_application.rules.facts import BankPayment, Customer
from duly.cash_application.rules.mentions import CUT, FULL, ORDER, SHORT, TYPO
from duly.cash_application.rules.never import DUPLICATE, WORDS
from duly.cash_application.rules.payers import (
    ACCOUNT,
    ALIAS,
    NAME,
    REFERENCE,
    SAID,
    Payer,
)  # fmt: skip
from duly.cash_application.rules.proof import UNSAID_PPM
from duly.cash_application.rules.residuals import (
    BANK_FEE,
    DEDUCTED,
    DISCOUNT,
    EXACT,
    SHORT_PAY,
    TOLERANCE,
    UNEARNED,
)  # fmt: skip
from duly.kernel.amounts import text_from_minor
from duly.kernel.currencies import exponent

_PAYERS = {
    SAID: "A person said that {name} paid.",
    ACCOUNT: "The account belongs to {name}.",
    ALIAS: "The payer's name was learned for {name}.",
    REFERENCE: "The reference was issued to {name}.",
    NAME: "The payer's name is that of {name}.",
}
_WRITTEN = {
    FULL: "in full",
    SHORT: "by its last digits",
    ORDER: "by the order number",
    TYPO: "with one sign wrong",
    CUT: "cut off",
}
_WAYS = {
    RANGE: "The text names a range of numbers.",
    COMPLETED: "What the text doesn't name makes up the rest of the amount.",
    MISREAD: "A number in the text is taken for another, one sign away, that fits the amount.",
    SUM: "The text names no item; the amount does.",
    GUESS: "The items named don't make the amount.",
}
_FITS = {
    EXACT: "Open amounts and payment agree to the cent.",
    DISCOUNT: "Less discounts that were still earned, {difference} in all.",
    BANK_FEE: "Less {difference}, with a charge that banks are known to keep.",
    UNEARNED: "Less {difference} of discounts, some of them too late.",
    DEDUCTED: "Less {difference}, as often kept back.",
    TOLERANCE: "Less {difference}, which the policy lets pass.",
    SHORT_PAY: "Short by {difference}.",
}
_MOST_NAMED = 6


def because(payment: BankPayment, payer: Payer, chosen: Explanation) -> tuple[str, ...]:
    """Reasons for a proposal, the payer first."""
    name = chosen.customer.name
    told = [
        _PAYERS[payer.how].format(name=name)
        if payer.customer
        else f"Only items of {name} explain the payment."
    ]
    if chosen.way == ADVISED:
        return (*told, *advised(payment, chosen))
    if chosen.way == NAMED and not chosen.reading.mentions:
        for item in chosen.items[:_MOST_NAMED]:
            told.append(f"The text names {item.number} {_WRITTEN[FULL]}.")
    for mention in chosen.reading.mentions[:_MOST_NAMED] if chosen.way != SUM else ():
        numbers = " or ".join(item.number for item in mention.items[:3])
        told.append(f"The text names {numbers} {_WRITTEN[mention.how]}.")
    if chosen.way != NAMED:
        told.append(_WAYS[chosen.way])
    if chosen.fit.kind in _FITS:
        difference = _amount(chosen.fit.difference, payment.currency)
        told.append(_FITS[chosen.fit.kind].format(difference=difference))
    if chosen.is_timely:
        told.append(f"Others would be paid earlier than {name} has ever paid.")
    if chosen.is_unique:
        told.append("Nothing else that is open explains the payment as well.")
    return tuple(dict.fromkeys(told))


def advised(payment: BankPayment, chosen: Explanation) -> tuple[str, ...]:
    """What an advice tells: the documents that it names, and what the payer kept back of them."""
    numbers = ", ".join(item.number for item in chosen.items[:_MOST_NAMED])
    told = [f"The payer's advice names {numbers}." if numbers else "The payer's advice names it."]
    for line in payment.advised:
        if line.deduction_minor:
            why = " ".join(part for part in (line.reason, line.text) if part)
            kept = _amount(line.deduction_minor, payment.currency)
            told.append(f"It keeps {kept} back" + (f": {why}." if why else "."))
    return tuple(told[: _MOST_NAMED + 1])


def against(
    payment: BankPayment, chosen: Explanation, refused: Sequence[str], *, rivals: int
) -> tuple[str, ...]:
    """What speaks against a proposal."""
    told = [WORDS[code] for code in refused] + list(chosen.doubts)
    if not chosen.is_unique and chosen.way not in (GUESS, ADVISED):
        told.append("Other open items explain the payment as well.")
    if chosen.is_early:
        told.append(f"{chosen.customer.name} has never paid that early.")
    if rivals:
        told.append(f"{rivals} more customers may have paid.")
    if chosen.reading.unknown:
        told.append(f"No open item is known by {', '.join(chosen.reading.unknown[:3])}.")
    if chosen.chance_ppm > UNSAID_PPM:
        told.append(f"By chance some items would make this amount 1 time in {_times(chosen)}.")
    left = payment.minor - chosen.cash
    if left:
        told.append(f"{_amount(left, payment.currency)} of the payment is left.")
    return tuple(told)


def without_items(customer: Customer | None, *, is_again: bool) -> tuple[str, ...]:
    """Reasons for money on account."""
    if customer is None:
        return ()
    why = WORDS[DUPLICATE] if is_again else "No open item explains the amount."
    return (f"{customer.name} paid.", why)


def _times(chosen: Explanation) -> int:
    return max(1, 1_000_000 // chosen.chance_ppm)


def _amount(minor: int, currency: str) -> str:
    return f"{text_from_minor(minor, exponent(currency))} {currency}"
