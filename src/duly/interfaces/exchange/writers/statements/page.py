"""A letter as the template takes it: every word and figure as it is printed, page by page."""

from datetime import timedelta
from typing import Any

from duly.interfaces.exchange.writers.statements.letter import Letter
from duly.interfaces.exchange.writers.statements.pagination import PAPERS, SIZES, sheets, tail_of
from duly.interfaces.exchange.writers.statements.payment import COLLECTED, payment_block
from duly.interfaces.exchange.writers.statements.rows import Table, table_of
from duly.interfaces.exchange.writers.statements.words import words_of
from duly.kernel.currencies import exponent
from duly.kernel.locales import country_name
from duly.parties.rules.addresses import address_lines
from duly.receivables.rules.statements import ACTIVITY, Part, Statement

_ADDRESS_LINES = 6


def page_data(letter: Letter) -> dict[str, Any]:
    """One statement as the template takes it."""
    words, statement = words_of(letter.locale.language), letter.statement
    sender, locale = letter.sender, letter.locale
    parts = statement.parts or (_nothing(letter.home_currency, statement),)
    day = locale.long_day(statement.on)
    facts = [[words["date"], day]]
    if statement.from_on:
        facts.append([words["period_from"], locale.long_day(statement.from_on)])
    facts.append([words["customer_number"], cut(letter.debtor.code, 26)])
    facts.append([words["currency"], ", ".join(part.currency for part in parts)])
    currencies = [_currency(letter, part, day) for part in parts]
    pages = [page for currency in currencies for page in currency["pages"]]
    for n, page in enumerate(pages, 1):
        page["foot"].append(words["page"].format(n=n, all=len(pages)))
    contact = [", ".join(address_lines(sender.address)), _joined(sender.email, sender.phone)]
    return {
        "from": {
            "name": sender.name,
            "contact": [line for line in [*contact, sender.tax_id] if line],
            "sender": _joined(sender.name, *address_lines(sender.address)),
        },
        "to": _recipient(letter),
        "facts": facts,
        "heading": words["title"],
        "lede": _lede(letter),
        "currencies": currencies,
    }


def document_data(letters: list[dict[str, Any]], first: Letter) -> dict[str, Any]:
    """Statements that are printed together: one document in the language and size of the first."""
    words, locale = words_of(first.locale.language), first.locale
    width, height = PAPERS[first.paper]
    names = [words["title"], locale.long_day(first.statement.on)]
    if len(letters) == 1:
        names.insert(1, first.debtor.name)
    on = first.statement.on
    return {
        "title": " · ".join(names),
        "author": first.sender.name,
        "date": {"year": on.year, "month": on.month, "day": on.day},
        "lang": locale.language,
        "region": locale.country,
        "paper": {"width": width, "height": height},
        "sizes": SIZES,
        "logo": list(first.sender.logo),
        "statements": letters,
    }


def _nothing(currency: str, statement: Statement) -> Part:
    return Part(currency, (), 0, (), tuple(0 for _ in statement.buckets.names), 0)


def _lede(letter: Letter) -> str:
    words, locale, statement = words_of(letter.locale.language), letter.locale, letter.statement
    on = locale.long_day(statement.on)
    if not statement.parts:
        return words["nothing_open"]
    if statement.kind == ACTIVITY and statement.from_on:
        said = words["lede_activity"].format_map(
            {"from": locale.long_day(statement.from_on), "on": on}
        )
    else:
        said = words["lede_open"].format(on=on)
    if len(letter.names) > 1:
        said += " " + words["lede_group"].format(names=", ".join(letter.names.values()))
    return cut(said, 190)


def _recipient(letter: Letter) -> list[str]:
    debtor = letter.debtor
    lines = [debtor.name, *address_lines(debtor.address)][:_ADDRESS_LINES]
    if debtor.country and debtor.country != letter.sender.country:
        country = country_name(debtor.country, "en").upper()
        if country.casefold() not in " ".join(lines).casefold():
            lines.append(country)
    return lines


def _currency(letter: Letter, part: Part, day: str) -> dict[str, Any]:
    words = words_of(letter.locale.language)
    payment = payment_block(letter, part)
    table = table_of(letter, part)
    notice = _notice(letter, part.currency)
    tail = tail_of(payment["kind"])
    pages = sheets(
        [row.height for row in table.rows],
        paper=letter.paper,
        has_notice=notice is not None,
        tail=tail,
    )
    code = cut(letter.debtor.code, 26)
    return {
        "currency": part.currency,
        "notice": notice,
        "sums": _sums(letter, part),
        "bar": _bar(part),
        "ages": _ages(letter, part),
        "columns": table.columns,
        "pages": [
            {
                "is_first": sheet.is_first,
                "is_last": sheet.is_last,
                "rows": [table.rows[n].cells for n in sheet.rows],
                "heights": [table.rows[n].height for n in sheet.rows],
                "sum": _page_sum(letter, part, table, sheet.rows, is_last=sheet.is_last),
                "head": [words["title"], _joined(letter.debtor.name, code, day, part.currency)],
                "foot": [_joined(letter.sender.name, code, day)],
            }
            for sheet in pages
        ],
        "pay": payment,
    }


def _sums(letter: Letter, part: Part) -> list[list[Any]]:
    """The balance and the terms that add up to it."""
    words, decimals = words_of(letter.locale.language), exponent(part.currency)
    if letter.statement.kind == ACTIVITY:
        moved = [movement.amount_minor for movement in part.movements]
        terms = {
            "opening": part.opening_minor,
            "charges": sum(minor for minor in moved if minor > 0),
            "credits": sum(minor for minor in moved if minor < 0),
        }
    else:
        terms = {
            "overdue": part.overdue_minor,
            "not_yet_due": part.ages_minor[0],
            "unapplied": part.unapplied_minor,
        }
    return [
        [words[name], letter.locale.amount(minor, decimals)]
        for name, minor in {"balance": part.balance_minor, **terms}.items()
        if minor or name != "unapplied"
    ]


def _ages(letter: Letter, part: Part) -> list[list[str]]:
    """What is owed by age; on an activity statement the credits too, so that all is the balance."""
    words, decimals = words_of(letter.locale.language), exponent(part.currency)
    names = [words["ages"][name] for name in letter.statement.buckets.names]
    told = list(zip(names, part.ages_minor, strict=True))
    if letter.statement.kind == ACTIVITY and part.unapplied_minor:
        told.append((words["unapplied"], part.unapplied_minor))
    return [[name, letter.locale.money(minor, decimals) if minor else "–"] for name, minor in told]


def _bar(part: Part) -> list[list[int]]:
    """(age, thousandths) of what is owed; the least shown is one."""
    owed = sum(part.ages_minor)
    return [
        [age, max(1, minor * 1000 // owed)] for age, minor in enumerate(part.ages_minor) if minor
    ]


def _page_sum(letter: Letter, part: Part, table: Table, rows: range, *, is_last: bool) -> list[Any]:
    words = words_of(letter.locale.language)
    minor = sum(table.rows[n].minor for n in range(rows.stop))
    if letter.statement.kind == ACTIVITY:
        total = words["brought"].format(day=letter.locale.long_day(letter.statement.on))
    else:
        total = words["total"]
    said = total if is_last else words["carried"]
    return [said, letter.locale.amount(minor, exponent(part.currency))]


def _notice(letter: Letter, currency: str) -> str | None:
    """That our bank details changed, while it is news (pain J6); also on reprints of old days."""
    details = letter.pay_to.get(currency)
    if details is None or details.is_first or letter.debtor.payment_method in COLLECTED:
        return None
    if letter.statement.on > details.in_force_on + timedelta(days=letter.notice_days):
        return None
    words = words_of(letter.locale.language)
    return words["notice"].format(day=letter.locale.long_day(details.in_force_on))


def cut(text: str, characters: int) -> str:
    """A text that has room: with an ellipsis where it is cut."""
    return text if len(text) <= characters else text[: characters - 1].rstrip() + "…"


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
