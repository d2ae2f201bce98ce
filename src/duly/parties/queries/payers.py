"""What is known of customers by which a payer is told."""

from typing import NamedTuple

from duly.parties.models import Customer


class CustomerToMatch(NamedTuple):
    """A customer and all names that the master data knows."""

    id: int
    code: str
    name: str
    other_names: tuple[str, ...]
    parent_id: int | None
    country: str


def customers_to_match(entity_id: int) -> list[CustomerToMatch]:
    """All customers of an entity."""
    rows = Customer.objects.filter(entity_id=entity_id).order_by("id")
    return [
        CustomerToMatch(
            pk, code, name, tuple(filter(None, (legal, *others.split(" | ")))), parent, country
        )
        for pk, code, name, legal, others, parent, country in rows.values_list(
            "id", "code", "name", "legal_name", "other_names", "parent_id", "country"
        )
    ]
