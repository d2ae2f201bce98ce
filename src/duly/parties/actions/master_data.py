"""Verbs of parties: entities, customers, contacts, rates. Every change keeps who and when."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import models

from duly.access.actions import Author, record_changes
from duly.access.queries import changes_by_batch
from duly.parties.errors import EntityExists, EntityNameUnfit, ParentCycle
from duly.parties.models import Contact, Customer, Entity, Rate, SearchWord
from duly.parties.rules.hierarchy import on_circles
from duly.parties.rules.search import words_of
from duly.storage import bulk, locks
from duly.storage.among import among
from duly.storage.writing import whole

LONGEST_NAME = 200  # of a company


class CustomerDraft(NamedTuple):
    """A customer as a file tells it: only what stands in `values` is compared and changed."""

    code: str
    values: Mapping[str, Any]


class ContactDraft(NamedTuple):
    """A contact as a file tells it."""

    customer_id: int
    name: str
    role: str
    values: Mapping[str, Any]


class RateDraft(NamedTuple):
    """A rate as a file tells it; `per_entity_currency` is exact decimal text."""

    on: str
    currency: str
    per_entity_currency: str
    source: str


class Saved(NamedTuple):
    """What became of the drafts given, by their position; of changed ones what was before."""

    new: list[int]
    changed: dict[int, dict[str, Any]]
    same: list[int]


@whole()
def add_entity(
    *,
    name: str,
    currency: str,
    country: str,
    at: datetime,
    timezone: str = "UTC",
    language: str = "en",
    terms: str = "net30",
    is_sample: bool = False,
) -> Entity:
    """Add a legal company of ours. Refuses: EntityExists, EntityNameUnfit."""
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise EntityNameUnfit(
            "A company needs a name that fits on a page.",
            facts={"characters": len(name), "most": LONGEST_NAME},
            remedy=f"Write its name in 1 to {LONGEST_NAME} characters of plain text.",
        )
    locks.hold("entities")  # two at once are not to make the same one
    if Entity.objects.filter(name__iexact=name).exists():
        raise EntityExists(
            f"There is a company named {name} already.",
            facts={"name": name},
            remedy="Choose another name, or go on with the one that is there.",
        )
    return Entity.objects.create(
        name=name,
        currency=currency,
        country=country,
        timezone=timezone,
        language=language,
        terms=terms,
        is_sample=is_sample,
        created_at=at,
    )


def save_customers(*, author: Author, entity_id: int, customers: Sequence[CustomerDraft]) -> Saved:
    """Add customers that are new, change those that differ. Refuses: ParentCycle."""
    there = {
        row.code: row
        for row in Customer.objects.filter(
            entity_id=entity_id, code__in=among({draft.code for draft in customers})
        ).select_for_update()
    }
    _refuse_circles(customers, there)
    new = [draft for draft in customers if draft.code not in there]
    made = [
        Customer(
            id=id_,
            entity_id=entity_id,
            code=draft.code,
            batch_id=author.batch_id,
            **draft.values,
        )
        for id_, draft in zip(bulk.reserve_ids(Customer, len(new)), new, strict=True)
    ]
    bulk.insert_rows(Customer, [_row_of(row) for row in made])
    _index_words((row.entity_id, row.pk, _texts_of(row)) for row in made)
    changed = _change(
        "customer",
        author,
        [(there[d.code], d.values) for d in customers if d.code in there],
        _saver(Customer),
    )
    _index_again({row.pk for row, before in changed if before.keys() & _SEARCHED})
    return _saved([draft.code for draft in customers], there, changed)


def _saved(
    keys: Sequence[Any], there: Mapping[Any, Any], changed: Sequence[tuple[Any, dict[str, Any]]]
) -> Saved:
    """Sort drafts, known by their keys, by what became of them."""
    before = {record.pk: was for record, was in changed}
    saved = Saved([], {}, [])
    for place, key in enumerate(keys):
        if key not in there:
            saved.new.append(place)
        elif there[key].pk in before:
            saved.changed[place] = before[there[key].pk]
        else:
            saved.same.append(place)
    return saved


_SEARCHED = {"name", "legal_name", "other_names", "email", "tax_id"}


def _row_of(record: models.Model) -> bulk.Row:
    """A record as the row that bulk writing takes."""
    return tuple(getattr(record, field.attname) for field in record._meta.concrete_fields)


def _texts_of(row: Customer) -> tuple[str, ...]:
    """Where the words stand by which a customer is found."""
    return row.name, row.code, row.legal_name, row.other_names, row.email, row.tax_id


def _index_words(texts: Iterable[tuple[int, int, tuple[str, ...]]]) -> None:
    """Write down the words of (entity, customer, texts) by which the customer is found."""
    SearchWord.objects.bulk_create(
        [
            SearchWord(word=word[:64].encode(), entity_id=entity_id, customer_id=customer_id)
            for entity_id, customer_id, told in texts
            for word in words_of(*told)
        ],
        batch_size=5_000,
    )


def _index_contacts(contacts: Sequence[Contact]) -> None:
    """Write down the words of contacts, by which their customers are found."""
    entity_of = dict(
        Customer.objects.filter(
            pk__in=among({contact.customer_id for contact in contacts})
        ).values_list("pk", "entity_id")
    )
    _index_words(
        (entity_of[one.customer_id], one.customer_id, (one.name, one.email)) for one in contacts
    )


def _index_again(customer_ids: Collection[int]) -> None:
    """Write down the words of customers anew, and of their contacts."""
    if not customer_ids:
        return
    SearchWord.objects.filter(customer_id__in=among(customer_ids)).delete()
    rows = Customer.objects.filter(pk__in=among(customer_ids))
    _index_words((row.entity_id, row.pk, _texts_of(row)) for row in rows)
    _index_contacts(Contact.objects.filter(customer_id__in=among(customer_ids)))


def _change(
    noun: str,
    author: Author,
    pairs: Sequence[tuple[Any, Mapping[str, Any]]],
    save: Callable[[list[Any], list[str]], object],
) -> list[tuple[Any, dict[str, Any]]]:
    """Bring records to the values told; keep before and after; return (record, before)."""
    changed: list[tuple[Any, dict[str, Any]]] = []
    history, fields = [], set()
    for record, values in pairs:
        before = {
            name: getattr(record, name)
            for name, value in values.items()
            if getattr(record, name) != value
        }
        if not before:
            continue
        after = {name: values[name] for name in before}
        for name, value in after.items():
            setattr(record, name, value)
        fields.update(before)
        history.append((record.pk, before, after))
        changed.append((record, before))
    if changed:
        save([record for record, _ in changed], sorted(fields))
        record_changes(noun=noun, changes=history, author=author)
    return changed


def _saver(model: type[models.Model]) -> Callable[[list[Any], list[str]], object]:
    """Writes changed fields of many records, some hundred a statement."""

    def save(records: list[Any], fields: list[str]) -> object:
        return model._default_manager.bulk_update(records, fields, batch_size=500)

    return save


def _refuse_circles(customers: Sequence[CustomerDraft], there: Mapping[str, Customer]) -> None:
    """Refuse parents that would put a customer above itself; new customers have nobody below."""
    links = {
        there[draft.code].pk: draft.values["parent_id"]
        for draft in customers
        if draft.code in there and draft.values.get("parent_id") is not None
    }
    if not links:
        return
    parent_of = dict(Customer.objects.filter(parent__isnull=False).values_list("pk", "parent_id"))
    for draft in customers:
        if draft.code in there and "parent_id" in draft.values:
            parent_of[there[draft.code].pk] = draft.values["parent_id"]
    circling = on_circles(parent_of, links)
    for draft in customers:
        if draft.code in there and there[draft.code].pk in circling:
            raise ParentCycle(
                f"Customer {draft.code} would be above itself.",
                facts={"customer": draft.code},
                remedy="Mend parent_id so that the chain ends.",
            )


def save_contacts(*, author: Author, contacts: Sequence[ContactDraft]) -> Saved:
    """Add contacts that are new, change those that differ."""
    there = {
        (row.customer_id, row.name, row.role): row
        for row in Contact.objects.filter(
            customer_id__in=among({draft.customer_id for draft in contacts})
        ).select_for_update()
    }
    new = [d for d in contacts if (d.customer_id, d.name, d.role) not in there]
    made = [
        Contact(
            id=id_,
            customer_id=d.customer_id,
            name=d.name,
            role=d.role,
            batch_id=author.batch_id,
            **d.values,
        )
        for id_, d in zip(bulk.reserve_ids(Contact, len(new)), new, strict=True)
    ]
    bulk.insert_rows(Contact, [_row_of(row) for row in made])
    changed = _change(
        "contact",
        author,
        [
            (there[d.customer_id, d.name, d.role], d.values)
            for d in contacts
            if (d.customer_id, d.name, d.role) in there
        ],
        _saver(Contact),
    )
    _index_contacts(made)
    _index_again({row.customer_id for row, before in changed if "email" in before})
    return _saved([(d.customer_id, d.name, d.role) for d in contacts], there, changed)


def save_rates(*, author: Author, entity_id: int, rates: Sequence[RateDraft]) -> Saved:
    """Add rates that are new, change those that differ."""
    there = {
        (row.on.isoformat(), row.currency): row
        for row in Rate.objects.filter(entity_id=entity_id, on__in={draft.on for draft in rates})
    }
    new = [draft for draft in rates if (draft.on, draft.currency) not in there]
    ids = bulk.reserve_ids(Rate, len(new))
    bulk.insert_rows(
        Rate,
        [
            (id_, entity_id, d.on, d.currency, d.per_entity_currency, d.source, author.batch_id)
            for id_, d in zip(ids, new, strict=True)
        ],
    )
    changed = _change(
        "rate",
        author,
        [
            (
                there[d.on, d.currency],
                {"per_entity_currency": d.per_entity_currency, "source": d.source},
            )
            for d in rates
            if (d.on, d.currency) in there
        ],
        _saver(Rate),
    )
    return _saved([(d.on, d.currency) for d in rates], there, changed)


_NOUNS: dict[str, type[models.Model]] = {"customer": Customer, "contact": Contact, "rate": Rate}


def take_back_master_data(*, author: Author, batch_id: int, keep: Collection[int]) -> None:
    """Undo what a batch did to master data: made records go, changed ones get their values back.

    `keep` are customers that the batch made and that voided documents still point at: they stay.
    """
    renamed = set(Contact.objects.filter(batch_id=batch_id).values_list("customer_id", flat=True))
    for noun, model in _NOUNS.items():
        before: dict[int, dict[str, Any]] = {}
        for record_id, was, _ in reversed(changes_by_batch(noun, batch_id)):
            before.setdefault(record_id, {}).update(was)
        rows = model._default_manager.filter(pk__in=among(before)).exclude(batch_id=batch_id)
        changed = _change(noun, author, [(row, before[row.pk]) for row in rows], _saver(model))
        renamed |= {getattr(row, "customer_id", row.pk) for row, _ in changed if noun != "rate"}
    customers = [row for row in Customer.objects.filter(batch_id=batch_id) if row.pk not in keep]
    ids = {row.pk for row in customers}
    left = Customer.objects.filter(parent_id__in=among(ids)).exclude(pk__in=among(ids))
    _change("customer", author, [(row, {"parent_id": None}) for row in left], _saver(Customer))
    going: dict[str, list[Any]] = {
        "contact": list(Contact.objects.filter(batch_id=batch_id)),
        "rate": list(Rate.objects.filter(batch_id=batch_id)),
        "customer": customers,
    }
    for noun, records in going.items():
        record_changes(
            noun=noun,
            changes=[(record.pk, _told(record), {}) for record in records],
            author=author,
        )
    Contact.objects.filter(batch_id=batch_id).delete()
    Rate.objects.filter(batch_id=batch_id).delete()
    Customer.objects.filter(pk__in=among(ids)).update(parent=None)  # so that all can go at once
    SearchWord.objects.filter(customer_id__in=among(ids)).delete()
    Customer.objects.filter(pk__in=among(ids)).delete()
    _index_again(renamed - ids)


def _told(record: models.Model) -> dict[str, Any]:
    return {field.attname: str(getattr(record, field.attname)) for field in record._meta.fields}
