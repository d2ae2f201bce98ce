"""Countries of the world: what firms, people and towns are called there. All of it is invented;
a town that exists by one of these names is meant as little as a person is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A country: its words in one line each, as the names of firms and people are made of them."""

    country: str
    currency: str
    language: str
    timezone: str
    dialling: str
    forms: tuple[str, ...]  # legal forms, the usual first
    surnames: tuple[str, ...]
    first_names: tuple[str, ...]
    towns: tuple[str, ...]
    street: str  # {name} and {number}


def _place(
    country: str,
    currency: str,
    language: str,
    timezone: str,
    dialling: str,
    street: str,
    words: str,
) -> Place:
    """Read four lines of words, parted by commas: forms, surnames, first names, towns."""
    lines = [tuple(word.strip() for word in line.split(",")) for line in words.strip().splitlines()]
    forms, surnames, first_names, towns = lines
    return Place(
        country,
        currency,
        language,
        timezone,
        dialling,
        tuple(form.replace(";", ",") for form in forms),
        surnames,
        first_names,
        towns,
        street,
    )


_GERMAN = """\
GmbH, GmbH & Co. KG, AG, KG, OHG, e.K.
Brückner, Möhring, Löffler, Käßbohrer, Hüttenrauch, Seewald, Dornfeld, Grünwaldt, Rösner, \
Ahlbrecht, Tönnies, Wiesental, Harkort, Überacker, Völlmer, Steinbrück, Jänsch, Kröger
Annika, Jörg, Svenja, Lutz, Käthe, Henning, Birgit, Thorsten, Meike, Götz
Hohenwalde, Lindenried, Kaltenbrück, Seebronn, Marienhagen, Altenförde, Weißensteig, \
Grünmoor, Niederlohe, Rabenau am See, Dünenkirchen, Steinhörn
"""

PLACES: dict[str, Place] = {
    place.country: place
    for place in (
        _place("DE", "EUR", "de", "Europe/Berlin", "+49 30", "{name}straße {number}", _GERMAN),
        _place(
            "AT",
            "EUR",
            "de",
            "Europe/Vienna",
            "+43 1",
            "{name}gasse {number}",
            """\
GmbH, GmbH & Co KG, AG, e.U.
Hofstätter, Moosbrugger, Pichlhöfer, Wallgram, Gschwandl, Röthlin, Kogelnig, Stadlwieser
Resi, Florian, Valerie, Korbinian, Leni, Wendelin
Unterlaß, Sankt Veith am Moos, Bruckheim, Oberzirl, Mürzfelden
""",
        ),
        _place(
            "CH",
            "EUR",
            "de",
            "Europe/Zurich",
            "+41 44",
            "{name}weg {number}",
            """\
AG, GmbH, Sàrl, SA
Zürrer, Bächtold, Rüeggsegger, Von Allwyl, Küttel, Perrochet
Urs, Regula, Beat, Ladina
Bühlwil, Oberegg am Rain, Val-Saint-Luc, Steckholz
""",
        ),
        _place(
            "NL",
            "EUR",
            "nl",
            "Europe/Amsterdam",
            "+31 20",
            "{name}laan {number}",
            """\
B.V., N.V., V.O.F.
Van der Meulen, Hoekzema, De Wildt, Terpstra, Zandbergen, Ruitenbeek, Van 't Hoff, Oosterling
Sanne, Joost, Femke, Wouter, Maaike, Bram
Westerdam, Nieuwkoopsluis, Zandwoude, Oudermeer, Hogeveld
""",
        ),
        _place(
            "FR",
            "EUR",
            "fr",
            "Europe/Paris",
            "+33 1",
            "{number} rue {name}",
            """\
SARL, SAS, SA, EURL
Béraudier, Lefrançais, Châtelard, Guérinot, Mauvoisin, Desforêts, Pélissou, Aubrécourt
Élodie, Thibault, Noémie, Gaël, Maëlle, Cédric
Saint-Aubert, Villeclaire, Montreval, Beaurivage, La Roche-Péronne
""",
        ),
        _place(
            "IT",
            "EUR",
            "it",
            "Europe/Rome",
            "+39 02",
            "Via {name} {number}",
            """\
S.r.l., S.p.A., S.n.c., S.a.s.
Bortolazzi, Ferrantini, Marchesotti, Zanellato, Quaglietti, Pavanello
Giulia, Matteo, Chiara, Niccolò, Ilaria, Dario
Castelvento, Pieve al Lago, Montefiorino Alto, Borgosecco
""",
        ),
        _place(
            "ES",
            "EUR",
            "es",
            "Europe/Madrid",
            "+34 91",
            "Calle {name} {number}",
            """\
S.L., S.A., S.L.U.
Ibáñez Roldán, Peñalver, Echeverría, Montañés, Castellví, Larrañaga
Íñigo, Begoña, Marta, Andrés, Lucía, Joaquín
Villaseca del Río, Puerto Claro, Alconera, Torrenueva
""",
        ),
        _place(
            "BE",
            "EUR",
            "nl",
            "Europe/Brussels",
            "+32 2",
            "{name}straat {number}",
            """\
BV, NV, SRL, SA
Vandenbroecke, Lemmens, Dewaele, Goossenaerts, Delvigne, Maesschalck
Liesbet, Pieter, Aurélie, Koen
Overijzel, Sint-Margriet, Waterlaar, Mont-Fleury
""",
        ),
        _place(
            "PL",
            "EUR",
            "pl",
            "Europe/Warsaw",
            "+48 22",
            "ul. {name} {number}",
            """\
Sp. z o.o., S.A., Sp. k.
Wróblewicz, Jaźwiński, Łabędzki, Żurawicz, Gołąbek, Śliwowski
Małgorzata, Łukasz, Agnieszka, Wojciech
Nowogóra, Lipowiec Dolny, Białostrzeg, Krasnobrzeg
""",
        ),
        _place(
            "SE",
            "EUR",
            "sv",
            "Europe/Stockholm",
            "+46 8",
            "{name}vägen {number}",
            """\
AB, HB
Sjöstrand, Åkerblom, Lindqvister, Björkegren, Hällström
Åsa, Göran, Linnéa, Örjan
Norrvik, Älvsund, Björkholm, Västerby
""",
        ),
        _place(
            "GB",
            "GBP",
            "en",
            "Europe/London",
            "+44 20",
            "{number} {name} Road",
            """\
Ltd, Limited, plc, LLP
Harkness, Thistlewood, Pemberley, Ashdowne, Marchbanks, Wetherell, Colquhane, O'Shaughness
Imogen, Alistair, Gemma, Rhys, Harriet, Callum
Eastmere, Kirkby Hollow, Wexcombe, Langmoor, Port Sallow
""",
        ),
        _place(
            "US",
            "USD",
            "en",
            "America/New_York",
            "+1 212",
            "{number} {name} Avenue",
            """\
Inc., LLC, Corp., Co.
Whitcombe, Delacroy, Hollings, Marchetti, Abernathe, Stroudman, Kessenich, O'Dellane
Brooke, Tyler, Shauna, Marcus, Paige, Devon
Cedar Hollow, Fort Linden, Maplewick, Riverton Falls
""",
        ),
        _place(
            "JP",
            "JPY",
            "ja",
            "Asia/Tokyo",
            "+81 3",
            "{number} {name}-dori",
            """\
K.K., Co.; Ltd., G.K.
Minazuki, Tokuhara, Isobashi, Kuwanaga, Hanamori
Haruna, Daichi, Yui, Kenta
Shiokawa, Minamihama, Aoyagi
""",
        ),
        _place(
            "KW",
            "KWD",
            "en",
            "Asia/Kuwait",
            "+965",
            "{name} Street {number}",
            """\
W.L.L., K.S.C.
Al-Rashoud, Al-Fahdan, Bin Nasaar, Al-Khabbaz, Al-Dawoud, Al-Muzaini Sons
Dalal, Yousef, Noura, Bader
Shamiyat, Salmiyan, Ras Al-Bahr
""",
        ),
    )
}

# Of the customers, how many sit where; the rest in Germany. Currencies other than the company's
# are there even among few customers (see company.py).
SHARES: tuple[tuple[str, float], ...] = (
    ("DE", 0.45),
    ("AT", 0.06),
    ("CH", 0.03),
    ("NL", 0.07),
    ("FR", 0.08),
    ("IT", 0.05),
    ("ES", 0.04),
    ("BE", 0.03),
    ("PL", 0.03),
    ("SE", 0.02),
    ("GB", 0.06),
    ("US", 0.05),
    ("JP", 0.02),
    ("KW", 0.01),
)
