"""Drawings that go into a statement as SVG: QR codes, and the bar of ages."""

from collections.abc import Sequence

import segno

_MARGIN = 4  # modules of quiet around a code
# The colours and patterns of the pages, so that ages stay apart in grey too.
AGES = ("#7089b5", "#ab8431", "#c46a1d", "#bb4527", "#86182b")
_PATTERNS = (
    "",
    '<circle cx="3" cy="3" r="1" fill="#fff"/>',
    '<path d="M0 8L8 0" stroke="#fff" stroke-width="1"/>',
    '<path d="M0 4L4 0M4 8L8 4" stroke="#fff" stroke-width="1"/>',
    '<path d="M0 4L4 0M4 8L8 4M0 4L4 8M4 0L8 4" stroke="#fff" stroke-width=".8"/>',
)


def qr_code(text: str) -> str:
    """A QR code, error correction M, as SVG in black."""
    matrix = segno.make(text, error="m", micro=False, boost_error=False).matrix
    parts = []
    for y, row in enumerate(matrix):
        x, width = 0, len(row)
        while x < width:
            if row[x]:
                start = x
                while x < width and row[x]:
                    x += 1
                parts.append(f"M{start + _MARGIN} {y + _MARGIN}h{x - start}v1h-{x - start}z")
            x += 1
    side = len(matrix) + 2 * _MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<path d="{"".join(parts)}"/></svg>'
    )


def ages_bar(shares: Sequence[int], *, width: int = 1700, height: int = 24) -> str:
    """Shares as one bar in the colours and patterns of ages; nothing where all are zero."""
    total = sum(shares)
    if not total:
        return ""
    defs, bars, at = [], [], 0
    for age, share in enumerate(shares):
        size = share * width // total
        if size:
            size = min(max(size, 4), width - at)
            box = f'x="{at}" width="{size}" height="{height}"'
            bars.append(f'<rect {box} fill="{AGES[age]}"/>')
            if _PATTERNS[age]:
                defs.append(
                    f'<pattern id="a{age}" width="8" height="8" patternUnits="userSpaceOnUse">'
                    f"{_PATTERNS[age]}</pattern>"
                )
                bars.append(f'<rect {box} fill="url(#a{age})"/>')
            at += size + 3
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f"<defs>{''.join(defs)}</defs>{''.join(bars)}</svg>"
    )
