"""Reads of parties."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, Model, Q

from duly.access.queries import changes_by_batch, changes_by_others
from duly.kernel.locales import language_of
from duly.parties.errors import CustomerUnknown, EntityUnclear, EntityUnknown
from duly.parties.models import BankDetails, Contact, Customer, Entity, Rate
from duly.parties.queries.finding import CustomerFilter, customers_matching
from duly.parties.rules.letters import Debtor, PayTo
from duly.storage.among import among
from duly.storage.prepared import prepared_rows


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


def entity_by_id(entity_id: int) -> Entity | None:
    """An entity; None where there is none."""
    return Entity.objects.filter(pk=entity_id).first()


def customer(*, entity_id: int, code: str) -> Customer:
    """The customer with this id of the firm's own. Refuses: CustomerUnknown."""
    found = Customer.objects.filter(entity_id=entity_id, code=code).first()
    if found is None:
        raise _customer_unknown(code)
    return found


class Buyer(NamedTuple):
    """A customer that orders, and who sells to it."""

    id: int
    sales_rep: str


def buyer(*, entity_id: int, code: str) -> Buyer:
    """The customer with this id of the firm's own, as an order takes it. Refuses:
    CustomerUnknown."""
    rows = prepared_rows(
        "SELECT id, sales_rep FROM parties_customer WHERE entity_id = %s AND code = %s",
        [entity_id, code],
    )
    if not rows:
        raise _customer_unknown(code)
    return Buyer(*rows[0])


def _customer_unknown(code: str) -> CustomerUnknown:
    return CustomerUnknown(
        f"There is no customer {code}.",
        facts={"customer": code},
        remedy="Look it up with `duly customers FIND`, or import it first.",
    )


def customer_by_id(customer_id: int) -> Customer | None:
    """The customer under our own number, or None."""
    return Customer.objects.select_related("parent", "entity").filter(pk=customer_id).first()


def codes_and_names(customer_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """{id: (code, name)} for some customers; for very many, all are read at once."""
    if len(customer_ids) > 20_000:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, code, name FROM parties_customer")
            return {pk: (code, name) for pk, code, name in cursor.fetchall()}
    rows = Customer.objects.filter(pk__in=among(customer_ids)).values_list("pk", "code", "name")
    return {pk: (code, name) for pk, code, name in rows}


def names_of(customer_ids: Iterable[int]) -> dict[int, list[str]]:
    """{customer: every name that it goes by}."""
    rows = Customer.objects.filter(pk__in=among(set(customer_ids)))
    return {
        pk: [name, *filter(None, (legal_name, *other_names.split(" | ")))]
        for pk, name, legal_name, other_names in rows.values_list(
            "pk", "name", "legal_name", "other_names"
        )
    }


def ids_by_code(entity_id: int, codes: Iterable[str]) -> dict[str, int]:
    """{code: id} of the customers that exist."""
    return dict(
        Customer.objects.filter(entity_id=entity_id, code__in=among(codes)).values_list(
            "code", "pk"
        )
    )


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


def children_of(customer_id: int, limit: int = 50) -> list[CustomerRow]:
    """The customers right below one, by name."""
    rows = Customer.objects.filter(parent_id=customer_id).order_by("name", "pk")
    return [_row(row) for row in rows[:limit]]


def parents_by_code(entity_id: int) -> dict[str, str]:
    """{code: its parent's code} of an entity's customers that have a parent."""
    rows = Customer.objects.filter(entity_id=entity_id, parent__isnull=False)
    return dict(rows.values_list("code", "parent__code"))


def contacts_of(customer_id: int) -> list[Contact]:
    """The contacts of a customer, by role and name."""
    return list(Contact.objects.filter(customer_id=customer_id).order_by("role", "name"))


def search_customers(*, entity_id: int, text: str, limit: int = 50) -> list[CustomerRow]:
    """Customers that a text finds, in order of name; without text the first of all."""
    rows = customers_matching(entity_id, CustomerFilter(text=text)).order_by("name", "pk")
    ids = list(rows.values_list("pk", flat=True)[:limit])  # whole rows of thousands would be sorted
    named = rows_by_id(ids)
    return [named[pk] for pk in ids]


def rows_by_id(customer_ids: Collection[int]) -> dict[int, CustomerRow]:
    """{id: row} of some customers."""
    return {row.pk: _row(row) for row in Customer.objects.filter(pk__in=among(customer_ids))}


def _row(row: Customer) -> CustomerRow:
    return CustomerRow(
        row.pk, row.code, row.name, row.country, row.currency, row.segment, row.collector
    )


def customer_count(entity_id: int) -> int:
    """How many customers an entity has."""
    return Customer.objects.filter(entity_id=entity_id).count()


def debtors_by_code(entity_id: int, codes: Iterable[str]) -> dict[str, tuple[int, str]]:
    """{code: (id, terms)} of the customers that exist."""
    return {
        code: (pk, terms)
        for code, pk, terms in Customer.objects.filter(
            entity_id=entity_id, code__in=among(codes)
        ).values_list("code", "pk", "terms")
    }


def customers_of_batches(batch_ids: Collection[int]) -> dict[int, int]:
    """{customer: the batch that made it} of those that some imports made and that are there."""
    rows = Customer.objects.filter(batch_id__in=among(batch_ids))
    return dict(rows.values_list("pk", "batch_id"))


def made_by_batch(batch_ids: Collection[int] | None = None) -> dict[int, dict[str, int]]:
    """{batch: {kind of import: how many of what it made are there}}; of all batches, or of some."""
    found: dict[int, dict[str, int]] = {}
    models: dict[str, type[Model]] = {"customers": Customer, "contacts": Contact, "rates": Rate}
    for kind, model in models.items():
        rows = model._default_manager.exclude(batch_id=None)
        if batch_ids is not None:
            rows = rows.filter(batch_id__in=among(batch_ids))
        for batch_id, count in rows.values_list("batch_id").annotate(n=Count("id")):
            found.setdefault(batch_id, {})[kind] = count
    return found


def ids_by_batch(batch_id: int) -> list[int]:
    """The customers that an import made."""
    return list(Customer.objects.filter(batch_id=batch_id).values_list("pk", flat=True))


def dependents_of_master_data(batch_id: int) -> list[tuple[str, str]]:
    """(what, why) of the master data of a batch that something later changed or builds upon."""
    found: list[tuple[str, str]] = []
    made = set(ids_by_batch(batch_id))
    for noun, model in (("customer", Customer), ("contact", Contact), ("rate", Rate)):
        left: dict[int, dict[str, Any]] = {}
        for record_id, _, after in changes_by_batch(noun, batch_id):
            left.setdefault(record_id, {}).update(after)
        own = set(model._default_manager.filter(batch_id=batch_id).values_list("pk", flat=True))
        for record_id, before, _ in changes_by_others(noun, own, batch_id):
            left[record_id] = before | left.get(record_id, {})
        rows = model._default_manager.filter(pk__in=among(left)).order_by("pk")
        found += [
            (_called(row), "changed since")
            for row in rows
            if any(getattr(row, name) != value for name, value in left[row.pk].items())
        ]
    later = Contact.objects.filter(customer_id__in=among(made)).filter(_of_others(batch_id))
    found += [
        (f"{name} at {code}", "a contact that came later")
        for name, code in later.values_list("name", "customer__code")
    ]
    linked = {
        record_id
        for record_id, _, after in changes_by_batch("customer", batch_id)
        if "parent_id" in after
    }
    below = Customer.objects.filter(parent_id__in=among(made)).filter(_of_others(batch_id))
    found += [
        (row.code, "stands below a customer of this import")
        for row in below.order_by("pk")
        if row.pk not in linked
    ]
    return found


def _of_others(batch_id: int) -> Q:
    return ~Q(batch_id=batch_id) | Q(batch_id=None)


def _called(record: Customer | Contact | Rate) -> str:
    if isinstance(record, Customer):
        return record.code
    return record.name if isinstance(record, Contact) else f"{record.currency} of {record.on}"


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
    language: str | None = None,
) -> list[int]:
    """The customers of an entity that fit, in order of their codes; `language` as written to."""
    narrow = {"segment": segment, "collector": collector, "country": country}
    rows = Customer.objects.filter(
        entity_id=entity_id, **{name: value for name, value in narrow.items() if value is not None}
    ).order_by("code")
    if language is None:
        return list(rows.values_list("pk", flat=True))
    spoken = rows.values_list("pk", "language", "entity__language")
    return [pk for pk, *tags in spoken if language_of(*tags) == language]
