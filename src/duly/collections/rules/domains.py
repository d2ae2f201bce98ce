"""What the records of a mail domain say of mail that is sent under its name: SPF, DKIM, DMARC.

Rule: each check tells what it saw. What can't be seen from here is no fault, and is told as such.
See: RFC 7208, RFC 6376, RFC 7489.
"""

import base64
import binascii
import ipaddress
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

Ask = Callable[[str, str], Sequence[str]]  # (name, kind) -> records

MOST_LOOKUPS = 10
_WEAK_BYTES = 200  # of a public key: 1,024 bits come to 162, 2,048 to 294


class Check(NamedTuple):
    """One check: ok, warning, wrong, or unchecked; what was seen, and what to do."""

    name: str
    state: str
    saw: str
    remedy: str = ""


def check_spf(domain: str, servers: Sequence[str], ask: Ask) -> Check:
    """SPF: one record, that ends in a refusal, and names the server that mail is handed to.

    Given: `servers` the addresses of that server; where it sends on from another, nobody here
    can see it.
    """
    records = _spf_of(domain, ask)
    if len(records) != 1:
        saw = f"{domain} has {len(records) or 'no'} SPF record{'s' if len(records) > 1 else ''}."
        fix = f'"v=spf1 {" ".join(map(_as_mechanism, servers)) or "mx"} -all"'
        return Check("SPF", "wrong", saw, f"Publish exactly one TXT record, such as {fix}.")
    walk = _Walk(ask)
    names = any(walk.names(domain, ipaddress.ip_address(one)) for one in servers)
    saw = f"{domain}: {records[0]}"
    if walk.lookups > MOST_LOOKUPS:
        return Check(
            "SPF",
            "wrong",
            f"{saw} It takes more than {MOST_LOOKUPS} look-ups, and receivers give up.",
            "Name addresses instead of including others' records.",
        )
    end = records[0].split()[-1].lower()
    if end in ("all", "+all"):
        return Check("SPF", "wrong", f"{saw} It lets anybody send.", "End it with -all.")
    if not servers:
        return Check("SPF", "ok", f"{saw} Which address mail comes from can't be seen from here.")
    if not names:
        return Check(
            "SPF",
            "warning",
            f"{saw} It does not name {', '.join(servers)}, where mail is handed over.",
            "Add that server, or see that the address it sends from is named.",
        )
    return Check("SPF", "ok", f"{saw} It names the server that mail is handed to.")


def _as_mechanism(address: str) -> str:
    return f"ip{ipaddress.ip_address(address).version}:{address}"


def _spf_of(domain: str, ask: Ask) -> list[str]:
    texts = [text.strip() for text in ask(domain, "TXT")]
    return [text for text in texts if text.lower().split(" ")[0] == "v=spf1"]


class _Walk:
    """A walk through an SPF record and those that it includes."""

    def __init__(self, ask: Ask) -> None:
        self._ask, self.lookups = ask, 0

    def names(self, domain: str, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
        """Tell whether the record of a domain lets an address send."""
        records = _spf_of(domain, self._ask)
        if len(records) != 1 or self.lookups > MOST_LOOKUPS:
            return False
        for word in records[0].split()[1:]:
            if word[0] in "-~?":
                continue  # it lets nobody send
            name, sign, value = _split(word.lstrip("+"))
            if name in ("include", "redirect") and sign and "%" not in value:
                self.lookups += 1
                if self.names(value, address):
                    return True
            elif name in ("ip4", "ip6") and _is_within(address, value):
                return True
            elif name in ("a", "mx") and "%" not in value:
                self.lookups += 1
                if str(address) in self._addresses(name, value.split("/")[0] or domain):
                    return True
            elif name in ("exists", "ptr"):
                self.lookups += 1
        return False

    def _addresses(self, kind: str, domain: str) -> Iterator[str]:
        hosts = [domain]
        if kind == "mx":
            hosts = [record.partition(" ")[2] for record in self._ask(domain, "MX")][:10]
        for host in hosts:
            yield from self._ask(host, "A")
            yield from self._ask(host, "AAAA")


def _split(word: str) -> tuple[str, str, str]:
    for sign in (":", "=", "/"):
        name, found, value = word.partition(sign)
        if found and name.isalnum():
            return name.lower(), found, value if sign != "/" else ""
    return word.lower(), "", ""


def _is_within(address: ipaddress.IPv4Address | ipaddress.IPv6Address, network: str) -> bool:
    try:
        return address in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False


def check_dkim(domain: str, selectors: Sequence[str], ask: Ask) -> Check:
    """DKIM: a key is published under the selector that the mail server signs with."""
    if not selectors:
        return Check(
            "DKIM",
            "unchecked",
            "Could not be checked: under which selector the mail server signs is not known here.",
            "Name it: duly doctor mail --selector NAME (s= in a DKIM-Signature of your mail).",
        )
    for selector in selectors:
        name = f"{selector}._domainkey.{domain}"
        tags = [_tags(text) for text in ask(name, "TXT")]
        keys = [one["p"] for one in tags if "p" in one]
        if not keys:
            saw, remedy = f"{name} has no key.", "Publish the key that the mail server signs with."
            return Check("DKIM", "wrong", saw, remedy)
        try:
            key = base64.b64decode("".join(keys[0].split()), validate=True)
        except (binascii.Error, ValueError):
            return Check("DKIM", "wrong", f"The key of {name} can't be read.", "Publish it anew.")
        if not key:
            return Check("DKIM", "wrong", f"The key of {name} was withdrawn.", "Sign with another.")
        if tags[0].get("k", "rsa") == "rsa" and len(key) < _WEAK_BYTES:
            saw, remedy = f"The key of {name} is short.", "Make one of 2,048 bits."
            return Check("DKIM", "warning", saw, remedy)
    names = ", ".join(f"{one}._domainkey.{domain}" for one in selectors)
    return Check("DKIM", "ok", f"{names}: a key. Whether the server signs can't be seen from here.")


def check_dmarc(domain: str, ask: Ask) -> Check:
    """DMARC: what receivers are to do with mail under this name that we did not send."""
    labels = domain.split(".")
    for start in range(max(len(labels) - 1, 1)):
        name = "_dmarc." + ".".join(labels[start:])
        records = [text for text in ask(name, "TXT") if _tags(text).get("v") == "DMARC1"]
        if len(records) > 1:
            saw = f"{name} has {len(records)} DMARC records, so none counts."
            return Check("DMARC", "wrong", saw, "Leave one.")
        if records:
            tags = _tags(records[0])
            policy = tags.get("sp" if start else "p", tags.get("p", ""))
            saw = f"{name}: {records[0]}"
            if policy not in ("none", "quarantine", "reject"):
                return Check("DMARC", "wrong", f"{saw} It has no policy.", "Write p=quarantine.")
            if policy == "none":
                remedy = "Once your own mail passes, write p=quarantine."
                return Check("DMARC", "warning", f"{saw} It only watches.", remedy)
            return Check("DMARC", "ok", saw)
    return Check(
        "DMARC",
        "wrong",
        f"{domain} has no DMARC record: large receivers turn away mail without one.",
        f'Publish a TXT record at _dmarc.{domain}, such as "v=DMARC1; p=none; rua=mailto:...".',
    )


def _tags(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip().lower(): value.strip() for name, sign, value in pairs if sign}


def check_returns(domain: str, ask: Ask) -> Check:
    """Returned mail: whether anybody takes mail for the domain that messages come from."""
    hosts = [record.partition(" ")[2] for record in ask(domain, "MX")]
    if hosts in (["."], [""]):
        saw = f"{domain} says that it takes no mail: answers and returned mail are lost."
        return Check("returned mail", "wrong", saw, "Send from a domain that takes mail.")
    if hosts:
        return Check("returned mail", "ok", f"{domain} takes mail at {', '.join(hosts)}.")
    if ask(domain, "A") or ask(domain, "AAAA"):
        saw = f"{domain} has no MX record; mail goes to its own address."
        return Check("returned mail", "warning", saw, "Publish an MX record.")
    saw = f"{domain} has neither MX nor address: answers and returned mail are lost."
    return Check("returned mail", "wrong", saw, "Send from a domain that takes mail.")
