"""Which statement an address or a form asks for."""

from collections.abc import Mapping
from datetime import date

from duly.interfaces.exchange.statements import Asked, StatementUnclear
from duly.kernel.dates import parse_iso_date
from duly.kernel.locales import LANGUAGES
from duly.receivables.rules.statements import ACTIVITY, OPEN_ITEM

KINDS = ((OPEN_ITEM, "Open items"), (ACTIVITY, "Activity"))
PAPERS = (("a4", "A4"), ("letter", "Letter"))


def read_asked(given: Mapping[str, str], now_on: date) -> Asked:
    """The question of some fields. Refuses: StatementUnclear, InvalidDate."""
    kind = given.get("kind", "") or OPEN_ITEM
    paper, language = given.get("paper", ""), given.get("language", "")
    for text, known in (
        (kind, [name for name, _ in KINDS]),
        (paper, ["", *(name for name, _ in PAPERS)]),
        (language, ["", *LANGUAGES]),
    ):
        if text not in known:
            raise StatementUnclear(
                f"{text[:20]!r} is nothing that a statement can be.",
                facts={"given": text[:20], "known": [name for name in known if name]},
                remedy="Choose what the page offers.",
            )
    on, from_on = given.get("on", "").strip(), given.get("from", "").strip()
    return Asked(
        on=parse_iso_date(on) if on else now_on,
        kind=kind,
        from_on=parse_iso_date(from_on) if from_on and kind == ACTIVITY else None,
        paper=paper or None,
        is_group=bool(given.get("group")),
        language=language or None,
    )
