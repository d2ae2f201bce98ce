"""What is wrong with a remittance, and how much of one is read."""

from duly.cash_application.rules.advices import DOES_NOT_ADD_UP, DOUBTFUL, INCOMPLETE, UNREADABLE
from duly.kernel.errors import Problem

MIB = 1 << 20
MOST_BYTES = 50 * MIB
MOST_LINES = 20_000  # of one advice
MOST_TEXT = 2 * MIB  # characters of a text without columns
LONGEST = 300  # characters of a number, a name or a text that are kept

_AGAIN = "Ask the payer for it again, or paste its lines as text."


def unreadable(place: str, why: str, remedy: str = _AGAIN) -> Problem:
    """What can't be read: the file is refused with all of those."""
    return Problem(place, UNREADABLE, f"It can't be read: {why}.", remedy)


def incomplete(place: str, why: str) -> Problem:
    """What a file that is whole would have: it may have been cut."""
    return Problem(place, INCOMPLETE, why, _AGAIN)


def unequal(place: str, why: str) -> Problem:
    """A control total of the file that its payments do not make."""
    return Problem(place, DOES_NOT_ADD_UP, why, _AGAIN)


def doubtful(place: str, why: str, remedy: str = "Look at the line in the file.") -> Problem:
    """What is read though it may be meant otherwise."""
    return Problem(place, DOUBTFUL, why, remedy)


def too_many(place: str) -> Problem:
    """An advice of more lines than any payer sends."""
    return unreadable(place, f"it has more than {MOST_LINES:,} lines", "Ask for it in parts.")


def short(text: str) -> str:
    """A text as it is kept: one line, not endless, without what no database takes.

    >>> short("  INV\\n 1 ")
    'INV 1'
    """
    plain = text[: 4 * LONGEST].replace("\0", "")
    return " ".join(plain.encode("utf-8", "replace").decode().split())[:LONGEST]
