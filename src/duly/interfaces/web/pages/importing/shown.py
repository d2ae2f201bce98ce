"""A plan as its page shows it: a card for each sheet, with its counts, totals, problems, rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from duly.intake.models import Import, Upload
from duly.intake.queries import mapped
from duly.intake.rules.columns import ALL_KINDS
from duly.interfaces.exchange.uploads import Plan, Seen
from duly.interfaces.web.pages.importing.words import (
    KIND_WORDS,
    MONEY_COLUMNS,
    Told,
    column_label,
    for_page,
    identity_of,
    preset_label,
    shown_cell,
    tell_problems,
    why_recognised,
)
from duly.interfaces.web.templatetags.show import count, day
from duly.kernel.currencies import exponent
from duly.kernel.money import minor_from_text

SHOWN_PROBLEMS = 100
SHOWN_CLOSING = 100

# A sort of rows: its name, what is said of it, its icon.
SORTS = (
    ("new", "New", "will be added", "plus"),
    ("changed", "Changed", "differ from what is here", "pencil-line"),
    ("same", "Same", "here already, left alone", "equal"),
    ("rejected", "Rejected", "can’t be taken as they are", "triangle-alert"),
)
SAMPLES = (("changed", "Changed"), ("new", "New"), ("same", "Same"))


@dataclass(frozen=True, slots=True)
class Control:
    """A control total: rows and their sum in one currency."""

    currency: str
    count: int
    minor: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sample: its place, its cells in the order of the heads, what it changes."""

    where: str
    title: str  # what the row is of
    cells: list[tuple[str, bool]]  # (text, is a number)
    differs: list[tuple[str, str, str]]  # (column, here now, in the file)


@dataclass(frozen=True, slots=True)
class Sample:
    """The first rows of one sort."""

    sort: str
    label: str
    count: int
    heads: list[tuple[str, bool]]
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Tile:
    """How many rows are of one sort, and where the first of them stand."""

    sort: str
    label: str
    said: str
    icon: str
    count: int
    leads_to: str


@dataclass(frozen=True, slots=True)
class Closing:
    """What a snapshot would settle: one line of its list."""

    number: str
    customer: str
    because: str
    currency: str
    minor: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a file with all that is to be said of it before it is written."""

    anchor: str
    kind: str
    label: str
    preset: str
    rows: int
    rejected: int
    tiles: list[Tile]
    control: list[Control]
    problems: list[Told]
    problem_count: int
    samples: list[Sample]
    closing: list[Closing]
    closing_count: int
    closing_sums: list[Control]
    notes: list[str]


@dataclass(frozen=True, slots=True)
class File:
    """A file of an upload: what it was recognised as, or why it can't be read."""

    number: int
    name: str
    bytes: int
    label: str
    why: str
    is_table: bool
    refusal: dict[str, Any] | None
    asks: str  # what an export leaves open: "date_order", "decimal", "currency" or ""
    sheets: list[Sheet]


_ASKED = {
    "DATE_ORDER_UNCLEAR": "date_order",
    "NUMBER_STYLE_UNCLEAR": "decimal",
    "CURRENCY_UNCLEAR": "currency",
}


def files_of(upload: Upload, plan: Plan) -> list[File]:
    """The files of an upload as its page shows them."""
    found = []
    for number, (held, seen) in enumerate(zip(upload.files, plan.files, strict=True)):
        refusal = seen.refusal
        if refusal is None and plan.refusal and plan.refusal["facts"].get("file") == seen.name:
            refusal = plan.refusal
        sheets = [
            sheet_of(report, f"f{number}-{place}")
            for place, report in enumerate(
                report for report in plan.reports if seen.holds(report["file"])
            )
        ]
        found.append(
            File(
                number,
                seen.name,
                held["bytes"],
                _label(seen),
                _why(seen, is_told=bool(held["mapping"])),
                seen.is_table,
                tell(refusal) if refusal else None,
                _asks(seen, refusal),
                sheets,
            )
        )
    return found


def tell(refusal: dict[str, Any]) -> dict[str, Any]:
    """A refusal in the words of a page."""
    return {
        **refusal,
        "message": for_page(refusal["message"]),
        "remedy": for_page(refusal["remedy"]),
    }


def _label(seen: Seen) -> str:
    if not seen.sheets:
        return preset_label(seen.export["family"]) if seen.export else ""
    kinds = list(dict.fromkeys(KIND_WORDS[sheet["kind"]] for sheet in seen.sheets))
    return f"{', '.join(kinds)}: {preset_label(seen.sheets[0]['preset'])}"


def _why(seen: Seen, *, is_told: bool) -> str:
    if not seen.sheets:
        return why_recognised(seen.export["family"]) if seen.export else ""
    first = seen.sheets[0]
    if is_told:
        return "It is read as you said."
    if first["preset"].startswith("map:"):
        known = mapped(first["layout"])
        if known is not None:
            on = day(timezone.localdate(known.recorded_at))
            return f"The layout is known: {known.actor} mapped it on {on}."
    return why_recognised(first["preset"])


def _asks(seen: Seen, refusal: dict[str, Any] | None) -> str:
    """What could be answered at once: only of an export, where it is one word that is missing."""
    return _ASKED.get(refusal["code"], "") if refusal and seen.export else ""


def sheet_of(report: dict[str, Any], anchor: str) -> Sheet:
    """A report as a card."""
    problems = problems_of(report)
    samples = [
        _sample(report, sort, label) for sort, label in SAMPLES if report.get("first", {}).get(sort)
    ]
    shown = {sample.sort for sample in samples} | ({"rejected"} if problems else set())
    closing = closing_of(report)
    return Sheet(
        anchor,
        report["kind"],
        KIND_WORDS[report["kind"]],
        preset_label(report["preset"]),
        report["rows"],
        report["rejected"],
        [
            Tile(sort, label, said, icon, report[sort], f"#{anchor}-{sort}" * (sort in shown))
            for sort, label, said, icon in SORTS
        ],
        controls_of(report["control"]),
        problems[:SHOWN_PROBLEMS],
        len(problems) + report.get("more_problems", 0),
        samples,
        closing[:SHOWN_CLOSING],
        len(closing),
        _sums((line.currency, line.minor) for line in closing),
        [for_page(note) for note in report["notes"]],
    )


def problems_of(report: dict[str, Any]) -> list[Told]:
    """The problems of a report, each with what its row is of."""
    rejected = report.get("first", {}).get("rejected", ())
    return tell_problems(report["kind"], report["file"], report["problems"], rejected)


def controls_of(control: dict[str, Any]) -> list[Control]:
    """Control totals with their sums in minor units."""
    return [
        Control(currency, held["count"], minor_from_text(held["amount"], exponent(currency)))
        for currency, held in control.items()
    ]


def _sums(amounts: Iterable[tuple[str, int]]) -> list[Control]:
    totals: dict[str, tuple[int, int]] = {}
    for currency, minor in amounts:
        number, total = totals.get(currency, (0, 0))
        totals[currency] = (number + 1, total + minor)
    return [Control(currency, *totals[currency]) for currency in sorted(totals)]


def closing_of(report: dict[str, Any]) -> list[Closing]:
    """What a snapshot would settle."""
    because = {"missing": "not in the list", "lower": "lower in the list"}
    return [
        Closing(
            line["number"],
            line["customer"],
            because[line["because"]],
            line["currency"],
            minor_from_text(line["amount"], exponent(line["currency"])),
        )
        for line in report.get("closing", [])
    ]


def _sample(report: dict[str, Any], sort: str, label: str) -> Sample:
    rows = report["first"][sort]
    kind = ALL_KINDS[report["kind"]]
    used = {column for row in rows for column in row["cells"]}
    columns = [column for column in kind.columns if column in used]
    return Sample(
        sort,
        label,
        report[sort],
        [(column_label(column), column in MONEY_COLUMNS) for column in columns],
        [
            Row(
                row["where"].removeprefix("row "),
                identity_of(report["kind"], row["cells"]),
                cells_of(row["cells"], columns),
                [(column_label(name), *pair) for name, pair in row.get("differs", {}).items()],
            )
            for row in rows
        ],
    )


def cells_of(cells: dict[str, str], columns: Sequence[str]) -> list[tuple[str, bool]]:
    """Some cells of a row as they are shown, each with whether it is an amount."""
    currency = cells.get("currency", "")
    return [
        (shown_cell(column, cells.get(column, ""), currency), column in MONEY_COLUMNS)
        for column in columns
    ]


def brought(record: Import, closed: int = 0) -> str:
    """What an import brought, in a few words; `closed` are items that a snapshot settled."""
    parts = [
        count(number, word)
        for number, word in (
            (record.new, "new"),
            (record.changed, "changed"),
            (record.same, "the same"),
            (record.rejected, "left out"),
            (closed, "settled elsewhere"),
        )
        if number
    ]
    return ", ".join(parts) or "nothing"


def total_rows(plan: Plan, sorts: Sequence[str]) -> int:
    """Rows of some sorts, all files together."""
    return sum(report[sort] for report in plan.reports for sort in sorts)
