"""Who is there: a company, its customers with their hidden ways, and the people at them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from duly.kernel.currencies import exponent
from duly.kernel.money import split_minor
from duly.world import behaviour, names, references
from duly.world.accounts import OWN_ACCOUNTS, OwnAccount, draw_account
from duly.world.behaviour import SEGMENTS, Segment
from duly.world.dice import Dice, dice, pick
from duly.world.places import PLACES, SHARES, Place

NAME = "Seewind Verpackungen GmbH"
CURRENCY = "EUR"
COUNTRY = "DE"
TIMEZONE = "Europe/Berlin"
TERMS = "net30"
FIRST_CODE = 10_001
COLLECTORS = ("Imke Tiedemann", "Ruben Sattler", "Carla Nowack")
STAFF = (  # (e-mail, name, role)
    ("imke.tiedemann@seewind.example", "Imke Tiedemann", "collector"),
    ("ruben.sattler@seewind.example", "Ruben Sattler", "collector"),
    ("carla.nowack@seewind.example", "Carla Nowack", "collector"),
    ("enno.brandis@seewind.example", "Enno Brandis", "clerk"),
    ("henrike.loos@seewind.example", "Henrike Loos", "manager"),
    ("fabian.ostermeier@seewind.example", "Fabian Ostermeier", "sales"),
    ("wiebke.dahlke@seewind.example", "Wiebke Dahlke", "viewer"),
)
SALES = ("Nord", "Süd", "West", "Key Accounts", "Export")

# Rough units for one euro: what amounts are scaled with. The rates file walks about them.
PARITIES = {"EUR": 1.0, "USD": 1.09, "GBP": 0.85, "JPY": 162.0, "KWD": 0.335}

_SEGMENT_SHARES: tuple[tuple[str, float], ...] = (
    ("large", 0.08),
    ("mid", 0.29),
    ("small", 0.28),
    ("construction", 0.07),
    ("transport", 0.08),
    ("retail", 0.09),
    ("public", 0.04),
    ("start-up", 0.03),
    ("distressed", 0.03),
)
# Orders a month, and the median invoice in euro.
_BUYING: dict[str, tuple[float, float]] = {
    "large": (7.0, 4300),
    "mid": (3.0, 1800),
    "small": (1.1, 640),
    "construction": (1.3, 1900),
    "transport": (1.7, 980),
    "retail": (5.0, 2200),
    "public": (1.3, 1400),
    "start-up": (0.9, 680),
    "export": (1.4, 3200),
    "distressed": (1.0, 1100),
}
_USUAL_TERMS: tuple[tuple[str, float], ...] = (
    ("net30", 42),
    ("2/10-net30", 12),
    ("2/14-net30", 4),
    ("net14", 12),
    ("net45", 7),
    ("net60", 6),
    ("net30-eom-after", 6),
    ("day15-prox", 3),
    ("50%-net30+50%-net60", 3),
    ("net0", 2),
)
_RISKY_TERMS: tuple[tuple[str, float], ...] = (("net14", 40), ("net30", 35), ("cia", 25))
_ROLES = (("accounts_payable", 0.88), ("approver", 0.45), ("owner", 0.25))


@dataclass(frozen=True, slots=True)
class Contact:
    """A person at a customer."""

    name: str
    role: str
    email: str
    phone: str
    language: str
    do_not_contact: bool


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer: what the seller's books know of it, and below that how it really behaves."""

    code: str
    name: str
    form: str
    place: Place
    town: str
    address: str
    email: str
    phone: str
    tax_id: str
    currency: str
    terms: str
    credit_limit_minor: int | None
    parent: str
    payment_method: str
    collector: str
    sales_rep: str
    do_not_chase: bool
    contacts: tuple[Contact, ...]
    # What nobody but the world knows:
    segment: Segment
    payer: str  # the customer that pays: itself, or its parent
    account: str
    own_account: str  # name of the seller's account that it pays to
    slowness: float
    run: str
    name_manner: str
    reference_manner: str
    takes_discount: bool
    takes_late_discount: bool
    pays_one_by_one: bool
    orders_per_month: float
    median_minor: int
    buys_from: date
    failed_on: date | None

    @property
    def legal_name(self) -> str:
        return f"{self.name} {self.form}".strip()

    def is_solvent(self, on: date) -> bool:
        """Whether there is anyone who could pay."""
        return self.failed_on is None or on < self.failed_on


@dataclass(frozen=True, slots=True)
class Company:
    """The seller: its accounts and customers, by code, in order."""

    seed: int
    name: str
    currency: str
    country: str
    timezone: str
    terms: str
    accounts: tuple[OwnAccount, ...]
    customers: dict[str, Customer]


def build_company(*, seed: int, customers: int, start: date, until: date) -> Company:
    """A company with so many customers, some of them subsidiaries of others."""
    taken: set[str] = set()
    made: dict[str, Customer] = {}
    heads: list[Customer] = []
    for index, place in enumerate(_places(seed, customers)):
        stream = dice(seed, "customer", index)
        one = _customer(stream, f"C{FIRST_CODE + index}", place, heads, taken, (start, until))
        made[one.code] = one
        if not one.parent and one.segment.name in {"large", "mid", "retail"}:
            heads.append(one)
    return Company(seed, NAME, CURRENCY, COUNTRY, TIMEZONE, TERMS, OWN_ACCOUNTS, made)


def _places(seed: int, customers: int) -> list[Place]:
    """Where each customer sits; other currencies are there as soon as there are ten customers."""
    counts = split_minor(customers, [round(share * 100) for _, share in SHARES])
    by_country = dict(zip((country for country, _ in SHARES), counts, strict=True))
    if customers >= 10:
        for country in ("GB", "US", "JP", "KW"):
            missing = max(0, 1 - by_country[country])
            by_country[country] += missing
            by_country["DE"] -= missing
    places = [PLACES[country] for country, count in by_country.items() for _ in range(count)]
    dice(seed, "places").shuffle(places)
    return places


def _customer(
    stream: Dice,
    code: str,
    place: Place,
    heads: Sequence[Customer],
    taken: set[str],
    span: tuple[date, date],
) -> Customer:
    """One customer; `heads` are firms that it may belong to."""
    segment = SEGMENTS[_segment(stream, place)]
    head = _head(stream, place, segment, heads)
    name, form, town = _named(stream, place, segment, head)
    name = names.distinct(stream, name, place, taken)
    domain = f"{_slug(name)}.example"
    phone = f"{place.dialling} 555 {stream.randint(1000, 9999)}"
    terms = pick(stream, _terms_of(segment))
    has_debit = _has_debit(stream, place, segment, terms)
    orders, median = _buying(stream, segment)
    median_minor = _in_currency(median, place.currency)
    failed_on = _failed_on(stream, segment, *span)
    pays_through_head = head is not None and not has_debit and stream.random() < 0.55
    if head and pays_through_head:
        failed_on = head.failed_on
    buys_from = span[0] if stream.random() < 0.8 else _day_between(stream, *span)
    return Customer(
        code=code,
        name=name,
        form=form,
        place=place,
        town=town,
        address=_address(stream, place, town),
        email=f"{_mailbox(stream, place)}@{domain}" if stream.random() < 0.95 else "",
        phone=phone if stream.random() < 0.9 else "",
        tax_id=f"{place.country}{stream.randint(900_000_000, 999_999_999)}",
        currency=place.currency,
        terms=terms,
        credit_limit_minor=_limit(stream, segment, orders * median_minor, place.currency),
        parent=head.code if head else "",
        payment_method="direct_debit" if has_debit else "transfer",
        collector=stream.choice(COLLECTORS),
        sales_rep=_sales_rep(stream, place, segment),
        do_not_chase=segment.name != "distressed" and stream.random() < 0.025,
        contacts=_contacts(stream, place, domain, phone),
        segment=segment,
        payer=head.code if head and pays_through_head else code,
        account=draw_account(stream, place.country),
        own_account=_own_account(stream, place, has_debit),
        slowness=math.exp(stream.gauss(behaviour.CUSTOMER_SHIFT, behaviour.CUSTOMER_SPREAD)),
        run=behaviour.draw_run(stream, segment),
        name_manner=pick(stream, names.MANNERS),
        reference_manner=pick(stream, references.MANNERS),
        takes_discount=stream.random() < 0.7,
        takes_late_discount=stream.random() < 0.12,
        pays_one_by_one=stream.random() < 0.12,
        orders_per_month=orders,
        median_minor=median_minor,
        buys_from=buys_from,
        failed_on=failed_on,
    )


def _named(
    stream: Dice, place: Place, segment: Segment, head: Customer | None
) -> tuple[str, str, str]:
    """Name, legal form and town; a subsidiary bears the name of its head."""
    name, form = names.firm_name(stream, place, segment.name)
    town = stream.choice(place.towns)
    if head is None:
        return name, form, town
    return f"{head.name.split(' & ')[0]} {stream.choice(place.towns)}", form, town


def _has_debit(stream: Dice, place: Place, segment: Segment, terms: str) -> bool:
    """Whether the seller collects what a customer owes."""
    return (
        place.country in {"DE", "AT"}
        and segment.name in {"small", "mid", "transport"}
        and terms in {"net14", "net30"}
        and stream.random() < 0.3
    )


def _segment(stream: Dice, place: Place) -> str:
    if place.country in {"US", "JP", "KW"} and stream.random() < 0.7:
        return "export"
    segment = pick(stream, _SEGMENT_SHARES)
    if segment == "public" and place.country in {"JP", "KW", "CH", "PL", "SE", "BE"}:
        return "mid"
    return segment


def _head(
    stream: Dice, place: Place, segment: Segment, heads: Sequence[Customer]
) -> Customer | None:
    """The firm that this one belongs to, in the same currency; None for most."""
    near = [head for head in heads[-12:] if head.currency == place.currency]
    if segment.name in {"public", "start-up", "distressed"} or not near:
        return None
    return stream.choice(near) if stream.random() < 0.16 else None


def _terms_of(segment: Segment) -> Sequence[tuple[str, float]]:
    return _RISKY_TERMS if segment.name in {"start-up", "distressed"} else _USUAL_TERMS


def _buying(stream: Dice, segment: Segment) -> tuple[float, float]:
    """(orders a month, median invoice in euro) of one customer: few are big, many are small."""
    orders, median = _BUYING[segment.name]
    return orders * stream.lognormvariate(0, 0.55), median * stream.lognormvariate(0, 0.85)


def _in_currency(euro: float, currency: str) -> int:
    """A chance amount in minor units of a currency."""
    return max(1, round(euro * PARITIES[currency] * 10 ** exponent(currency)))


def _limit(stream: Dice, segment: Segment, monthly_minor: float, currency: str) -> int | None:
    """A credit limit of two to five months of buying in round figures; public bodies have none."""
    if segment.name == "public" or stream.random() < 0.06:
        return None
    step = _in_currency(1000, currency)
    step = 10 ** len(str(step - 1)) if currency in {"JPY", "KWD"} else 1000 * 100
    return max(step, round(monthly_minor * 1.6 * stream.uniform(2.0, 5.0) / step) * step)


def _failed_on(stream: Dice, segment: Segment, start: date, until: date) -> date | None:
    """The day of an insolvency, within the span or a while after it; None for most."""
    if not segment.failure_per_month:
        return None
    months = stream.expovariate(segment.failure_per_month)
    days = int(months * 30.4)
    return start + timedelta(days=days) if days <= (until - start).days + 180 else None


def _day_between(stream: Dice, first: date, last: date) -> date:
    return first + timedelta(days=stream.randrange((last - first).days + 1))


def _own_account(stream: Dice, place: Place, has_debit: bool) -> str:
    fitting = [account.name for account in OWN_ACCOUNTS if account.currency == place.currency]
    if place.currency != CURRENCY:
        return fitting[0]
    return "collections" if has_debit or stream.random() < 0.15 else "main"


def _sales_rep(stream: Dice, place: Place, segment: Segment) -> str:
    if place.country not in {"DE", "AT", "CH"}:
        return "Export"
    return "Key Accounts" if segment.name in {"large", "retail"} else stream.choice(SALES[:3])


def _contacts(stream: Dice, place: Place, domain: str, phone: str) -> tuple[Contact, ...]:
    found: list[Contact] = []
    for role, share in _ROLES:
        if stream.random() < share:
            name = names.person_name(stream, place)
            address = f"{_slug(name, '.')}@{domain}" if stream.random() < 0.92 else ""
            is_barred = role == "owner" and stream.random() < 0.15
            found.append(Contact(name, role, address, phone, place.language, is_barred))
    return tuple(found)


def _mailbox(stream: Dice, place: Place) -> str:
    words = {"de": ("buchhaltung", "rechnung"), "fr": ("comptabilite",), "it": ("amministrazione",)}
    return stream.choice(words.get(place.language, ("accounts", "invoices", "finance")))


def _address(stream: Dice, place: Place, town: str) -> str:
    street = place.street.format(
        name=stream.choice(place.surnames).split()[-1], number=stream.randint(1, 190)
    )
    return f"{street}, {stream.randint(10_000, 98_999)} {town}"


def _slug(text: str, between: str = "-") -> str:
    words = "".join(letter if letter.isalnum() else " " for letter in names.plain(text)).split()
    return between.join(words)[:50]
