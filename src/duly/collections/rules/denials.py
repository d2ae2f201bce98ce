"""What a message says of items of which a dispute was denied, in part or whole: a chargeback is
named as one.

Only numbers are named: the amounts of a message are those of its lines (see wording).
"""

from collections.abc import Sequence

_DENIED = {
    "en": "About {numbers}: we looked into what was deducted or objected to. What is listed above "
    "is owed, due as before.",
    "de": "Zu {numbers}: Wir haben den Abzug oder Einwand geprüft. Was oben aufgeführt ist, ist "
    "geschuldet, zur alten Fälligkeit.",
    "fr": "Concernant {numbers} : nous avons examiné la déduction ou la contestation. Ce qui "
    "figure ci-dessus est dû, à l'échéance d'origine.",
    "es": "Sobre {numbers}: hemos revisado la deducción u objeción. Lo que figura arriba se "
    "debe, con su vencimiento original.",
    "nl": "Over {numbers}: wij hebben de inhouding of het bezwaar onderzocht. Wat hierboven staat, "
    "is verschuldigd, met de oude vervaldatum.",
    "pt": "Sobre {numbers}: analisámos a dedução ou objeção. O que consta acima é devido, com o "
    "vencimento original.",
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
