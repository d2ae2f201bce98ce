"""What is known of customers by which a payer is told."""

from collections.abc import Collection
from typing import NamedTuple

from django.db.models import Count, Q

from duly.parties.models import Customer, SearchWord
from duly.parties.rules.search import ceiling
from duly.storage.among import among

_MOST_HITS = 60  # of a word; a more frequent one tells little


class CustomerToMatch(NamedTuple):
    """A customer and all names that the master data knows."""

    id: int
    code: str
    name: str
    other_names: tuple[str, ...]
    parent_id: int | None
    country: str


def customers_to_match(
    entity_id: int, customer_ids: Collection[int] | None = None
) -> list[CustomerToMatch]:
    """All customers of an entity, or some."""
    rows = Customer.objects.filter(entity_id=entity_id).order_by("id")
    if customer_ids is not None:
        rows = rows.filter(id__in=among(customer_ids))
    return [
        CustomerToMatch(
            pk, code, name, tuple(filter(None, (legal, *others.split(" | ")))), parent, country
        )
        for pk, code, name, legal, others, parent, country in rows.values_list(
            "id", "code", "name", "legal_name", "other_names", "parent_id", "country"
        )
    ]


def customers_with_words(entity_id: int, beginnings: Collection[str]) -> set[int]:
    """Customers of whose words one has one of these beginnings, the first so many of each."""
    asked = Q(pk__in=[])
    for start in beginnings:
        hits = SearchWord.objects.filter(
            entity_id=entity_id, word__gte=start.encode(), word__lt=ceiling(start)
        )
        asked |= Q(pk__in=hits.values_list("customer_id", flat=True)[:_MOST_HITS])
    return set(Customer.objects.filter(asked).values_list("pk", flat=True))


def times_of_words(entity_id: int, words: Collection[str]) -> dict[str, int]:
    """{word: how many customers have it}."""
    rows = SearchWord.objects.filter(
        entity_id=entity_id, word__in=[word.encode() for word in words]
    )
    counted = rows.values_list("word").annotate(times=Count("customer_id", distinct=True))
    return {bytes(word).decode(): times for word, times in counted.order_by()}


def ids_by_codes_alike(entity_id: int, codes: Collection[str]) -> set[int]:
    """Customers one of whose words is one of these codes, whatever their signs."""
    rows = SearchWord.objects.filter(
        entity_id=entity_id, word__in=[code.lower().encode() for code in codes]
    )
    return set(rows.values_list("customer_id", flat=True))


def families_of(customer_ids: Collection[int]) -> set[int]:
    """Customers with everyone below them: one read a level."""
    found = set(customer_ids)
    level = found
    while level:
        below = Customer.objects.filter(parent_id__in=among(level)).values_list("pk", flat=True)
        level = set(below) - found
        found |= level
    return found
