"""What a message says of items of which a dispute was found invalid: a chargeback is named as one.

Only numbers are named: the amounts of a message are those of its lines (see wording).
"""

from collections.abc import Sequence

_DENIED = {
    "en": "About {numbers}: we looked into what was deducted or objected to and found that it is "
    "owed. It is part of the amount above, due as before.",
    "de": "Zu {numbers}: Wir haben den Abzug oder Einwand geprüft; der Betrag ist geschuldet. Er "
    "ist in der Summe oben enthalten, zur alten Fälligkeit.",
    "fr": "Concernant {numbers} : nous avons examiné la déduction ou la contestation ; le montant "
    "est dû. Il est compris dans le total ci-dessus, à l'échéance d'origine.",
    "es": "Sobre {numbers}: hemos revisado la deducción u objeción y el importe se debe. Está "
    "incluido en el total anterior, con su vencimiento original.",
    "nl": "Over {numbers}: wij hebben de inhouding of het bezwaar onderzocht; het bedrag is "
    "verschuldigd. Het is deel van het totaal hierboven, met de oude vervaldatum.",
    "pt": "Sobre {numbers}: analisámos a dedução ou objeção e o valor é devido. Está incluído no "
    "total acima, com o vencimento original.",
}


def denial(numbers: Sequence[str], language: str) -> str:
    """The paragraph that says so; "" where there is nothing to say.

    >>> denial([], "en")
    ''
    >>> denial(["I-1", "I-2"], "en")[:16]
    'About I-1, I-2: '
    """
    if not numbers:
        return ""
    return _DENIED[language].replace("{numbers}", ", ".join(dict.fromkeys(numbers)))
