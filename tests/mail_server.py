"""A mail server on loopback that keeps what it is handed, and fails where a test says so.

Its faults are those of T11: put off or refuse a message or an address, hang up before the text,
in the middle of it, or after it without an answer; fall silent before the text or after it; answer
twice, before the text, or with what is no answer to one. `tls` is what becomes of STARTTLS: ""
where it is not offered, "refused" or "broken".
"""

import contextlib
import email
import email.policy
import re
import socketserver
import threading
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage


@dataclass(frozen=True)
class Taken:
    """A message that came over the line whole, and whether it was accepted."""

    mail: EmailMessage
    to: tuple[str, ...]
    is_accepted: bool

    @property
    def text(self) -> str:
        part = self.mail.get_body(("plain",))
        assert part is not None
        return part.get_content()

    @property
    def message_id(self) -> str:
        return str(self.mail["Message-ID"])


class MailServer:
    """Listens until the process ends; `fault` names what befalls a message to an address."""

    def __init__(self, fault: Callable[[str], str] = lambda address: "none") -> None:
        self.fault, self.taken = fault, list[Taken]()
        self.extensions: tuple[str, ...] = ()
        self.tls = ""
        self._is_late = False
        self._lock = threading.Lock()
        ours = self

        class Conversation(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):
                    ours._talk(self.rfile, self.wfile)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = allow_reuse_address = True

        self._server = Server(("127.0.0.1", 0), Conversation)
        self.url = f"smtp://127.0.0.1:{self._server.server_address[1]}"
        # Looks every hundredth of a second whether it is to end: there is one in many a test.
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()

    @property
    def accepted(self) -> list[Taken]:
        return [one for one in self.taken if one.is_accepted]

    def reached(self, stage: str) -> None:
        """A stage of a conversation: its verbs, TEXT, TAKEN, ANSWERED; for trials that kill."""

    def _talk(self, lines, out) -> None:  # noqa: ANN001
        def say(text: str) -> None:
            out.write(text.encode() + b"\r\n")

        say("220 here")
        to: list[str] = []
        for line in iter(lines.readline, b""):
            verb = line[:4].decode("ascii", "replace").strip().upper()
            self.reached(verb)
            if verb == "QUIT":
                say("221 bye")
                return
            if verb == "EHLO":
                for name in ("here", *self.extensions, *(("STARTTLS",) if self.tls else ())):
                    say(f"250-{name}")
                say("250 8BITMIME")
            elif line.startswith(b"STARTTLS"):
                say("454 not now" if self.tls == "refused" else "220 go on")
                say("this is no handshake")
                return
            elif verb == "RCPT":
                address = re.search(rb"<(.*?)>", line)[1].decode().lower()
                if self.fault(address) == "refuse-address":
                    say("550 5.1.1 no such person")
                    continue
                to.append(address)
                say("250 ok")
            elif verb == "DATA":
                if not self._take(lines, say, to):
                    return
                to = []
            else:
                if self._is_late and verb == "MAIL":
                    say("250 taken")
                    self._is_late = False
                to = [] if verb in ("MAIL", "RSET") else to
                say("250 ok")

    def _take(self, lines, say: Callable[[str], None], to: list[str]) -> bool:  # noqa: ANN001
        """Take a text as the fault says; False when the line is to be cut."""
        fault = self.fault(to[0])
        if fault == "cut-before-text":
            return False
        if fault == "silent-before-text":
            lines.read()  # until the other side gives up
            return False
        early = {"answer-early": "\r\n250 stray", "go-on-twice": "\r\n354 go on"}
        say("354 go on" + early.get(fault, ""))
        if fault == "cut-after-go-on":
            return False
        data = b""
        while not data.endswith(b"\r\n.\r\n"):
            more = lines.readline()
            if not more:
                return False
            if not data:
                self.reached("TEXT")
            data += more
            if fault == "cut-in-text":
                return False
        mail = email.message_from_bytes(
            data[:-3].replace(b"\r\n..", b"\r\n."), policy=email.policy.default
        )
        is_accepted = fault not in ("put-off", "refuse", "answer-early")
        with self._lock:
            self.taken.append(Taken(mail, tuple(to), is_accepted))
        self.reached("TAKEN")
        if fault == "silent-after-text":
            lines.read()
        if fault in ("cut-after-text", "silent-after-text"):
            return False
        self._is_late = fault == "answer-late"  # the second time when the next message begins
        answers = {
            "put-off": "451 later",
            "refuse": "554 no",
            "answer-early": "554 no",
            "answer-twice": "250 a\r\n250 b",
            "answer-odd": "354 go on\r\n250 taken",
        }
        say(answers.get(fault, "250 taken"))
        self.reached("ANSWERED")
        return True
