"""Whose an e-mail address is."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models.functions import Lower

from duly.parties.models import Contact, Customer
from duly.storage.among import among


def owners_of(addresses: Collection[str]) -> dict[str, set[tuple[int, int]]]:
    """{address in lower case: (entity, customer) of all who have it, themselves or a contact}."""
    wanted = {one.lower() for one in addresses if one}
    found: dict[str, set[tuple[int, int]]] = defaultdict(set)
    if not wanted:
        return found
    customers = Customer.objects.annotate(lower=Lower("email")).filter(lower__in=among(wanted))
    for address, entity_id, pk in customers.values_list("lower", "entity_id", "pk"):
        found[address].add((entity_id, pk))
    contacts = Contact.objects.annotate(lower=Lower("email")).filter(lower__in=among(wanted))
    for address, entity_id, pk in contacts.values_list(
        "lower", "customer__entity_id", "customer_id"
    ):
        found[address].add((entity_id, pk))
    return found
