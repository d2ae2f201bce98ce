"""An entry of a customer's timeline, whatever it tells of."""

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Link:
    """A document or payment that an entry concerns."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the timeline. `words` stand between `source` and `items`."""

    on: date
    icon: str
    tone: str
    words: str
    source: Link | None = None
    items: list[Link] = field(default_factory=list)
    more: int = 0  # items beyond those listed
    minor: int | None = None
    currency: str = ""
    detail: str = ""
    text: str = ""  # what somebody else wrote, to be opened
    is_undone: bool = False  # struck through: it was taken back, or is void
    fields: tuple[tuple[str, str, str], ...] = ()  # master data: what, before, after
    at: datetime | None = None  # where the clock tells more than the day
    origin: Link | None = None  # the import that wrote it
