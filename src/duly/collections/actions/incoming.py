"""Take in mail: tie it to a message or a customer, write to dead addresses no more, and tell people
what is theirs to read."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from duly.access.actions import Author, record_changes
from duly.collections.actions.choosing import suppress
from duly.collections.actions.queueing import TaskDraft, raise_tasks
from duly.collections.errors import MailTied, MailUnknown
from duly.collections.models import IncomingMail, Message
from duly.collections.policy import DELIVERY, DeliveryPolicy
from duly.collections.queries.incoming import (
    known_mail,
    messages_named,
    own_addresses,
    soft_bounces,
)
from duly.collections.rules.addressing import wire_form
from duly.collections.rules.incoming import Arrived, Sort, sort_out
from duly.collections.rules.reasons import ANSWERED_TO, Reason
from duly.kernel.ids import digest
from duly.parties.queries.senders import owners_of
from duly.storage.writing import whole


class Place(NamedTuple):
    """Where a mail lies: numbers are good while the mailbox's validity is the same."""

    mailbox: str
    uid_validity: int
    uid: int


class _Tie(NamedTuple):
    """Whose a mail is, by what, and the message of ours that it is about."""

    entity_id: int | None
    customer_id: int | None
    by: str
    about: Message | None


@whole()
def take_in_mail(
    *,
    arrived: Sequence[tuple[Place, Arrived]],
    only_entity_id: int | None,
    on: date,
    at: datetime,
    policy: DeliveryPolicy = DELIVERY,
) -> dict[str, int]:
    """Write down mails that were not read before; return how many of each kind there were.

    Rule: a mail is a message's by its thread, else a customer's by its sender where one alone has
    that address, else nobody's. An address is suppressed when a report says for good that it is
    dead and the message it gives back went there, or after `soft_bounces_most` softer ones. An
    answer and mail that came back become a person's task; an automatic answer does not.
    Given: `only_entity_id` whose untied mail is, where there is one entity alone.
    """
    fresh = _not_known(arrived)
    own = own_addresses()
    sorts = [sort_out(mail, own) for _, mail in fresh]
    ties = _ties([mail for _, mail in fresh], sorts, only_entity_id)
    counts: dict[str, int] = {}
    for (place, mail), sort, tie in zip(fresh, sorts, ties, strict=True):
        row = _written_down(place, mail, sort, tie, at)
        counts[sort.kind] = counts.get(sort.kind, 0) + 1
        counts["untied"] = counts.get("untied", 0) + (tie.customer_id is None)
        if sort.kind == "bounce":
            _came_back(row, sort, tie, on, at, policy)
        elif sort.kind in ("reply", "auto_reply") and tie.by == "thread":
            _settle_unknown(tie.about, ANSWERED_TO, "sent", at)
        if sort.kind == "reply":
            _tell_of_answer(row, on, at)
    return counts


def _not_known(arrived: Sequence[tuple[Place, Arrived]]) -> list[tuple[Place, Arrived]]:
    """Mails that were not read before; of the others it is noted where they lie now."""
    known = known_mail({place.mailbox for place, _ in arrived}, [m.mail_id for _, m in arrived])
    fresh: dict[str, tuple[Place, Arrived]] = {}
    for place, mail in arrived:
        if mail.mail_id in known:
            rows = IncomingMail.objects.filter(mailbox=place.mailbox, mail_id=mail.mail_id)
            rows.update(uid_validity=place.uid_validity, uid=place.uid)
        else:
            first = fresh.get(mail.mail_id, (place, mail))
            fresh[mail.mail_id] = (place, first[1])
    return list(fresh.values())


def _ties(
    mails: Sequence[Arrived], sorts: Sequence[Sort], only_entity_id: int | None
) -> list[_Tie]:
    named = messages_named({one for mail in mails for one in mail.refers_to})
    asked = {mail.sender for mail in mails} | {a for sort in sorts for a in sort.addresses}
    owners = owners_of(asked)
    found = []
    for mail, sort in zip(mails, sorts, strict=True):
        about = next((named[one] for one in mail.refers_to if one in named), None)
        if about is not None:
            # The week to our own people is of no customer.
            found.append(_Tie(about.entity_id, about.customer_id or None, "thread", about))
            continue
        addresses = sort.addresses if sort.kind in ("bounce", "delay") else (mail.sender,)
        whose = {owner for one in addresses for owner in owners.get(one.lower(), ())}
        if len(whose) == 1 and sort.kind != "other":
            found.append(_Tie(*whose.pop(), "sender", None))
        else:
            found.append(_Tie(only_entity_id, None, "", None))
    return found


def _written_down(place: Place, mail: Arrived, sort: Sort, tie: _Tie, at: datetime) -> IncomingMail:
    is_ours = sort.kind != "other" or tie.customer_id is not None
    return IncomingMail.objects.create(
        entity_id=tie.entity_id,
        customer_id=tie.customer_id,
        about_id=tie.about.pk if tie.about else None,
        tied_by=tie.by,
        kind=sort.kind,
        severity=sort.severity,
        address=next(iter(sort.addresses), ""),
        mailbox=place.mailbox,
        uid_validity=place.uid_validity,
        uid=place.uid,
        mail_id=mail.mail_id,
        sender=mail.sender,
        sender_name=mail.sender_name,
        subject=mail.subject,
        text=mail.text if is_ours else "",  # what is none of our business is not kept
        is_cut=mail.is_cut,
        enclosed=list(mail.enclosed),
        sent_at=mail.sent_at,
        read_at=at,
    )


def _came_back(
    row: IncomingMail, sort: Sort, tie: _Tie, on: date, at: datetime, policy: DeliveryPolicy
) -> None:
    """A message of ours did not arrive: what follows for its addresses, itself, and people."""
    sent_to = {wire_form(one).lower(): one for one in (tie.about.recipients if tie.about else [])}
    dead = [sent_to[one] for one in map(_wire, sort.addresses) if one in sent_to]
    if not dead and len(sent_to) == 1 and (sort.is_final or not sort.addresses):  # forwarded
        dead = list(sent_to.values())
    if tie.entity_id is not None and sort.severity == "soft":
        often = soft_bounces(tie.entity_id, [row.address])
        is_dead = bool(dead) and often.get(row.address, 0) >= policy.soft_bounces_most
    else:
        is_dead = bool(dead) and sort.severity == "hard"
    if is_dead and tie.entity_id is not None:
        for address in dead:
            suppress(
                entity_id=tie.entity_id,
                address=address,
                reason=f"It came back: {sort.why}",
                on=on,
                actor="worker",
                at=at,
            )
    if tie.about is not None and sort.severity != "unclear" and set(dead) == set(sent_to.values()):
        _settle_unknown(tie.about, Reason("bounced", f"It came back: {sort.why}"), "failed", at)
    if tie.customer_id is not None and tie.entity_id is not None:
        then = (
            "Nothing more is sent there: find another address."
            if is_dead
            else "Look at it: it may pass."
        )
        told = (
            f"Mail to {', '.join(dead or sort.addresses) or 'the customer'} came back: {sort.why}"
        )
        _task(row, "bounce", f"{told[:900]}. {then}", on, at)


def _wire(address: str) -> str:
    return wire_form(address).lower()


def _settle_unknown(message: Message | None, why: Reason, state: str, at: datetime) -> None:
    """What a mail proves of a message: that it arrived, where nobody knew; or that it did not."""
    if message is None:
        return
    before = ("unknown",) if state == "sent" else ("unknown", "sent")
    Message.objects.filter(pk=message.pk, state__in=before).update(
        state=state, why_code=why.code, why_text=why.text[:1000], settled_at=at
    )


def _tell_of_answer(row: IncomingMail, on: date, at: datetime) -> None:
    if row.customer_id is not None:
        name = row.sender_name or row.sender
        _task(row, "reply", f"{name} answered: {row.subject or row.text[:100]}", on, at)


def _task(row: IncomingMail, kind: str, text: str, on: date, at: datetime) -> None:
    raise_tasks(
        entity_id=row.entity_id or 0,
        drafts=[TaskDraft(row.customer_id or 0, digest("mail", str(row.pk), kind), kind, text, on)],
        actor="worker",
        at=at,
    )


@whole()
def tie_mail(
    *, mail_number: int, entity_id: int, customer_id: int, on: date, actor: str, at: datetime
) -> IncomingMail:
    """Say whose a mail is; an answer becomes a task. Refuses: MailUnknown, MailTied."""
    row = IncomingMail.objects.select_for_update().filter(pk=mail_number).first()
    if row is None:
        raise MailUnknown(
            f"There is no mail {mail_number}.",
            facts={"mail": mail_number},
            remedy="Look at `duly mail list --untied`.",
        )
    if row.customer_id is not None:
        raise MailTied(
            f"Mail {mail_number} is tied to a customer already.",
            facts={"mail": mail_number, "customer_id": row.customer_id},
            remedy="Look at it on that customer's page.",
        )
    row.entity_id, row.customer_id, row.tied_by = entity_id, customer_id, "person"
    row.save(update_fields=["entity_id", "customer_id", "tied_by"])
    change = (row.pk, {"customer_id": None}, {"customer_id": customer_id})
    record_changes(noun="incoming mail", changes=[change], author=Author(actor, at))
    if row.kind == "reply":
        _tell_of_answer(row, on, at)
    return row
