"""How a batch is sealed: digests over the written form of its rows, chained batch to batch.

Rule: a block's digest is SHA-256 of its rows as CSV lines in id order; a batch's digest is SHA-256
of the digest before it, its header and its blocks' digests. Four bytes a row (CRC-32) tell which
row of a block differs; they locate, the digests prove.
Format version 1.
"""

import hashlib
import json
import struct
import zlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

VERSION = 1
FIRST_DIGEST = "0" * 64


def block_digest(lines: bytes) -> str:
    """SHA-256 of a block's lines, in hexadecimal."""
    return hashlib.sha256(lines).hexdigest()


def row_marks(lines: bytes, count: int) -> bytes:
    """Four bytes for each of `count` rows, in order."""
    return struct.pack(f">{count}I", *map(zlib.crc32, _rows(lines, count)))


def _rows(lines: bytes, count: int) -> list[bytes]:
    """The lines row by row, without their ends.

    A line break within a row stands between quotation marks, of which each row has an even number.
    """
    rows = lines.split(b"\n")[:-1]
    if len(rows) == count:
        return rows
    joined: list[bytes] = []
    is_inside = False
    for part in rows:
        if is_inside:
            joined[-1] += b"\n" + part
        else:
            joined.append(part)
        is_inside ^= bool(part.count(b'"') % 2)
    return joined


def header(
    *,
    sequence: int,
    batch: tuple[int, str, str, str],
    recorded_at: datetime,
    totals: dict[str, dict[str, int]],
    rows: dict[str, int],
) -> dict[str, object]:
    """What a seal says of its batch (id, kind, actor, note) beside the rows themselves."""
    return {
        "sequence": sequence,
        "batch": list(batch),
        "recorded_at": recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "totals": totals,
        "rows": rows,
    }


def batch_digest(
    previous: str, header: dict[str, object], blocks: Iterable[tuple[str, int, int, str]]
) -> str:
    """The digest of a batch: `blocks` are (table, first id, count, digest) in order of writing."""
    told = json.dumps(
        [VERSION, previous, header, [list(block) for block in blocks]],
        sort_keys=True,
        ensure_ascii=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(told.encode()).hexdigest()


def differing_rows(
    marks: bytes, first_id: int, found: Sequence[tuple[int, bytes]]
) -> list[tuple[int, str]]:
    """Which rows of a block are not as sealed: (id, "changed" | "missing").

    `found` are the rows that are there now: (id, line with its line break).
    """
    lines = dict(found)
    count = len(marks) // 4
    differing = []
    for offset, mark in enumerate(struct.unpack(f">{count}I", marks)):
        line = lines.get(first_id + offset)
        if line is None:
            differing.append((first_id + offset, "missing"))
        elif zlib.crc32(line.removesuffix(b"\n")) != mark:
            differing.append((first_id + offset, "changed"))
    return differing
