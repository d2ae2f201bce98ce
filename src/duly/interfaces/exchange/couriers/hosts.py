"""Which hosts a password may be told without encryption: this machine alone."""

import ipaddress


def is_this_machine(host: str) -> bool:
    """Tell whether a host is this machine, so that nobody can listen on the way.

    >>> is_this_machine("127.0.0.1"), is_this_machine("::1"), is_this_machine("mail.example")
    (True, True, False)
    """
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
