"""Links that open one record to whoever has them."""

from collections.abc import Collection
from datetime import datetime

from django.utils.crypto import constant_time_compare

from duly.credit.errors.requests import LinkUnusable, LinkUsed
from duly.credit.models import SecretLink
from duly.credit.rules.links import SECRET, digest_of


def link_behind(*, purpose: str, secret: str, at: datetime) -> SecretLink:
    """The link of a secret, unused and in time.

    What is looked up is a digest, so neither an index nor the time that a look takes tells
    how near a guess came. Refuses: LinkUnusable, which says no more than that; LinkUsed.
    """
    link = None
    if SECRET.fullmatch(secret):
        digest = digest_of(secret)
        link = SecretLink.objects.filter(digest=digest, purpose=purpose).first()
        if link is not None and not constant_time_compare(link.digest, digest):
            link = None
    if link is None or link.expires_at <= at:
        raise LinkUnusable(
            "This link does not open anything.",
            remedy="It may be cut, or too old. Open it from the mail, or ask who sent it to you.",
        )
    if link.used_at is not None:
        raise LinkUsed(
            f"This was answered on {link.used_at:%Y-%m-%d} at {link.used_at:%H:%M} UTC.",
            facts={"used_at": link.used_at},
            remedy="Nothing more is needed. If it was not you, tell who sent you the link.",
        )
    return link


def link_of(*, purpose: str, record_id: int, at: datetime) -> SecretLink | None:
    """The newest link of a record that still opens it."""
    rows = SecretLink.objects.filter(purpose=purpose, record_id=record_id, used_at=None)
    return rows.filter(expires_at__gt=at).order_by("-pk").first()


def links_by_nonce(nonces: Collection[str]) -> dict[str, SecretLink]:
    """{nonce: link}."""
    return {row.nonce: row for row in SecretLink.objects.filter(nonce__in=nonces)}
