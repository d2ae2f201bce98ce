"""What an address asks of the books: which day, which part, which buckets, as known when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.urls import reverse

from duly.interfaces.web.current import LARGEST_ID, entities_of, entity_of, today
from duly.interfaces.web.numbers import number_in
from duly.kernel.currencies import exponent
from duly.kernel.dates import InvalidDate, parse_iso_date
from duly.ledger.queries import known_sequence, sequence_known_at
from duly.parties.errors import CustomerUnknown, EntityUnknown
from duly.parties.models import Customer, Entity
from duly.parties.queries import customer_by_id
from duly.receivables.queries import Scope
from duly.receivables.rules.aging import Buckets, BucketsUnclear, buckets

GROUPINGS = ("customer", "parent", "currency", "entity", "none")
MOST_BUCKETS = 12
THEN = "then"  # as known at the end of the day asked for


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the books, as an address spells it. `currency` None asks for all of them.

    `entity_as` and `known_as` are what the address says: whose books ("all", a company's number,
    "" for those of the session), and what was known ("then", a day, a moment, "" for now).
    `customer_id` 0 asks for money whose payer is not known, `parent_id` for a customer and everyone
    under it; `customer` is whichever of the two. `known` is the sequence of the last batch to
    count, None where nothing was booked since.
    """

    entity: Entity
    entity_as: str
    today: date
    on: date
    basis: str
    last_days: tuple[int, ...] | None
    chosen: Buckets
    currency: str | None
    customer_id: int | None
    parent_id: int | None
    customer: Customer | None
    known_as: str
    known_at: datetime | None
    known: int | None
    by: str

    @property
    def is_every_entity(self) -> bool:
        """Asked for all companies together."""
        return self.entity_as == "all"

    @property
    def entity_id(self) -> int | None:
        """The company asked for; None for all of them."""
        return None if self.is_every_entity else self.entity.pk

    @property
    def is_narrowed(self) -> bool:
        """Asked for a part of the customers only."""
        return self.customer_id is not None or self.parent_id is not None

    @property
    def whose(self) -> str:
        """Whose figures are asked for, in words; "" for the whole book."""
        if self.customer_id == 0:
            return "Payers not known"
        if self.customer is None:
            return ""
        return f"{self.customer.name}{' and everyone under it' if self.customer_id is None else ''}"

    @property
    def part(self) -> Scope:
        """The part of the books asked for, in every currency."""
        return Scope(
            entity_id=self.entity_id, customer_id=self.customer_id, parent_id=self.parent_id
        )

    @property
    def is_today(self) -> bool:
        """Asked as of today, as known now."""
        return self.on == self.today and self.known is None

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
            "entity": self.entity_as or None,
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


def read_asked(request: HttpRequest) -> Asked:
    """Read the question out of an address. Refuses: InvalidDate, BucketsUnclear, and so on."""
    said = request.GET
    by = said.get("by") if said.get("by") in GROUPINGS else "customer"
    entity, entity_as = _read_entity(request, "all" if by == "entity" else said.get("entity", ""))
    now_on = today(entity)
    on = read_day(said.get("on", "")) or now_on
    basis = said.get("basis") or "due"
    last_days = read_last_days(said.get("buckets", ""))
    known_as = said.get("known", "").strip()
    known_at = _read_known(known_as, on, ZoneInfo(entity.timezone))
    customer_id, parent_id = _read_id(said, "customer"), _read_id(said, "parent")
    return Asked(
        entity=entity,
        entity_as=entity_as,
        today=now_on,
        on=on,
        basis=basis,
        last_days=last_days,
        chosen=buckets(basis, last_days),
        currency=read_currency(said.get("currency", "")),
        customer_id=customer_id,
        parent_id=parent_id,
        customer=_read_customer(
            customer_id if customer_id is not None else parent_id,
            None if entity_as == "all" else entity.pk,
        ),
        known_as=known_as,
        known_at=known_at,
        known=_sequence(known_at),
        by=by,
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
    parts = text.replace(",", " ").split()
    if not parts:
        return None
    days = [number for part in parts if (number := number_in(part, 6)) is not None]
    if len(days) != len(parts) or len(parts) > MOST_BUCKETS:
        raise BucketsUnclear(
            f"“{text[:60]}” are no buckets.",
            facts={"buckets": text[:60]},
            remedy=f"Give the last day of each, like 30,60,90; {MOST_BUCKETS} of them at most.",
        )
    return tuple(days)


def _read_customer(customer_id: int | None, entity_id: int | None) -> Customer | None:
    """The customer of this number in the books asked for. Refuses: CustomerUnknown."""
    if not customer_id:
        return None
    found = customer_by_id(customer_id)
    if found is None or entity_id not in (None, found.entity_id):
        raise _unknown_customer()
    return found


def _read_entity(request: HttpRequest, text: str) -> tuple[Entity, str]:
    """(the company whose day it is, what the address says of it)."""
    own = entity_of(request)
    if text in ("", "all"):
        return own, text
    for one in entities_of(request):
        if text == str(one.pk):
            return one, text
    raise EntityUnknown(
        f"There is no company {text[:20]} here.", remedy="Choose one on the aging page."
    )


def _read_id(said: Mapping[str, str], name: str) -> int | None:
    text = said.get(name, "").strip()
    if not text:
        return None
    number = number_in(text, 19)
    if number is None or number > LARGEST_ID:
        raise _unknown_customer()
    return number


def _unknown_customer() -> CustomerUnknown:
    return CustomerUnknown(
        "There is no such customer in these books.",
        remedy="Look it up by name or id on the customers page.",
    )


def _read_known(text: str, on: date, zone: ZoneInfo) -> datetime | None:
    """The moment up to which what was booked counts; a day is meant to its end."""
    if not text:
        return None
    try:
        moment = datetime.combine(on, time.max) if text == THEN else datetime.fromisoformat(text)
        if len(text) <= len("2026-03-02") and text != THEN:
            moment = datetime.combine(moment.date(), time.max)
        # Its year is looked at as any other day's: moments at the ends of time have no time zone.
        parse_iso_date(moment.date().isoformat())
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)
    except ValueError:
        raise InvalidDate(
            f"“{text[:40]}” is no moment.",
            facts={"known": text[:40]},
            remedy="Write 2026-03-02 for the end of that day, or 2026-03-02T09:30.",
        ) from None


def _sequence(known_at: datetime | None) -> int | None:
    """The last batch known at a moment; None where it is the newest, so that all of them count."""
    if known_at is None:
        return None
    sequence = sequence_known_at(known_at)
    return sequence if sequence < known_sequence() else None
