"""Ask referees and guarantors by mail: once at submission, then by reminders with a count."""

from datetime import date, datetime, timedelta

from django.conf import settings

from duly.access.actions import Author
from duly.collections.actions import EnquiryDraft, queue_enquiries
from duly.collections.queries.messages import sending_of
from duly.collections.queries.standing import suppressions
from duly.collections.rules.handing import Clock
from duly.credit.actions import ask_references, erase_lapsed_drafts
from duly.credit.queries.links import link_of
from duly.credit.queries.references import ReferenceRow, email_of, references_to_ask
from duly.credit.queries.requests import guarantees_of, request_by_id, requests_by_id
from duly.credit.rules.enquiries import Mail, guarantee_mail, reference_mail
from duly.credit.rules.links import DRAFT_DAYS, GUARANTEE, placeholder
from duly.interfaces.exchange.couriers.letter import domain_of
from duly.interfaces.exchange.secret_links import link_key
from duly.parties.models import Entity
from duly.parties.queries import entities
from duly.storage.writing import whole


def ask_all(clock: Clock) -> int:
    """Ask, or remind, whoever is due in each entity; how many mails are new.

    What applicants began and never sent is erased of persons once its link opens nothing.
    """
    erase_lapsed_drafts(
        before=clock.at - timedelta(days=DRAFT_DAYS), author=Author("worker", clock.at)
    )
    return sum(
        ask_referees(one, on=clock.where(one.timezone).date(), actor="worker", at=clock.at)
        for one in entities()
    )


@whole()
def ask_referees(
    entity: Entity, *, on: date, actor: str, at: datetime, request_id: int | None = None
) -> int:
    """Queue mails to referees who were never asked, or are to be reminded; how many are new.

    Without an address that people outside reach, nobody is asked: a link would lead nowhere.
    """
    if not settings.PUBLIC_URL:
        return 0
    asked = None if request_id is None else [request_id]
    stopped = {row.address for row in suppressions(entity.pk)}
    rows = [
        row
        for row in references_to_ask(entity.pk, on, asked)
        if email_of(row).lower() not in stopped
    ]
    links = ask_references(
        entity_id=entity.pk,
        reference_ids=[row.reference.pk for row in rows],
        on=on,
        key=link_key(),
        at=at,
    )
    names = requests_by_id({row.reference.request_id or 0 for row in rows})
    drafts = [
        _draft(
            entity,
            f"reference:{row.reference.pk}:{row.reference.asked + 1}",
            email_of(row),
            _asked(
                row,
                names[row.reference.request_id or 0].name,
                entity,
                links[row.reference.pk].nonce,
            ),
        )
        for row in rows
        if row.reference.request_id in names
    ]
    return _queue(entity, drafts, on, actor, at)


def ask_guarantors(entity: Entity, *, request_id: int, on: date, actor: str, at: datetime) -> int:
    """Queue a mail with their own link to each guarantor of a request who has not signed."""
    if not settings.PUBLIC_URL:
        return 0
    request, drafts = request_by_id(request_id), []
    for one in guarantees_of(request_id):
        link = link_of(purpose=GUARANTEE, record_id=one.guarantee.pk, at=at)
        details = one.person.details if one.person else {}
        if one.signature is None and link is not None and details.get("email"):
            mail = guarantee_mail(
                guarantor=details.get("name", ""),
                applicant=request.name,
                entity=entity.name,
                link=placeholder(link.nonce),
            )
            drafts.append(_draft(entity, f"guarantee:{one.guarantee.pk}", details["email"], mail))
    return _queue(entity, drafts, on, actor, at)


def _asked(row: ReferenceRow, applicant: str, entity: Entity, nonce: str) -> Mail:
    return reference_mail(
        kind=row.reference.kind,
        applicant=applicant,
        account=row.reference.account_number,
        entity=entity.name,
        link=placeholder(nonce),
        reminders=row.reference.asked,
    )


def _draft(entity: Entity, key: str, recipient: str, mail: Mail) -> EnquiryDraft:
    return EnquiryDraft(key, recipient, "en", entity.timezone, mail.subject, mail.body)


def _queue(entity: Entity, drafts: list[EnquiryDraft], on: date, actor: str, at: datetime) -> int:
    if not drafts:
        return 0
    domain = domain_of(sending_of(entity.pk).sender)
    return queue_enquiries(
        entity_id=entity.pk, drafts=drafts, on=on, domain=domain, actor=actor, at=at
    )
