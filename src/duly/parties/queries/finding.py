"""Which customers are asked for: by words of theirs, by segment, collector, country."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from duly.parties.models import Customer, SearchWord
from duly.parties.rules.search import ceiling, words_of
from duly.storage.distinct import distinct


@dataclass(frozen=True, slots=True)
class CustomerFilter:
    """Which customers are asked for; "" asks for any. Every word of `text` begins a word of name,
    id, other names, tax id, e-mail, or of a contact's name or e-mail."""

    text: str = ""
    segment: str = ""
    collector: str = ""
    country: str = ""


# So many hits of a word are gathered; of a more frequent one each customer walked is asked. Beside
# a word with few hits it is always the customers that are asked.
MOST_HITS, FEW_HITS = 10_000, 200


def customers_matching(entity_id: int, wanted: CustomerFilter) -> QuerySet[Customer]:
    """The customers asked for, unordered."""
    told = {
        name: value
        for name in ("segment", "collector", "country")
        if (value := getattr(wanted, name))
    }
    rows = Customer.objects.filter(entity_id=entity_id, **told)
    words = words_of(wanted.text)
    if not words:
        return rows.none() if wanted.text.strip() else rows
    hits = {word: _hits(entity_id, word) for word in words}
    counts = {word: found[: MOST_HITS + 1].count() for word, found in hits.items()}
    rarest, *others = sorted(words, key=counts.__getitem__)
    for word in (rarest, *others):
        is_asked = counts[word] > MOST_HITS or (word != rarest and counts[rarest] <= FEW_HITS)
        if is_asked:
            rows = rows.filter(Exists(_words_from(word).filter(customer_id=OuterRef("pk"))))
        else:
            rows = rows.filter(pk__in=hits[word][:MOST_HITS])  # the limit has them gathered first
    return rows


def few(ids: QuerySet[Any, int], most: int = 2_000) -> set[int] | None:
    """The ids a query gives, or None where there are more than are better named one by one."""
    found = list(ids[: most + 1])
    return set(found) if len(found) <= most else None


def _words_from(prefix: str) -> QuerySet[SearchWord]:
    return SearchWord.objects.filter(word__gte=prefix.encode(), word__lt=ceiling(prefix))


def _hits(entity_id: int, word: str) -> QuerySet[Any, int]:
    return _words_from(word).filter(entity_id=entity_id).values_list("customer_id", flat=True)


def segments_in_use(entity_id: int) -> list[str]:
    """The segments that customers have, in order."""
    return distinct(Customer, "segment", entity_id=entity_id)


def collectors_in_use(entity_id: int) -> list[str]:
    """The collectors that customers have, in order."""
    return distinct(Customer, "collector", entity_id=entity_id)


def countries_in_use(entity_id: int) -> list[str]:
    """The countries that customers are in, in order."""
    return distinct(Customer, "country", entity_id=entity_id)
