"""Texts with fields and one kind of loop: no logic, nothing that is run.

`{{ field }}` is replaced by its value, `{{#items}} ... {{/items}}` repeats for each item. Values
are put in once and never read again, so that a customer named "{{ amount }}" is a customer.
"""

import re
from collections.abc import Collection, Mapping, Sequence

from duly.collections.errors import TemplateUnfit
from duly.kernel.currencies import EXPONENTS
from duly.kernel.errors import Problem

FIELDS = frozenset(
    {
        "customer",
        "entity",
        "amount",
        "currency",
        "count",
        "oldest_days",
        "oldest_due_on",
        "today",
        "previous_on",
    }
)
ITEM_FIELDS = frozenset({"number", "issued_on", "due_on", "open", "days_late"})

_TAG = re.compile(r"\{\{\s*([#/]?)\s*(\w*)\s*\}\}")
_LOOP = re.compile(r"\{\{#\s*items\s*\}\}\n?(.*?)\{\{/\s*items\s*\}\}\n?", re.DOTALL)
_CURRENCY = rf"(?:{'|'.join(sorted(EXPONENTS))})"
_AMOUNT = re.compile(
    rf"\d[\d.,' ]*[.,]\d{{2}}(?!\d)|[€$£¥]\s?\d|\b{_CURRENCY}\s\d"
    rf"|\d[\d.,']*\s?(?:[€$£¥]|{_CURRENCY}\b|(?i:euros?|dollars?|pounds?)\b)"
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def check(subject: str, body: str) -> list[Problem]:
    """Everything wrong with a template: unknown fields, loops, amounts of its own."""
    problems = []
    for where, text in (("subject", subject), ("body", body)):
        if not text.strip():
            problems.append(Problem(where, "TEMPLATE_EMPTY", "There is no text.", "Write one."))
        problems += check_fields(where, text, FIELDS, ITEM_FIELDS if where == "body" else None)
        loops = list(_LOOP.finditer(text))
        if len(loops) * 2 != len(re.findall(r"\{\{\s*[#/]", text)):
            problems.append(
                Problem(
                    where, "TEMPLATE_LOOP", "{{#items}} and {{/items}} don't pair.", "Pair them."
                )
            )
        # Lines are those of the text: a field holds no line break.
        bare = _TAG.sub(lambda tag: "EUR" if tag.group(2) == "currency" else "", text)
        for match in _AMOUNT.finditer(bare):
            problems.append(
                Problem(
                    _place(where, bare, match.start()),
                    "TEMPLATE_STATES_AMOUNT",
                    f"The text states an amount of its own: {match.group()!r}.",
                    "Use {{ amount }} and {{ open }}, which come from the ledger.",
                )
            )
    if "{{ amount }}" not in re.sub(r"\{\{\s*amount\s*\}\}", "{{ amount }}", body):
        problems.append(
            Problem(
                "body",
                "TEMPLATE_AMOUNT_MISSING",
                "The text does not say how much.",
                "Put {{ amount }} into it.",
            )
        )
    return problems


def check_fields(
    where: str, text: str, fields: Collection[str], item_fields: Collection[str] | None = None
) -> list[Problem]:
    """Tags of a text that are no field there; without `item_fields` it repeats nothing."""
    problems = []
    loops = [match.span(1) for match in _LOOP.finditer(text)]
    for match in _TAG.finditer(text):
        inside = any(first <= match.start() < last for first, last in loops)
        known = {*fields, *(item_fields or ())} if inside else set(fields)
        sign, name = match.groups()
        if (name != "items" if sign else name not in known) or (sign and item_fields is None):
            problems.append(
                Problem(
                    _place(where, text, match.start()),
                    "TEMPLATE_FIELD_UNKNOWN",
                    f"{match.group()} is no field here.",
                    f"Use one of: {', '.join(sorted(known))}.",
                )
            )
    for match in re.finditer(r"\{\{|\}\}|\{%|%\}", _TAG.sub("", text)):
        problems.append(
            Problem(where, "TEMPLATE_BRACES", f"A {match.group()} is left over.", "Remove it.")
        )
    return problems


def refuse_unfit(subject: str, body: str) -> None:
    """Refuse a template with every problem named. Refuses: TemplateUnfit."""
    problems = check(subject, body)
    if problems:
        raise TemplateUnfit(
            f"The template can't be used: {len(problems)} problems.",
            facts={"problems": problems},
            remedy="Mend what is named; nothing was kept.",
        )


def _place(where: str, text: str, position: int) -> str:
    return f"{where}, line {text.count(chr(10), 0, max(position, 0)) + 1}"


def names(field: str, *parts: str) -> bool:
    """Tell whether a field stands in any part of a text.

    >>> names("today", "As of {{ today }}"), names("today", "today", "{{ amount }}")
    (True, False)
    """
    return any(match.group(2) == field for part in parts for match in _TAG.finditer(part))


def render(text: str, values: Mapping[str, str], items: Sequence[Mapping[str, str]]) -> str:
    """A template with its values put in.

    >>> render("{{ customer }}: {{#items}}{{ number }} {{/items}}", {"customer": "{{ x }}"},
    ...        [{"number": "A-1"}, {"number": "A-2"}])
    '{{ x }}: A-1 A-2 '
    """

    def fill(part: str, known: Mapping[str, str]) -> str:
        return _TAG.sub(lambda match: known.get(match.group(2), ""), part)

    parts, end = [], 0
    for match in _LOOP.finditer(text):
        parts.append(fill(text[end : match.start()], values))
        parts += [fill(match.group(1), {**values, **item}) for item in items]
        end = match.end()
    parts.append(fill(text[end:], values))
    return "".join(parts)


def one_line(text: str) -> str:
    """A value without line breaks and control characters, which headers would obey.

    >>> one_line("Evil\\r\\nBcc: spy@elsewhere.test")
    'Evil Bcc: spy@elsewhere.test'
    """
    return _CONTROL.sub(" ", text).strip()
