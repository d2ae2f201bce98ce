"""Which rows of a file are there already, where rows have no id of their own.

A row that settled several instalments was written as several pieces: one after the other, of one
batch, each on a later instalment. Rows are known again by their amount, as one piece or as such a
run; each piece stands for one row only, so that twins are counted.
"""

from typing import NamedTuple


class Piece(NamedTuple):
    """One application that stands. `place` tells its instalment among those of the document."""

    id: int
    batch_id: int
    place: int
    amount: int
    discount: int


class Pieces:
    """What stands of one source on one document on one day, in the order of writing."""

    def __init__(self) -> None:
        self._pieces: list[Piece] = []
        self._alone: dict[int, list[int]] = {}  # amount -> positions of pieces not yet taken
        self._is_taken: list[bool] = []

    def add(self, piece: Piece) -> None:
        """Add the next piece."""
        self._alone.setdefault(piece.amount, []).append(len(self._pieces))
        self._pieces.append(piece)
        self._is_taken.append(False)

    def take(self, amount: int, discount: int) -> list[Piece]:
        """The pieces of a row of this amount, that of its discount first; [] where none stand.

        >>> pieces = Pieces()
        >>> for place, part in ((0, 50), (1, 20), (1, 30)):
        ...     pieces.add(Piece(part, 7, place, part, 0))
        >>> [[piece.amount for piece in pieces.take(amount, 0)] for amount in (70, 30, 30)]
        [[50, 20], [30], []]
        """
        alone = self._alone.get(amount)
        if not alone:
            return self._taken(self._run(amount))
        alike = (at for at in alone if self._pieces[at].discount == discount)
        position = next(alike, alone[0])
        return self._taken(range(position, position + 1))

    def _run(self, amount: int) -> range:
        """The first run of pieces that adds up to an amount."""
        for start, first in enumerate(self._pieces):
            end, total, place = start, 0, -1
            while end < len(self._pieces) and total < amount:
                piece = self._pieces[end]
                is_next = piece.batch_id == first.batch_id and piece.place > place
                if self._is_taken[end] or not is_next:
                    break
                total, place, end = total + piece.amount, piece.place, end + 1
            if total == amount:
                return range(start, end)
        return range(0)

    def _taken(self, positions: range) -> list[Piece]:
        for position in positions:
            self._is_taken[position] = True
            self._alone[self._pieces[position].amount].remove(position)
        return [self._pieces[position] for position in positions]
