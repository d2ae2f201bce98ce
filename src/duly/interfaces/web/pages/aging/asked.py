"""What an address asks of the books: which day, which part, which buckets, as known when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.urls import reverse

from duly.interfaces.web.current import entity_of, today
from duly.kernel.currencies import exponent
from duly.kernel.dates import InvalidDate, parse_iso_date
from duly.ledger.queries import sequence_known_at
from duly.parties.errors import CustomerUnknown
from duly.parties.models import Entity
from duly.parties.queries import customer_by_id
from duly.receivables.queries import Scope
from duly.receivables.rules.aging import Buckets, BucketsUnclear, buckets

GROUPINGS = ("customer", "parent", "currency", "none")
MOST_BUCKETS = 12
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the books, as an address spells it. `currency` None asks for all of them.

    `customer_id` 0 asks for money whose payer is not known; `known` is the sequence of the last
    batch to count, told in the address as `known_as` (a day or a moment).
    """

    entity: Entity
    today: date
    on: date
    basis: str
    last_days: tuple[int, ...] | None
    chosen: Buckets
    currency: str | None
    customer_id: int | None
    parent_id: int | None
    is_every_entity: bool
    known_as: str
    known: int | None
    by: str

    @property
    def scope(self) -> Scope:
        """The part of the book asked for."""
        return Scope(
            entity_id=None if self.is_every_entity else self.entity.pk,
            currency=self.currency,
            customer_id=self.customer_id,
            parent_id=self.parent_id,
        )

    @property
    def is_today(self) -> bool:
        """Asked as of today, as known now."""
        return self.on == self.today and self.known is None

    @property
    def is_narrowed(self) -> bool:
        """Asked for less than the whole book of a currency."""
        return self.customer_id is not None or self.parent_id is not None

    def parameters(self, **changes: object) -> dict[str, object]:
        """What the address says, with some of it changed; None leaves a part out."""
        said: dict[str, object | None] = {
            "on": self.on.isoformat(),
            "basis": self.basis,
            "by": self.by if self.by != "customer" else None,
            "currency": self.currency,
            "buckets": ",".join(map(str, self.last_days)) if self.last_days else None,
            "customer": self.customer_id,
            "parent": self.parent_id,
            "entity": "all" if self.is_every_entity else None,
            "known": self.known_as or None,
            **changes,
        }
        return {name: value for name, value in said.items() if value is not None}

    def address(self, name: str, *arguments: object, **changes: object) -> str:
        """A page that asks the same, with some of it changed."""
        return f"{reverse(name, args=arguments)}?{urlencode(self.parameters(**changes))}"

    def items_address(self, **changes: object) -> str:
        """The items behind a figure: `currency`, `customer`, `bucket`, `unapplied` say which."""
        return self.address("items", **{"by": None, **changes})


def read_asked(request: HttpRequest, *, customer_id: int | None = None) -> Asked:
    """Read the question out of an address. Refuses: InvalidDate, BucketsUnclear, and so on."""
    entity = entity_of(request)
    now_on = today(entity)
    said = request.GET
    basis = said.get("basis") or "due"
    last_days = read_last_days(said.get("buckets", ""))
    known_as = said.get("known", "").strip()
    customer = customer_id if customer_id is not None else _read_id(said, "customer")
    return Asked(
        entity=entity,
        today=now_on,
        on=read_day(said.get("on", "")) or now_on,
        basis=basis,
        last_days=last_days,
        chosen=buckets(basis, last_days),
        currency=read_currency(said.get("currency", "")),
        customer_id=customer,
        parent_id=_read_id(said, "parent"),
        is_every_entity=said.get("entity") == "all",
        known_as=known_as,
        known=_read_known(known_as, entity),
        by=said.get("by") if said.get("by") in GROUPINGS else "customer",
    )


def read_day(text: str) -> date | None:
    """The day an address names; None where it names none. Refuses: InvalidDate."""
    if not text.strip():
        return None
    return parse_iso_date(text.strip())


def read_currency(text: str) -> str | None:
    """A currency; None where none is named. Refuses: UnknownCurrency."""
    if not text.strip():
        return None
    exponent(text.strip().upper())
    return text.strip().upper()


def read_last_days(text: str) -> tuple[int, ...] | None:
    """The last days of buckets as people write them: 30,60,90. Refuses: BucketsUnclear."""
    if not text.strip():
        return None
    parts = [part.strip() for part in text.replace(" ", ",").split(",") if part.strip()]
    is_plain = all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts)
    if not is_plain or not 1 <= len(parts) <= MOST_BUCKETS:
        raise BucketsUnclear(
            f"“{text[:60]}” are no buckets.",
            facts={"buckets": text[:60]},
            remedy=f"Give the last day of each, like 30,60,90; {MOST_BUCKETS} of them at most.",
        )
    return tuple(int(part) for part in parts)


def _read_id(said: Mapping[str, str], name: str) -> int | None:
    text = said.get(name, "").strip()
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or int(text) > LARGEST_ID:
        raise unknown_customer()
    return int(text)


def unknown_customer() -> CustomerUnknown:
    """The refusal for a customer that is not there."""
    return CustomerUnknown(
        "There is no such customer in these books.",
        remedy="Look it up by name or id on the customers page.",
    )


def name_of(asked: Asked) -> str:
    """Whose figures are asked for, in words; "" for the whole book. Refuses: CustomerUnknown."""
    wanted = asked.customer_id if asked.customer_id is not None else asked.parent_id
    if wanted is None:
        return ""
    if wanted == 0:
        return "payers not known"
    found = customer_by_id(wanted)
    if found is None or (found.entity_id != asked.entity.pk and not asked.is_every_entity):
        raise unknown_customer()
    return found.name if asked.customer_id is not None else f"{found.name} and everyone under it"


def _read_known(text: str, entity: Entity) -> int | None:
    if not text:
        return None
    zone = ZoneInfo(entity.timezone)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidDate(
            f"“{text[:40]}” is no moment.",
            facts={"known": text[:40]},
            remedy="Write 2026-03-02 for the end of that day, or 2026-03-02T09:30.",
        ) from None
    if len(text) <= len("2026-03-02"):
        moment = datetime.combine(parse_iso_date(text), time.max)
    # Its year is looked at as any other day's: moments at the ends of time have no time zone.
    parse_iso_date(moment.date().isoformat())
    return sequence_known_at(moment if moment.tzinfo else moment.replace(tzinfo=zone))
