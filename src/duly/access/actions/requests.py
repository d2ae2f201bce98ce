"""Commands that carry a key, carried out once."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from duly.access.errors import KeyUnusable
from duly.access.models import Request
from duly.access.rules import requests
from duly.kernel.errors import KeyReused
from duly.storage import locks
from duly.storage.writing import whole


def once(
    *,
    key: str | None,
    command: str,
    given: object,
    at: datetime,
    act: Callable[[], dict[str, Any]],
) -> dict[str, Any]:
    """Carry out `act` once per key, inside one transaction; later calls get its first result.

    Refuses: KeyReused when the key came before with another command or other input; KeyUnusable.
    """
    if not key:
        with whole():
            return act()
    if not requests.is_usable(key):
        raise KeyUnusable(
            "This key can't be kept.",
            facts={"characters": len(key), "most": requests.LONGEST_KEY},
            remedy=f"Use at most {requests.LONGEST_KEY} characters of plain text.",
        )
    digest = requests.input_digest(command, given)
    with whole():
        locks.hold(f"key:{key}")
        earlier = Request.objects.filter(key=key).first()
        if earlier is None:
            result = json.loads(requests.written(act()))  # as it will be told again
            Request.objects.create(
                key=key,
                command=command,
                input_digest=digest,
                result=result,
                recorded_at=at,
                digest=requests.request_digest(key, command, digest, result, at),
            )
            return dict(result)
        if earlier.input_digest != digest:
            raise KeyReused(
                f"The key {key!r} came before with other input.",
                facts={"key": key, "command": earlier.command},
                remedy="Use a new key for a new act; repeat the old one only with its own input.",
            )
        return dict(earlier.result)
