"""What was issued under the references that payments carry: they say it in our own numbers then."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from duly.cash_application.queries.lines import Source
from duly.cash_application.rules.issued import (
    comparable,
    quoted_in,
    quoted_whole,
    saying,
    saying_whole,
    ways_written,
)
from duly.receivables.queries import PaymentToMatch
from duly.receivables.queries.numbers import documents_of_references, has_references

_TEXTS = ("remittance", "end_to_end")


class Issued(NamedTuple):
    """What a reference was issued for: a document, or ("") several of one customer."""

    number: str
    customer_id: int


def issued_for(
    entity_id: int, fields: Collection[str], texts: Collection[str] = ()
) -> dict[str, Issued]:
    """{reference, as it is compared: what it was issued for}.

    Given: `fields` that hold a reference whole, and free `texts`. Where one reference was issued
    for several documents of a customer it says the customer alone. One that several customers were
    given says nothing.
    """
    told = {quoted_whole(field) for field in fields if field} - {""}
    told |= {one.reference for text in texts for one in quoted_in(text)}
    if not told:
        return {}
    found: dict[str, set[Issued]] = {}
    ways = {way for reference in told for way in ways_written(reference)}
    for reference, number, customer_id in documents_of_references(entity_id, ways):
        found.setdefault(comparable(reference), set()).add(Issued(number, customer_id))
    return {
        reference: next(iter(some)) if len(some) == 1 else Issued("", next(iter(some)).customer_id)
        for reference, some in found.items()
        if reference in told and len({one.customer_id for one in some}) == 1
    }


class Spoken(NamedTuple):
    """Payments and what the bank told of them, with references of ours put as numbers.

    `referred`: {payment: the customer whom its references were issued to}.
    """

    rows: list[PaymentToMatch]
    sources: dict[int, Source]
    referred: dict[int, int]


def in_our_numbers(
    entity_id: int, rows: Sequence[PaymentToMatch], sources: Mapping[int, Source]
) -> Spoken:
    """Put the references that payments carry as the numbers they were issued for."""
    if not has_references(entity_id):
        return Spoken(list(rows), dict(sources), {})
    own = [row.reference for row in rows if row.id not in sources]
    fields = [one.structured_reference for one in sources.values()]
    texts = [getattr(one, name) for one in sources.values() for name in _TEXTS]
    issued = issued_for(entity_id, [*fields, *own], [*texts, *own, *fields])
    if not issued:
        return Spoken(list(rows), dict(sources), {})
    numbers = {reference: one.number for reference, one in issued.items()}
    return Spoken(
        [row._replace(reference=saying_whole(row.reference, numbers)) for row in rows],
        {id_: _spoken(one, numbers) for id_, one in sources.items()},
        _referred(rows, sources, issued),
    )


def _spoken(source: Source, numbers: Mapping[str, str]) -> Source:
    return source._replace(
        structured_reference=saying_whole(source.structured_reference, numbers),
        remittance=saying(source.remittance, numbers),
        end_to_end=saying(source.end_to_end, numbers),
    )


def _referred(
    rows: Sequence[PaymentToMatch], sources: Mapping[int, Source], issued: Mapping[str, Issued]
) -> dict[int, int]:
    """Whom the references of payments were issued to, where that is one customer."""
    found = {}
    for row in rows:
        source = sources.get(row.id)
        field = source.structured_reference if source else row.reference
        texts = [getattr(source, name) for name in _TEXTS] if source else [row.reference]
        told = [quoted_whole(field), *(one.reference for t in texts for one in quoted_in(t))]
        owners = {issued[one].customer_id for one in told if one in issued}
        if len(owners) == 1:
            found[row.id] = owners.pop()
    return found
