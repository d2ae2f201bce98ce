"""What a statement says of paying: how, how much, or that there is nothing to do."""

from typing import Any

from duly.interfaces.exchange.writers.statements.codes import qr_code
from duly.interfaces.exchange.writers.statements.letter import Letter
from duly.interfaces.exchange.writers.statements.swiss_bill import Lacking, bill_block, bill_of
from duly.interfaces.exchange.writers.statements.words import words_of
from duly.kernel.currencies import exponent
from duly.parties.rules.bank_numbers import is_qr_iban
from duly.parties.rules.letters import PayTo
from duly.receivables.rules.payment_codes import Payee, epc_text
from duly.receivables.rules.references import creditor_reference, qr_reference, spaced
from duly.receivables.rules.statements import Part

COLLECTED = ("direct_debit", "card")


def payment_block(letter: Letter, part: Part) -> dict[str, Any]:
    """The block below the last row. Who pays by direct debit or card is told, never asked."""
    words = words_of(letter.locale.language)
    method = letter.debtor.payment_method
    if part.balance_minor <= 0:
        key = "in_credit" if part.balance_minor else "settled"
        return _note(letter, part, words[key], abs(part.balance_minor))
    if method in COLLECTED:
        return _collected(letter, part)
    if part.currency in letter.unasked:
        day = letter.locale.long_day(letter.statement.on)
        said = f"{words['brought'].format(day=day)}: {{amount}}"
        return _note(letter, part, said, part.balance_minor) | {"heading": words["balance"]}
    if not part.asked_minor:
        return _note(letter, part, words["all_disputed"], part.disputed_minor)
    details = letter.pay_to.get(part.currency)
    asked = words["pay"].format(
        amount=_money(letter, part, part.asked_minor), what=_what(letter, part)
    )
    if details is None:
        return _slip(letter, part, f"{asked} {words['no_details']}", [], "")
    bill, _ = bill_of(letter, part, details)
    if bill is not None:
        return {"kind": "bill", "heading": words["pay_heading"], "text": asked} | bill_block(
            letter, bill
        )
    reference = _reference(letter, details)
    code = ""
    if part.currency == "EUR" and details.iban and not is_qr_iban(details.iban):
        payee = Payee(details.holder, details.iban, details.bic)
        code = epc_text(payee, part.asked_minor, reference, letter.debtor.code)
    said = f"{asked} {words['pay_code']}" if code else asked
    return _slip(letter, part, said, _details(words, details, reference, letter), code)


def _collected(letter: Letter, part: Part) -> dict[str, Any]:
    """What is collected as it falls due; where that did not come in, it says so."""
    words, method = words_of(letter.locale.language), letter.debtor.payment_method
    late = part.overdue_asked_minor
    if not late:
        return _note(letter, part, words[method], part.undisputed_minor)
    said = words[f"{method}_late"].format(amount="{amount}", late=_money(letter, part, late))
    return _note(letter, part, said, part.undisputed_minor) | {"heading": words["overdue"]}


def lacking(letter: Letter) -> list[Lacking]:
    """What keeps the parts of a statement from being paid as easily as can be, with remedies."""
    found: list[Lacking] = []
    for part in letter.statement.parts:
        if part.asked_minor <= 0 or letter.debtor.payment_method in COLLECTED:
            continue
        details = letter.pay_to.get(part.currency)
        if details is None:
            found.append(
                Lacking(
                    "NO_BANK_DETAILS",
                    f"No bank details are in force for {part.currency}: the statement names no"
                    " account to pay to.",
                )
            )
        else:
            found += bill_of(letter, part, details)[1]
    return found


def _what(letter: Letter, part: Part) -> str:
    words = words_of(letter.locale.language)
    if part.asked_minor + part.left_out_minor == part.balance_minor:
        what = words["what_balance"]
    else:
        what = words["what_net" if part.unapplied_minor else "what_overdue"]
    if not part.left_out_minor:
        return str(what)
    left_out = _money(letter, part, part.left_out_minor)
    return f"{what}, {words['less_disputed'].format(amount=left_out)}"


def _reference(letter: Letter, details: PayTo) -> str:
    """A QR-IBAN takes QR references only; any other account the international one."""
    if details.iban and is_qr_iban(details.iban):
        return qr_reference(letter.debtor.code)
    return creditor_reference(letter.debtor.code)


def _details(
    words: dict[str, Any], details: PayTo, reference: str, letter: Letter
) -> list[list[str]]:
    named = [
        (words["holder"], details.holder),
        ("IBAN", spaced(details.iban)),
        (words["account"], details.account_number),
        (words["bank_code"], details.bank_code),
        ("BIC", details.bic),
        (words["bank"], details.bank_name),
        (words["reference"], spaced(reference) if reference else letter.debtor.code),
    ]
    return [[name, value] for name, value in named if value]


def _slip(
    letter: Letter, part: Part, said: str, details: list[list[str]], code: str
) -> dict[str, Any]:
    words = words_of(letter.locale.language)
    return {
        "kind": "slip",
        "heading": words["pay_heading"],
        "text": said,
        "details": details,
        "code": qr_code(code) if code else "",
        "code_alt": words["code_alt"].format(amount=_money(letter, part, part.asked_minor)),
        "slip": [
            [words["customer_number"], letter.debtor.code],
            [words["statement_of"], letter.locale.long_day(letter.statement.on)],
            [words["balance"], _money(letter, part, part.balance_minor)],
            [words["amount_paid"], ""],
        ],
    }


def _note(letter: Letter, part: Part, said: str, minor: int) -> dict[str, Any]:
    words = words_of(letter.locale.language)
    return {
        "kind": "note",
        "heading": words["settled_heading"],
        "text": said.format(amount=_money(letter, part, minor)),
    }


def _money(letter: Letter, part: Part, minor: int) -> str:
    return f"{part.currency}\u00a0{letter.locale.money(minor, exponent(part.currency))}"
