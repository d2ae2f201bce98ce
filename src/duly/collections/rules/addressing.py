"""Who of a customer is written to, and in which language."""

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple, Protocol

from duly.collections.rules.reasons import (
    BAD_ADDRESS,
    DO_NOT_CONTACT,
    NO_ADDRESS,
    SUPPRESSED,
    Reason,
)
from duly.kernel.locales import language_of

# Letters of any script stand for those of SMTPUTF8 and of international domain names.
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@((?:[^\W_]|-)+(?:\.(?:[^\W_]|-)+)*)")
_UNSURE = re.compile("[ßς\u200c\u200d]")  # the two standards of domain names differ on these


class Reachable(Protocol):
    """A customer: its own address and language."""

    @property
    def email(self) -> str: ...
    @property
    def language(self) -> str: ...


class Person(Protocol):
    """A contact with an address."""

    @property
    def role(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def do_not_contact(self) -> bool: ...


class Addressed(NamedTuple):
    """The recipients in order, or why there is none; the language they are written in."""

    recipients: tuple[str, ...]
    why_none: Reason | None
    language: str


def is_address(text: str) -> bool:
    """Tell whether a text can be written to.

    >>> is_address("ap@meridian.example"), is_address("ap@"), is_address("a b@c.de")
    (True, False, False)
    >>> is_address("käse@bücher.example"), is_address("ap@straße.example")
    (True, False)
    """
    found = _ADDRESS.fullmatch(text)
    if found is None or len(text) > 254:
        return False
    return found[1].isascii() or _ascii_domain(found[1]) is not None


def wire_form(text: str) -> str:
    """An address as mail servers read it: its domain in ASCII.

    >>> wire_form("ap@bücher.example"), wire_form("ap@meridian.example")
    ('ap@xn--bcher-kva.example', 'ap@meridian.example')
    """
    local, at, domain = text.rpartition("@")
    return text if domain.isascii() else f"{local}{at}{_ascii_domain(domain) or domain}"


def needs_utf8(text: str) -> bool:
    """Tell whether an address needs a mail server that takes letters beyond ASCII before the @."""
    return not text.rpartition("@")[0].isascii()


def _ascii_domain(domain: str) -> str | None:
    """An international domain name in ASCII; None where it is none, or would be another's."""
    try:
        return None if _UNSURE.search(domain) else domain.encode("idna").decode("ascii")
    except UnicodeError:
        return None


def address(
    customer: Reachable,
    contacts: Sequence[Person],
    suppressed: Collection[str],
    entity_language: str,
) -> Addressed:
    """Who is written to.

    Rule: every contact with role accounts payable, else the customer's own address; nobody who is
    not to be contacted, no address that mail came back from, each address once.
    """
    refused = {one.email.lower() for one in contacts if one.do_not_contact}
    payers = [one for one in contacts if one.role == "accounts_payable" and not one.do_not_contact]
    wrong: Reason | None = DO_NOT_CONTACT if refused else None
    for offered in ([one.email for one in payers], [customer.email]):
        good: dict[str, str] = {}
        for text in filter(None, (one.strip() for one in offered)):
            if text.lower() in refused:
                wrong = DO_NOT_CONTACT
            elif not is_address(text):
                wrong = BAD_ADDRESS
            elif text.lower() in suppressed:
                wrong = SUPPRESSED
            else:
                good.setdefault(text.lower(), text)
        if good:
            own = [one.language for one in payers if one.email.strip().lower() in good]
            language = language_of(*own, customer.language, entity_language)
            return Addressed(tuple(good.values()), None, language)
    return Addressed((), wrong or NO_ADDRESS, language_of(customer.language, entity_language))
