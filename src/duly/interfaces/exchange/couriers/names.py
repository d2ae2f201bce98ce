"""Ask a name server: the few questions that a look at a mail domain needs, and no cache."""

import ipaddress
import os
import secrets
import socket
import struct
from pathlib import Path

from duly.kernel.errors import Outage

SECONDS = 3.0
TRIES = 2
_KINDS = {"A": 1, "MX": 15, "TXT": 16, "AAAA": 28}
_NO_SUCH_NAME = 3
_MOST_LABELS = 128


class NamesUnreachable(Outage):
    """No name server answers, or it answers nonsense."""

    code = "NAMES_UNREACHABLE"


class Resolver:
    """Questions to one name server."""

    def __init__(self, host: str, port: int = 53) -> None:
        self._server = (host, port)

    def ask(self, name: str, kind: str) -> list[str]:
        """Records of a name as texts; none where the name or the kind is not there.

        Raises NamesUnreachable where no answer comes, or none that can be read.
        """
        number = secrets.randbelow(65_536)
        try:
            asked = struct.pack(">HHHHHH", number, 0x0100, 1, 0, 0, 0) + _spelled(name)
            asked += struct.pack(">HH", _KINDS[kind], 1)
            answer = self._datagram(asked)
            if len(answer) > 2 and answer[2] & 2:  # too long for a datagram
                answer = self._stream(asked)
            return _records(answer, number, _KINDS[kind])
        except (OSError, struct.error, IndexError, UnicodeError, ValueError) as error:
            raise NamesUnreachable(
                f"The name server {self._server[0]} does not tell {kind} of {name}: "
                f"{error or type(error).__name__}.",
                facts={"server": self._server[0], "name": name, "kind": kind},
                remedy="See that names can be looked up here; then ask again.",
            ) from None

    def _datagram(self, asked: bytes) -> bytes:
        family = socket.AF_INET6 if ":" in self._server[0] else socket.AF_INET
        for attempt in range(1, TRIES + 1):
            with socket.socket(family, socket.SOCK_DGRAM) as line:
                line.settimeout(SECONDS)
                line.connect(self._server)
                line.send(asked)
                try:
                    return line.recv(65_535)
                except TimeoutError:
                    if attempt == TRIES:
                        raise
        raise TimeoutError

    def _stream(self, asked: bytes) -> bytes:
        with socket.create_connection(self._server, timeout=SECONDS) as line:
            line.sendall(struct.pack(">H", len(asked)) + asked)
            with line.makefile("rb") as file:
                return file.read(struct.unpack(">H", file.read(2))[0])


def resolver_here() -> Resolver | None:
    """The name server of this machine (or that DULY_DNS_SERVER names), if there is one."""
    told = os.environ.get("DULY_DNS_SERVER", "")
    if told:
        host, _, port = told.rpartition(":")
        return Resolver(host or told, int(port) if host and port.isdecimal() else 53)
    try:
        lines = Path("/etc/resolv.conf").read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return None
    for line in lines:
        word, _, host = line.strip().partition(" ")
        if word == "nameserver":
            return Resolver(host.strip())
    return None


def _spelled(name: str) -> bytes:
    labels = [label.encode("idna") for label in name.strip(".").split(".")]
    if any(not 0 < len(label) < 64 for label in labels):
        raise ValueError(f"{name!r} is no name")
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def _records(answer: bytes, number: int, kind: int) -> list[str]:
    said, flags, questions, count = struct.unpack(">HHHH", answer[:8])
    if said != number or not flags & 0x8000:
        raise ValueError("the answer is to another question")
    if flags & 15 == _NO_SUCH_NAME:
        return []
    if flags & 15:
        raise ValueError(f"it refused with code {flags & 15}")
    place = 12
    for _ in range(questions):
        place = _name(answer, place)[1] + 4
    found = []
    for _ in range(count):
        _, place = _name(answer, place)
        of_kind, _, _, length = struct.unpack(">HHIH", answer[place : place + 10])
        place += 10
        if of_kind == kind:
            found.append(_data(answer, place, length, kind))
        place += length
    return found


def _data(answer: bytes, place: int, length: int, kind: int) -> str:
    data = answer[place : place + length]
    if kind in (_KINDS["A"], _KINDS["AAAA"]):
        return str(ipaddress.ip_address(data))
    if kind == _KINDS["MX"]:
        return f"{struct.unpack('>H', data[:2])[0]} {_name(answer, place + 2)[0] or '.'}"
    parts, at = [], 0
    while at < len(data):
        parts.append(data[at + 1 : at + 1 + data[at]])
        at += 1 + data[at]
    return b"".join(parts).decode("utf-8", "replace")


def _name(answer: bytes, place: int) -> tuple[str, int]:
    """A name and the place after it; it may point backwards to its end, but not for ever."""
    labels: list[str] = []
    end = None
    for _ in range(_MOST_LABELS):
        length = answer[place]
        if length >= 192:
            end = end or place + 2
            place = struct.unpack(">H", answer[place : place + 2])[0] & 0x3FFF
        elif length == 0:
            return ".".join(labels), end or place + 1
        else:
            labels.append(answer[place + 1 : place + 1 + length].decode("ascii", "replace"))
            place += 1 + length
    raise ValueError("a name without an end")
