"""The rows of a statement's table: what is open, or what happened."""

from dataclasses import dataclass
from typing import Any

from duly.interfaces.exchange.writers.statements.letter import Letter
from duly.interfaces.exchange.writers.statements.pagination import SIZES
from duly.interfaces.exchange.writers.statements.words import words_of
from duly.kernel.currencies import exponent
from duly.receivables.rules.statements import ACTIVITY, Line, Movement, Part

_NUMBER_CHARACTERS, _SECOND_CHARACTERS = 30, 52  # what a line of the first column holds

# (word, millimetres or what is left, whether figures stand at the right)
_OPEN = (
    ("document", None, False),
    ("issued", 27, False),
    ("due", 27, False),
    ("days_late", 22, True),
    ("open", 34, True),
)
_ACTIVITY = (
    ("date", 27, False),
    ("what", None, False),
    ("charges", 30, True),
    ("credits", 30, True),
    ("balance", 32, True),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it is drawn; `minor` is what it adds to the running sum.

    A cell is a text, or a list of lines: the first in full size, the others small below it. An
    amount is two parts: whole units, and decimals.
    """

    cells: list[Any]
    height: float
    minor: int


@dataclass(frozen=True, slots=True)
class Table:
    """Heads and rows; a column's width is millimetres, or nothing for what is left."""

    columns: list[dict[str, Any]]
    rows: list[Row]


def table_of(letter: Letter, part: Part) -> Table:
    """The table of a part."""
    words = words_of(letter.locale.language)
    is_activity = letter.statement.kind == ACTIVITY
    columns = [
        {"name": words[name], "width": width, "right": is_right}
        for name, width, is_right in (_ACTIVITY if is_activity else _OPEN)
    ]
    if is_activity:
        return Table(columns, _movements(letter, part))
    return Table(columns, [_line(letter, part, line) for line in part.lines])


def _line(letter: Letter, part: Part, line: Line) -> Row:
    words, locale = words_of(letter.locale.language), letter.locale
    decimals = exponent(part.currency)
    said = []
    if line.kind == "payment":
        said.append(words["payment_open"])
    elif line.kind != "invoice":
        said.append(words[line.kind])
    if line.instalment:
        said.append(words["instalment"].format(n=line.instalment))
    if line.reference and line.kind != "payment":
        said.append(words["order"].format(reference=line.reference))
    if line.disputed_minor:
        in_dispute = locale.money(line.disputed_minor, decimals)
        said.append(words["disputed"].format(amount=in_dispute))
    late = line.days_past_due(letter.statement.on)
    is_late = late > 0 and line.amount_minor > 0
    left: list[Any] = [locale.amount(line.open_minor, decimals)]
    if line.open_minor != line.amount_minor:
        left.append(words["of_amount"].format(amount=locale.money(line.amount_minor, decimals)))
    is_credit = line.amount_minor < 0
    return _row(
        letter,
        line.customer_id,
        line.number,
        said,
        [
            locale.day(line.issued_on),
            "" if is_credit else locale.day(line.due_on),
            str(late) if is_late else "–",
            left,
        ],
        line.open_minor,
    )


def _movements(letter: Letter, part: Part) -> list[Row]:
    words, locale = words_of(letter.locale.language), letter.locale
    decimals = exponent(part.currency)
    first = letter.statement.from_on or letter.statement.on
    balance = part.opening_minor
    opening = words["opening"]
    rows = [
        Row(
            [locale.day(first), opening, "", "", [locale.amount(balance, decimals)]],
            SIZES["row"],
            balance,
        )
    ]
    for movement in part.movements:
        balance += movement.amount_minor
        shown = [locale.amount(abs(movement.amount_minor), decimals)]
        is_charge = movement.amount_minor > 0
        row = _row(
            letter,
            movement.customer_id,
            _happening(words, movement),
            [movement.reference] if movement.reference else [],
            [
                shown if is_charge else "",
                "" if is_charge else shown,
                [locale.amount(balance, decimals)],
            ],
            movement.amount_minor,
        )
        row.cells.insert(0, locale.day(movement.on))
        rows.append(row)
    return rows


def _happening(words: dict[str, Any], movement: Movement) -> str:
    kind = "settled_before" if movement.kind == "opening" else movement.kind
    return f"{words[kind]} {movement.number}".strip()


def _row(
    letter: Letter, customer_id: int, number: str, said: list[str], cells: list[Any], minor: int
) -> Row:
    """A row whose first column names a document, with what else is to say of it below."""
    if len(letter.names) > 1:
        said = [letter.names[customer_id], *said]
    first = _lines(number, _NUMBER_CHARACTERS)
    second = _lines(" · ".join(said), _SECOND_CHARACTERS) if said else []
    amounts = cells[-1] if isinstance(cells[-1], list) else []
    lines = max(len(first) + len(second), len(amounts))
    height = SIZES["row"] + SIZES["second"] * (lines - 1)
    return Row([[*first, *second], *cells], round(height, 2), minor)


def _lines(text: str, characters: int) -> list[str]:
    """A text in lines of so many characters, wide ones counted twice; cut anywhere."""
    lines, line, used = [], "", 0
    for character in text:
        width = 2 if ord(character) > 0x2E7F else 1
        if used + width > characters:
            lines.append(line)
            line, used = "", 0
        line += character
        used += width
    return [*lines, line]
