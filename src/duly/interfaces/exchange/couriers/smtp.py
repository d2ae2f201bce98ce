"""Hand a message to a mail server, and know at every moment whether it can have been taken.

Until the last line of the text is sent, a broken line means that nothing was taken; from then on
only the server's answer tells. smtplib's own `send_message` does not say on which side it failed.
"""

import contextlib
import smtplib
import ssl
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from duly.collections.actions import Answer, Handover
from duly.collections.rules.addressing import needs_utf8, wire_form
from duly.interfaces.exchange.couriers.hosts import is_this_machine
from duly.interfaces.exchange.couriers.letter import DEFAULT_SENDER, Enclosure, written
from duly.kernel.errors import Malformed, Outage


class Patience(NamedTuple):
    """How long a server is waited for; with the answer that decides it costs less than not
    knowing."""

    command_seconds: float = 60
    taking_seconds: float = 300


PATIENCE = Patience()
NO_SMTPUTF8 = (
    "An address has letters beyond ASCII before its @, and the mail server does not take those "
    "(SMTPUTF8): name another address, or send through a server that does."
)


class MailAddressUnclear(Malformed):
    """DULY_SMTP_URL names no mail server."""

    code = "MAIL_SERVER_UNCLEAR"


class MailServerUnreachable(Outage):
    """The mail server does not answer, or does not let us in."""

    code = "MAIL_SERVER_UNREACHABLE"


class Courier:
    """One connection to a mail server, opened when it is needed."""

    def __init__(self, url: str, patience: Patience = PATIENCE) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise MailAddressUnclear(
                f"{url.rpartition('@')[2]!r} names no mail server.",
                remedy="Set DULY_SMTP_URL to smtp://HOST:PORT, or smtps://USER:PASSWORD@HOST.",
            )
        self._parts, self._patience = parts, patience
        self._line: smtplib.SMTP | None = None

    @property
    def host(self) -> str:
        """The mail server."""
        return self._parts.hostname or ""

    def encryption(self) -> str:
        """How an open line is encrypted, such as TLSv1.3; "" where it is not."""
        sock = self._line.sock if self._line is not None else None
        return (sock.version() or "") if isinstance(sock, ssl.SSLSocket) else ""

    def connect(self) -> None:
        """Open the line, if it is not open, or out of step. Raises MailServerUnreachable."""
        if self._line is not None:
            if not _has_more_to_say(self._line):
                return
            self._drop()
        host, parts = self._parts.hostname or "", self._parts
        seconds = self._patience.command_seconds
        try:
            if parts.scheme == "smtps":
                line: smtplib.SMTP = smtplib.SMTP_SSL(
                    host,
                    parts.port or 465,
                    "localhost",
                    timeout=seconds,
                    context=ssl.create_default_context(),
                )
            else:
                line = smtplib.SMTP(host, parts.port or 25, "localhost", timeout=seconds)
            line.ehlo_or_helo_if_needed()
            if parts.scheme == "smtp" and line.has_extn("starttls"):
                line.starttls(context=ssl.create_default_context())
                line.ehlo()
            if parts.username:
                if not (isinstance(line.sock, ssl.SSLSocket) or is_this_machine(host)):
                    raise smtplib.SMTPException(
                        "it offers no encryption, and the password would be read on the way"
                    )
                line.login(unquote(parts.username), unquote(parts.password or ""))
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            # What can't be encoded is the password: it is not told.
            is_told = not isinstance(error, UnicodeError) and str(error)
            raise MailServerUnreachable(
                f"The mail server {host} can't be used: {is_told or type(error).__name__}.",
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

    def hand_over(self, message: Handover, enclosed: Sequence[Enclosure] = ()) -> Answer:
        """Hand a message over once and tell what became of it; never raises for the line's sake."""
        assert self._line is not None, "connect first"  # noqa: S101
        line = self._line
        is_utf8 = any(map(needs_utf8, (message.sender, message.reply_to, *message.recipients)))
        if is_utf8 and not line.has_extn("smtputf8"):
            return Answer("failed", NO_SMTPUTF8)
        try:
            content = written(message, enclosed, is_utf8=is_utf8)
        except (ValueError, UnicodeError, IndexError) as error:
            return Answer("failed", f"It can't be written as mail: {error}")
        try:
            told = _announce(line, message, is_utf8=is_utf8)
            if told.answer is not None:
                if told.answer.state == "broken":
                    self._drop()
                    return Answer("put_off", told.answer.text)
                line.rset()
                return told.answer
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return Answer("put_off", f"The line broke before the text was sent: {_told(error)}")
        try:
            line.send(content)
            if line.sock is not None:
                line.sock.settimeout(self._patience.taking_seconds)
            code, text = line.getreply()
            if line.sock is not None:
                line.sock.settimeout(self._patience.command_seconds)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return Answer("unknown", f"The server's answer was lost: {_told(error)}")
        answer = _answer_of(code, text)
        if answer.state == "unknown":
            self._drop()
        if answer.state != "sent" or not told.refused:
            return answer
        return Answer("sent", told.why, told.refused)

    def _drop(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()


def _has_more_to_say(line: smtplib.SMTP) -> bool:
    """Tell whether a server has said more than it was asked, such as 250 twice for one text.

    Each answer after it would be taken for that of the next command: another address would be
    blamed, and what nobody took be told as sent.
    """
    sock, file = line.sock, line.file
    if sock is None or file is None:
        return False
    seconds = sock.gettimeout()
    sock.settimeout(0)
    try:
        return bool(file.peek(1))
    except ssl.SSLWantReadError:
        return False
    except OSError:
        return True
    finally:
        sock.settimeout(seconds)


class _Announced(NamedTuple):
    """`answer` is None when the server waits for the text; recipients refused, and why."""

    answer: Answer | None
    refused: tuple[str, ...] = ()
    why: str = ""


def _announce(line: smtplib.SMTP, message: Handover, *, is_utf8: bool) -> _Announced:
    """Sender, recipients and DATA."""
    options = ["SMTPUTF8", "BODY=8BITMIME"] if is_utf8 else []
    code, text = line.mail(wire_form(message.sender or DEFAULT_SENDER), options)
    if code != 250:
        return _Announced(_refused(code, text))
    refused: list[str] = []
    last = Answer("failed", "It has no recipient.")
    for address in message.recipients:
        code, text = line.rcpt(wire_form(address))
        if code not in (250, 251):
            last = _refused(code, text)
            if last.state in ("put_off", "broken"):
                return _Announced(last)
            refused.append(address)
    if len(refused) == len(message.recipients):
        return _Announced(last._replace(bad_addresses=tuple(refused)))
    line.putcmd("data")
    code, text = line.getreply()
    if code != 354:
        return _Announced(_refused(code, text))
    if _has_more_to_say(line):
        return _Announced(Answer("broken", "The server answers the text before it was sent."))
    return _Announced(None, tuple(refused), last.text)


def _refused(code: int, text: bytes) -> Answer:
    if code == -1:
        return Answer("broken", "The line broke before the text was sent.")
    if not 400 <= code < 600:
        said = text.decode("utf-8", "replace")[:200]
        return Answer("broken", f"The server answers out of turn: {code} {said}")
    return _answer_of(code, text)


def _answer_of(code: int, text: bytes) -> Answer:
    said = f"{code} {text.decode('utf-8', 'replace')}"[:900]
    if 200 <= code < 300:
        return Answer("sent", said)
    if 400 <= code < 600:
        return Answer("put_off" if code < 500 else "failed", said)
    return Answer("unknown", f"The server's answer says neither yes nor no: {said}")


def _told(error: Exception) -> str:
    return f"{type(error).__name__} {error}"[:300]
