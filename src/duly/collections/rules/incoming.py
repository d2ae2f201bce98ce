"""What a mail that came in is: an answer, an automatic one, or word that ours did not arrive."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

# Message-IDs of ours, wherever they are quoted: half a key, and the number of the message.
OURS = re.compile(r"<[0-9a-f]{32}\.([0-9]{1,18})@[^<>\s@]{1,255}>")
_STATUS = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})")
_REPLY_CODE = re.compile(r"(?<![\d.])([45]\d\d)(?![\d.])")
_AUTOMATIC_SUBJECT = re.compile(
    r"\s*(automatic reply|out of office|auto(matic)? ?response|automatische antwort|"
    r"abwesenheitsnotiz|réponse automatique|respuesta automática|automatisch antwoord|"
    r"resposta automática)\b",
    re.IGNORECASE,
)
_DAEMONS = ("mailer-daemon", "postmaster")


class Report(NamedTuple):
    """What a delivery report says of one recipient (RFC 3464), as texts.

    `is_final` where it tells only where the message went in the end, maybe forwarded.
    """

    address: str
    action: str
    status: str
    diagnostic: str
    is_final: bool = False


class Arrived(NamedTuple):
    """A mail as it was read: plain facts, no markup."""

    mail_id: str
    sender: str
    sender_name: str
    subject: str
    text: str
    is_cut: bool = False
    enclosed: tuple[str, ...] = ()
    sent_at: datetime | None = None
    refers_to: tuple[str, ...] = ()  # Message-IDs that it answers or gives back
    auto_submitted: str = ""
    precedence: str = ""
    is_list: bool = False
    is_from_nobody: bool = False  # an empty return path
    report_type: str = ""
    reports: tuple[Report, ...] = ()
    failed_recipients: tuple[str, ...] = ()


class Sort(NamedTuple):
    """What a mail is; of a bounce how bad it is, what it says, and which addresses it names."""

    kind: str  # reply, auto_reply, bounce, delay, other
    severity: str = ""  # hard, soft, unclear
    addresses: tuple[str, ...] = ()
    why: str = ""
    is_final: bool = False  # they may be those that the message was forwarded to


def sort_out(mail: Arrived, own: Collection[str] = ()) -> Sort:
    """Say what a mail is.

    Rule: only a report that machines can read says for good that an address is dead; what merely
    looks like one is unclear, and a person's. What a program sent is no answer, and neither is
    mail from `own` addresses or from a list.
    """
    failed = [one for one in mail.reports if one.action == "failed"]
    if mail.report_type == "delivery-status" and mail.reports:
        if not failed:
            delayed = [one for one in mail.reports if one.action == "delayed"]
            return Sort("delay" if delayed else "auto_reply", "", _addresses(delayed))
        worst = sorted((severity(one) for one in failed), key=_ORDER.index)[0]
        told = next(one for one in failed if severity(one) == worst)
        same = [one for one in failed if severity(one) == worst]
        why = f"{told.status} {told.diagnostic}".strip()
        return Sort("bounce", worst, _addresses(same), why, all(one.is_final for one in same))
    local = mail.sender.partition("@")[0].lower()
    is_report = mail.report_type == "delivery-status"
    if is_report or mail.failed_recipients or (local in _DAEMONS and mail.is_from_nobody):
        return Sort("bounce", "unclear", mail.failed_recipients, mail.subject)
    if mail.sender.lower() in own or mail.is_list or mail.precedence in ("bulk", "list", "junk"):
        return Sort("other")
    if _is_automatic(mail):
        return Sort("auto_reply")
    return Sort("reply")


_ORDER = ("hard", "soft", "unclear")


def severity(report: Report) -> str:
    """How bad a failed delivery is: hard (the address is dead), soft (for now), or unclear.

    Rule: 5.1.x, 5.2.1 and 5.4.4 say that there is no such address, mailbox or domain; other
    failures (full, too large, refused by policy, given up after days) may pass. Without a status
    the code of the diagnostic counts.
    See: RFC 3463.

    >>> severity(Report("a@b.example", "failed", "5.1.1", "")), severity(
    ...     Report("a@b.example", "failed", "5.2.2", "552 full"))
    ('hard', 'soft')
    """
    found = _STATUS.search(report.status) or _STATUS.search(report.diagnostic)
    if found is not None:
        kind, subject, detail = found.groups()
        if kind == "5" and (subject == "1" or (subject, detail) in (("2", "1"), ("4", "4"))):
            return "hard"
        if (kind, subject) != ("5", "0"):
            return "soft" if kind in "45" else "unclear"
    code = _REPLY_CODE.search(report.diagnostic)
    if code is None:
        return "unclear"
    return "hard" if code[1] in ("550", "551", "553") else "soft"


def _addresses(reports: Sequence[Report]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.address for one in reports if one.address))


def _is_automatic(mail: Arrived) -> bool:
    return (
        mail.auto_submitted not in ("", "no")
        or mail.precedence == "auto_reply"
        or mail.report_type != ""
        or mail.is_from_nobody
        or _AUTOMATIC_SUBJECT.match(mail.subject) is not None
    )


def numbers_in(message_ids: Collection[str]) -> set[int]:
    """The numbers of messages of ours that some Message-IDs look like.

    >>> numbers_in(["<0123456789abcdef0123456789abcdef.17@n.example>", "<x@y>"])
    {17}
    """
    return {int(found[1]) for one in message_ids if (found := OURS.fullmatch(one))}
