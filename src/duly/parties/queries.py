"""Reads of parties."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import count, islice
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet

from duly.parties.errors import CustomerUnknown, EntityUnclear, EntityUnknown
from duly.parties.models import BankDetails, Contact, Customer, Entity, Rate, SearchWord
from duly.parties.rules.letters import Debtor, PayTo
from duly.parties.rules.search import ceiling, words_of
from duly.storage.among import among


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer as lists show it."""

    id: int
    code: str
    name: str
    country: str
    currency: str
    segment: str
    collector: str


def entities() -> list[Entity]:
    """All entities, oldest first."""
    return list(Entity.objects.order_by("id"))


def entity(name: str | None = None) -> Entity:
    """The entity of this name (or number); without a name the only one.

    Refuses: EntityUnknown, EntityUnclear.
    """
    found = entities()
    if name:
        for one in found:
            if name.casefold() == one.name.casefold() or name == str(one.pk):
                return one
        raise EntityUnknown(
            f"There is no entity named {name!r}.",
            facts={"name": name, "entities": [one.name for one in found]},
            remedy="Use one of the names listed, or make it with `duly init`.",
        )
    if len(found) == 1:
        return found[0]
    if not found:
        raise EntityUnknown(
            "There is no company here yet.",
            remedy="Make one with `duly init --entity NAME --currency CUR --country CC`.",
        )
    raise EntityUnclear(
        "Several companies keep their books here.",
        facts={"entities": [one.name for one in found]},
        remedy="Name one with --entity.",
    )


def customer(*, entity_id: int, code: str) -> Customer:
    """The customer with this id of the firm's own. Refuses: CustomerUnknown."""
    found = Customer.objects.filter(entity_id=entity_id, code=code).first()
    if found is None:
        raise CustomerUnknown(
            f"There is no customer {code}.",
            facts={"customer": code},
            remedy="Look it up with `duly customers FIND`, or import it first.",
        )
    return found


def customer_by_id(customer_id: int) -> Customer | None:
    """The customer under our own number, or None."""
    return Customer.objects.select_related("parent", "entity").filter(pk=customer_id).first()


def codes_and_names(customer_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """{id: (code, name)} for some customers; for very many, all are read at once."""
    rows = Customer.objects.all()
    if len(customer_ids) > 20_000:
        return {pk: (code, name) for pk, code, name in rows.values_list("pk", "code", "name")}
    return {
        pk: (code, name)
        for pk, code, name in rows.filter(pk__in=among(customer_ids)).values_list(
            "pk", "code", "name"
        )
    }


def ids_by_code(entity_id: int, codes: Iterable[str]) -> dict[str, int]:
    """{code: id} of the customers that exist."""
    return dict(
        Customer.objects.filter(entity_id=entity_id, code__in=among(codes)).values_list(
            "code", "pk"
        )
    )


def by_code(entity_id: int, codes: Iterable[str]) -> dict[str, Customer]:
    """{code: customer} of the customers that exist."""
    return {
        row.code: row for row in Customer.objects.filter(entity_id=entity_id, code__in=among(codes))
    }


def codes_by_tax_id(entity_id: int, tax_ids: Iterable[str]) -> dict[str, str]:
    """{tax id: code} where exactly one customer has it."""
    found: dict[str, list[str]] = {}
    rows = Customer.objects.filter(
        entity_id=entity_id, tax_id__in=among({tax_id for tax_id in tax_ids if tax_id})
    )
    for tax_id, code in rows.values_list("tax_id", "code"):
        found.setdefault(tax_id, []).append(code)
    return {tax_id: codes[0] for tax_id, codes in found.items() if len(codes) == 1}


def ids_under(customer_id: int) -> list[int]:
    """A customer and everyone below it in the hierarchy."""
    found, level = [customer_id], [customer_id]
    while level:
        level = list(
            Customer.objects.filter(parent_id__in=among(level)).values_list("pk", flat=True)
        )
        found += level
    return found


def tops_of(customer_ids: Collection[int]) -> dict[int, int]:
    """{customer: the top of its hierarchy}; a customer without a parent is its own top."""
    parent = dict(Customer.objects.filter(parent__isnull=False).values_list("pk", "parent_id"))
    tops = {}
    for customer_id in customer_ids:
        top = customer_id
        while top in parent:
            top = parent[top]
        tops[customer_id] = top
    return tops


def contacts_of(customer_id: int) -> list[Contact]:
    """The contacts of a customer, by role and name."""
    return list(Contact.objects.filter(customer_id=customer_id).order_by("role", "name"))


def contacts_by_identity(
    entity_id: int, codes: Iterable[str]
) -> dict[tuple[str, str, str], Contact]:
    """{(customer code, name, role): contact} of the customers named."""
    return {
        (row.customer.code, row.name, row.role): row
        for row in Contact.objects.select_related("customer").filter(
            customer__entity_id=entity_id, customer__code__in=among(codes)
        )
    }


def customers_by_name(
    *, entity_id: int, after: tuple[str, int] | None = None, limit: int = 50
) -> list[CustomerRow]:
    """Customers in order of name, `after` the (name, id) of the last one seen."""
    rows = Customer.objects.filter(entity_id=entity_id)
    if after is not None:
        name, pk = after
        rows = rows.filter(name__gte=name).exclude(name=name, pk__lte=pk)
    return [_row(row) for row in rows.order_by("name", "pk")[:limit]]


def search_customers(*, entity_id: int, text: str, limit: int = 50) -> list[CustomerRow]:
    """Customers of whom every word of the text begins a word of name, id, e-mail or tax id.

    The hits of the rarest word are walked; its other words are looked up customer by customer.
    Where many fit, they are those whose words come first.
    """
    words = words_of(text)
    if not words:
        return [] if text.strip() else customers_by_name(entity_id=entity_id, limit=limit)
    hits = {word: _hits(entity_id, word) for word in words}
    counts = {word: _count_up_to(hits[word], _FEW) for word in words}
    rarest = min(words, key=lambda word: (counts[word], -len(word)))
    walked = hits[rarest]
    for word in words:
        if word != rarest:
            walked = walked.filter(_has_word(word))
    found: dict[int, None] = {}
    size = max(4 * limit, _FEW if counts[rarest] < _FEW else 0)  # a customer may be hit twice
    for start in count(0, size):
        page = walked.order_by("word", "customer_id").values_list("customer_id", flat=True)
        ids = list(page[start : start + size])
        found.update(dict.fromkeys(ids))
        if len(ids) < size or len(found) >= limit:
            break
    if counts[rarest] >= _FEW:
        found = dict.fromkeys(islice(found, limit))
    rows = Customer.objects.filter(pk__in=among(found)).order_by("name", "pk")
    return [_row(row) for row in rows[:limit]]


_FEW = 2_000  # so many are all sorted by name


def _hits(entity_id: int, word: str) -> QuerySet[SearchWord]:
    return SearchWord.objects.filter(
        entity_id=entity_id, word__gte=word.encode(), word__lt=ceiling(word)
    )


def _count_up_to(rows: QuerySet[SearchWord], most: int) -> int:
    """How many rows there are, counted no further than needed."""
    return rows.values("pk")[:most].count()


def _has_word(word: str) -> Exists:
    """The customer hit has this word too; without the entity, so that its own words are read."""
    return Exists(
        SearchWord.objects.filter(
            customer_id=OuterRef("customer_id"), word__gte=word.encode(), word__lt=ceiling(word)
        )
    )


def _row(row: Customer) -> CustomerRow:
    return CustomerRow(
        row.pk, row.code, row.name, row.country, row.currency, row.segment, row.collector
    )


def customer_count(entity_id: int) -> int:
    """How many customers an entity has."""
    return Customer.objects.filter(entity_id=entity_id).count()


def rates_by_day(entity_id: int) -> dict[tuple[str, str], Rate]:
    """{(ISO day, currency): rate}."""
    return {
        (row.on.isoformat(), row.currency): row for row in Rate.objects.filter(entity_id=entity_id)
    }


def debtors_by_code(entity_id: int, codes: Iterable[str]) -> dict[str, tuple[int, str]]:
    """{code: (id, terms)} of the customers that exist."""
    return {
        code: (pk, terms)
        for code, pk, terms in Customer.objects.filter(
            entity_id=entity_id, code__in=among(codes)
        ).values_list("code", "pk", "terms")
    }


def ids_by_batch(batch_id: int) -> list[int]:
    """The customers that an import made."""
    return list(Customer.objects.filter(batch_id=batch_id).values_list("pk", flat=True))


def pay_to(entity_id: int) -> dict[str, PayTo]:
    """{currency: where an entity is paid now}. A reprint of an old statement names these too."""
    entity_zone = ZoneInfo(Entity.objects.values_list("timezone", flat=True).get(pk=entity_id))
    found: dict[str, PayTo] = {}
    for row in BankDetails.objects.filter(entity_id=entity_id).order_by("id"):
        found[row.currency] = PayTo(
            row.currency,
            row.holder,
            row.iban,
            row.bic,
            row.account_number,
            row.bank_code,
            row.bank_name,
            row.in_force_at.astimezone(entity_zone).date(),
            row.currency not in found,
        )
    return found


def debtors(customer_ids: Collection[int]) -> dict[int, Debtor]:
    """{id: what a letter says} of some customers."""
    fields = Debtor._fields
    rows = Customer.objects.filter(pk__in=among(customer_ids)).values_list(*fields)
    return {row[0]: Debtor(*row) for row in rows}


def ids_where(
    *,
    entity_id: int,
    segment: str | None = None,
    collector: str | None = None,
    country: str | None = None,
) -> list[int]:
    """The customers of an entity that fit, in order of their codes."""
    narrow = {"segment": segment, "collector": collector, "country": country}
    rows = Customer.objects.filter(
        entity_id=entity_id, **{name: value for name, value in narrow.items() if value is not None}
    )
    return list(rows.order_by("code").values_list("pk", flat=True))
