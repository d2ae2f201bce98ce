"""Customers and other requests that an applicant may be, or may pretend to be."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import F, Func, Q, Value
from django.db.models.functions import Replace, Right, Upper

from duly.cash_application.models import Alias
from duly.cash_application.rules.names import name_of
from duly.credit.models import CreditRequest, RequestKey
from duly.credit.rules.flags import (
    ACCOUNT,
    PHONE,
    REGISTRATION,
    TAX_ID,
    Known,
    keys_of,
    mail_domain,
    phone_key,
)
from duly.credit.rules.identifiers import compact
from duly.parties.models import Contact, Customer
from duly.parties.queries.payers import customers_with_words, times_of_words
from duly.storage.among import among

RARE = 50  # a word that more customers have tells too little
_SIGNS = " -./()+"


def known_alike(entity_id: int, values: dict[str, Any], request_id: int) -> list[Known]:
    """Customers and other requests that share a number with the applicant, or much of its name."""
    keys = keys_of(values)
    name = values.get("legal_name", "")
    ids = _customers_with(entity_id, keys) | _customers_called(entity_id, name)
    return [*_customers(entity_id, ids), *_requests(entity_id, keys, name, request_id)]


def _plain(column: str) -> Func:
    """A column without the signs that people put between figures."""
    found: Any = F(column)
    for sign in _SIGNS:
        found = Replace(found, Value(sign), Value(""))
    return Upper(found)


def _customers_with(entity_id: int, keys: Iterable[tuple[str, str]]) -> set[int]:
    asked = defaultdict(set)
    for kind, value in keys:
        asked[kind].add(value)
    wanted = Q(pk__in=[])
    for kind, column in ((TAX_ID, "tax"), (REGISTRATION, "registered"), (PHONE, "called")):
        if asked[kind]:
            wanted |= Q(**{f"{column}__in": sorted(asked[kind])})
    rows = Customer.objects.filter(entity_id=entity_id).annotate(
        tax=_plain("tax_id"),
        registered=_plain("registration_id"),
        called=Right(_plain("phone"), 9),
    )
    found = set(rows.filter(wanted).values_list("pk", flat=True)) if keys else set()
    if asked[ACCOUNT]:
        aliases = Alias.objects.filter(
            entity_id=entity_id, kind="account", value__in=asked[ACCOUNT], revoked_at=None
        )
        found |= set(aliases.values_list("customer_id", flat=True))
    return found


def _customers_called(entity_id: int, name: str) -> set[int]:
    """Customers that have the rarest words of a name."""
    words = [word for word in name_of(name).words if len(word) >= 3]
    times = times_of_words(entity_id, words)
    telling = sorted(
        (word for word in words if 0 < times.get(word, 0) <= RARE), key=lambda w: times[w]
    )
    return customers_with_words(entity_id, [word[:5] for word in telling[:2]]) if telling else set()


def _customers(entity_id: int, ids: set[int]) -> list[Known]:
    rows = list(Customer.objects.filter(entity_id=entity_id, pk__in=among(ids)))
    accounts, mails = defaultdict(set), defaultdict(set)
    aliases = Alias.objects.filter(customer_id__in=among(ids), kind="account", revoked_at=None)
    for customer_id, value in aliases.values_list("customer_id", "value"):
        accounts[customer_id].add((ACCOUNT, value))
    contacts = Contact.objects.filter(customer_id__in=among(ids)).exclude(email="")
    for customer_id, mail in contacts.values_list("customer_id", "email"):
        mails[customer_id].add(mail_domain(mail))
    found = []
    for row in rows:
        told = {
            (TAX_ID, compact(row.tax_id)),
            (REGISTRATION, compact(row.registration_id)),
            (PHONE, phone_key(row.phone)),
        }
        keys = {key for key in told if len(key[1]) >= 5} | accounts[row.pk]
        domains = mails[row.pk] | ({mail_domain(row.email)} if row.email else set())
        name = row.legal_name or row.name
        told_by = (frozenset(keys), frozenset(domains), row.pk)
        found.append(Known("customer", row.code, name, *told_by))
    return found


def _requests(
    entity_id: int, keys: Iterable[tuple[str, str]], name: str, request_id: int
) -> list[Known]:
    wanted = Q(pk__in=[])
    for kind, value in keys:
        wanted |= Q(kind=kind, value=value)
    others = RequestKey.objects.filter(entity_id=entity_id).exclude(request_id=request_id)
    ids = set(others.filter(wanted).values_list("request_id", flat=True))
    rows = list(
        CreditRequest.objects.filter(entity_id=entity_id, submitted_on__isnull=False)
        .filter(Q(pk__in=among(ids)) | Q(name__iexact=name.strip()))
        .exclude(pk=request_id)
    )
    held = defaultdict(set)
    for row in others.filter(request_id__in=among({row.pk for row in rows})):
        held[row.request_id].add((row.kind, row.value))
    return [Known("request", row.number, row.name, frozenset(held[row.pk])) for row in rows]
