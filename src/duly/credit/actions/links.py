"""Issue links that open one record, and spend them."""

import secrets
from datetime import datetime

from duly.credit.models import SecretLink
from duly.credit.queries.links import link_behind
from duly.credit.rules.links import digest_of, secret_of
from duly.storage.writing import whole


@whole()
def issue_link(
    *,
    entity_id: int,
    purpose: str,
    record_id: int,
    expires_at: datetime,
    key: bytes,
    at: datetime,
) -> SecretLink:
    """Make a link to a record; its secret is made again from its nonce and the key."""
    nonce = secrets.token_hex(16)
    return SecretLink.objects.create(
        entity_id=entity_id,
        purpose=purpose,
        record_id=record_id,
        nonce=nonce,
        digest=digest_of(secret_of(nonce, key)),
        issued_at=at,
        expires_at=expires_at,
    )


@whole()
def spend_link(*, purpose: str, secret: str, at: datetime) -> SecretLink:
    """Use a link up: what it was for is done. Of two at once one is refused.

    Refuses: LinkUnusable, LinkUsed.
    """
    link = link_behind(purpose=purpose, secret=secret, at=at)
    SecretLink.objects.select_for_update().get(pk=link.pk)
    link = link_behind(purpose=purpose, secret=secret, at=at)
    link.used_at = at
    link.save(update_fields=["used_at"])
    return link
