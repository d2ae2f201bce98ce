"""A name server on loopback that knows what a test tells it, and misbehaves where it says so."""

import socketserver
import struct
import threading

_KINDS = {1: "A", 15: "MX", 16: "TXT", 28: "AAAA"}


class NameServer:
    """Answers by datagram and stream until it is closed; `records` are by (name, kind)."""

    def __init__(self, records: dict[tuple[str, str], list[str]], fault: str = "") -> None:
        self.records, self.fault = records, fault
        ours = self

        class Datagram(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                asked, line = self.request
                told = ours._answer(asked)
                if ours.fault == "silent":
                    return
                if ours.fault == "nonsense":
                    told = b"\0" * 40
                if len(told) > 512:
                    told = asked[:2] + struct.pack(">HHHHH", 0x8380, 1, 0, 0, 0) + asked[12:]
                line.sendto(told, self.client_address)

        class Stream(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                (length,) = struct.unpack(">H", self.rfile.read(2))
                told = ours._answer(self.rfile.read(length))
                self.wfile.write(struct.pack(">H", len(told)) + told)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = allow_reuse_address = True

        self._datagrams = socketserver.ThreadingUDPServer(("127.0.0.1", 0), Datagram)
        self.port = self._datagrams.server_address[1]
        self._streams = Server(("127.0.0.1", self.port), Stream)
        for server in (self._datagrams, self._streams):
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Answer no more."""
        for server in (self._datagrams, self._streams):
            server.shutdown()
            server.server_close()

    def _answer(self, asked: bytes) -> bytes:
        labels, place = [], 12
        while asked[place]:
            labels.append(asked[place + 1 : place + 1 + asked[place]].decode())
            place += 1 + asked[place]
        kind = struct.unpack(">H", asked[place + 1 : place + 3])[0]
        name = ".".join(labels).lower()
        found = self.records.get((name, _KINDS.get(kind, "")), [])
        is_there = any(known == name for known, _ in self.records)
        flags = 0x8180 if is_there else 0x8183
        if self.fault == "refused":
            flags, found = 0x8185, []
        question = asked[12 : place + 5]
        answers = b"".join(self._record(kind, text) for text in found)
        return asked[:2] + struct.pack(">HHHHH", flags, 1, len(found), 0, 0) + question + answers

    def _record(self, kind: int, text: str) -> bytes:
        if kind == 1:
            data = bytes(map(int, text.split(".")))
        elif kind == 15:
            order, _, host = text.partition(" ")
            labels = [label.encode() for label in host.split(".") if label]
            data = struct.pack(">H", int(order))
            data += b"".join(bytes([len(one)]) + one for one in labels) + b"\0"
        else:
            raw = text.encode()
            parts = [raw[at : at + 255] for at in range(0, len(raw), 255)]
            data = b"".join(bytes([len(part)]) + part for part in parts)
        return b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 60, len(data)) + data
