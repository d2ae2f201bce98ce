"""Secrets in links: made of a nonce and a key that no database holds; only a digest is kept.

So a copy of the database opens nothing, and the same link can be told again in a reminder.
"""

import base64
import hashlib
import hmac
import re

SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
DRAFT_DAYS = 60
DRAFT, GUARANTEE, REFERENCE = "draft", "guarantee", "reference"

_BEGINS = "{link:"


def secret_of(nonce: str, key: bytes) -> str:
    """The secret of a link, 256 bits as 43 letters."""
    made = hmac.digest(key, b"link:" + nonce.encode(), "sha256")
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def digest_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def placeholder(nonce: str) -> str:
    """Where a link stands in a text that waits; it is filled in as the text leaves.

    >>> placeholder("ab" * 16)
    '{link:abababababababababababababababab}'
    """
    return f"{_BEGINS}{nonce}}}"


def without_placeholders(told: str) -> str:
    """What somebody typed, as it may stand in a text whose placeholders are filled in.

    >>> without_placeholders("Ash {link:0} Ltd")
    'Ash { link:0} Ltd'
    """
    return told.replace(_BEGINS, "{ link:")
