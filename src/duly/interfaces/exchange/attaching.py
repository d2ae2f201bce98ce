"""What a message encloses: a statement of account, copies of the invoices that it asks for."""

import re
from dataclasses import replace
from datetime import date

from duly.collections.actions import Handover
from duly.collections.policy import ATTACHMENTS, ENCLOSED
from duly.collections.queries.standing import lines_of
from duly.collections.queries.statements import run_of_message
from duly.intake.queries import copies_to_give
from duly.interfaces.exchange.copies import file_of
from duly.interfaces.exchange.couriers.letter import Enclosure
from duly.interfaces.exchange.scheduled import asked_of
from duly.interfaces.exchange.statements import Asked, letters_of
from duly.interfaces.exchange.writers.statements import (
    Letter,
    document_data,
    page_data,
    typeset,
)
from duly.interfaces.exchange.writers.statements.running import file_name
from duly.kernel.errors import Malformed
from duly.parties.models import Entity
from duly.receivables.queries import places_of_items
from duly.receivables.rules.statements import OPEN_ITEM

MOST_BYTES = 10 * 1024 * 1024  # of copies in a message: many servers take no more than twice it


class EnclosureUnknown(Malformed):
    """A message asks for an attachment of a kind that is not known here."""

    code = "ENCLOSURE_UNKNOWN"


def enclosures(entity: Entity, message: Handover, on: date) -> list[Enclosure]:
    """What a message encloses: the statement of the day or of its run, copies of the invoices it
    asks for.

    Rule: copies that there are, in the order of the message, up to `MOST_BYTES` together.
    Refuses: EnclosureUnknown.
    """
    unknown = sorted(set(message.attachments) - {*ATTACHMENTS, ENCLOSED})
    if unknown:
        raise EnclosureUnknown(
            f"Nobody knows how to make {', '.join(unknown)}.",
            facts={"attachments": list(message.attachments)},
            remedy="Send it by hand; it was queued by another version of Duly.",
        )
    found = []
    letter = None
    if "statement" in message.attachments:
        letter = _letter(entity, message, Asked(on, language=message.language))
    elif ENCLOSED in message.attachments:
        letter = _letter_of_run(entity, message, on)
    if letter is not None:
        drawn = typeset(document_data([page_data(letter)], letter))
        name = f"statement-{file_name(letter)}"
        found.append(Enclosure(name, "application/pdf", drawn.pdf))
    if "copies" in message.attachments:
        found += _copies_asked(message.id)
    return found


def _letter(entity: Entity, message: Handover, asked: Asked) -> Letter:
    (letter,) = letters_of(entity, [message.customer_id], asked)
    return letter


def _letter_of_run(entity: Entity, message: Handover, on: date) -> Letter:
    """What is open as of the day that it leaves; an activity as of its own last day, which asks
    for nothing in a currency in which less is owed by now: nobody is asked for what was paid."""
    asked = asked_of(run_of_message(message.id))
    today = _letter(entity, message, Asked(on, paper=asked.paper, language=message.language))
    if asked.kind == OPEN_ITEM:
        return today
    letter = _letter(entity, message, replace(asked, language=message.language))
    owed = {part.currency: part.balance_minor for part in today.statement.parts}
    unasked = frozenset(
        part.currency
        for part in letter.statement.parts
        if owed.get(part.currency, 0) < part.balance_minor
    )
    return replace(letter, unasked=unasked)


def _copies_asked(message_id: int) -> list[Enclosure]:
    lines = [line for line in lines_of([message_id])[message_id] if line.item_id is not None]
    places = places_of_items({line.item_id for line in lines if line.item_id is not None})
    numbers = {places[line.item_id][0]: line.number for line in lines if line.item_id in places}
    copies = copies_to_give(numbers)
    found, room = [], MOST_BYTES
    for document_id, number in numbers.items():
        if document_id in copies:
            try:
                content = file_of(copies[document_id]).read_bytes()
            except OSError:  # gone from the folder: the message is no less true without it
                continue
            if len(content) <= room:
                room -= len(content)
                name = re.sub(r"[^\w.-]+", "_", number)
                found.append(Enclosure(f"{name}.pdf", "application/pdf", content))
    return found
