"""Keep financial statements of customers and of who asks for credit; and yardsticks for them."""

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from duly.access.actions import Author
from duly.credit.actions.rescoring import rescore_request
from duly.credit.errors import FigureUnfit, StatementUnfit, SubjectUnknown
from duly.credit.models import FinancialStatement, StatementYardstick
from duly.credit.models.statements import ASSURANCES
from duly.credit.queries.statements import Kept, Subject, statements_of, subject
from duly.credit.rules.assessing import refuse_kind
from duly.credit.rules.ratios import FORMULAS
from duly.credit.rules.statement_lines import BY_ID
from duly.credit.rules.statements import Sheet, refuse_figure, refuse_two_units, refuse_untrue
from duly.credit.rules.yardsticks import Yardstick
from duly.kernel.amounts import MAX_MINOR
from duly.kernel.currencies import exponent
from duly.kernel.quoting import quoted
from duly.storage import bulk
from duly.storage.writing import whole

_RATIOS = {formula.id for formula in FORMULAS}


class StatementDraft(NamedTuple):
    """A statement to be kept; `file` and its SHA-256 where it was read from one."""

    sheet: Sheet
    firm_kind: str
    assurance: str = "none"
    market_value: Decimal | None = None
    price_index: Decimal | None = None
    file: str = ""
    sha256: str = ""


@whole()
def keep_financial_statements(
    *,
    entity_id: int,
    request_id: int | None = None,
    customer_id: int | None = None,
    drafts: Sequence[StatementDraft],
    author: Author,
) -> list[int]:
    """Keep the statements of one subject; return their numbers, of one told again its first.

    One of a year end that is there is a correction: the last one counts, the former stays. Who asks
    for credit is scored again by them.
    Refuses: SubjectUnknown; DoesNotBalance, UnitsDiffer, FigureUnfit, StatementUnfit.
    """
    whose = subject(entity_id, request_id, customer_id)
    if whose is None:
        raise SubjectUnknown(
            "There is no such customer or credit request in these books.",
            facts={"request": request_id, "customer": customer_id},
            remedy="Look at the customers, or at the credit requests.",
        )
    there = {one.sheet.year_end: one for one in statements_of(entity_id, *whose)}
    for draft in drafts:
        _refuse_unfit(draft, author.at.date())
    _refuse_apart([draft.sheet for draft in drafts], there)
    known = [_told_before(draft, there.get(draft.sheet.year_end)) for draft in drafts]
    new = iter(bulk.reserve_ids(FinancialStatement, known.count(None)))
    ids = [next(new) if id_ is None else id_ for id_ in known]
    rows = [
        _row(id_, entity_id, whose, draft, author)
        for id_, draft, told in zip(ids, drafts, known, strict=True)
        if told is None
    ]
    bulk.insert_rows(FinancialStatement, rows)
    if rows and whose.request_id is not None:
        rescore_request(request_id=whose.request_id, on=author.at.date(), author=author)
    return ids


def _refuse_apart(sheets: Sequence[Sheet], there: dict[date, Kept]) -> None:
    """What is new must add up; beside what is there it must be in one unit."""
    refuse_untrue(sheets)
    days = {sheet.year_end for sheet in sheets}
    currencies = {sheet.currency for sheet in sheets}
    beside = [
        one.sheet
        for day, one in there.items()
        if day not in days and one.sheet.currency in currencies
    ]
    refuse_two_units([*sheets, *beside])


def _refuse_unfit(draft: StatementDraft, on: date) -> None:
    refuse_kind(draft.firm_kind)
    sheet, told = draft.sheet, ""
    if draft.assurance not in dict(ASSURANCES):
        told = f"{quoted(draft.assurance)} does not say who looked at it."
    elif not sheet.figures:
        told = "It has no figures."
    elif sheet.year_end > on:
        told = "Its year has not ended yet."
    if told:
        raise StatementUnfit(
            f"{sheet.year_end}: {told}",
            facts={"year_end": sheet.year_end, "known": [name for name, _ in ASSURANCES]},
            remedy="Give the figures of a year that is over, and say who looked at them.",
        )
    for line, value in sheet.figures.items():
        where = f"{sheet.year_end}, {BY_ID[line].label.lower()}"
        refuse_figure(line, value, where)
        _minor(value, sheet.currency, where)
    if draft.market_value is not None:
        _minor(draft.market_value, sheet.currency, "market value of equity")


def _minor(value: Decimal, currency: str, where: str) -> int:
    """Whole minor units. Refuses: FigureUnfit for what a currency can't be split into."""
    minor = value.scaleb(exponent(currency))
    if minor != minor.to_integral_value() or abs(minor) > MAX_MINOR:
        raise FigureUnfit(
            f"{where}: {quoted(str(value))} is no amount of {currency}.",
            facts={"where": where, "text": str(value)[:40], "currency": currency},
            remedy="Look at its decimals and at the unit.",
        )
    return int(minor)


def _told_before(draft: StatementDraft, there: Kept | None) -> int | None:
    """The number of the same statement, if it was the last that was told of its day."""
    if there is None:
        return None
    same = (draft.sheet, draft.firm_kind, draft.assurance, draft.market_value, draft.price_index)
    held = (there.sheet, there.firm_kind, there.assurance, there.market_value, there.price_index)
    return there.id if same == held else None


def _row(
    id_: int, entity_id: int, whose: Subject, draft: StatementDraft, author: Author
) -> bulk.Row:
    sheet = draft.sheet
    currency = sheet.currency
    minors = {line: _minor(value, currency, line) for line, value in sheet.figures.items()}
    market = draft.market_value
    return (
        id_,
        entity_id,
        whose.request_id,
        whose.customer_id,
        sheet.year_end.isoformat(),
        sheet.months,
        sheet.unit,
        currency,
        json.dumps(minors, sort_keys=True),
        draft.firm_kind,
        draft.assurance,
        None if market is None else _minor(market, currency, "market value"),
        "" if draft.price_index is None else format(draft.price_index, "f"),
        draft.file[:200],
        draft.sha256,
        author.actor,
        author.at.isoformat(),
    )


@whole()
def set_yardsticks(
    *, entity_id: int, yardsticks: Sequence[Yardstick], from_on: date, author: Author
) -> int:
    """Keep yardsticks of segments from a day on; return how many.

    Refuses: StatementUnfit for a ratio that is none, quarters out of order, or no source.
    """
    for one in yardsticks:
        if one.ratio not in _RATIOS or not one.low <= one.median <= one.high or not one.source:
            raise StatementUnfit(
                f"{quoted(one.ratio)} of {quoted(one.segment or 'every segment')} is no yardstick.",
                facts={"ratio": one.ratio, "ratios": sorted(_RATIOS)},
                remedy="Give one of the ratios, its low quarter, median and high quarter in this "
                "order, and the source.",
            )
    ids = bulk.reserve_ids(StatementYardstick, len(yardsticks))
    rows = [
        (
            id_,
            entity_id,
            one.segment,
            one.ratio,
            *(format(value, "f") for value in (one.low, one.median, one.high)),
            one.source,
            from_on.isoformat(),
            author.actor,
            author.at.isoformat(),
        )
        for id_, one in zip(ids, yardsticks, strict=True)
    ]
    bulk.insert_rows(StatementYardstick, rows)
    return len(rows)
