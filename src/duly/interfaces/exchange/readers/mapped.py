"""A table read through a mapping: columns named, days and numbers in one form, signs on amounts."""

from collections.abc import Iterator, Sequence

from duly.intake.rules.columns import KINDS
from duly.intake.rules.sheet import Block, Sheet
from duly.interfaces.exchange.readers.days import DayStyle, OrderSearch
from duly.interfaces.exchange.readers.mapping import (
    DATE_COLUMNS,
    NUMBER_COLUMNS,
    Mapping,
    layout_of,
    normal_header,
)
from duly.interfaces.exchange.readers.numbers import NumberStyle, negated, read_numbers
from duly.interfaces.exchange.readers.refusals import DateOrderUnclear, MappingUnfit
from duly.interfaces.exchange.readers.tables import RawBlock, Table
from duly.kernel.errors import DulyError, InvalidDate, Malformed, Problem
from duly.kernel.quoting import quoted


def mapped_sheet(table: Table, mapping: Mapping) -> Sheet:
    """A table as a sheet of the mapping's kind.

    It is read twice when the order of day and month must be found out first.
    Refuses: MappingUnfit when a header is missing or there twice; DateOrderUnclear.
    """
    columns = _Columns(table, mapping)
    days, notes = _day_style(columns, mapping, table)
    kind = KINDS[mapping.kind]
    filled = set(mapping.columns) | set(mapping.constants) | ({"amount"} & set(kind.columns))
    if mapping.negative == "credit_note":
        filled.add("kind")
    return Sheet(
        kind.name,
        table.name,
        f"map:{mapping.name}",
        tuple(column for column in kind.columns if column in filled),
        _blocks(table, _BlockReader(columns, mapping, days), notes),
        layout=layout_of(table.header),
    )


class _Columns:
    """Where the headers that a mapping names stand in a table."""

    def __init__(self, table: Table, mapping: Mapping) -> None:
        cells = [normal_header(cell) for cell in table.header]
        needed = mapping.headers()
        missing = sorted(header for header in needed if header not in cells)
        if missing:
            raise MappingUnfit(
                f"{table.name} has no column {', '.join(missing)}, which the mapping "
                f"{quoted(mapping.name)} reads.",
                facts={"file": table.name, "missing": missing, "found": list(table.header)},
                remedy=f"Its columns are: {', '.join(table.header)[:500]}.",
            )
        twice = sorted(header for header in needed if cells.count(header) > 1)
        if twice:
            raise MappingUnfit(
                f"{table.name}, row {table.header_row}: the header has {', '.join(twice)} twice.",
                code="HEADER_TWICE",
                facts={"file": table.name, "columns": twice},
                remedy="Rename or remove one of the two columns.",
            )
        self._place_of = {cell: place for place, cell in enumerate(cells)}
        self.unread = [cell for cell in table.header if cell and normal_header(cell) not in needed]

    def of(self, block: RawBlock, header: str) -> list[str]:
        """The cells under a header."""
        return block.columns[self._place_of[normal_header(header)]]

    def joined(self, block: RawBlock, headers: Sequence[str]) -> list[str]:
        """The cells under one header, or those of several as one text."""
        if len(headers) == 1:
            return self.of(block, headers[0])
        rows = zip(*(self.of(block, header) for header in headers), strict=True)
        return [" ".join(cell.strip() for cell in row if cell.strip()) for row in rows]


def _day_style(columns: _Columns, mapping: Mapping, table: Table) -> tuple[DayStyle, list[str]]:
    """How the days of a table are written: as declared, or as a whole reading of it proves."""
    # In one order, however the mapping was kept: what is told of an example must not change.
    dated = sorted(DATE_COLUMNS & mapping.columns.keys())
    if mapping.date_order or mapping.date_format or not dated:
        return DayStyle(mapping.date_order, mapping.date_format), []
    search = OrderSearch()
    for block in table.again().blocks:
        for column in dated:
            search.look(columns.joined(block, mapping.columns[column]))
    if not search.is_needed:
        return DayStyle(), []
    if search.found:
        words = {"dmy": "day first", "mdy": "month first", "ymd": "year first"}[search.found]
        return DayStyle(search.found), [
            f"Days are read {words}: {quoted(search.example)} can't be read otherwise."
        ]
    told = f"{quoted(search.unclear or search.example)} can be read in more than one way"
    if search.unclear and search.example:
        told = f"{quoted(search.unclear)} and {quoted(search.example)} are of no one order"
    raise DateOrderUnclear(
        f"{table.name}: {told}. Day first, or month first?",
        facts={"file": table.name, "text": search.unclear, "columns": dated},
        remedy='Say date_order in the mapping: "dmy", "mdy" or "ymd".',
    )


def _blocks(table: Table, reader: "_BlockReader", notes: list[str]) -> Iterator[Block]:
    if reader.unread:
        notes = [*notes, f"Columns not read: {', '.join(reader.unread)[:500]}."]
    left_out = 0
    for raw in table.blocks:
        block, dropped = reader.read(raw)
        block.notes = raw.notes + notes
        notes = []
        left_out += dropped
        if len(block) or block.notes:
            yield block
    if left_out:
        rows = "1 row is" if left_out == 1 else f"{left_out:,} rows are"
        told = f"{rows} left out, as the mapping says (only)."
        yield Block([], {column: [] for column in reader.filled}, notes=[told])


class _BlockReader:
    """Reads raw blocks as a mapping tells."""

    def __init__(self, columns: _Columns, mapping: Mapping, days: DayStyle) -> None:
        self.unread = columns.unread
        self.filled = [*mapping.columns, *mapping.constants]
        self._columns = columns
        self._mapping = mapping
        self._days = days
        self._numbers = NumberStyle(mapping.decimal or ".", mapping.thousands, mapping.symbols)
        self._values = {
            column: {normal_header(word): ours for word, ours in words.items()}
            for column, words in mapping.values.items()
        }
        self._only = {
            header: {normal_header(word) for word in words}
            for header, words in mapping.only.items()
        }
        self._problems: list[Problem] = []
        self._told: set[tuple[int, str]] = set()  # cells (row, our column) that are told

    def read(self, raw: RawBlock) -> tuple[Block, int]:
        """A raw block as a block, and how many rows the mapping leaves out."""
        count = len(raw)
        raw = self._chosen(raw)
        self._problems, self._told = list(raw.problems), set()
        columns: dict[str, list[str]] = {}
        for ours, headers in self._mapping.columns.items():
            columns[ours] = self._column(raw, ours, self._columns.joined(raw, headers), headers)
        for ours, text in self._mapping.constants.items():
            columns[ours] = [text] * len(raw)
        self._sign_amounts(raw, columns)
        block = Block(raw.rows, columns, self._problems, raw.spoilt, told=frozenset(self._told))
        return block, count - len(raw)

    def _chosen(self, raw: RawBlock) -> RawBlock:
        """The rows that the mapping keeps; a row that could not be read is kept, to be told."""
        if not self._only:
            return raw
        kept = set(range(len(raw)))
        for header, words in self._only.items():
            cells = self._columns.of(raw, header)
            kept &= {place for place in kept if normal_header(cells[place]) in words} | raw.spoilt
        if len(kept) == len(raw):
            return raw
        places = sorted(kept)
        return RawBlock(
            [raw.rows[place] for place in places],
            [[column[place] for place in places] for column in raw.columns],
            raw.problems,
            frozenset(new for new, old in enumerate(places) if old in raw.spoilt),
            raw.notes,
        )

    def _column(
        self, raw: RawBlock, ours: str, texts: list[str], headers: Sequence[str]
    ) -> list[str]:
        """One of our columns: other words for its cells, then its days or numbers read."""
        words = self._values.get(ours)
        if words:
            texts = [words.get(normal_header(text), text) for text in texts]
        told = " + ".join(headers)
        if ours in DATE_COLUMNS:
            return self._dates(raw, ours, told, texts)
        if ours in NUMBER_COLUMNS:
            return self._amounts(raw, ours, told, texts)
        return [text.strip() for text in texts]

    def _dates(self, raw: RawBlock, ours: str, header: str, texts: list[str]) -> list[str]:
        days = []
        for index, text in enumerate(texts):
            try:
                days.append(self._days.read(text))
            except InvalidDate as error:
                self._refuse(raw, index, ours, f"{header}: {error.message}", error)
                days.append("")
        return days

    def _amounts(self, raw: RawBlock, ours: str, header: str, texts: Sequence[str]) -> list[str]:
        numbers, refused = read_numbers(texts, self._numbers)
        for index, error in refused.items():
            self._refuse(raw, index, ours, f"{header}: {error.message}", error)
        return numbers

    def _refuse(self, raw: RawBlock, index: int, ours: str, message: str, error: DulyError) -> None:
        """Tell a cell; whoever takes the row goes on with its other cells."""
        if index not in raw.spoilt:
            where = f"row {raw.rows[index]}"
            self._problems.append(Problem(where, error.code, message, error.remedy))
        self._told.add((index, ours))

    def _sign_amounts(self, raw: RawBlock, columns: dict[str, list[str]]) -> None:
        """Put the sign on amounts, then do with negative ones as the mapping says."""
        sign = self._mapping.sign
        if sign.debit:
            debit, credit = (
                self._amounts(raw, "amount", header, self._columns.of(raw, header))
                for header in (sign.debit, sign.credit)
            )
            columns["amount"] = self._net(raw, debit, credit)
        signed = [name for name in ("amount", "open_amount") if name in columns]
        if sign.column:
            marks = {normal_header(mark) for mark in sign.negative}
            turned = [normal_header(mark) in marks for mark in self._columns.of(raw, sign.column)]
            for name in signed:
                columns[name] = _turned(columns[name], turned)
        if self._mapping.negative == "keep" or not signed:
            return
        negative = [text.startswith("-") for text in columns["amount"]]
        if self._mapping.negative == "credit_note":
            kinds = columns.get("kind") or [""] * len(raw)
            columns["kind"] = [
                "credit_note" if is_negative else kind or "invoice"
                for kind, is_negative in zip(kinds, negative, strict=True)
            ]
        for name in signed:
            columns[name] = _turned(columns[name], negative)

    def _net(self, raw: RawBlock, debit: list[str], credit: list[str]) -> list[str]:
        """Debit less credit, of which a row has one."""
        net = []
        for index, (more, less) in enumerate(zip(debit, credit, strict=True)):
            has_more, has_less = bool(more.strip("-0.")), bool(less.strip("-0."))
            if has_more and has_less:
                error = Malformed(
                    f"The row has {more} as debit and {less} as credit.",
                    code="DEBIT_AND_CREDIT",
                    remedy="A row is one or the other: split it in two.",
                )
                self._refuse(raw, index, "amount", error.message, error)
                net.append("")
            else:
                net.append(negated(less) if has_less else more or negated(less))
        return net


def _turned(texts: list[str], is_turned: list[bool]) -> list[str]:
    """Plain numbers, those that are marked with the other sign."""
    return [negated(text) if turn else text for text, turn in zip(texts, is_turned, strict=True)]
