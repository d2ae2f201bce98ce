"""`duly doctor mail`: what can be seen from here of how mail leaves, and of what receivers see."""

import os
import socket
from collections.abc import Callable, Sequence

from duly.collections.models import Sending
from duly.collections.queries.messages import sending_of
from duly.collections.rules.addressing import wire_form
from duly.collections.rules.domains import (
    Check,
    check_dkim,
    check_dmarc,
    check_returns,
    check_spf,
)
from duly.interfaces.exchange.couriers.hosts import is_this_machine
from duly.interfaces.exchange.couriers.imap import Mailbox, address_from_environment
from duly.interfaces.exchange.couriers.names import Resolver, resolver_here
from duly.interfaces.exchange.couriers.smtp import Courier
from duly.kernel.errors import DulyError
from duly.parties.models import Entity


def look_at_mail(entity: Entity, selectors: Sequence[str]) -> list[Check]:
    """Every check, each by itself: one that can't be made says why, and stops no other."""
    switch = sending_of(entity.pk)
    checks = [_switch(switch), _server(), _mailbox()]
    if not switch.sender:
        return checks
    domain = wire_form(switch.sender).rpartition("@")[2]
    resolver = resolver_here()
    asked: list[tuple[str, Callable[[Resolver], Check]]] = [
        ("returned mail", lambda names: check_returns(domain, names.ask)),
        ("SPF", lambda names: check_spf(domain, _addresses(), names.ask)),
        ("DKIM", lambda names: check_dkim(domain, selectors, names.ask)),
        ("DMARC", lambda names: check_dmarc(domain, names.ask)),
    ]
    return checks + [_by_name(name, check, resolver) for name, check in asked]


def _by_name(name: str, check: Callable[[Resolver], Check], resolver: Resolver | None) -> Check:
    if resolver is None:
        told = "Could not be checked: this machine names no name server."
        return Check(name, "unchecked", told, "Set DULY_DNS_SERVER to one.")
    try:
        return check(resolver)
    except DulyError as error:
        return Check(name, "unchecked", f"Could not be checked: {error.message}", error.remedy)


def _switch(switch: Sending) -> Check:
    if not switch.sender:
        told = "Nobody said from which address messages come."
        return Check("sender", "wrong", told, "duly sending from ADDRESS")
    replies = f", answers go to {switch.reply_to}" if switch.reply_to else ""
    saw = f"Sending is {switch.mode}; messages come from {switch.sender}{replies}."
    return Check("sender", "ok", saw)


def _server() -> Check:
    url = os.environ.get("DULY_SMTP_URL", "")
    if not url:
        told = "No mail server is named."
        return Check("mail server", "wrong", told, "Set DULY_SMTP_URL.")
    try:
        courier = Courier(url)
        courier.connect()
    except DulyError as error:
        return Check("mail server", "wrong", error.message, error.remedy)
    try:
        encrypted = courier.encryption()
    finally:
        courier.close()
    if encrypted:
        saw = f"{courier.host} answers, with {encrypted} and a certificate that is valid."
        return Check("mail server", "ok", saw)
    if is_this_machine(courier.host):
        saw = f"{courier.host} answers, unencrypted: it is this machine."
        return Check("mail server", "ok", f"{saw} How it sends on can't be seen from here.")
    saw = f"{courier.host} answers, and offers no encryption: mail can be read on the way."
    return Check("mail server", "wrong", saw, "Use a server that offers STARTTLS, or smtps://.")


def _mailbox() -> Check:
    try:
        address = address_from_environment()
        if address is None:
            told = "No mailbox is named: answers and returned mail are not read."
            return Check("mailbox", "warning", told, "Set DULY_IMAP_URL.")
        Mailbox(address).close()
    except DulyError as error:
        return Check("mailbox", "wrong", error.message, error.remedy)
    return Check("mailbox", "ok", f"{address.name} can be read.")


def _addresses() -> list[str]:
    """The addresses of the server that mail is handed to, unless it is this machine."""
    try:
        host = Courier(os.environ.get("DULY_SMTP_URL", "")).host
        if is_this_machine(host):
            return []
        return sorted({str(found[4][0]) for found in socket.getaddrinfo(host, None)})
    except (OSError, DulyError):
        return []
