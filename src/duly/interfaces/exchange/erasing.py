"""Erase a person of a request wherever it was told: answers, flags, memo, notice, mails."""

from duly.access.actions import Author
from duly.collections.actions import erase_in_enquiries
from duly.credit.actions import erase_person
from duly.credit.actions.erasing import erase_words
from duly.credit.queries.decisions import decisions_of
from duly.credit.queries.references import references_of
from duly.credit.queries.requests import guarantees_of, people_by_id, people_of
from duly.credit.rules.tombstones import ERASED, naming, without
from duly.parties.models import Entity
from duly.storage.writing import whole

TIMES = 10  # reminders of a reference, notices of a decision


@whole()
def erase_everywhere(entity: Entity, person_id: int, author: Author) -> int:
    """Erase a person; return how many rows of the request. Mails that still wait are taken off.

    Refuses: RequestPersonUnknown.
    """
    person = people_by_id([person_id]).get(person_id)
    request_id = person.request_id if person else 0
    before = {row.pk: row.details for row in people_of(request_id)}
    erased = erase_person(entity_id=entity.pk, person_id=person_id, author=author)
    gone = [before[row.pk] for row in people_of(request_id) if before[row.pk] and not row.details]
    words = sorted(set().union(*(naming(details) for details in gone)))
    erase_words(request_id=request_id, words=words, author=author)
    erase_in_enquiries(
        keys=_keys(request_id), change=lambda told: without(words, told), why=ERASED, author=author
    )
    return erased


def _keys(request_id: int) -> list[str]:
    """The mails about a request, as they were named when they were queued."""
    references = [row.reference.pk for row in references_of(request_id).rows]
    keys = [f"reference:{pk}:{n}" for pk in references for n in range(1, TIMES)]
    keys += [f"guarantee:{one.guarantee.pk}" for one in guarantees_of(request_id)]
    decisions = [row.pk for row in decisions_of([request_id]).values()]
    return keys + [f"notice:{pk}:{n}" for pk in decisions for n in range(1, TIMES)]
