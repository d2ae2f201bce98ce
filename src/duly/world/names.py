"""Names of firms and people, and what banks make of them on their way.

All names are invented. What happens to them is what happens in real statements: fields of 35 or
70 characters, capitals, umlauts written out, legal forms lost, someone else who pays.
"""

import re
import unicodedata
from itertools import chain, count

from duly.world.dice import Dice, pick
from duly.world.places import Place

_TRADES: dict[str, dict[str, tuple[str, ...]]] = {
    "de": {
        "large": ("Industrie", "Werke", "Chemie", "Maschinenbau", "Energietechnik"),
        "mid": ("Anlagenbau", "Metallbau", "Medizintechnik", "Druckguss", "Verpackungen"),
        "small": ("Tischlerei", "Feinkost", "Elektrotechnik", "Werbetechnik", "Gartenbau"),
        "construction": ("Hochbau", "Tiefbau", "Dachtechnik", "Trockenbau"),
        "transport": ("Spedition", "Logistik", "Kurierdienst", "Transporte"),
        "retail": ("Märkte", "Handelskette", "Warenhaus", "Drogerien"),
        "export": ("Außenhandel", "Import-Export"),
        "distressed": ("Textilwerke", "Möbelfabrik", "Gießerei"),
    },
    "fr": {
        "": ("Industries", "Distribution", "Bâtiment", "Transports", "Services", "Négoce"),
        "construction": ("Bâtiment", "Travaux", "Constructions"),
        "transport": ("Transports", "Messagerie"),
    },
    "it": {"": ("Industrie", "Costruzioni", "Trasporti", "Alimentari", "Meccanica", "Commercio")},
    "es": {"": ("Industrias", "Construcciones", "Transportes", "Suministros", "Comercial")},
    "nl": {"": ("Techniek", "Bouw", "Transport", "Groothandel", "Verpakkingen", "Installaties")},
    "pl": {"": ("Przemysł", "Budowa", "Transport", "Hurtownia", "Zakłady")},
    "sv": {"": ("Industri", "Bygg", "Åkeri", "Handel", "Teknik")},
    "ja": {"": ("Shoji", "Kogyo", "Unyu", "Seisakusho", "Trading")},
    "en": {
        "": ("Industries", "Supplies", "Engineering", "Foods", "Systems", "Components"),
        "construction": ("Construction", "Builders", "Roofing"),
        "transport": ("Freight", "Haulage", "Logistics"),
        "retail": ("Stores", "Outlets", "Retail Group"),
        "export": ("Trading", "International"),
    },
}
_PUBLIC = {
    "de": ("Stadtwerke {town}", "Stadt {town}", "Klinikum {town}", "Landratsamt {town}"),
    "fr": ("Mairie de {town}", "Centre hospitalier de {town}"),
    "it": ("Comune di {town}",),
    "es": ("Ayuntamiento de {town}",),
    "nl": ("Gemeente {town}", "Waterschap {town}"),
    "en": ("{town} Borough Council", "{town} County Hospital"),
}
_COINED = ("Volt", "Numi", "Kalo", "Trova", "Zephi", "Orbi", "Lumo", "Quanti", "Fjor", "Myco")
_ENDINGS = ("ly", "que", "ware", "sense", "grid", "labs", "pack", "flow", "nova")
_SUFFIXES = ("Nord", "Süd", "West", "Holding", "International", "Service", "Group", "Beteiligung")
_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
)
_PLAIN = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "’": "'"})
_NOT_SWIFT = re.compile(r"[^A-Za-z0-9/\-:().,'+ ]")


def firm_name(stream: Dice, place: Place, segment: str) -> tuple[str, str]:
    """(name without legal form, legal form) of a firm; public bodies have no form."""
    town = stream.choice(place.towns)
    if segment == "public":
        return stream.choice(_PUBLIC.get(place.language, _PUBLIC["en"])).format(town=town), ""
    forms = place.forms[:3] if segment in {"large", "retail"} else place.forms
    form = stream.choice(forms[:2] if stream.random() < 0.7 else forms)
    if segment == "start-up":
        return stream.choice(_COINED) + stream.choice(_ENDINGS), form
    trades = _TRADES.get(place.language, _TRADES["en"])
    trade = stream.choice(trades.get(segment) or trades.get("") or trades["mid"])
    first, second = stream.choice(place.surnames), stream.choice(place.surnames)
    pattern = pick(
        stream,
        [("{first} {trade}", 5), ("{trade} {town}", 2), ("{first} & {second} {trade}", 2)],
    )
    if first == second:
        pattern = "{first} & Söhne {trade}" if place.language == "de" else "{first} {trade}"
    return pattern.format(first=first, second=second, trade=trade, town=town), form


def distinct(stream: Dice, name: str, place: Place, taken: set[str]) -> str:
    """The name, or with a town, a suffix or a number behind it, so that no two firms share one."""
    tries = [name, f"{name} {stream.choice(place.towns)}", f"{name} {stream.choice(_SUFFIXES)}"]
    numbered = (f"{tries[1]} {number}" for number in count(2))
    found = next(one for one in chain(tries, numbered) if plain(one) not in taken)
    taken.add(plain(found))
    return found


def person_name(stream: Dice, place: Place) -> str:
    """The name of someone who works there."""
    return f"{stream.choice(place.first_names)} {stream.choice(place.surnames)}"


def plain(text: str) -> str:
    """A name as machines compare it: umlauts written out, no accents, small letters.

    >>> plain("Löffler & Söhne GmbH")
    'loeffler & soehne gmbh'
    """
    return latin(text).lower()


def latin(text: str) -> str:
    """A text in letters without accents, umlauts written out.

    >>> latin("Żurawicz Straße Ünal")
    'Zurawicz Strasse Uenal'
    """
    parts = unicodedata.normalize("NFKD", text.translate(_UMLAUTS).translate(_PLAIN))
    return "".join(letter for letter in parts if letter.isascii())


def swift(text: str) -> str:
    """A text in the characters that SWIFT lets through, without "?", which parts subfields.

    >>> swift("Löffler & Söhne: Rechnung #4?")
    'Loeffler + Soehne: Rechnung .4.'
    """
    return _NOT_SWIFT.sub(".", latin(text).replace("&", "+"))


MANNERS: tuple[tuple[str, float], ...] = (
    ("as it is", 34),
    ("capitals", 18),
    ("written out", 14),
    ("without form", 12),
    ("cut at 35", 8),
    ("town behind", 6),
    ("initials", 4),
    ("agent", 4),
)
_AGENTS = ("PAYSTREAM EUROPE B.V.", "Zentralregulierung Mitte eG", "FINOVIA SHARED SERVICES SE")


def payer_name(stream: Dice, manner: str, name: str, form: str, town: str) -> str:
    """How a payer is called in a statement, at most 70 characters.

    Given: one of MANNERS; the firm's name, its legal form and its town.

    >>> from duly.world.dice import dice
    >>> payer_name(dice(1), "capitals", "Löffler Hochbau", "GmbH", "Seebronn")
    'LOEFFLER HOCHBAU GMBH'
    """
    whole = f"{name} {form}".strip()
    if manner == "capitals":
        whole = latin(whole).upper()
    elif manner == "written out":
        whole = latin(whole)
    elif manner == "without form":
        whole = name
    elif manner == "cut at 35":
        whole = f"{whole} {town}"[:35].rstrip()
    elif manner == "town behind":
        whole = f"{whole}, {town}"
    elif manner == "initials":
        words = [word for word in latin(name).split() if word[0].isalpha()]
        whole = f"{words[0]} {' '.join(word[0] + '.' for word in words[1:])} {form}".strip()
    elif manner == "agent":
        whole = f"{stream.choice(_AGENTS)} i.A. {latin(whole)}"
    return whole[:70].rstrip()
