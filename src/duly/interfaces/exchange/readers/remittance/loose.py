"""Numbers and amounts in what people write: told apart by how they look, in any language."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from duly.interfaces.exchange.readers.bank.figures import minor_of
from duly.interfaces.exchange.readers.remittance.words import words
from duly.kernel.currencies import EXPONENTS

SYMBOLS = {"€": "EUR", "£": "GBP", "$": "USD", "¥": "JPY"}
_MOST_TOKENS = 400  # of a line
_SIGNS = "-\u2212\u2013"
_TOKEN = re.compile(r"\S+")
_EDGES = ".,;:()[]{}<>\"'*#|/\\"
_DAY = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\.?")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_PLAIN_NUMBER = re.compile(r"[A-Za-z0-9][\w./-]*")
_AMOUNT = re.compile(
    r"\(?[-+\u2212\u2013]?(?:[0-9]{1,3}(?:[.,'\u2019][0-9]{3})+|[0-9]+)(?P<part>[.,][0-9]{1,4})?"
    r"[-+\u2212\u2013]?\)?"
)
_GROUPED = re.compile(r"(?<![\w.,/-])(\d{1,3})((?:[ \u00a0\u202f]\d{3})+)(?=[.,]\d{2}(?!\d))")
_PREFIX = re.compile(r"[A-Z]{1,4}")


class Figure(NamedTuple):
    """An amount as it is written: bare digits and marks, its sign, a currency beside it."""

    body: str
    is_negative: bool
    currency: str = ""


class Loose(NamedTuple):
    """What a line without columns holds, in order."""

    numbers: tuple[str, ...]
    figures: tuple[Figure, ...]


def figure_of(text: str) -> Figure | None:
    """A text that is an amount and nothing else, a currency beside it; None where it is not.

    >>> figure_of("EUR 1.234,50-"), figure_of("(5.00)"), figure_of("INV-1")
    (Figure(body='1.234,50', is_negative=True, currency='EUR'), \
Figure(body='5.00', is_negative=True, currency=''), None)
    """
    text, currency = _without_currency(text.strip().replace("\u00a0", " ").replace("\u202f", " "))
    is_negative = text[:1] == "(" and text[-1:] == ")"
    text = text.strip("()").strip()
    if text[:1] in _SIGNS and text:
        is_negative, text = not is_negative, text[1:]
    elif text[-1:] in _SIGNS and text:
        is_negative, text = not is_negative, text[:-1]
    text, other = _without_currency(text.strip().lstrip("+"))
    text = re.sub(r"(?<=\d) (?=\d{3}(?!\d))", "", text)
    if not re.fullmatch(r"[0-9][0-9.,'\u2019]*|[.,][0-9]+", text) or len(text) > 40:
        return None
    return Figure(text, is_negative, currency or other)


def _without_currency(text: str) -> tuple[str, str]:
    for sign, code in SYMBOLS.items():
        if text.startswith(sign) or text.endswith(sign):
            return text.strip(sign).strip(), code
    for code in (text[:3], text[-3:]):
        if code in EXPONENTS:
            rest = text[3:] if text.startswith(code) else text[:-3]
            return rest.strip(), code
    return text, ""


class Style:
    """Which sign stands before decimals: told by the amounts that can be read in one way only."""

    def __init__(self) -> None:
        self.decimal = ""
        self._seen: set[str] = set()

    def learn(self, figures: Iterable[Figure]) -> None:
        """Take what these amounts tell; of two styles, none."""
        for body, _, _ in figures:
            found = re.search(r"([.,])\d{1,2}$", body)
            if found and body.count(found[1]) == 1:
                self._seen.add(found[1])
            elif len(re.findall(r"[.,]", body)) > 1 and len(set(re.findall(r"[.,]", body))) == 1:
                self._seen.add({".": ",", ",": "."}[re.findall(r"[.,]", body)[0]])
        self.decimal = next(iter(self._seen)) if len(self._seen) == 1 else ""

    def minor(self, figure: Figure, decimals: int) -> int | None:
        """The minor units of an amount; None where it can't be told."""
        body = figure.body
        if self.decimal:
            whole, _, part = body.partition(self.decimal)
            if re.fullmatch(r"\d{1,3}(?:[.,'\u2019]\d{3})+", whole):
                whole = re.sub(r"\D", "", whole)
            body = f"{whole}.{part}" if part else whole
        elif not decimals and re.fullmatch(r"\d{1,3}(?:[.,'\u2019]\d{3})+", body):
            body = re.sub(r"\D", "", body)
        minor = minor_of(body.rstrip(".,"), decimals)
        return -minor if minor is not None and figure.is_negative else minor


def loose_line(text: str) -> Loose:
    """The numbers and amounts of a line without columns.

    Rule: an amount has decimals, or a currency beside it; a day, a percentage, an account and what
    has fewer than three signs are neither. A short prefix in capitals belongs to its number.

    >>> loose_line("INV 1001 of 03.02.2026 1.234,50 EUR")
    Loose(numbers=('INV 1001',), figures=(Figure(body='1.234,50', is_negative=False, \
currency='EUR'),))
    """
    text = _GROUPED.sub(lambda found: re.sub(r"\s", "", found[0]), text[:20_000])
    tokens = [match.group() for match in _TOKEN.finditer(text)][:_MOST_TOKENS]
    numbers: list[str] = []
    figures: list[Figure] = []
    before = ""
    for place, token in enumerate(tokens):
        bare = token.strip(_EDGES)
        after = tokens[place + 1].strip(_EDGES) if place + 1 < len(tokens) else ""
        figure = _figure_at(token, before, after)
        if figure is not None:
            figures.append(figure)
        elif _is_number(bare, token):
            numbers.append(f"{before} {bare}" if _is_prefix(before) else bare)
        before = bare
    return Loose(tuple(numbers), tuple(figures))


def numbers_in(text: str) -> list[str]:
    """What of a free text may be numbers of documents, in order, each once.

    >>> numbers_in("Rechnungen 4711, 4712 vom 01.02.2026, RG-4713")
    ['4711', '4712', 'RG-4713']
    """
    return list(dict.fromkeys(loose_line(re.sub(r"[,;+&]", " ", text)).numbers))


def _figure_at(token: str, before: str, after: str) -> Figure | None:
    """The amount at a place, with the code of a currency before or behind it."""
    bare = token.rstrip(";:")
    if bare.count("(") != bare.count(")"):
        bare = bare.strip("()")
    if _DAY.fullmatch(bare) or "%" in token:
        return None
    figure = figure_of(bare.rstrip(",") if not bare.endswith(",-") else bare[:-2])
    if figure is None:
        return None
    beside = next((one for one in (before, after) if one in EXPONENTS), "")
    currency = figure.currency or SYMBOLS.get(before, SYMBOLS.get(after, beside))
    found = _AMOUNT.fullmatch(figure.body)
    if found is None or not (currency or (found["part"] and len(found["part"]) == 3)):
        return None
    return figure._replace(currency=currency)


def _is_number(bare: str, token: str) -> bool:
    digits = sum(sign.isdigit() for sign in bare)
    return (
        3 <= len(bare) <= 40
        and (digits > 1 or re.fullmatch(r"[A-Z]+[-/]\d|[A-Z]{2,}\d", bare) is not None)
        and _PLAIN_NUMBER.fullmatch(bare) is not None
        and not (_DAY.fullmatch(bare) or "%" in token or "@" in token)
        and not _IBAN.fullmatch(bare.upper())
        and not re.fullmatch(r"[0-9][0-9.,]*[.,][0-9]{2}", bare)
    )


def _is_prefix(before: str) -> bool:
    return bool(_PREFIX.fullmatch(before)) and before not in EXPONENTS


def only_currency(found: Sequence[str]) -> str:
    """The one currency among some; "" where there are none or several."""
    told = {code for code in found if code}
    return told.pop() if len(told) == 1 else ""


def speaks_of(kind: str, text: str) -> bool:
    """Tell whether a text has one of the words of a kind of line: "credit", "total" ..."""
    return words().lines[kind].search(text[:1000]) is not None
