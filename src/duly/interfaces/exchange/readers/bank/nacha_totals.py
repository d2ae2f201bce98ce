"""The controls of a NACHA file: counts, hashes and totals of its batches and of all."""

from collections.abc import Iterator

from duly.kernel.amounts import text_from_minor
from duly.kernel.errors import Problem

_HASH = 10**10


class _Sums:
    """Entries and addenda, the sum of bank numbers, and cents by side."""

    def __init__(self) -> None:
        self.count = self.hash = self.debits = self.credits = 0


class Totals:
    """What stands in a file so far, held against its records 8 and 9. See: F-05."""

    def __init__(self) -> None:
        self._batch, self._file, self._batches = _Sums(), _Sums(), 0

    def open(self) -> None:
        """A batch begins."""
        self._batch = _Sums()
        self._batches += 1

    def entry(self, number: str, minor: int, *, is_credit: bool) -> None:
        """One more entry, of a bank number of eight digits and so many cents."""
        for sums in (self._batch, self._file):
            sums.count += 1
            sums.hash += int(number)
            if is_credit:
                sums.credits += minor
            else:
                sums.debits += minor

    def addenda(self) -> None:
        """One more addenda record."""
        self._batch.count += 1
        self._file.count += 1

    def batch(self, place: str, line: str) -> Iterator[Problem]:
        """What is wrong with record 8."""
        yield from _held(place, self._batch, line[4:10], line[10:20], line[20:44])

    def file(self, place: str, line: str) -> Iterator[Problem]:
        """What is wrong with record 9."""
        yield from _equal(place, "batches", line[1:7], self._batches)
        yield from _held(place, self._file, line[13:21], line[21:31], line[31:55])


def _held(place: str, sums: _Sums, count: str, hash: str, amounts: str) -> Iterator[Problem]:
    yield from _equal(place, "entries and addenda", count, sums.count)
    yield from _equal(place, "as the sum of bank numbers", hash, sums.hash % _HASH)
    yield from _equal(place, "of debits", amounts[:12], sums.debits, is_money=True)
    yield from _equal(place, "of credits", amounts[12:], sums.credits, is_money=True)


def _equal(
    place: str, what: str, claimed: str, found: int, *, is_money: bool = False
) -> Iterator[Problem]:
    claimed = claimed.strip()
    is_number = claimed.isascii() and claimed.isdigit()
    if is_number and int(claimed) == found:
        return
    told = claimed
    if is_money:
        told = f"{text_from_minor(int(claimed), 2)} USD" if is_number else claimed
    yield Problem(
        where=place,
        code="DOES_NOT_ADD_UP",
        message=f"The file claims {told or 'nothing'} {what}; there are "
        f"{text_from_minor(found, 2) + ' USD' if is_money else found}.",
        remedy="Ask the bank for the file again; nothing of it can be trusted.",
    )
