"""The limit that a customer has on a day."""

from datetime import date
from typing import NamedTuple

IMPORTED = "imported"


class LimitInForce(NamedTuple):
    """How much a customer may owe: `minor` of `currency`, and since when and until when.

    `source` says where it comes from: IMPORTED with the customer, or a limit of ours by its number.
    """

    minor: int
    currency: str
    source: str
    from_on: date | None = None
    to_on: date | None = None
    review_on: date | None = None
    limit_id: int | None = None
