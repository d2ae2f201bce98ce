"""Links that people outside get: their secrets are made here, with the installation's own key.

A text that waits to be sent holds a placeholder; the link is filled in as it goes over the line, so
that no copy of the database opens anything.
"""

import re

from django.conf import settings

from duly.collections.actions import PLAN_LINK, Handover
from duly.credit.models import SecretLink
from duly.credit.queries.links import links_by_nonce
from duly.credit.rules.links import DRAFT, GUARANTEE, REFERENCE, placeholder, secret_of

PATHS = {DRAFT: "apply/draft", GUARANTEE: "guarantee", REFERENCE: "reference", PLAN_LINK: "plan"}
_HELD = re.compile(re.escape(placeholder("NONCE")).replace("NONCE", "([0-9a-f]{32})"))


def link_key() -> bytes:
    """The key that secrets are made with; whoever has it and the database can make every link."""
    return settings.SECRET_KEY.encode()


def path_of(link: SecretLink) -> str:
    """The address of a link on this host."""
    return f"/{PATHS[link.purpose]}/{secret_of(link.nonce, link_key())}/"


def with_links(message: Handover) -> Handover:
    """A message as it leaves: each placeholder has become its link."""
    nonces = _HELD.findall(message.body)
    if not nonces or message.customer_id:
        return message
    links = links_by_nonce(nonces)

    def filled(match: re.Match[str]) -> str:
        link = links.get(match[1])
        return match[0] if link is None else settings.PUBLIC_URL + path_of(link)

    return message._replace(body=_HELD.sub(filled, message.body))
