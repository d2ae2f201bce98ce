"""What confirms a call in writing: what was agreed, each line by itself, in one language."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from duly.collections.rules.reasons import SUPPRESSED, Reason
from duly.collections.rules.templates import one_line, render
from duly.kernel.currencies import exponent
from duly.kernel.locales import Locale

CONFIRMATION = "confirmation"  # the channel of such a message, and its step
TAKEN_BACK = Reason("taken_back", "What it confirms was taken back.")


class Agreed(NamedTuple):
    """One thing that was agreed: a `promise`, a `dispute` or a `copy`."""

    kind: str
    number: str = ""
    currency: str = ""
    minor: int = 0
    due_on: date | None = None
    condition: str = ""
    reason: str = ""


def write_confirmation(
    words: Mapping[str, str],
    *,
    person: str,
    entity: str,
    agreed: Sequence[Agreed],
    references: Sequence[str],
    today: date,
    locale: Locale,
) -> tuple[str, str]:
    """Subject and body.

    Given: `words` in the language of `locale`; `references` the numbers to pay by.
    """

    def told(name: str, **values: str) -> str:
        return render(words[name], {"today": locale.long_day(today), **values}, [])

    lines = [told("greeting", person=one_line(person)).replace("  ", " ").replace(" ,", ",")]
    lines += ["", told("thanks"), ""]
    for one in agreed:
        name = "promise_once" if one.kind == "promise" and one.condition else one.kind
        lines.append(
            "- "
            + told(
                name,
                amount=locale.money(one.minor, exponent(one.currency)) if one.currency else "",
                currency=one.currency,
                number=one_line(one.number),
                due_on=locale.long_day(one.due_on) if one.due_on else "",
                condition=one_line(one.condition),
                reason=one_line(one.reason.replace("_", " ")),
            )
        )
    if references and any(one.kind == "promise" for one in agreed):
        lines += ["", told("reference", references=", ".join(map(one_line, references)))]
    lines += ["", told("otherwise"), "", told("regards"), one_line(entity)]
    return one_line(told("subject"))[:400], "\n".join(lines) + "\n"


def never_confirms(
    *, barred: Reason | None, is_taken_back: bool, is_suppressed: bool
) -> Reason | None:
    """Why a confirmation must not leave any more."""
    if barred is not None or not (is_taken_back or is_suppressed):
        return barred
    return TAKEN_BACK if is_taken_back else SUPPRESSED
