"""What a key may look like, and the digest that ties a key to its input and its result.

See: docs/invariants.md, I9; the idempotency keys of payment providers (at most 255 characters).
"""

import hashlib
import json
from datetime import UTC, datetime

LONGEST_KEY = 255
OWN = "duly:"  # how keys begin that Duly makes for itself; nobody else's may


def is_usable(key: str) -> bool:
    """Tell whether a key can be kept on either database, and told again to a person.

    >>> is_usable("import 2026-03-31"), is_usable("k" * 256), is_usable("two\\nlines")
    (True, False, False)
    """
    return 0 < len(key) <= LONGEST_KEY and key.isprintable()


def written(value: object) -> str:
    """A value as JSON, the same for the same value."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)


def input_digest(command: str, given: object) -> str:
    """The digest of a command and its input."""
    return _digest([command, given])


def request_digest(
    key: str, command: str, input_digest: str, result: object, recorded_at: datetime
) -> str:
    """The digest of a kept request: nothing of it can change without being noticed."""
    moment = recorded_at.astimezone(UTC).isoformat(timespec="microseconds")
    return _digest([key, command, input_digest, result, moment])


def _digest(value: object) -> str:
    return hashlib.sha256(written(value).encode()).hexdigest()
