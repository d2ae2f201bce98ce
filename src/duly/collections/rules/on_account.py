"""What a customer is told of money that is more than it owes: what is left, and what to do with it.

Rule: told once of a payment, where the customer's policy says so, and only what is still true when
it leaves. It asks for nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from duly.collections.rules.reasons import Reason
from duly.collections.rules.templates import one_line, render
from duly.collections.rules.texts import Text
from duly.kernel.locales import Locale

ON_ACCOUNT = "on_account"  # a channel and a step
USED = Reason("used", "The money was applied, refunded or taken back before it was told of.")
_LINES = "{{#items}}{{ number }}   {{ issued_on }}   {{ open }} {{ currency }}\n{{/items}}"

TEXTS = {
    "en": Text(
        "Your payment to {{ entity }}: {{ amount }} {{ currency }} left on your account",
        "Hello {{ customer }},\n\n"
        "thank you for your payment. It was more than what was due, and {{ amount }} "
        "{{ currency }} are left on your account with us as of {{ today }}:\n\n"
        "Payment, received on, left:\n" + _LINES + "\n"
        "Please tell us what it is for: we apply it to the invoices that you name, keep it for "
        "later ones, or send it back to the account it came from. A reply to this message is "
        "enough.\n\n"
        "Kind regards\n{{ entity }}\n",
    ),
    "de": Text(
        "Ihre Zahlung an {{ entity }}: {{ amount }} {{ currency }} Guthaben",
        "Guten Tag {{ customer }},\n\n"
        "vielen Dank für Ihre Zahlung. Sie war höher als der fällige Betrag; auf Ihrem Konto bei "
        "uns stehen {{ amount }} {{ currency }} als Guthaben, Stand {{ today }}:\n\n"
        "Zahlung, eingegangen am, Rest:\n" + _LINES + "\n"
        "Bitte sagen Sie uns, wofür es ist: Wir verrechnen es mit den Rechnungen, die Sie nennen, "
        "behalten es für spätere oder überweisen es auf das Konto zurück, von dem es kam. Eine "
        "Antwort auf diese Nachricht genügt.\n\n"
        "Mit freundlichen Grüßen\n{{ entity }}\n",
    ),
    "fr": Text(
        "Votre paiement à {{ entity }} : {{ amount }} {{ currency }} au crédit de votre compte",
        "Bonjour {{ customer }},\n\n"
        "merci pour votre paiement. Il dépasse le montant dû, et il reste {{ amount }} "
        "{{ currency }} au crédit de votre compte chez nous au {{ today }} :\n\n"
        "Paiement, reçu le, reste :\n" + _LINES + "\n"
        "Dites-nous à quoi il correspond : nous l'imputons sur les factures que vous indiquez, le "
        "gardons pour les suivantes ou le renvoyons sur le compte d'où il vient. Répondez "
        "simplement à ce message.\n\n"
        "Cordialement\n{{ entity }}\n",
    ),
    "es": Text(
        "Su pago a {{ entity }}: {{ amount }} {{ currency }} a su favor",
        "Hola, {{ customer }}:\n\n"
        "gracias por su pago. Supera lo que se debía, y quedan {{ amount }} {{ currency }} a su "
        "favor en su cuenta con nosotros a {{ today }}:\n\n"
        "Pago, recibido el, resto:\n" + _LINES + "\n"
        "Díganos para qué es: lo aplicamos a las facturas que indique, lo guardamos para las "
        "siguientes o lo devolvemos a la cuenta de la que vino. Basta con responder a este "
        "mensaje.\n\n"
        "Un cordial saludo\n{{ entity }}\n",
    ),
    "nl": Text(
        "Uw betaling aan {{ entity }}: {{ amount }} {{ currency }} tegoed",
        "Beste {{ customer }},\n\n"
        "dank voor uw betaling. Zij was hoger dan het verschuldigde bedrag; op uw rekening bij ons "
        "staat {{ amount }} {{ currency }} tegoed per {{ today }}:\n\n"
        "Betaling, ontvangen op, rest:\n" + _LINES + "\n"
        "Laat ons weten waarvoor het is: wij verrekenen het met de facturen die u noemt, houden "
        "het voor latere, of boeken het terug naar de rekening waarvan het kwam. Een antwoord op "
        "dit bericht volstaat.\n\n"
        "Met vriendelijke groet\n{{ entity }}\n",
    ),
    "pt": Text(
        "O seu pagamento a {{ entity }}: {{ amount }} {{ currency }} a seu favor",
        "Bom dia, {{ customer }},\n\n"
        "obrigado pelo seu pagamento. Foi superior ao valor em dívida, e ficaram {{ amount }} "
        "{{ currency }} a seu favor na sua conta connosco em {{ today }}:\n\n"
        "Pagamento, recebido em, resto:\n" + _LINES + "\n"
        "Diga-nos a que se destina: aplicamo-lo às faturas que indicar, guardamo-lo para as "
        "seguintes ou devolvemo-lo à conta de onde veio. Basta responder a esta mensagem.\n\n"
        "Com os melhores cumprimentos\n{{ entity }}\n",
    ),
}


class LeftOver(NamedTuple):
    """A payment of which something is left."""

    payment_id: int
    number: str
    received_on: date
    minor: int


def write_on_account(
    *,
    customer: str,
    entity: str,
    currency: str,
    decimals: int,
    left: Sequence[LeftOver],
    on: date,
    locale: Locale,
) -> tuple[str, str]:
    """Subject and body as a reader's language and country write them."""
    text = TEXTS[locale.language]
    values = {
        "customer": one_line(customer),
        "entity": one_line(entity),
        "amount": locale.money(sum(one.minor for one in left), decimals),
        "currency": currency,
        "today": locale.long_day(on),
    }
    items = [
        {
            "number": one_line(one.number),
            "issued_on": locale.day(one.received_on),
            "open": locale.money(one.minor, decimals),
        }
        for one in left
    ]
    return one_line(render(text.subject, values, []))[:400], render(text.body, values, items)


def never_told(
    *,
    told: Mapping[int, int],
    free: Mapping[int, int],
    barred: Reason | None,
    recipients: tuple[str, ...],
    addressed: tuple[str, ...],
) -> Reason | None:
    """Why a message of money on account must not leave any more.

    Given: {payment: minor units} as told, and as free now.

    >>> never_told(told={1: 50}, free={1: 40}, barred=None, recipients=(), addressed=()).code
    'used'
    """
    if barred is not None:
        return barred
    if any(free.get(pk, 0) != minor for pk, minor in told.items()):
        return USED
    if recipients != addressed:
        return Reason("changed", "The customer's addresses have changed since it was planned.")
    return None
