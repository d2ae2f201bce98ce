"""How figures, days and icons are shown: the one place where minor units become text on a page.

Filters: money, cell, plain_money, day, month, long_day, near_day, moment, known_on, days, count,
total, away, spoken, percent_of, language_name, initials, bucket_label.
Forms: control, bare_svg. Tags: icon, aging_bar, spark.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

import lucide
from django import template
from django.forms import BoundField
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from duly.interfaces.web.chart import shade
from duly.kernel.currencies import exponent
from duly.kernel.money import text_from_minor

register = template.Library()

MINUS = "−"
MONTHS = "January February March April May June July August September October November December"
LANGUAGE_NAMES = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "nl": "Dutch",
    "pt": "Portuguese",
}
WEEKDAYS = "Mon Tue Wed Thu Fri Sat Sun"


def _parts(minor: int, currency: str) -> tuple[str, str, str]:
    """(exact value for machines, whole part for people, decimals with their point)."""
    value = text_from_minor(minor, exponent(currency))
    whole, point, decimals = value.removeprefix("-").partition(".")
    sign = MINUS if minor < 0 else ""
    return value, f"{sign}{int(whole):,}", point + decimals


@register.filter
def money(minor: int, currency: str) -> SafeString:
    """Minor units as an amount: decimals set back, minus U+2212, exact value for machines."""
    value, whole, decimals = _parts(minor, currency)
    dec = f'<span class="dec">{decimals}</span>' if decimals else ""
    return mark_safe(f'<data class="money" value="{value}">{whole}{dec}</data>')  # noqa: S308


@register.filter
def cell(minor: int, currency: str) -> SafeString:
    """An amount in a table: zero is a dash for the eye and 0.00 for a screen reader."""
    if minor:
        return money(minor, currency)
    value, _, decimals = _parts(0, currency)
    # The dash stands where the units stand, so the decimals keep their width.
    room = f'<span class="dec room" aria-hidden="true">{decimals}</span>' if decimals else ""
    return mark_safe(  # noqa: S308
        f'<data class="money zero" value="{value}"><span aria-hidden="true">–</span>{room}'
        f'<span class="visually-hidden">{value}</span></data>'
    )


@register.filter
def plain_money(minor: int, currency: str) -> str:
    """An amount as plain text, for sentences, labels and titles.

    >>> plain_money(-1234567, "EUR"), plain_money(5, "JPY"), plain_money(1000, "KWD")
    ('−12,345.67', '5', '1.000')
    """
    _, whole, decimals = _parts(minor, currency)
    return whole + decimals


@register.filter
def day(on: date | None) -> str:
    """A day in a table.

    >>> day(date(2026, 3, 6))
    '6 Mar 2026'
    """
    return f"{on.day} {MONTHS.split()[on.month - 1][:3]} {on.year}" if on else ""


@register.filter
def month(on: date) -> str:
    """A month's short name, for an axis.

    >>> month(date(2026, 3, 31))
    'Mar'
    """
    return MONTHS.split()[on.month - 1][:3]


@register.filter
def total(amounts: tuple[int, ...]) -> int:
    """The sum of amounts in one currency.

    >>> total((1, 2))
    3
    """
    return sum(amounts)


@register.filter
def long_day(on: date) -> str:
    """A day written out.

    >>> long_day(date(2026, 3, 2))
    'Mon 2 March 2026'
    """
    return f"{WEEKDAYS.split()[on.weekday()]} {on.day} {MONTHS.split()[on.month - 1]} {on.year}"


@register.filter
def near_day(on: date, today: date) -> str:
    """A day as people say it: with its weekday within a week, with its year in another one.

    >>> near_day(date(2026, 3, 6), date(2026, 3, 2)), near_day(date(2026, 3, 2), date(2026, 3, 2))
    ('Fri 6 March', 'today')
    """
    if on == today:
        return "today"
    if abs(on - today) <= timedelta(days=7):
        return f"{WEEKDAYS.split()[on.weekday()]} {on.day} {MONTHS.split()[on.month - 1]}"
    text = day(on)
    return text if on.year != today.year else text.rsplit(" ", 1)[0]


@register.filter
def moment(at: datetime | None) -> str:
    """A moment in the time zone of the books: "09:30 today", "Fri 6 March 16:02"."""
    if at is None:
        return "never"
    local, today = timezone.localtime(at), timezone.localdate()
    clock = f"{local:%H:%M}"
    if local.date() == today:
        return f"{clock} today"
    if local.date() == today - timedelta(days=1):
        return f"{clock} yesterday"
    return f"{near_day(local.date(), today)} {clock}"


@register.filter
def known_on(at: datetime) -> str:
    """A moment up to which what was booked counts, in the time zone of the books.

    >>> from datetime import UTC
    >>> known_on(datetime(2026, 3, 2, 9, 30, tzinfo=UTC))
    'on 2 Mar 2026 at 09:30'
    >>> known_on(datetime(2026, 3, 2, 23, 59, 59, 999999, tzinfo=UTC))
    'at the end of 2 Mar 2026'
    """
    local = timezone.localtime(at)
    if local.time() == time.max:
        return f"at the end of {day(local.date())}"
    return f"on {day(local.date())} at {local:%H:%M}"


@register.filter
def count(number: int, words: str = "") -> str:
    """A number with its noun, given as "one,many".

    >>> count(1, "customer,customers"), count(1204, "customer,customers")
    ('1 customer', '1,204 customers')
    """
    one, _, many = words.partition(",")
    return f"{number:,} {one if number == 1 else many or one}".strip()


@register.filter
def days(number: int) -> str:
    """A number of days.

    >>> days(1), days(47)
    ('1 day', '47 days')
    """
    return count(number, "day,days")


@register.filter
def away(number: int) -> int:
    """How far a number is from zero.

    >>> away(-3), away(3)
    (3, 3)
    """
    return abs(number)


@register.filter
def spoken(code: str) -> str:
    """A code in words.

    >>> spoken("unearned_discount")
    'Unearned discount'
    """
    return code.replace("_", " ").capitalize()


@register.filter
def percent_of(part: int, whole: int) -> str:
    """A share with one decimal, rounded half up by whole numbers.

    >>> percent_of(1, 3), percent_of(5, 0)
    ('33.3%', 'none')
    """
    if not whole:
        return "none"
    tenths = (abs(part) * 2000 + abs(whole)) // (abs(whole) * 2)
    sign = MINUS if part * whole < 0 and tenths else ""
    return f"{sign}{tenths // 10:,}.{tenths % 10}%"


@register.filter
def language_name(code: str) -> str:
    """A language's name.

    >>> language_name("de"), language_name("xx")
    ('German', 'xx')
    """
    return LANGUAGE_NAMES.get(code, code)


@register.filter
def initials(name: str) -> str:
    """Two letters for a person.

    >>> initials("Collector One"), initials("Ana"), initials("")
    ('CO', 'A', '?')
    """
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"


@register.filter
def bucket_label(name: str) -> str:
    """A bucket's name for people.

    >>> [bucket_label(name) for name in ("current", "1-30", "31-60", "over-90")]
    ['Not yet due', '1–30 days', '31–60', 'Over 90']
    """
    if name == "current":
        return "Not yet due"
    if name.startswith("over-"):
        return f"Over {name.removeprefix('over-')}"
    first, _, last = name.partition("-")
    return f"{first}–{last}{' days' if first in ('0', '1') else ''}"


@lru_cache(maxsize=512)
def _drawn(name: str, classes: str) -> SafeString:
    drawn = lucide._render_icon(name, 16, **{"class": classes, "aria-hidden": "true"})
    return mark_safe("".join(line.strip() for line in drawn.splitlines()))  # noqa: S308


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """A lucide icon, inline, hidden from screen readers: a word always stands beside it."""
    return _drawn(str(name), f"icon {escape(extra)}".strip())


@register.filter
def control(field: BoundField) -> SafeString:
    """A form field's control, dressed as ours; the label above says what a placeholder would."""
    attributes = {"class": "input", "placeholder": ""}
    return field.as_widget(attrs=attributes)


@register.filter
def bare_svg(drawn: str) -> SafeString:
    """An SVG document made by us on the server, without its XML head, to stand inside a page."""
    return mark_safe(drawn[drawn.index("<svg") :])  # noqa: S308


def segments(amounts: tuple[int, ...]) -> list[tuple[int, str, str]]:
    """(shade 0-4, x, width) in percent for the buckets that hold something."""
    positive = [max(amount, 0) for amount in amounts]
    whole, before, found = sum(positive), 0, []
    for index, amount in enumerate(positive):
        if amount:
            of_bucket = shade(index, len(amounts))
            found.append((of_bucket, _percent(before, whole), _percent(amount, whole)))
        before += amount
    return found


def _percent(part: int, whole: int) -> str:
    hundredths = part * 10_000 // whole
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


@register.simple_tag
def spark(amounts: tuple[int, ...]) -> SafeString:
    """A small aging bar for tables: decoration beside the printed figures."""
    drawn = "".join(
        f'<rect class="age-{of_bucket}" x="{x}" width="{width}" height="100%"/>'
        for of_bucket, x, width in segments(amounts)
    )
    return mark_safe(f'<svg class="spark-aging" aria-hidden="true">{drawn}</svg>')  # noqa: S308


@register.inclusion_tag("web/parts/aging_bar.html")
def aging_bar(
    amounts: tuple[int, ...],
    names: tuple[str, ...],
    currency: str,
    label: str = "Aging by due date",
    address: str = "",
    is_thin: bool = False,
) -> dict[str, object]:
    """The aging bar with its five labels and sums.

    Given: `amounts` minor units a bucket, `names` of the buckets; `address` to which
    `&bucket=<index>` is put, so that each sum opens to its items.
    """
    rows = [
        {
            "shade": shade(index, len(amounts)),
            "label": bucket_label(name),
            "minor": amount,
            "address": f"{address}&bucket={index}" if address and amount else "",
        }
        for index, (name, amount) in enumerate(zip(names, amounts, strict=True))
    ]
    told = "; ".join(f"{row['label']} {plain_money(row['minor'], currency)}" for row in rows)
    return {
        "rows": rows,
        "segments": segments(amounts),
        "currency": currency,
        "label": f"{label}, {currency}: {told}",
        "is_thin": is_thin,
    }
