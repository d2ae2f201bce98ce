"""The part of the worker that reads the mailbox: what came back, and what customers answer."""

import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from duly.collections.actions import Place, take_in_mail
from duly.collections.queries.incoming import last_uid
from duly.collections.rules.incoming import Arrived
from duly.interfaces.exchange.couriers.arrivals import read_mail
from duly.interfaces.exchange.couriers.imap import (
    Fetched,
    Mailbox,
    MailboxUnset,
    address_from_environment,
)
from duly.interfaces.exchange.mailed import Mailed, has_remittance, take_in_mailed
from duly.parties.queries import entities
from duly.storage.failpoints import failpoint
from duly.storage.locks import alone
from duly.storage.writing import whole

FIRST_DAYS = 14  # of a mailbox that was never read
MOST_AT_ONCE = 1_000
KINDS = ("reply", "auto_reply", "bounce", "delay", "other", "untied", "remittance")


def read_mailbox(*, at: datetime, on: date | None = None) -> Counter[str] | None:
    """Take in what is new in the mailbox that the environment names; None where it names none.

    Each mail once, however often and by however many it is read: what was taken in is remembered
    with it, and the mailbox is not changed. Given: `on` the day from which what follows counts.
    Raises MailboxUnreachable.
    """
    address = address_from_environment()
    if address is None:
        return None
    counts: Counter[str] = Counter()
    with alone("mailbox") as is_ours:
        if not is_ours:
            return counts
        mailbox = Mailbox(address)
        try:
            last = last_uid(address.name, mailbox.uid_validity)
            since = None if last else (at - timedelta(days=FIRST_DAYS)).date()
            for some in mailbox.mails_after(last, since=since, most=MOST_AT_ONCE):
                arrived = [
                    (
                        Place(address.name, mailbox.uid_validity, one.uid),
                        read_mail(one.raw, size=one.size),
                    )
                    for one in some
                ]
                with tempfile.TemporaryDirectory(prefix="duly-") as folder:
                    mailed = _remittances(mailbox, some, arrived, Path(folder))
                    with whole():  # a mail without what it carries there never is
                        counts.update(_take_in(arrived, at, on))
                        counts["remittance"] += take_in_mailed(mailed, address.name, at, on)
                failpoint("mail.taken_in")
        finally:
            mailbox.close()
    return counts


def read_named_mailbox(*, at: datetime) -> Counter[str]:
    """The same, where a mailbox is to be named. Refuses: MailboxUnset."""
    counts = read_mailbox(at=at)
    if counts is None:
        raise MailboxUnset(
            "No mailbox is named.",
            remedy="Set DULY_IMAP_URL to imaps://USER@HOST/INBOX and DULY_IMAP_PASSWORD_FILE.",
        )
    return counts


def _remittances(
    mailbox: Mailbox,
    fetched: Sequence[Fetched],
    arrived: Sequence[tuple[Place, Arrived]],
    folder: Path,
) -> list[Mailed]:
    """What mails carry of payments, read before anything is written."""
    found = []
    for one, (_, mail) in zip(fetched, arrived, strict=True):
        if has_remittance(mail):
            found.append(Mailed.read(mailbox.whole(one), mail, folder))
    return [one for one in found if one.files]


def _take_in(
    arrived: Sequence[tuple[Place, Arrived]], at: datetime, on: date | None
) -> dict[str, int]:
    found = entities()
    zone = found[0].timezone if found else "UTC"
    return take_in_mail(
        arrived=arrived,
        only_entity_id=found[0].pk if len(found) == 1 else None,
        on=on or at.astimezone(ZoneInfo(zone)).date(),
        at=at.astimezone(UTC),
    )
