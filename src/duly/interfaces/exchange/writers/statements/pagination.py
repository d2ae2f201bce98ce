"""Which rows stand on which page: worked out here, so that the typesetter draws each page once.

All sizes are millimetres, and the template draws to them: what stands above and below the rows has
a fixed height.
"""

from collections.abc import Sequence
from dataclasses import dataclass

PAPERS = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
SIZES = {
    "side": 20.0,
    "top": 16.0,
    "bottom": 12.0,
    "letterhead": 20.0,
    "address": 44.0,
    "titled": 18.0,
    "notice": 15.0,
    "summary": 37.0,
    "continued": 12.0,
    "heads": 7.0,
    "row": 5.4,
    "second": 3.4,  # each further line of a row
    "sum": 9.0,
    "foot": 8.0,
    "slip": 60.0,
    "note": 30.0,  # in place of the slip where nothing is to be paid
    "bill": 105.0,  # a Swiss payment part, from the edge of the paper
    "asked": 14.0,  # what stands between the rows and a payment part
}
_KEPT_TOGETHER = 3  # rows that go along with the slip to a new page


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page's rows."""

    rows: range
    is_first: bool
    is_last: bool


def tail_of(kind: str) -> float:
    """The height of a slip, a note or a bill below the last row, within the margins."""
    return SIZES["asked"] + SIZES["bill"] - SIZES["bottom"] if kind == "bill" else SIZES[kind]


def sheets(heights: Sequence[float], *, paper: str, has_notice: bool, tail: float) -> list[Sheet]:
    """The pages of rows with these heights; `tail` is the height of what stands below the last.

    >>> [list(sheet.rows) for sheet in sheets([5.4] * 3, paper="a4", has_notice=False, tail=62)]
    [[0, 1, 2]]
    >>> [len(one.rows) for one in sheets([5.4] * 80, paper="a4", has_notice=False, tail=62)]
    [23, 43, 14]
    """
    found: list[Sheet] = []
    start = 0
    while True:
        space = _space(paper, is_first=not found, has_notice=has_notice)
        end = _filled(heights, start, space)
        is_last = end == len(heights) and sum(heights[start:]) <= space - tail
        if end == len(heights) and not is_last:
            end -= min(_KEPT_TOGETHER, max(0, end - start - 1))
        if end == start and not is_last and found:  # a row taller than a page: alone on it
            end = start + 1
        found.append(Sheet(range(start, end), not found, is_last))
        if is_last:
            return found
        start = end


def _space(paper: str, *, is_first: bool, has_notice: bool) -> float:
    """What rows may take of a page."""
    size = SIZES
    whole = PAPERS[paper][1] - size["top"] - size["bottom"]
    above = size["continued"]
    if is_first:
        above = size["letterhead"] + size["address"] + size["titled"] + size["summary"]
        above += size["notice"] if has_notice else 0
    return whole - above - size["heads"] - size["sum"] - size["foot"]


def _filled(heights: Sequence[float], start: int, space: float) -> int:
    """The row before which the page is full."""
    end = start
    while end < len(heights) and heights[end] <= space:
        space -= heights[end]
        end += 1
    return end
