"""What makes bank details fit to be printed on a statement."""

from typing import NamedTuple

from duly.kernel.currencies import exponent
from duly.kernel.errors import Malformed
from duly.parties.rules.bank_numbers import bic, iban, is_qr_iban


class BankDetailsUnfit(Malformed):
    """Bank details that nobody could pay to."""

    code = "BANK_DETAILS_UNFIT"


class BankDetailsDraft(NamedTuple):
    """Bank details as a person enters them: an IBAN, or an account number with a bank code."""

    currency: str
    holder: str
    iban: str = ""
    bic: str = ""
    account_number: str = ""
    bank_code: str = ""
    bank_name: str = ""


def fit(draft: BankDetailsDraft) -> BankDetailsDraft:
    """The details as they are kept, check digits verified.

    Refuses: BankNumberWrong, UnknownCurrency, BankDetailsUnfit without holder or account, with
    both kinds of account, or with a QR-IBAN for another currency than Swiss bills know.

    >>> fit(BankDetailsDraft("EUR", " Northwind ", "de89 3704 0044 0532 0130 00")).iban
    'DE89370400440532013000'
    """
    exponent(draft.currency)
    kept = BankDetailsDraft(
        currency=draft.currency,
        holder=" ".join(draft.holder.split()),
        iban=iban(draft.iban) if draft.iban else "",
        bic=bic(draft.bic) if draft.bic else "",
        account_number=draft.account_number.strip(),
        bank_code=draft.bank_code.strip(),
        bank_name=" ".join(draft.bank_name.split()),
    )
    if not kept.holder:
        raise _unfit("Bank details need the holder's name.", "Enter it as the bank has it.")
    if len(kept.holder) > 70:
        raise _unfit(
            "The holder's name is longer than the 70 characters that a transfer carries.",
            "Shorten it as the bank does.",
        )
    texts = (kept.holder, kept.account_number, kept.bank_code, kept.bank_name)
    if not all(text.isprintable() for text in texts) or any(
        len(text) > most for text, most in zip(texts[1:], (34, 34, 120), strict=True)
    ):
        raise _unfit(
            "Account number and bank code have up to 34 characters, a bank's name up to 120.",
            "Write them as the bank does, in plain text.",
        )
    if bool(kept.iban) == bool(kept.account_number):
        raise _unfit(
            "Bank details need an account: an IBAN, or an account number, and only one of them.",
            "Enter the IBAN where the bank gives one.",
        )
    if kept.iban and is_qr_iban(kept.iban) and kept.currency not in {"CHF", "EUR"}:
        raise _unfit(
            f"A QR-IBAN takes CHF and EUR, not {kept.currency}.", "Enter the account's plain IBAN."
        )
    return kept


def _unfit(message: str, remedy: str) -> BankDetailsUnfit:
    return BankDetailsUnfit(message, remedy=remedy)
