"""What speaks of fraud, or of a customer who is there already: flags for a person, never a verdict.

Each flag tells what it saw. Words and bounds are data that a firm can change (`FlagPolicy`).
See: docs/credit.md.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from duly.cash_application.rules.names import likeness, name_of
from duly.credit.rules.identifiers import compact

_FREE = """
    gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com yahoo.co.uk
    ymail.com aol.com icloud.com me.com mac.com proton.me protonmail.com gmx.com gmx.de gmx.net
    web.de t-online.de freenet.de mail.com mail.ru yandex.com yandex.ru qq.com 163.com 126.com
    orange.fr laposte.net free.fr libero.it zoho.com tutanota.com
"""
FREE_MAIL = frozenset(_FREE.split())
FORWARDERS = (
    *("freight forward", "forwarder", "forwarding", "spedition", "transitaire", "c/o ", "po box"),
    *(
        "p.o. box",
        "postfach",
        "packstation",
        "mailbox",
        "mail box",
        "parcel locker",
        "self storage",
    ),
)
TAX_ID, REGISTRATION, ACCOUNT, PHONE = "tax_id", "registration", "account", "phone"
SAME = {
    TAX_ID: ("same_tax_id", "VAT or tax number"),
    REGISTRATION: ("same_registration", "registration number"),
    ACCOUNT: ("same_account", "bank account"),
    PHONE: ("same_phone", "phone number"),
}


class FlagPolicy(NamedTuple):
    """By what a request is told to be out of line."""

    young_months: int = 6
    urgent_days: int = 3
    most_months: int = 3  # the credit wanted, in expected months of purchases
    most_of_sales_percent: int = 20  # the year's purchases, in the applicant's own sales
    near_name: int = 85  # how alike two names are, of 100
    free_mail: frozenset[str] = FREE_MAIL
    forwarders: tuple[str, ...] = FORWARDERS


class Flag(NamedTuple):
    """Something a person should look at: a code, what was seen in words, and its facts."""

    code: str
    text: str
    facts: dict[str, Any]


class Known(NamedTuple):
    """A customer, or another request: what it is called and by what it would be known again."""

    kind: str  # "customer" or "request"
    number: str
    name: str
    keys: frozenset[tuple[str, str]]
    mails: frozenset[str] = frozenset()  # domains
    record_id: int = 0


def keys_of(values: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    """By what the applicant would be known again.

    >>> sorted(keys_of({"tax_id": "DE 136 695 976", "payables_phone": "+49 (0)30 1234567"}))
    [('phone', '301234567'), ('tax_id', 'DE136695976')]
    """
    found = {
        (TAX_ID, compact(values.get("tax_id", ""))),
        (REGISTRATION, compact(values.get("registration_number", ""))),
        (ACCOUNT, compact(values.get("bank_account", ""))),
        (PHONE, phone_key(values.get("payables_phone", ""))),
    }
    return frozenset((kind, value) for kind, value in found if len(value) >= 5)


def phone_key(number: str) -> str:
    """The last nine digits of a number, in which its country and its zeros play no part."""
    return "".join(letter for letter in number if letter.isdigit())[-9:]


def mail_domain(address: str) -> str:
    """The part behind the @, in small letters."""
    return address.rpartition("@")[2].casefold()


def find_flags(
    values: Mapping[str, Any],
    *,
    others: Sequence[Known],
    on: date,
    policy: FlagPolicy = FlagPolicy(),  # noqa: B008 - frozen
) -> list[Flag]:
    """Everything about an application that a person should look at, as of a day."""
    return [
        *_of_the_firm(values, on, policy),
        *_of_the_order(values, on, policy),
        *_of_others(values, others, policy),
    ]


def _of_the_firm(values: Mapping[str, Any], on: date, policy: FlagPolicy) -> list[Flag]:
    found = []
    mail = values.get("payables_email", "") or values.get("invoice_email", "")
    if mail and mail_domain(mail) in policy.free_mail:
        domain = mail_domain(mail)
        told = f"The address is at {domain}, where anybody gets one."
        found.append(Flag("free_email", told, {"domain": domain}))
    formed = values.get("formed_on")
    if formed is not None and on - formed < timedelta(days=policy.young_months * 30):
        days = (on - formed).days
        told = f"Formed on {formed}, {days} days before it asks."
        found.append(Flag("young_firm", told, {"formed_on": str(formed), "days": days}))
    place = values.get("shipping_address", "")
    words = [word.strip() for word in policy.forwarders if word in f"{place.casefold()} "]
    if words:
        told = f"Goods go to an address that says “{words[0]}”."
        found.append(Flag("forwarder_address", told, {"words": words}))
    referees = [
        row["name"]
        for row in values.get("trade_references", ())
        if (domain := mail_domain(row.get("email", "")))
        and (domain in policy.free_mail or (mail and domain == mail_domain(mail)))
    ]
    if referees:
        told = f"{', '.join(referees)} would answer from a free address or the applicant's own."
        found.append(Flag("referee_doubtful", told, {"references": referees}))
    return found


def _of_the_order(values: Mapping[str, Any], on: date, policy: FlagPolicy) -> list[Flag]:
    found = []
    needed = values.get("first_order_on")
    if needed is not None and (needed - on).days <= policy.urgent_days:
        days = (needed - on).days
        when = {0: "today", 1: "tomorrow"}.get(days, f"{days} days from now")
        when = "a day that is over" if days < 0 else when
        told = f"The first order is needed by {needed}, {when}."
        found.append(Flag("urgent_first_order", told, {"needed_on": str(needed)}))
    monthly = values.get("monthly_purchases", 0)
    for name, what in (("first_order", "The first order"), ("amount", "The credit wanted")):
        asked = values.get(name, 0)
        if monthly and asked > policy.most_months * monthly:
            times = asked // monthly
            told = f"{what} is {times} times what is expected in a month."
            facts = {"field": name, "minor": asked, "monthly_minor": monthly, "times": times}
            found.append(Flag("size_out_of_line", told, facts))
    sales = values.get("yearly_sales", 0)
    if sales and 12 * monthly * 100 > policy.most_of_sales_percent * sales:
        percent = 12 * monthly * 100 // sales
        told = f"A year's purchases are {percent} percent of the firm's own sales."
        facts = {"field": "monthly_purchases", "percent": percent}
        found.append(Flag("size_out_of_line", told, facts))
    return found


def _of_others(
    values: Mapping[str, Any], others: Sequence[Known], policy: FlagPolicy
) -> list[Flag]:
    ours, name = keys_of(values), name_of(values.get("legal_name", ""))
    mail = mail_domain(values.get("payables_email", "") or values.get("invoice_email", ""))
    found = []
    for other in others:
        told = {"kind": other.kind, "number": other.number, "name": other.name}
        shared = sorted(ours & other.keys)
        for kind, value in shared:
            code, word = SAME[kind]
            text = f"{other.kind.capitalize()} {other.number}, {other.name}, has the same {word}."
            found.append(Flag(code, text, {**told, "value": value}))
        alike = likeness(name, name_of(other.name))
        if alike >= policy.near_name:
            text = f"{other.kind.capitalize()} {other.number} is called {other.name}."
            found.append(Flag("near_name", text, {**told, "likeness": alike}))
        is_alike = alike >= policy.near_name or any(
            kind in (TAX_ID, REGISTRATION) for kind, _ in shared
        )
        accounts = {value for kind, value in other.keys if kind == ACCOUNT}
        given = {value for kind, value in ours if kind == ACCOUNT}
        if is_alike and accounts and given - accounts:
            text = f"{other.name} has never paid from the account that is given."
            found.append(Flag("changed_account", text, told))
        if (
            is_alike
            and other.kind == "customer"
            and mail
            and other.mails
            and mail not in other.mails
        ):
            known = ", ".join(sorted(other.mails))
            text = (
                f"It calls itself as customer {other.number} does, and writes from {mail};"
                f" we know {known}."
            )
            found.append(Flag("identity_copy", text, {**told, "domain": mail, "known": known}))
    return found
