"""The Swiss payment part with its receipt, in place of the slip where francs are asked for."""

from typing import Any, NamedTuple

from duly.interfaces.exchange.writers.statements.codes import swiss_qr_code
from duly.interfaces.exchange.writers.statements.letter import Letter
from duly.interfaces.exchange.writers.statements.words import bill_words, words_of
from duly.kernel.money import text_from_minor
from duly.parties.rules.addresses import structured
from duly.parties.rules.letters import PayTo
from duly.receivables.rules.references import spaced
from duly.receivables.rules.statements import Part
from duly.receivables.rules.swiss_bills import (
    MOST_MINOR,
    Bill,
    Party,
    message_of,
    party,
    reference_of,
    swiss_text,
    takes_bill,
)

_RECEIPT_CHARACTERS = 34  # in a line of the receipt


class Lacking(NamedTuple):
    """What a bill lacks: a code for scripts, and a sentence with the remedy."""

    code: str
    message: str


def bill_of(letter: Letter, part: Part, details: PayTo) -> tuple[Bill | None, list[Lacking]]:
    """The bill that a part is paid by; None where it takes none. And what it lacks."""
    country = letter.debtor.country
    if not takes_bill(details.iban, part.currency, country):
        return None, []
    creditor = party(details.holder, structured(letter.sender.address, letter.sender.country))
    told = reference_of(details.iban, letter.debtor.code)
    lacking = _lacking(letter, part, creditor, has_reference=told is not None)
    if creditor is None or told is None or part.asked_minor > MOST_MINOR:
        return None, lacking
    own = structured(letter.debtor.address, country or letter.sender.country)
    debtor = party(letter.debtor.name, own)
    if debtor is None:
        lacking.append(
            Lacking(
                "BILL_DEBTOR_BLANK",
                f"{letter.debtor.code}: the Swiss payment part leaves the payer to be filled in by"
                " hand, for the customer's name and address don't give street, postal code and"
                " town in Latin letters. Import the address with each of them on its line.",
            )
        )
    title = words_of(letter.locale.language)["title"]
    bill = Bill(
        iban=details.iban,
        creditor=creditor,
        minor=part.asked_minor,
        currency=part.currency,
        debtor=debtor,
        reference_kind=told[0],
        reference=told[1],
        message=message_of(title, letter.statement.on.isoformat(), letter.debtor.code),
    )
    return bill, lacking


def _lacking(
    letter: Letter, part: Part, creditor: Party | None, *, has_reference: bool
) -> list[Lacking]:
    found = []
    if creditor is None:
        found.append(
            Lacking(
                "BILL_NO_ADDRESS",
                "No Swiss payment part: our address doesn't give postal code and town in Latin"
                " letters. Enter it on Our details, street and town each on its line, such as"
                " Bahnhofstrasse 1, 8001 Zürich.",
            )
        )
    elif not creditor.address.street:
        found.append(
            Lacking(
                "BILL_NO_STREET",
                "The Swiss payment part names us without a street. Enter it on Our details, on the"
                " line above postal code and town.",
            )
        )
    if not has_reference:
        found.append(
            Lacking(
                "BILL_NO_REFERENCE",
                f"{letter.debtor.code}: no Swiss payment part, for a QR-IBAN needs a reference, and"
                " one is made of ids of up to 24 digits, or up to 15 digits and letters A to Z."
                " Put bank details with a plain IBAN in force, or give the customer such an id.",
            )
        )
    if part.asked_minor > MOST_MINOR:
        found.append(
            Lacking(
                "BILL_TOO_MUCH",
                f"{letter.debtor.code}: no Swiss payment part, for none can ask for more than"
                f" {part.currency} 999,999,999.99. Ask for it in several payments.",
            )
        )
    return found


def bill_block(letter: Letter, bill: Bill) -> dict[str, Any]:
    """The payment part as the template takes it."""
    words = bill_words(_language(letter))
    amount = francs(bill.minor)
    return {
        "words": words,
        "code": swiss_qr_code(swiss_text(bill)),
        "code_alt": words["code_alt"].format(amount=f"{bill.currency}\u00a0{amount}"),
        "iban": spaced(bill.iban),
        "creditor": _lines(bill.creditor),
        "creditor_on_receipt": _on_receipt(bill.creditor),
        "reference": spaced(bill.reference),
        "message": bill.message,
        "debtor": _lines(bill.debtor) if bill.debtor else [],
        "debtor_on_receipt": _on_receipt(bill.debtor) if bill.debtor else [],
        "currency": bill.currency,
        "amount": amount,
    }


def francs(minor: int) -> str:
    """An amount as the standard prints it, whatever the language: groups of three, and a point.

    >>> francs(123456789)
    '1\\xa0234\\xa0567.89'
    """
    whole, _, decimals = text_from_minor(minor, 2).partition(".")
    return f"{int(whole):,}".replace(",", "\u00a0") + f".{decimals}"


def _language(letter: Letter) -> str:
    """The statement's; Italian to who speaks it, for statements have none."""
    own = letter.debtor.language.replace("_", "-").split("-")[0].lower()
    return "it" if own == "it" and letter.locale.language == "en" else letter.locale.language


def _lines(one: Party) -> list[str]:
    return [line for line in (one.name, one.street_line, one.town_line) if line]


def _on_receipt(one: Party) -> list[str]:
    """The street gives way to a long name, as the standard has it."""
    is_long = max(map(len, _lines(one))) > _RECEIPT_CHARACTERS
    return [one.name, one.town_line] if is_long else _lines(one)
