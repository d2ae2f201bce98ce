"""Reads of mail that came in: how far a mailbox was read, whose a mail is, what is untied."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Count, Max

from duly.collections.models import IncomingMail, Message, Sending
from duly.collections.rules.incoming import numbers_in
from duly.storage.among import among


def last_uid(mailbox: str, uid_validity: int) -> int:
    """The number up to which a mailbox was read; 0 while it was not, or is another by now."""
    rows = IncomingMail.objects.filter(mailbox=mailbox, uid_validity=uid_validity)
    return rows.aggregate(last=Max("uid"))["last"] or 0


def known_mail(mailboxes: Collection[str], mail_ids: Collection[str]) -> set[str]:
    """Which of some mails were read before, under whatever number."""
    rows = IncomingMail.objects.filter(mailbox__in=mailboxes, mail_id__in=among(mail_ids))
    return set(rows.values_list("mail_id", flat=True))


def messages_named(message_ids: Collection[str]) -> dict[str, Message]:
    """{Message-ID: the message of ours that has it}."""
    rows = Message.objects.filter(pk__in=among(numbers_in(message_ids)))
    wanted = set(message_ids)
    return {row.message_id: row for row in rows.defer("body") if row.message_id in wanted}


def mails_by_message_id(mail_ids: Collection[str]) -> dict[str, str]:
    """{Message-ID: subject and sender} of some mails that came in."""
    rows = IncomingMail.objects.filter(mail_id__in=among(mail_ids))
    told = rows.values_list("mail_id", "subject", "sender")
    return {mail_id: f"{subject} ({sender})".strip() for mail_id, subject, sender in told}


def soft_bounces(entity_id: int, addresses: Collection[str]) -> dict[str, int]:
    """{address: how often mail to it came back for now}."""
    rows = IncomingMail.objects.filter(
        kind="bounce", severity="soft", entity_id=entity_id, address__in=among(addresses)
    )
    return dict(rows.order_by().values_list("address").annotate(Count("pk")))


def ties_of(mailbox: str, mail_ids: Collection[str]) -> dict[str, tuple[int | None, int | None]]:
    """{Message-ID: (entity, customer)} of mails that were taken in."""
    rows = IncomingMail.objects.filter(mailbox=mailbox, mail_id__in=among(mail_ids))
    return {row[0]: row[1:] for row in rows.values_list("mail_id", "entity_id", "customer_id")}


def own_addresses() -> set[str]:
    """The addresses that we write from, and where answers go: what comes from them is ours."""
    rows = Sending.objects.values_list("sender", "reply_to")
    return {address.lower() for row in rows for address in row if address}


def mail_of_customers(customer_ids: Collection[int]) -> dict[int, list[IncomingMail]]:
    """{customer: mail that came in, the newest first}."""
    found: dict[int, list[IncomingMail]] = defaultdict(list)
    for row in IncomingMail.objects.filter(customer_id__in=among(customer_ids)).order_by("-pk"):
        found[row.customer_id or 0].append(row)
    return found


def untied_mail(*, limit: int = 200) -> list[IncomingMail]:
    """Mail of which nobody knows whose it is, the newest first; lists and our own are left out."""
    rows = IncomingMail.objects.filter(customer_id__isnull=True).exclude(kind="other")
    return list(rows.order_by("-pk")[:limit])
