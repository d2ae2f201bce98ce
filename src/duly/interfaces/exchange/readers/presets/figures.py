"""Amounts and currencies as exports write them, brought into plain decimal text."""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from duly.interfaces.exchange.readers.numbers import NumberStyle
from duly.interfaces.exchange.readers.presets.preset import Told
from duly.interfaces.exchange.readers.refusals import FileRefused, NumberStyleUnclear
from duly.kernel.currencies import EXPONENTS
from duly.kernel.errors import InvalidAmount

_PLAIN = re.compile(r"-?\d+(?:\.\d+)?")
_DRESS = re.compile(r"[\s\u00a0\u202f'’]|[A-Z]{0,3}[$€£¥₹]|^[A-Z]{3}(?=[\d(-])|(?<=[\d)])[A-Z]{3}$")

# The names that NetSuite and QuickBooks give currencies in their own pages.
_NAMES = {
    "us dollar": "USD",
    "u.s. dollar": "USD",
    "united states dollar": "USD",
    "usa": "USD",
    "canadian dollar": "CAD",
    "can dollar": "CAD",
    "british pound": "GBP",
    "british pound sterling": "GBP",
    "pound sterling": "GBP",
    "euro": "EUR",
    "australian dollar": "AUD",
    "new zealand dollar": "NZD",
    "swiss franc": "CHF",
    "japanese yen": "JPY",
    "indian rupee": "INR",
    "singapore dollar": "SGD",
    "hong kong dollar": "HKD",
    "south african rand": "ZAR",
    "swedish krona": "SEK",
    "norwegian krone": "NOK",
    "danish krone": "DKK",
    "mexican peso": "MXN",
}

# Stripe's minor units are those of ISO 4217 but for these (docs.stripe.com/currencies): it counts
# Malagasy Ariary whole, and kept two decimals for the two currencies that lost theirs.
_STRIPE_EXPONENTS = {"MGA": 0, "ISK": 2, "UGX": 2}


class CurrencyUnclear(FileRefused):
    """An export that does not say in which currency its amounts are."""

    code = "CURRENCY_UNCLEAR"


def currency_code(text: str) -> str:
    """The ISO code of a currency as exports name it; any other text comes back as it is.

    >>> currency_code("usd"), currency_code("British pound"), currency_code("EUR Euro")
    ('USD', 'GBP', 'EUR')
    """
    code = text.strip().upper()
    if code in EXPONENTS:
        return code
    if code[:3] in EXPONENTS and code[3:4] in (" ", "-"):
        return code[:3]
    return _NAMES.get(text.strip().casefold(), text)


class FigureReader:
    """Writes amounts as plain decimal text; which sign parts decimals is settled once for a file.

    Currency signs, grouping, parentheses and a minus behind are read. A text of no known form
    stays as it is, so that intake refuses it with its place.
    """

    def __init__(self, decimal: str) -> None:
        self._decimal = decimal
        self._style = NumberStyle(decimal, "," if decimal == "." else ".")

    @classmethod
    def for_texts(cls, texts: Iterable[str], *, told: Told, file: str) -> "FigureReader":
        """A reader for all amounts of a file.

        Refuses: NumberStyleUnclear when a comma may part thousands or decimals, or both occur.
        """
        if told.decimal:
            return cls(told.decimal)
        evidence: dict[str, str] = {}
        doubtful = ""
        for text in set(texts):
            figure = undressed(text)
            comma, point = figure.rfind(","), figure.rfind(".")
            if comma < 0:
                if figure.count(".") > 1:
                    evidence[","] = text
                elif point >= 0 and len(figure) - point != 4:
                    evidence["."] = text
            elif point >= 0:
                evidence["." if point > comma else ","] = text
            elif figure.count(",") > 1:
                evidence["."] = text
            elif len(figure) - comma == 4:
                doubtful = text
            else:
                evidence[","] = text
        if len(evidence) == 2 or (doubtful and not evidence):
            shown = doubtful or evidence[","]
            raise NumberStyleUnclear(
                f"{file}: the comma in {shown} may part thousands or decimals.",
                facts={"file": file, "text": shown},
                remedy='Write a mapping with the preset\'s name and decimal = "." (or ","), and '
                "give it with --map.",
            )
        return cls("," if "," in evidence else ".")

    def read(self, text: str, currency: str) -> str:
        """An amount as plain decimal text; zeros beyond the currency's decimals are dropped."""
        figure = text
        if not _PLAIN.fullmatch(text) or self._decimal == ",":
            try:
                figure = self._style.read(undressed(text))
            except InvalidAmount:
                return text
        whole, point, decimals = figure.partition(".")
        kept = EXPONENTS.get(currency, 2)
        if point and len(decimals) > kept and not decimals[kept:].strip("0"):
            figure = f"{whole}.{decimals[:kept]}" if kept else whole
        return figure


def undressed(text: str) -> str:
    """A figure without currency signs, spaces and grouping apostrophes, its minus in front.

    >>> undressed("$ (1,234.50)"), undressed("12.00-"), undressed("US$5")
    ('-1,234.50', '-12.00', '5')
    """
    figure = _DRESS.sub("", text)
    if figure.startswith("(") and figure.endswith(")"):
        figure = f"-{figure[1:-1]}"
    elif figure.endswith("-"):
        figure = f"-{figure[:-1]}"
    return _DRESS.sub("", figure)


class MinorReader:
    """Writes the whole minor units of Stripe's API as decimal text of their currency."""

    def read(self, text: str, currency: str) -> str:
        """An amount in decimals; a text that is no whole number comes back as it is."""
        if currency not in EXPONENTS or not re.fullmatch(r"-?\d{1,18}", text):
            return text
        exponent = _STRIPE_EXPONENTS.get(currency, EXPONENTS[currency])
        amount = Decimal(int(text)).scaleb(-exponent)
        return FigureReader(".").read(format(amount, "f"), currency)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """An amount at the decimals of its currency, halves away from zero as invoices round."""
    return amount.quantize(Decimal(1).scaleb(-EXPONENTS.get(currency, 2)), ROUND_HALF_UP)
