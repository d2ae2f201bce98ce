"""QR codes as SVG."""

import segno

_MARGIN = 4  # modules of quiet around a code
_MASK = 3  # any of the eight can be read; trying all takes six times as long as the code itself


def qr_code(text: str) -> str:
    """A QR code, error correction M, as SVG in black."""
    matrix = segno.make(text, error="m", micro=False, boost_error=False, mask=_MASK).matrix
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
