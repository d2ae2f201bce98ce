"""Which hosts a password may be told without encryption: this machine alone."""

import ipaddress
import os
from urllib.parse import urlsplit


def is_this_machine(host: str) -> bool:
    """Tell whether a host is this machine, so that nobody can listen on the way.

    >>> is_this_machine("127.0.0.1"), is_this_machine("::1"), is_this_machine("mail.example")
    (True, True, False)
    """
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_mailed_elsewhere() -> bool:
    """Tell whether the mail server that is named is another machine."""
    try:
        host = urlsplit(os.environ.get("DULY_SMTP_URL", "")).hostname or ""
    except ValueError:
        return True
    return bool(host) and not is_this_machine(host)
