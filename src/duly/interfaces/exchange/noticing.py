"""The notice of a decision as a mail in the outbox: when a person says so, and once."""

from collections.abc import Collection
from datetime import date
from typing import Any

from duly.access.actions import Author
from duly.collections.actions import EnquiryDraft, queue_enquiries
from duly.collections.models import Message
from duly.collections.queries.messages import enquiries_of, sending_of
from duly.collections.queries.standing import suppressions
from duly.collections.rules.addressing import is_address
from duly.credit.actions.sequels import tell_applicant
from duly.credit.errors import NoticeAddressUnfit, SequelUnfit
from duly.credit.models import CreditDecision, CreditRequest
from duly.credit.queries.decisions import person_acting
from duly.credit.queries.requests import answers_of
from duly.credit.rules.authority import refuse_role
from duly.credit.rules.links import without_placeholders
from duly.interfaces.exchange.couriers.letter import domain_of
from duly.parties.models import Entity
from duly.storage.writing import whole

TRIES = 9  # a mail that was taken off the outbox makes room for another one
ADDRESSES = ("payables_email", "invoice_email")


@whole()
def mail_notice(
    *,
    entity: Entity,
    request: CreditRequest,
    decision: CreditDecision,
    to: str,
    on: date,
    author: Author,
) -> Message:
    """Put the notice of a decision into the outbox; the applicant counts as told by it.

    Given: `to` empty for the address in the application.
    Refuses: DecisionNotYours, NoticeAddressUnfit, SequelUnfit when they were told otherwise, or a
    mail is there that was not taken off.
    """
    refuse_role(person_acting(author.actor))
    address = to.strip() or address_of(request, on)
    _refuse_address(entity, address)
    before = mails_of([decision.pk]).get(decision.pk, [])
    if not before:
        tell_applicant(decision=decision, note=f"By mail to {address}", on=on, author=author)
    elif before[-1].state != "cancelled" or len(before) >= TRIES:
        raise SequelUnfit(
            f"A mail to {', '.join(before[-1].recipients)} is in the outbox: {before[-1].state}.",
            facts={"decision": decision.pk, "message": before[-1].pk},
            remedy="Look at it there; once it is taken off, another one may go.",
        )
    draft = EnquiryDraft(
        _key(decision.pk, len(before) + 1),
        address,
        "en",
        entity.timezone,
        without_placeholders(decision.notice["subject"]),
        without_placeholders(decision.notice["text"]) + f"\n\n{entity.name}\n",
    )
    domain = domain_of(sending_of(entity.pk).sender)
    queue_enquiries(
        entity_id=entity.pk,
        drafts=[draft],
        on=on,
        domain=domain,
        actor=author.actor,
        at=author.at,
    )
    return mails_of([decision.pk])[decision.pk][-1]


def mails_of(decision_ids: Collection[int]) -> dict[int, list[Message]]:
    """{decision: its notices in the outbox, in order}. One query."""
    keys = {_key(pk, n): pk for pk in decision_ids for n in range(1, TRIES + 1)}
    found: dict[int, list[Message]] = {}
    for key, row in enquiries_of(keys):
        found.setdefault(keys[key], []).append(row)
    return found


def mail_document(decision: CreditDecision) -> dict[str, Any] | None:
    """The last notice of a decision that went to the outbox, and how far it came."""
    rows = mails_of([decision.pk]).get(decision.pk)
    if not rows:
        return None
    row = rows[-1]
    return {
        "message": row.pk,
        "to": row.recipients[0],
        "state": row.state,
        "why": row.why_text or None,
        "by": row.actor,
    }


def address_of(request: CreditRequest, on: date) -> str:
    """Where the application says that they read mail; nothing where it does not."""
    values = answers_of(request, on).values
    return next((values[name] for name in ADDRESSES if values.get(name)), "")


def _refuse_address(entity: Entity, address: str) -> None:
    stopped = {row.address for row in suppressions(entity.pk)}
    if not is_address(address) or address.lower() in stopped:
        what = "Mail to it came back." if address.lower() in stopped else "It is no address."
        raise NoticeAddressUnfit(
            f"The notice can't go to {address[:80]!r}: {what}"
            if address
            else "The application names no address for a notice.",
            facts={"to": address[:254]},
            remedy="Name one with --to, or tell them otherwise.",
        )


def _key(decision_id: int, number: int) -> str:
    return f"notice:{decision_id}:{number}"
