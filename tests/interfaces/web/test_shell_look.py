"""The colours of both themes can be read: each pair that stands together is computed."""

import re
from itertools import product
from pathlib import Path

import pytest

from duly.interfaces import web

STATIC = Path(web.__file__).parent / "static" / "web"
TEXT, GRAPHIC = 4.5, 3.0

GROUNDS = ("paper", "sheet", "sheet-2", "sheet-3", "rail")
PAIRS = [
    *((ink, ground, TEXT) for ink, ground in product(("ink", "ink-2", "ink-3"), GROUNDS)),
    *(("accent", ground, TEXT) for ground in ("paper", "sheet", "sheet-2", "accent-soft")),
    *((ink, "accent-soft", TEXT) for ink in ("ink", "ink-2", "ink-3")),
    ("on-accent", "accent-solid", TEXT),
    ("on-accent", "accent-press", TEXT),
    *((state, f"{state}-soft", TEXT) for state in ("good", "warn", "bad")),
    *((state, ground, TEXT) for state in ("good", "warn", "bad") for ground in GROUNDS),
    *((line, ground, GRAPHIC) for line in ("control", "focus") for ground in GROUNDS),
    *((f"age-{shade}", "sheet", GRAPHIC) for shade in range(5)),
]


def colours() -> dict[str, tuple[str, str]]:
    """{token: (light, dark)} of every colour that is named in tokens.css."""
    text = (STATIC / "tokens.css").read_text()
    both = re.findall(r"--([\w-]+):\s*light-dark\((#\w{6}), (#\w{6})\)", text)
    one = re.findall(r"--([\w-]+):\s*(#\w{6});", text)
    return {**{n: (c, c) for n, c in one}, **{n: (light, dark) for n, light, dark in both}}


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_every_pair_that_stands_together_can_be_read(theme: int) -> None:
    named = colours()
    weak = {
        (ink, ground): round(found, 2)
        for ink, ground, least in PAIRS
        if (found := contrast(named[ink][theme], named[ground][theme])) < least
    }
    assert weak == {}


def test_no_colour_is_invented_outside_the_tokens() -> None:
    for sheet in sorted((STATIC / "pages").glob("*.css")):
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
        assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)|rgba?\(", text) == [], sheet.name


def test_styles_fetch_nothing_from_elsewhere() -> None:
    for sheet in STATIC.rglob("*.css"):
        text = sheet.read_text()
        assert "@import" not in text
        for address in re.findall(r"url\(([^)]*)\)", text):
            assert re.match(r'"?(fonts/|#)', address), (sheet.name, address)
