"""Statements of customers and credit requests, as the shell keeps and tells them."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from duly.access.actions import Author
from duly.credit.actions.statements import StatementDraft, keep_financial_statements, set_yardsticks
from duly.credit.errors import FigureUnfit, StatementUnfit
from duly.credit.queries.statements import (
    Kept,
    Subject,
    analysis_of,
    segment_of,
    statement_by_id,
    statements_of,
    yardsticks_kept,
)
from duly.credit.rules.statement_files import months_of
from duly.credit.rules.statement_lines import BY_ID
from duly.credit.rules.statements import Sheet, unit_of
from duly.credit.rules.yardsticks import Yardstick
from duly.interfaces.exchange.assessing import assessment_document, number
from duly.interfaces.exchange.readers import open_tables
from duly.interfaces.exchange.readers.refusals import HeaderUnfit
from duly.interfaces.exchange.statement_files import (
    STYLE,
    ReadStatements,
    Said,
    kept_document,
    line_named,
)
from duly.kernel.currencies import exponent
from duly.kernel.dates import parse_iso_date
from duly.kernel.quoting import quoted

YARDSTICK_COLUMNS = ("ratio", "low", "median", "high", "source")


class Firm(NamedTuple):
    """What is said of a firm beside its figures."""

    kind: str
    assurance: str = "none"
    market_value: Decimal | None = None
    price_index: Decimal | None = None


def keep_read(
    entity_id: int, whose: Subject, read: ReadStatements, name: str, firm: Firm, author: Author
) -> dict[str, Any]:
    """Keep what a file said."""
    drafts = [StatementDraft(sheet, *firm, name, read.sha256) for sheet in read.sheets]
    ids = keep_financial_statements(
        entity_id=entity_id,
        request_id=whose.request_id,
        customer_id=whose.customer_id,
        drafts=drafts,
        author=author,
    )
    return {"statements": _told(entity_id, ids), "notes": read.notes}


def _told(entity_id: int, ids: Sequence[int]) -> list[dict[str, Any]]:
    found = [statement_by_id(entity_id, id_) for id_ in ids]
    return [kept_document(one) for one in found if one is not None]


def typed_statement(
    words: Sequence[str], *, year_end: str, months: str, said: Said
) -> ReadStatements:
    """A statement of words LINE=AMOUNT, in the unit said.

    Refuses: UnitUnknown, UnknownCurrency, InvalidDate; FigureUnfit for a word that is none.
    """
    unit = unit_of(said.unit)
    exponent(said.currency)
    figures = {}
    for word in words:
        name, mark, text = word.partition("=")
        line = line_named(name)
        if not mark or line is None or line in figures:
            raise FigureUnfit(
                f"{quoted(word)} is no line and amount, or its line is told twice.",
                facts={"where": word[:40], "text": text[:40], "lines": list(BY_ID)},
                remedy="Write LINE=AMOUNT, such as cash=250.",
            )
        figures[line] = Decimal(STYLE.read(text) or "0") * unit
    day = parse_iso_date(year_end)
    sheet = Sheet(day, months_of(months, str(day)), unit, said.currency, figures)
    return ReadStatements([sheet], [], "", "typed")


def listed(entity_id: int, whose: Subject) -> dict[str, Any]:
    """The statements of a subject that count."""
    return {"statements": [kept_document(one) for one in statements_of(entity_id, *whose)]}


def shown(entity_id: int, whose: Subject, on: Any) -> dict[str, Any]:
    """What the statements of a subject say: ratios over the years, readings, models."""
    kept = statements_of(entity_id, *whose)
    found = analysis_of(entity_id, kept, on, segment_of(whose.customer_id))
    if found is None:
        raise StatementUnfit(
            "There is no statement yet.",
            remedy="Add one, or import the accounts.",
        )
    return {
        **assessment_document(found.assessment),
        "years": [day.isoformat() for day in found.year_ends],
        "rows": [
            {
                "id": row.formula.id,
                "label": row.formula.label,
                "formula": row.formula.told,
                "values": [number(ratio.value) for ratio in row.years],
                "trend": row.trend.way if row.trend else None,
                "reading": row.reading.text,
                "by": row.reading.source,
            }
            for row in found.rows
        ],
        "common_size": [
            {"line": row.line.id, "shares": [number(share) for share in row.shares]}
            for row in found.common
        ],
        "statements": [kept_document(one) for one in kept],
    }


def one_statement(entity_id: int, statement_id: int) -> Kept:
    """A statement by its number. Refuses: StatementUnfit."""
    found = statement_by_id(entity_id, statement_id)
    if found is None:
        raise StatementUnfit(
            f"There is no statement {statement_id}.",
            facts={"statement": statement_id},
            remedy="Look at the statements of the customer or the request.",
        )
    return found


def keep_yardsticks(entity_id: int, path: Path, from_on: Any, author: Author) -> dict[str, Any]:
    """Keep the yardsticks of a table: segment, ratio, low, median, high, source."""
    table = open_tables(path, path.name)[0].plain()
    places = {name: table.place_of(name) for name in (*YARDSTICK_COLUMNS, "segment")}
    if any(places[name] is None for name in YARDSTICK_COLUMNS):
        raise HeaderUnfit(
            f"{path.name} lacks columns of yardsticks.",
            facts={"file": path.name, "needed": list(YARDSTICK_COLUMNS)},
            remedy=f"Write {', '.join(YARDSTICK_COLUMNS)}, and segment where it is of one.",
        )
    found = []
    for block in table.blocks:
        for place in range(len(block)):
            cell = {
                name: "" if column is None else block.columns[column][place].strip()
                for name, column in places.items()
            }
            low, median, high = (
                Decimal(STYLE.read(cell[name]) or "NaN") for name in ("low", "median", "high")
            )
            if any(value.is_nan() for value in (low, median, high)):
                raise StatementUnfit(
                    f"{path.name}, row {block.rows[place]}: a quarter or the median is empty.",
                    facts={"file": path.name, "where": f"row {block.rows[place]}"},
                    remedy="Give low, median and high.",
                )
            found.append(
                Yardstick(cell["ratio"], low, median, high, cell["source"], cell["segment"])
            )
    kept = set_yardsticks(entity_id=entity_id, yardsticks=found, from_on=from_on, author=author)
    return {"kept": kept, "from_on": from_on.isoformat()}


def yardsticks_told(entity_id: int) -> dict[str, Any]:
    """Every yardstick ever given, the last first."""
    return {
        "yardsticks": [
            {
                "segment": row.segment,
                "ratio": row.ratio,
                "low": row.low,
                "median": row.median,
                "high": row.high,
                "source": row.source,
                "from_on": row.from_on.isoformat(),
                "actor": row.actor,
            }
            for row in yardsticks_kept(entity_id)
        ]
    }
