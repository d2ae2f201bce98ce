"""Hand a message to a mail server, and know at every moment whether it can have been taken.

Until the last line of the text is sent, a broken line means that nothing was taken; from then on
only the server's answer tells. smtplib's own `send_message` does not say on which side it failed.
"""

import contextlib
import re
import smtplib
import ssl
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from duly.collections.actions import Answer, Handover
from duly.collections.rules.templates import one_line
from duly.kernel.errors import Malformed, Outage

COMMAND_SECONDS = 60
TAKING_SECONDS = 300  # for the answer that decides: patience costs less than not knowing
DEFAULT_SENDER = "duly@localhost"
_WIRE = SMTP.clone(cte_type="7bit")


class MailAddressUnclear(Malformed):
    """DULY_SMTP_URL names no mail server."""

    code = "MAIL_SERVER_UNCLEAR"


class MailServerUnreachable(Outage):
    """The mail server does not answer, or does not let us in."""

    code = "MAIL_SERVER_UNREACHABLE"


class Courier:
    """One connection to a mail server, opened when it is needed."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise MailAddressUnclear(
                f"{url.rpartition('@')[2]!r} names no mail server.",
                remedy="Set DULY_SMTP_URL to smtp://HOST:PORT, or smtps://USER:PASSWORD@HOST.",
            )
        self._parts = parts
        self._line: smtplib.SMTP | None = None

    def connect(self) -> None:
        """Open the line, if it is not open. Raises MailServerUnreachable."""
        if self._line is not None:
            return
        host, parts = self._parts.hostname or "", self._parts
        try:
            if parts.scheme == "smtps":
                line: smtplib.SMTP = smtplib.SMTP_SSL(
                    host,
                    parts.port or 465,
                    "localhost",
                    timeout=COMMAND_SECONDS,
                    context=ssl.create_default_context(),
                )
            else:
                line = smtplib.SMTP(host, parts.port or 25, "localhost", timeout=COMMAND_SECONDS)
            line.ehlo_or_helo_if_needed()
            if parts.scheme == "smtp" and line.has_extn("starttls"):
                line.starttls(context=ssl.create_default_context())
                line.ehlo()
            if parts.username:
                line.login(unquote(parts.username), unquote(parts.password or ""))
        except (OSError, smtplib.SMTPException) as error:
            raise MailServerUnreachable(
                f"The mail server {host} can't be used: {error or type(error).__name__}.",
                facts={"host": host, "port": parts.port},
                remedy="See that it runs and that DULY_SMTP_URL is right; messages stay queued.",
            ) from error
        self._line = line

    def close(self) -> None:
        """End the conversation."""
        line, self._line = self._line, None
        if line is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                line.quit()

    def hand_over(self, message: Handover) -> Answer:
        """Hand a message over once and tell what became of it; never raises for the line's sake."""
        assert self._line is not None, "connect first"  # noqa: S101
        line = self._line
        try:
            content = _wire_form(message)
        except (ValueError, UnicodeError) as error:
            return Answer("failed", f"It can't be written as mail: {error}")
        try:
            answer = _announce(line, message)
            if answer is not None:
                if answer.state == "broken":
                    self._drop()
                    return Answer("put_off", answer.text)
                line.rset()
                return answer
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return Answer("put_off", f"The line broke before the text was sent: {_told(error)}")
        try:
            line.send(content)
            if line.sock is not None:
                line.sock.settimeout(TAKING_SECONDS)
            code, text = line.getreply()
            if line.sock is not None:
                line.sock.settimeout(COMMAND_SECONDS)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return Answer("unknown", f"The server's answer was lost: {_told(error)}")
        return _answer_of(code, text)

    def _drop(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()


def _announce(line: smtplib.SMTP, message: Handover) -> Answer | None:
    """Sender, recipients and DATA; None when the server waits for the text."""
    code, text = line.mail(message.sender or DEFAULT_SENDER)
    if code != 250:
        return _refused(code, text)
    refused: list[str] = []
    last: Answer | None = None
    for address in message.recipients:
        code, text = line.rcpt(address)
        if code not in (250, 251):
            last = _refused(code, text)
            if last.state == "put_off":
                return last
            refused.append(address)
    if len(refused) == len(message.recipients) and last is not None:
        return last._replace(bad_addresses=tuple(refused))
    line.putcmd("data")
    code, text = line.getreply()
    if code != 354:
        return _refused(code, text)
    return None


def _refused(code: int, text: bytes) -> Answer:
    if code == -1:
        return Answer("broken", "The line broke before the text was sent.")
    return _answer_of(code, text)


def _answer_of(code: int, text: bytes) -> Answer:
    said = f"{code} {text.decode('utf-8', 'replace')}"[:900]
    if 200 <= code < 300:
        return Answer("sent", said)
    return Answer("put_off" if 400 <= code < 500 else "failed", said)


def _told(error: Exception) -> str:
    return f"{type(error).__name__} {error}"[:300]


def _wire_form(message: Handover) -> bytes:
    """The message as it goes over the line, with its final dot."""
    mail = EmailMessage(policy=_WIRE)
    mail["From"] = Address(
        display_name=one_line(message.sender_name), addr_spec=message.sender or DEFAULT_SENDER
    )
    mail["To"] = ", ".join(message.recipients)
    if message.reply_to:
        mail["Reply-To"] = message.reply_to
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = message.message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.body)
    mail["Content-Language"] = message.language  # after the content, which clears such headers
    raw = re.sub(rb"(?m)^\.", b"..", mail.as_bytes())
    return (raw if raw.endswith(b"\r\n") else raw + b"\r\n") + b".\r\n"
