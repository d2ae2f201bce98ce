"""The control totals of a BAI2 file: sums and counts of accounts, groups and the whole file."""

import re
from collections.abc import Iterator

from duly.kernel.errors import Problem

_TOTAL = re.compile(r"[-+]?[0-9]{1,18}")


class Totals:
    """What stands in a file so far, held against what its trailers 49, 98 and 99 claim.

    `minor` is the sum of the amounts of records 03 and 16 of the account, as they are written,
    `records` the number of records of the file, continuations included.
    """

    def __init__(self) -> None:
        self.minor = self.records = 0
        self._account_at = self._group_at = 0  # how many records stand before
        self._accounts = self._groups = 0
        self._group_minor = self._file_minor = 0

    def open_group(self) -> None:
        """A group begins with the newest record."""
        self._group_at = self.records - 1
        self._accounts = self._group_minor = 0

    def open_account(self, records: int) -> None:
        """An account begins with the newest record, which is so many with its continuations."""
        self._account_at = self.records - records
        self.minor = 0

    def account(self, place: str, fields: list[str]) -> Iterator[Problem]:
        """What is wrong with the trailer 49: control total, records."""
        yield from _held(place, "account", fields[1:2], self.minor)
        yield from _counted(place, "records", fields[2:3], self.records - self._account_at)
        self._accounts += 1
        self._group_minor += _number(fields[1:2])

    def group(self, place: str, fields: list[str]) -> Iterator[Problem]:
        """What is wrong with the trailer 98: control total, accounts, records."""
        yield from _held(place, "group", fields[1:2], self._group_minor)
        yield from _counted(place, "accounts", fields[2:3], self._accounts)
        yield from _counted(place, "records", fields[3:4], self.records - self._group_at)
        self._groups += 1
        self._file_minor += _number(fields[1:2])

    def file(self, place: str, fields: list[str]) -> Iterator[Problem]:
        """What is wrong with the trailer 99: control total, groups, records."""
        yield from _held(place, "file", fields[1:2], self._file_minor)
        yield from _counted(place, "groups", fields[2:3], self._groups)
        yield from _counted(place, "records", fields[3:4], self.records)


def _number(field: list[str]) -> int:
    return int(field[0]) if field and _TOTAL.fullmatch(field[0]) else 0


def _held(place: str, what: str, field: list[str], minor: int) -> Iterator[Problem]:
    """Banks leave a total of nothing blank; they write it in the minor units of the currency."""
    text = field[0] if field else ""
    is_held = _number(field) == minor if _TOTAL.fullmatch(text) else not text and not minor
    if not is_held:
        yield Problem(
            where=place,
            code="DOES_NOT_ADD_UP",
            message=f"The control total of the {what} is {text or 'missing'}; its amounts make "
            f"{minor}: {minor - _number(field)} too much.",
            remedy="Ask the bank for the file again; nothing of it can be trusted.",
        )


def _counted(place: str, what: str, field: list[str], count: int) -> Iterator[Problem]:
    text = field[0] if field else ""
    if text and _number(field) != count:
        yield Problem(
            where=place,
            code="DOES_NOT_ADD_UP",
            message=f"The file claims {text} {what}; there are {count:,}.",
            remedy="Ask the bank for the file again.",
        )
