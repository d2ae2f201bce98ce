"""The phrases in which people write payment terms: English, German, French, Spanish, Italian, Dutch.

Each phrase is a pattern for a piece of a text in small letters and the sort of clause it tells.
The reader takes phrases from left to right and gives up on the first word it does not know, so
that a text is understood whole or kept as free text; nothing is understood by half.
"""

import re
from typing import NamedTuple


class Phrase(NamedTuple):
    """A sort of clause, and the pattern whose groups give its numbers."""

    sort: str
    pattern: re.Pattern[str]


# A number or word ends here: no digit, letter, percent sign or fraction goes on.
_END = r"(?![\w%/]|[.,]\d)"
_N = r"(?P<n>[0-9]{1,4})"
_D = r"(?P<d>[0-9]{1,2})"
_P = r"(?P<p>[0-9]{1,3}(?:\.[0-9]{1,6})?)"
_ORDINAL = r"(?:st|nd|rd|th|er|º|°|\.)?"
_UNIT = (
    r"(?P<unit>(?:calendar )?(?:days?|weeks?|months?)|tage?n?|wochen?|monate?n?|jours?|semaines?"
    r"|mois|d[ií]as?|semanas?|mes(?:es)?|giorni|gg|settiman[ae]|mes[ei]|dagen|weken|maanden)"
)
_WITHIN = (
    r"(?:within|in|innerhalb(?: von)?|binnen|sous(?: un d[ée]lai de)?|dans(?: les)?|à|en|dentro de"
    r"|entro) "
)
_DISCOUNT = r"(?:(?:cash |prompt payment )?discount|skonto|(?:d'|de )?escompte|descuento|sconto|korting)"
_INVOICE_DATE = (
    r"(?:(?:from|after|ab|nach|of|à compter de|depuis|de|dalla|vanaf|na) )?(?:the |la |der |dem )?"
    r"(?:date of (?:the )?invoice|invoice date|bill date|date of issue|issue date|rechnungsdatum"
    r"|rechnungsstellung|date de (?:la )?facture|date d[e']émission|fecha (?:de )?factura"
    r"|data fattura|d\.?f\.?|factuurdatum)"
)
_MONTH_END = (
    r"(?:(?:the )?end of (?:the |that |this |current )?(?:invoice |bill(?:ing)? )?month"
    r"(?: of (?:the )?(?:invoice|bill))?|month[ -]end|e\.?o\.?m\.?|monatsende|ende (?:des|vom) monats?"
    r"|(?:la )?fin (?:de|du) mois|fin de mes|fine mese|f\.?m\.?|einde maand)"
)
_NEXT_MONTH = (
    r"(?:(?:of )?(?:the )?(?:next|following) month|(?:of )?prox(?:imo)?\.?|(?:du )?mois suivant"
    r"|(?:des )?folgemonats|(?:des )?nächsten monats|mfi"
    r"|(?:of )?(?:the )?month following(?: the)?(?: date of)? invoice(?: date)?)"
)
_THIS_MONTH = (
    r"(?:of (?:the |each |every |this |current |the current )?month|du mois|des monats|del mes"
    r"|del mese|van de maand)"
)
_GOODS = (
    r"(?:(?:from |after |following |of |ab |nach |à )?(?:the )?(?:r\.?o\.?g\.?|a\.?o\.?g\.?"
    r"|(?:date of )?receipt of (?:the )?goods|arrival of (?:the )?goods|wareneingang"
    r"|erhalt der ware|réception (?:de la marchandise|des marchandises)))"
)


def _phrase(sort: str, *patterns: str) -> Phrase:
    return Phrase(sort, re.compile(rf"(?:{'|'.join(patterns)}){_END}"))


# The order counts: what says more comes before what says less.
PHRASES = (
    _phrase("late_charge", rf"penalty percentage {_P.replace('<p>', '<late>')}% from due date"),
    _phrase(
        "discount",
        rf"(?:payment )?(?:{_WITHIN})?{_N} {_UNIT},? (?:(?:mit|with|less|minus|abzüglich|"
        rf"gewähren wir|avec) )?{_P}% {_DISCOUNT}(?! (?:if|{_WITHIN.strip()}|for) )",
    ),
    _phrase(
        "discount",
        rf"{_P}%(?: {_DISCOUNT})?(?: if paid| bei zahlung| für zahlung| for payment| pour paiement)?"
        rf",? (?:{_WITHIN})?{_N} {_UNIT}",
        rf"{_P.replace('<p>', '<p2>')}% (?:{_DISCOUNT} )?{_N.replace('<n>', '<n2>')}",
    ),
    _phrase("discount", rf"{_P}%? ?/ ?{_N}(?: days)?"),
    _phrase("eom_after_plus", rf"{_MONTH_END} ?(?:\+|plus) ?{_N}(?: {_UNIT})?"),
    _phrase(
        "eom_after",
        rf"(?:net |netto )?{_N} {_UNIT} (?:from|after|following|ab|nach|après|depuis|dopo|na) "
        rf"(?:the |la )?{_MONTH_END}",
    ),
    _phrase(
        "eom_within",
        rf"{_MONTH_END} (?:after|following|in which day) {_N}(?: {_UNIT}| falls)",
        rf"(?:net |netto )?{_N.replace('<n>', '<n2>')} (?:days|tage|jours),? (?:then|puis|dann)"
        rf"(?: to| at| à| zum)? {_MONTH_END}",
    ),
    _phrase(
        "day_next_month",
        r"(?:(?:the )?(?:end|last day)|la fin|fin|ende) "
        rf"(?:{_NEXT_MONTH}|du mois suivant|del mes siguiente|mese successivo)",
        rf"(?:on )?(?:the |le |am |zum |el |il )?{_D} ?{_ORDINAL} {_NEXT_MONTH}",
        rf"prox(?:imo)?\.? {_D.replace('<d>', '<d2>')}{_ORDINAL}",
    ),
    _phrase(
        "eom_unclear",
        rf"(?:(?:net|netto)[ -]?|n ?/ ?)?{_N}(?: {_UNIT})?(?: {_INVOICE_DATE})?,? (?:net )?{_MONTH_END}",
        rf"{_MONTH_END} {_N.replace('<n>', '<n2>')}(?: days| tage| jours| d[ií]as| giorni)?",
    ),
    _phrase("month_end", rf"(?:at |by |à |zum |a )?(?:the )?{_MONTH_END}"),
    _phrase("cutoff", rf"(?:the )?{_D}{_ORDINAL} cut[ -]?off(?: date| day)?"),
    _phrase("cutoff", rf"cut[ -]?off(?: date| day| on| is)*:?(?: the)? {_D}{_ORDINAL}"),
    _phrase("day_this_month", rf"(?:on )?(?:the |le |am |zum |el |il )?{_D}{_ORDINAL} {_THIS_MONTH}"),
    _phrase(
        "receipt_net0", r"(?:due )?(?:on|upon|at) receipt of (?:the )?goods"
    ),
    _phrase("receipt", _GOODS),
    _phrase(
        "net0",
        r"(?:due |payable )?(?:on|upon) receipt(?: of (?:the )?invoice)?",
        r"(?:due )?immediate(?:ly)?(?: payment)?(?: due)?",
        r"sofort(?: fällig| zahlbar)?(?: rein)?(?: netto)?(?: kasse)?",
        r"(?:à|a) réception(?: de (?:la )?facture)?",
        r"(?:paiement )?comptant",
        r"al contado",
        r"per direct",
    ),
    _phrase(
        "net",
        rf"(?:(?:net|netto)[ -]?|n ?/ ?|n){_N}(?: {_UNIT})?(?: net)?(?: {_INVOICE_DATE})?",
    ),
    _phrase(
        "net",
        rf"(?:{_WITHIN})?{_N} {_UNIT}(?: (?:strictly )?(?:net|nett|netto|rein netto|ohne abzug))?"
        rf"(?: {_INVOICE_DATE})?",
    ),
    _phrase("cia", r"c\.?i\.?a\.?", r"(?:cash|payable) in advance"),
    _phrase("cbd", r"c\.?b\.?d\.?", r"(?:cash|payment) before (?:delivery|shipment)"),
    _phrase("cwo", r"c\.?w\.?o\.?", r"(?:cash|payment) with (?:the )?order"),
    _phrase(
        "pia",
        r"p\.?i\.?a\.?",
        r"(?:payment )?in advance",
        r"(?:prepayment|prepaid|pre-payment|advance payment|deposit|down ?payment)",
        r"(?:vorkasse|vorauskasse|vorauszahlung|anzahlung)",
        r"(?:paiement d'avance|acompte|prepago|pago anticipado|pagamento anticipato|vooruitbetaling)",
    ),
    _phrase(
        "cod",
        r"c\.?o\.?d\.?",
        r"(?:cash|collect|payable|payment|due)? ?(?:on|upon|at) delivery",
        r"(?:nachnahme|contre[ -]remboursement|contra reembolso|contrassegno|onder rembours)",
    ),
    _phrase(
        "nothing",
        r"(?:payment )?(?:terms|conditions)",
        r"(?:please )?pay(?:ment|able)?(?: is)?(?: due)?",
        r"due|zahlbar|zahlung|zahlungsziel|zahlungsbedingung(?:en)?|fällig|bei zahlung",
        r"paiement|payable|à payer|échéance|conditions de (?:paiement|règlement)",
        r"pago|pagamento|betaling|betaalbaar",
        r"otherwise|thereafter|then|and|sonst|danach|und|et|sinon|y|e|en",
        r"(?:strictly )?net|(?:rein )?netto|ohne abzug",
        _INVOICE_DATE,
    ),
)

SEPARATORS = re.compile(r"[\s,;:.]*")
SHARE_START = re.compile(rf"{_P}%|(?P<rest>(?:the )?(?:balance|remainder|remaining|rest|solde|saldo))")
SHARE_JOIN = re.compile(r"(?:[\s,;:+.&|]|\b(?:and|und|et|then|y|e|en)\s)*$")
SHARE_DAYS = re.compile(rf"{_N}(?: {_UNIT})?")
SKONTO = re.compile(
    r"#SKONTO#TAGE=([0-9]{1,4})#PROZENT=([0-9]{1,3}(?:\.[0-9]{1,6})?)"
    r"(?:#BASISBETRAG=([0-9]{1,15}(?:\.[0-9]{1,4})?))?#"
)
LATE_CHARGE_LINE = re.compile(r"#VERZUG#.*")

MONTH_UNITS = ("month", "monat", "mois", "mes", "maand")
WEEK_UNITS = ("week", "woche", "semaine", "semana", "settiman", "weken")
