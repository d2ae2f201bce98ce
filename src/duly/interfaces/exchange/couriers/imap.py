"""Look into a mailbox without changing it: mails by number, none marked as read, none removed."""

import contextlib
import imaplib
import os
import re
import ssl
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from duly.interfaces.exchange.couriers.arrivals import MOST_BYTES
from duly.interfaces.exchange.couriers.hosts import is_this_machine
from duly.kernel.errors import Malformed, Outage, Refusal

COMMAND_SECONDS = 60
AT_ONCE = 20
MOST_WHOLE = 20 << 20  # bytes of a mail that encloses a remittance
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class MailboxUnset(Refusal):
    """Mail is to be read, and no mailbox is named."""

    code = "MAILBOX_UNSET"


class MailboxUnclear(Malformed):
    """DULY_IMAP_URL names no mailbox, or its password can't be read."""

    code = "MAILBOX_UNCLEAR"


class MailboxUnreachable(Outage):
    """The mailbox does not answer, or does not let us in."""

    code = "MAILBOX_UNREACHABLE"


class Address(NamedTuple):
    """Where a mailbox is, and how it is opened."""

    host: str
    port: int
    is_tls: bool
    user: str
    password: str
    folder: str

    @property
    def name(self) -> str:
        """The mailbox without its password, as it is remembered."""
        return f"{self.user}@{self.host}/{self.folder}"[:200]


def address_from_environment() -> Address | None:
    """The mailbox that the environment names, or None. Refuses: MailboxUnclear."""
    url = os.environ.get("DULY_IMAP_URL", "")
    if not url:
        return None
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = -1
    if parts.scheme not in ("imap", "imaps") or not parts.hostname or port == -1:
        raise MailboxUnclear(
            f"{url.rpartition('@')[2]!r} names no mailbox.",
            remedy="Set DULY_IMAP_URL to imaps://USER@HOST/INBOX.",
        )
    user = unquote(parts.username or "")
    password = _password(unquote(parts.password or ""))
    if not user or not password:
        raise MailboxUnclear(
            f"Nobody says {'as whom' if not user else 'by which password'} {parts.hostname} is "
            "opened.",
            remedy="Set DULY_IMAP_URL to imaps://USER@HOST/INBOX and DULY_IMAP_PASSWORD_FILE.",
        )
    is_tls = parts.scheme == "imaps"
    folder = unquote(parts.path.strip("/")) or "INBOX"
    return Address(parts.hostname, port or (993 if is_tls else 143), is_tls, user, password, folder)


def _password(in_url: str) -> str:
    told = os.environ.get("DULY_IMAP_PASSWORD") or in_url
    file = os.environ.get("DULY_IMAP_PASSWORD_FILE")
    if told or not file:
        return told
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise MailboxUnclear(
            f"{file} can't be read as a password: {error}.",
            facts={"file": file},
            remedy="Put the password into the file and let Duly's user read it.",
        ) from None


class Fetched(NamedTuple):
    """A mail, or its beginning: `size` says how long it is."""

    uid: int
    size: int
    raw: bytes


class Mailbox:
    """A folder of a mail server, opened to look at."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._line = self._open()
        self.uid_validity = self._select()

    def _open(self) -> imaplib.IMAP4:
        where = self._address
        try:
            if where.is_tls:
                line: imaplib.IMAP4 = imaplib.IMAP4_SSL(
                    where.host,
                    where.port,
                    ssl_context=ssl.create_default_context(),
                    timeout=COMMAND_SECONDS,
                )
            else:
                line = imaplib.IMAP4(where.host, where.port, timeout=COMMAND_SECONDS)
                if "STARTTLS" in line.capabilities:
                    line.starttls(ssl.create_default_context())
                elif not is_this_machine(where.host):
                    raise MailboxUnreachable(
                        f"{where.host} offers no encryption, and the password would be read on the "
                        "way.",
                        facts={"host": where.host},
                        remedy="Use imaps://, or a server that offers STARTTLS.",
                    )
            line.login(where.user, where.password)
        except (OSError, imaplib.IMAP4.error) as error:
            raise self._unreachable(error) from None
        except UnicodeError:  # of the password, which is not told
            raise self._unreachable(OSError("its password can't be sent as ASCII")) from None
        return line

    def _select(self) -> int:
        try:
            state, said = self._line.select(_quoted(self._address.folder), readonly=True)
            _, validity = self._line.response("UIDVALIDITY")
        except (OSError, imaplib.IMAP4.error) as error:
            raise self._unreachable(error) from None
        if state != "OK":
            raise MailboxUnreachable(
                f"{self._address.name} can't be opened: {said!r}.",
                facts={"mailbox": self._address.name},
                remedy="See that the folder in DULY_IMAP_URL is there.",
            )
        return int((validity or [b"1"])[0] or b"1")

    def mails_after(self, uid: int, *, since: date | None, most: int) -> Iterator[list[Fetched]]:
        """Mails with higher numbers, some at a time; with `since` those that came from a day on.

        Raises MailboxUnreachable.
        """
        wanted = ["UID", f"{uid + 1}:*"]
        if since is not None:
            wanted += ["SINCE", f"{since.day}-{_MONTHS[since.month - 1]}-{since.year}"]
        try:
            _, found = self._line.uid("SEARCH", *wanted)
            # `n:*` always names the last mail, also where its number is below n.
            uids = sorted(n for n in map(int, (found[0] or b"").split()) if n > uid)[:most]
            for start in range(0, len(uids), AT_ONCE):
                yield self._fetch(uids[start : start + AT_ONCE])
        except (OSError, imaplib.IMAP4.error, ValueError) as error:
            raise self._unreachable(error) from None

    def _fetch(self, uids: Sequence[int]) -> list[Fetched]:
        _, parts = self._line.uid(
            "FETCH",
            ",".join(map(str, uids)),
            f"(UID RFC822.SIZE BODY.PEEK[]<0.{MOST_BYTES}>)",
        )
        found = []
        for part in parts:
            if isinstance(part, tuple) and len(part) == 2:
                head = part[0].decode("ascii", "replace")
                uid, size = re.search(r"UID (\d+)", head), re.search(r"RFC822\.SIZE (\d+)", head)
                if uid and int(uid[1]) in uids:
                    found.append(Fetched(int(uid[1]), int(size[1]) if size else 0, part[1]))
        return sorted(found)

    def whole(self, mail: Fetched) -> bytes:
        """A mail with all that it encloses, up to MOST_WHOLE bytes. Raises MailboxUnreachable."""
        if mail.size <= len(mail.raw):
            return mail.raw
        try:
            _, parts = self._line.uid("FETCH", str(mail.uid), f"(BODY.PEEK[]<0.{MOST_WHOLE}>)")
        except (OSError, imaplib.IMAP4.error) as error:
            raise self._unreachable(error) from None
        found = [part[1] for part in parts if isinstance(part, tuple) and len(part) == 2]
        return max(found, key=len, default=mail.raw)

    def close(self) -> None:
        """End the conversation."""
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            self._line.logout()

    def _unreachable(self, error: Exception) -> MailboxUnreachable:
        where = self._address
        return MailboxUnreachable(
            f"The mailbox {where.name} can't be read: {error or type(error).__name__}.",
            facts={"host": where.host, "port": where.port},
            remedy="See that it runs and that DULY_IMAP_URL and its password are right.",
        )


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
