"""Bank files for tests: read to events, the public corpus, and what hostile hands make of them."""

import io
import random
from collections.abc import Iterator
from pathlib import Path

from duly.cash_application.rules.statements import Closed, Entry, Event, Opened, prove
from duly.interfaces.exchange.readers.bank.opening import reader_of
from duly.kernel.errors import Problem

CORPUS = Path(__file__).resolve().parents[2] / "../shared/data/bank"


def read(format: str, data: bytes | str) -> list[Event]:
    """All that a file says, proved; text is taken as UTF-8."""
    raw = data.encode() if isinstance(data, str) else data
    return list(prove(reader_of(format)(io.BytesIO(raw), "file")))


def entries(events: list[Event]) -> list[Entry]:
    """The entries among the events."""
    return [event for event in events if isinstance(event, Entry)]


def heads(events: list[Event]) -> list[Opened]:
    """The statements among the events."""
    return [event for event in events if isinstance(event, Opened)]


def feet(events: list[Event]) -> list[Closed]:
    """Where statements end."""
    return [event for event in events if isinstance(event, Closed)]


def problems(events: list[Event]) -> list[tuple[str, str]]:
    """Place and code of each problem among the events."""
    return [(event.where, event.code) for event in events if isinstance(event, Problem)]


def corpus(folder: str) -> list[Path]:
    """The public files of a format; none where they are not at hand."""
    return sorted(path for path in (CORPUS / folder).rglob("*") if path.is_file())


def spoiled(data: bytes, seed: int = 1) -> Iterator[bytes]:
    """Cut at each twentieth; bytes flipped, lost, doubled; a NUL; lines exchanged."""
    for part in range(20):
        yield data[: len(data) * part // 20]
    dice = random.Random(seed)
    for _ in range(20):
        broken = bytearray(data)
        for _ in range(dice.randrange(1, 5)):
            at = dice.randrange(len(broken))
            broken[at] ^= 1 << dice.randrange(8)
        yield bytes(broken)
        at = dice.randrange(len(data))
        yield data[:at] + data[at + dice.randrange(1, 9) :]
        yield data[:at] + data[max(0, at - 7) :]
    yield data[: len(data) // 2] + b"\0" + data[len(data) // 2 :]
    lines = data.splitlines(keepends=True)
    dice.shuffle(lines)
    yield b"".join(lines)


def assert_well_formed(events: list[Event]) -> None:
    """Every entry stands in a statement that is open; each is closed before the next."""
    is_open = False
    for event in events:
        if isinstance(event, Opened):
            assert not is_open
            is_open = True
        elif isinstance(event, Closed):
            assert is_open
            is_open = False
        elif isinstance(event, Entry):
            assert is_open
            assert event.place
            assert "\0" not in event.remittance + event.name
        else:
            assert all((event.where, event.code, event.message, event.remedy))
    assert not is_open
