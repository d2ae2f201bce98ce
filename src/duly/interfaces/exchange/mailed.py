"""Remittances that come by mail: read from what a mail encloses or says, and taken in."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from duly.cash_application.queries.advices import ways_to_write
from duly.cash_application.rules.advices import numbers_of
from duly.collections.queries.incoming import own_addresses, ties_of
from duly.collections.rules.incoming import Arrived
from duly.interfaces.exchange.readers.remittance.mail import is_remittance
from duly.interfaces.exchange.remittances import (
    MACHINE,
    RemittanceFileSaid,
    read_mailed,
    take_in,
)
from duly.interfaces.exchange.settling import Asked
from duly.parties.models import Entity
from duly.parties.queries import entities
from duly.receivables.queries.numbers import owners_of_numbers

WORKER = "worker"


class Mailed(NamedTuple):
    """A mail and the remittances that it carries."""

    mail: Arrived
    files: tuple[RemittanceFileSaid, ...]

    @classmethod
    def read(cls, raw: bytes, mail: Arrived, folder: Path) -> "Mailed":
        """What a mail carries; what is taken out of it lies in `folder` meanwhile."""
        try:
            return cls(mail, tuple(read_mailed(raw, mail.mail_id, folder)))
        except (Exception, RecursionError):  # files of strangers: no mail may stop the others
            return cls(mail, ())


def has_remittance(mail: Arrived) -> bool:
    """Tell whether a mail may carry one: it encloses something, or says that it does."""
    if mail.report_type or mail.failed_recipients:
        return False
    return bool(mail.enclosed) or is_remittance(mail.subject, mail.text)


def take_in_mailed(mailed: Sequence[Mailed], mailbox: str, at: datetime, on: date | None) -> int:
    """Take in what mails carry, once they are written down; return how many advices were new.

    Rule: a mail's company is the one it is tied to, else the only one whose books know a number
    that it names. Words, tables and PDFs that name nothing we know are left: they may be anything.
    What we sent ourselves tells of no payment.
    """
    ties = ties_of(mailbox, {one.mail.mail_id for one in mailed})
    own = own_addresses()
    taken = 0
    for one in mailed:
        if one.mail.sender.lower() in own:
            continue
        entity_id, customer_id = ties.get(one.mail.mail_id, (None, None))
        found = [
            (entity, files)
            for entity in entities()
            if entity_id in (None, entity.pk)
            and (files := _files_for(entity, one.files, is_tied=entity_id is not None))
        ]
        if len(found) == 1:  # numbers that the books of several know tell none of them
            ((entity, files),) = found
            asked = Asked(WORKER, at, str(entity.pk), on)
            taken += len(take_in(files, asked, entity.pk, entity.currency, customer_id))
    return taken


def _files_for(
    entity: Entity, files: Sequence[RemittanceFileSaid], *, is_tied: bool
) -> list[RemittanceFileSaid]:
    """What of a mail's files a company takes: all that machines wrote only of who is its own."""
    known = [file for file in files if _is_known(entity, file)]
    return [f for f in files if f.kind in MACHINE or f in known] if is_tied else known


def _is_known(entity: Entity, file: RemittanceFileSaid) -> bool:
    """Whether the books have a document that is named."""
    named = {way for number in numbers_of(file.advices) for way in ways_to_write(number)}
    return bool(owners_of_numbers(entity.pk, named))
