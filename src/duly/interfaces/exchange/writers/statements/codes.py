"""QR codes as SVG."""

import segno

_MARGIN = 4  # modules of quiet around a code
_MASK = 3  # any of the eight can be read; trying all takes six times as long as the code itself
_SWISS_SIDE = 46.0  # millimetres of a Swiss code, whatever its version

# Seven millimetres in the middle: white, in it six of black, in it the cross.
_SWISS_CROSS = (
    '<path fill="#fff" d="M19.5 19.5h7v7h-7z"/><path d="M20 20h6v6h-6z"/>'
    '<path fill="#fff" d="M22.415 21.05h1.17v1.365h1.365v1.17h-1.365v1.365h-1.17v-1.365h-1.365'
    'v-1.17h1.365z"/>'
)


def qr_code(text: str) -> str:
    """A QR code, error correction M, as SVG in black."""
    matrix = _matrix(text)
    side = len(matrix) + 2 * _MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<path transform="translate({_MARGIN} {_MARGIN})" d="{_dark(matrix)}"/></svg>'
    )


def swiss_qr_code(text: str) -> str:
    """A Swiss QR code as SVG: 46 mm wide without quiet around it, the Swiss cross in its middle."""
    matrix = _matrix(text)
    scale = _SWISS_SIDE / len(matrix)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SWISS_SIDE} {_SWISS_SIDE}">'
        f'<path transform="scale({scale:.6f})" d="{_dark(matrix)}"/>{_SWISS_CROSS}</svg>'
    )


def _matrix(text: str) -> tuple[bytearray, ...]:
    # In UTF-8, as both kinds of text say of themselves.
    return segno.make(
        text, error="m", micro=False, boost_error=False, mask=_MASK, encoding="utf-8"
    ).matrix


def _dark(matrix: tuple[bytearray, ...]) -> str:
    """The dark modules, those side by side as one."""
    parts = []
    for y, row in enumerate(matrix):
        x, width = 0, len(row)
        while x < width:
            if row[x]:
                start = x
                while x < width and row[x]:
                    x += 1
                parts.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
            x += 1
    return "".join(parts)
