"""The phrases in which people write payment terms, in six languages of western Europe.

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
_N = r"(?P<n>[0-9]{1,4})"  # a count of days, weeks or months
_D = r"(?P<d>[0-9]{1,2})"  # a day of the month
_P = r"(?P<p>[0-9]{1,3}(?:\.[0-9]{1,6})?)"  # a percentage
_ORDINAL = r"(?:st|nd|rd|th|er|º|°|\.)?"
_DAYS = r"(?:days?|tage?n?|jours?|d[ií]as?|giorni|gg|dagen)"
_UNIT = (
    rf"(?P<unit>(?:calendar )?(?:days?|weeks?|months?)|{_DAYS}|wochen?|monate?n?|semaines?|mois"
    r"|semanas?|mes(?:es)?|settiman[ae]|mes[ei]|weken|maanden)"
)
_WITHIN = (
    r"(?:within|in|innerhalb(?: von)?|binnen|sous(?: un d[ée]lai de)?|dans(?: les)?|à|en|dentro de"
    r"|entro)"
)
_DISCOUNT = (
    r"(?:(?:cash |prompt payment )?discount|skonto|(?:d'|de )?escompte|descuento|sconto|korting)"
)
_LESS = r"(?:mit|with|less|minus|abzüglich|gewähren wir|avec)"
_IF_PAID = r"(?: if paid| bei zahlung| für zahlung| for payment| pour paiement)"
_INVOICE_DATE = (
    r"(?:(?:from|after|ab|nach|of|à compter de|depuis|de|dalla|vanaf|na) )?(?:the |la |der |dem )?"
    r"(?:date of (?:the )?invoice|invoice date|bill date|date of issue|issue date|rechnungsdatum"
    r"|rechnungsstellung|date de (?:la )?facture|date d[e']émission|fecha (?:de )?factura"
    r"|data fattura|d\.?f\.?|factuurdatum)"
)
_MONTH_END = (
    r"(?:(?:the )?end of (?:the |that |this |current )?(?:invoice |bill(?:ing)? )?month"
    r"(?: of (?:the )?(?:invoice|bill))?|month[ -]end|e\.?o\.?m\.?|monatsende"
    r"|ende (?:des|vom) monats?|(?:la )?fin (?:de|du) mois|fin de mes|fine mese|f\.?m\.?"
    r"|einde maand)"
)
_NEXT_MONTH = (
    r"(?:(?:of )?(?:the )?(?:next|following) month|(?:of )?prox(?:imo)?\.?|(?:d[ue] )?mois suivant"
    r"|(?:des )?folgemonats|(?:des )?nächsten monats|mfi"
    r"|(?:of )?(?:the )?month following(?: the)?(?: date of)? invoice(?: date)?)"
)
_THIS_MONTH = (
    r"(?:of (?:the |each |every |this |current |the current )?month|du mois|des monats|del mes"
    r"|del mese|van de maand)"
)
_ON_THE = r"(?:on )?(?:the |le |am |zum |el |il )?"
_GOODS = (
    r"(?:(?:from |after |following |of |ab |nach |à )?(?:the )?(?:r\.?o\.?g\.?|a\.?o\.?g\.?"
    r"|(?:date of )?receipt of (?:the )?goods|arrival of (?:the )?goods|wareneingang"
    r"|erhalt der ware|réception (?:de la marchandise|des marchandises)))"
)


def _phrase(sort: str, pattern: str) -> Phrase:
    return Phrase(sort, re.compile(rf"(?:{pattern}){_END}"))


# The order counts: what says more comes before what says less.
PHRASES = (
    _phrase("nothing", r"penalty percentage [0-9.]+% from due date"),
    # "within 10 days 2% discount", but not the 30 days of "30 days, 2% discount within 10 days"
    _phrase(
        "discount",
        rf"(?:payment )?(?:{_WITHIN} )?{_N} {_UNIT},? (?:{_LESS} )?{_P}% {_DISCOUNT}"
        rf"(?! (?:if|for|{_WITHIN}) )",
    ),
    _phrase("discount", rf"{_P}%(?: {_DISCOUNT})?{_IF_PAID}?,? (?:{_WITHIN} )?{_N} {_UNIT}"),
    _phrase("discount", rf"{_P}% ?(?:{_DISCOUNT} )?{_N}"),
    _phrase("discount", rf"{_P}%? ?/ ?{_N}(?: days)?"),
    _phrase("eom_after", rf"{_MONTH_END} ?(?:\+|plus) ?{_N}(?: {_DAYS})?"),
    _phrase(
        "eom_after",
        rf"(?:net |netto )?{_N} {_DAYS} (?:from|after|following|ab|nach|après|depuis|dopo|na)"
        rf" (?:the |la )?{_MONTH_END}",
    ),
    _phrase("eom_within", rf"(?:by )?{_MONTH_END} (?:after|following) {_N} {_DAYS}"),
    _phrase("eom_within", rf"(?:by )?{_MONTH_END} in which day {_N} falls"),
    _phrase(
        "eom_within",
        rf"(?:net |netto )?{_N} {_DAYS},? (?:then|puis|dann)(?: to| at| à| zum)? {_MONTH_END}",
    ),
    _phrase(
        "last_next_month",
        rf"(?:(?:the )?(?:end|last day)|la fin|fin|ende|einde) {_NEXT_MONTH}"
        r"|fin del mes siguiente|fine mese successivo|einde volgende maand",
    ),
    _phrase("day_next_month", rf"{_ON_THE}{_D} ?{_ORDINAL} {_NEXT_MONTH}"),
    _phrase("day_next_month", rf"prox(?:imo)?\.? {_D}{_ORDINAL}"),
    _phrase(
        "eom_unclear",
        rf"(?:(?:net|netto)[ -]?|n ?/ ?)?{_N}(?: ?{_DAYS})?(?: {_INVOICE_DATE})?[, -]*(?:net )?"
        rf"{_MONTH_END}",
    ),
    _phrase("eom_unclear", rf"{_MONTH_END} {_N}(?: {_DAYS})?"),
    _phrase("month_end", rf"(?:at |by |à |zum |a )?(?:the )?{_MONTH_END}"),
    _phrase("cutoff", rf"(?:the )?{_D}{_ORDINAL} cut[ -]?off(?: date| day)?"),
    _phrase("cutoff", rf"cut[ -]?off(?: date| day| on| is)*:?(?: the)? {_D}{_ORDINAL}"),
    _phrase("day_this_month", rf"{_ON_THE}{_D}{_ORDINAL} {_THIS_MONTH}"),
    _phrase("on_receipt_of_goods", r"(?:due )?(?:on|upon|at) receipt of (?:the )?goods"),
    _phrase("from_receipt_of_goods", _GOODS),
    # A span that begins on receipt: the day of the document stands for it, as for "on receipt".
    _phrase(
        "net",
        rf"(?:due |payable )?(?:on|upon) receipt(?: of (?:the )?invoice)?,? {_WITHIN} {_N} {_UNIT}",
    ),
    _phrase(
        "at_once",
        r"(?:due |payable )?(?:on|upon) receipt(?: of (?:the )?invoice)?"
        r"|(?:due )?immediate(?:ly)?(?: payment)?(?: due)?"
        r"|sofort(?: fällig| zahlbar)?(?: rein)?(?: netto)?(?: kasse)?"
        r"|(?:à|a) réception(?: de (?:la )?facture)?|(?:paiement )?comptant|al contado|per direct",
    ),
    _phrase("net", rf"(?:(?:net|netto)[ -]?|n ?/? ?){_N}(?: {_UNIT})?(?: {_INVOICE_DATE})?"),
    _phrase("net", rf"(?:{_WITHIN} )?{_N} {_UNIT}(?: {_INVOICE_DATE})?"),
    _phrase("cia", r"c\.?i\.?a\.?|(?:cash|payable) in advance"),
    _phrase("cbd", r"c\.?b\.?d\.?|(?:cash|payment) before (?:delivery|shipment)"),
    _phrase("cwo", r"c\.?w\.?o\.?|(?:cash|payment) with (?:the )?order"),
    _phrase(
        "pia",
        r"p\.?i\.?a\.?|(?:payment )?in advance"
        r"|prepayment|prepaid|pre-payment|advance payment|deposit|down ?payment"
        r"|vorkasse|vorauskasse|vorauszahlung|anzahlung"
        r"|paiement d'avance|acompte|prepago|pago anticipado|pagamento anticipato|vooruitbetaling",
    ),
    _phrase(
        "cod",
        r"c\.?o\.?d\.?|(?:(?:cash|collect|payable|payment|due) )?(?:on|upon|at) delivery"
        r"|nachnahme|contre[ -]remboursement|contra reembolso|contrassegno|onder rembours",
    ),
    _phrase(
        "nothing",
        r"(?:payment )?(?:terms|conditions)|(?:please )?pay(?:ment|able)?(?: is)?(?: due)?"
        r"|due|zahlbar|zahlung|zahlungsziel|zahlungsbedingung(?:en)?|fällig|bei zahlung"
        r"|paiement|à payer|échéance|conditions de (?:paiement|règlement)"
        r"|pago|pagamento|betaling|betaalbaar"
        r"|otherwise|thereafter|then|and|sonst|danach|und|et|sinon|y|e|en"
        r"|(?:strictly )?nett?|(?:rein )?netto|ohne abzug"
        rf"|{_INVOICE_DATE}",
    ),
)

# A clause may end with a stop or a comma; a dash between two clauses has spaces around it.
SEPARATORS = re.compile(r"(?:[\s,;:.]|(?<=\s)-\s)*")

SHARE_START = re.compile(
    rf"{_P}%|(?P<rest>(?:the )?(?:balance|remainder|remaining|rest|solde|saldo)\b)"
)
SHARE_JOIN = re.compile(r"(?:[\s,;:+.&|]|\b(?:and|und|et|then|y|e|en)\s)*$")
SHARE_DAYS = re.compile(rf"{_N}(?: {_UNIT})?")

# XRechnung's lines for BT-20; late charges (VERZUG) move no due date.
SKONTO = re.compile(
    r"#SKONTO#TAGE=([0-9]{1,4})#PROZENT=([0-9]{1,3}(?:\.[0-9]{1,6})?)"
    r"(?:#BASISBETRAG=-?([0-9]{1,15}(?:\.[0-9]{1,4})?))?#",
    re.IGNORECASE,
)
LATE_CHARGE = re.compile(
    r"#VERZUG#TAGE=[0-9]+#PROZENT=[0-9.]+(?:#BASISBETRAG=-?[0-9.]+)?#", re.IGNORECASE
)

MONTH_UNITS = ("month", "monat", "mois", "mes", "maand")
WEEK_UNITS = ("week", "woche", "semaine", "semana", "settiman", "weken")
