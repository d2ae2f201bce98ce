"""Keys of other systems: made, shown once, revoked, asked for."""

import hashlib
import json
import secrets
from collections.abc import Collection
from typing import NamedTuple

from duly.access.actions.trail import Author
from duly.access.errors import ApiKeyForbids, ApiKeyUnfit, ApiKeyUnknown
from duly.access.models import ApiKey
from duly.access.rules.keys import KEY_ACTS, LONGEST_NAME
from duly.kernel.quoting import CONTROLS
from duly.storage.prepared import prepared_rows
from duly.storage.writing import whole

_BEGINS = "duly_"


@whole()
def add_key(*, name: str, entity_id: int, acts: Collection[str], author: Author) -> str:
    """Make a key of a name; return its secret, which is shown this once and kept nowhere.

    Refuses: ApiKeyUnfit.
    """
    name = name.strip()
    is_fit = 0 < len(name) <= LONGEST_NAME and not CONTROLS.search(name)
    if not is_fit or not acts or set(acts) - set(KEY_ACTS):
        raise ApiKeyUnfit(
            "A key needs a name, and acts that a key can have.",
            facts={"name": name[:LONGEST_NAME], "acts": sorted(acts), "can": list(KEY_ACTS)},
            remedy=f"Name the system in up to {LONGEST_NAME} characters; acts:"
            f" {', '.join(KEY_ACTS)}.",
        )
    if ApiKey.objects.filter(name=name, revoked_at=None).exists():
        raise ApiKeyUnfit(
            f"There is a key {name} already.",
            facts={"name": name},
            remedy="Give this one its own name, or revoke the other first.",
        )
    secret = _BEGINS + secrets.token_urlsafe(32)
    ApiKey.objects.create(
        name=name,
        entity_id=entity_id,
        acts=sorted(set(acts)),
        digest=_digest(secret),
        actor=author.actor,
        recorded_at=author.at,
    )
    return secret


@whole()
def revoke_key(*, name: str, author: Author) -> ApiKey:
    """Let a key in no more. Refuses: ApiKeyUnknown."""
    row = ApiKey.objects.select_for_update().filter(name=name, revoked_at=None).first()
    if row is None:
        raise ApiKeyUnknown(
            f"No key that stands is called {name[:LONGEST_NAME]!r}.",
            facts={"name": name[:LONGEST_NAME]},
            remedy="Look at `duly user key list`.",
        )
    row.revoked_at, row.revoked_by = author.at, author.actor
    row.save(update_fields=["revoked_at", "revoked_by"])
    return row


class KeyInUse(NamedTuple):
    """A key that stands: in whose books it may do which acts."""

    id: int
    name: str
    entity_id: int
    acts: list[str]


def require_key(*, secret: str, act: str) -> KeyInUse:
    """The key of a secret, if it stands and includes the act.

    Refuses: ApiKeyUnknown, ApiKeyForbids.
    """
    rows = prepared_rows(
        "SELECT id, name, entity_id, CAST(acts AS text) FROM access_apikey"
        " WHERE digest = %s AND revoked_at IS NULL",
        [_digest(secret)],
    )
    if not rows:
        raise ApiKeyUnknown(
            "This needs a key that stands.",
            remedy="Send it as `Authorization: Bearer KEY`; `duly user key add NAME` makes one.",
        )
    pk, name, entity_id, acts = rows[0]
    key = KeyInUse(pk, name, entity_id, json.loads(acts))
    if act not in key.acts:
        raise ApiKeyForbids(
            f"The key {key.name} does not include this.",
            facts={"key": key.name, "act": act, "acts": key.acts},
            remedy="Make a key for it: `duly user key add NAME --act ACT`.",
        )
    return key


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
