"""What customers are told of an order that waits, or may go: once of a hold, where policy says so.

Rule: only what is still true when it leaves. It asks for nothing, and names no reason: that is for
whoever they speak to.
"""

from typing import NamedTuple

from duly.collections.rules.reasons import Reason
from duly.collections.rules.templates import one_line, render
from duly.collections.rules.texts import Text
from duly.kernel.currencies import EXPONENTS
from duly.kernel.locales import Locale

ORDER_TOLD = "order_told"  # the channel of mail to customers
SALES_TOLD = "sales_told"  # of that to whoever sells
WAITS, GOES = "order_waits", "order_goes"  # what is so of an order, a step and a template
MOVED = Reason("order_moved", "It is not so any more: the order went on meanwhile.")
_NAMED = "{{#items}}{{ number }}   {{ open }} {{ currency }}\n{{/items}}"

TEXTS = {
    WAITS: {
        "en": Text(
            "Your order with {{ entity }} waits",
            "Hello {{ customer }},\n\n"
            "the order below, over {{ amount }} {{ currency }}, waits until we have looked at your "
            "account:\n\n" + _NAMED + "\n"
            "A reply to this message reaches us.\n\n"
            "Kind regards\n{{ entity }}\n",
        ),
        "de": Text(
            "Ihre Bestellung bei {{ entity }} wartet",
            "Guten Tag {{ customer }},\n\n"
            "die folgende Bestellung über {{ amount }} {{ currency }} wartet, bis wir Ihr Konto "
            "angesehen haben:\n\n" + _NAMED + "\n"
            "Eine Antwort auf diese Nachricht erreicht uns.\n\n"
            "Mit freundlichen Grüßen\n{{ entity }}\n",
        ),
        "fr": Text(
            "Votre commande chez {{ entity }} est en attente",
            "Bonjour {{ customer }},\n\n"
            "la commande ci-dessous, de {{ amount }} {{ currency }}, attend que nous ayons examiné "
            "votre compte :\n\n" + _NAMED + "\n"
            "Une réponse à ce message nous parvient.\n\n"
            "Cordialement\n{{ entity }}\n",
        ),
        "es": Text(
            "Su pedido a {{ entity }} está en espera",
            "Hola, {{ customer }}:\n\n"
            "el pedido siguiente, por {{ amount }} {{ currency }}, espera a que hayamos revisado "
            "su cuenta:\n\n" + _NAMED + "\n"
            "Puede responder a este mensaje.\n\n"
            "Un cordial saludo\n{{ entity }}\n",
        ),
        "nl": Text(
            "Uw bestelling bij {{ entity }} wacht",
            "Beste {{ customer }},\n\n"
            "de bestelling hieronder, van {{ amount }} {{ currency }}, wacht totdat wij uw "
            "rekening hebben bekeken:\n\n" + _NAMED + "\n"
            "Een antwoord op dit bericht bereikt ons.\n\n"
            "Met vriendelijke groet\n{{ entity }}\n",
        ),
        "pt": Text(
            "A sua encomenda à {{ entity }} está à espera",
            "Bom dia, {{ customer }},\n\n"
            "a encomenda abaixo, de {{ amount }} {{ currency }}, aguarda que vejamos a sua "
            "conta:\n\n" + _NAMED + "\n"
            "Pode responder a esta mensagem.\n\n"
            "Com os melhores cumprimentos\n{{ entity }}\n",
        ),
    },
    GOES: {
        "en": Text(
            "Your order with {{ entity }} goes ahead",
            "Hello {{ customer }},\n\n"
            "the order below, over {{ amount }} {{ currency }}, does not wait any more:\n\n"
            + _NAMED
            + "\nKind regards\n{{ entity }}\n",
        ),
        "de": Text(
            "Ihre Bestellung bei {{ entity }} ist freigegeben",
            "Guten Tag {{ customer }},\n\n"
            "die folgende Bestellung über {{ amount }} {{ currency }} wartet nicht mehr:\n\n"
            + _NAMED
            + "\nMit freundlichen Grüßen\n{{ entity }}\n",
        ),
        "fr": Text(
            "Votre commande chez {{ entity }} est débloquée",
            "Bonjour {{ customer }},\n\n"
            "la commande ci-dessous, de {{ amount }} {{ currency }}, n'est plus en attente :\n\n"
            + _NAMED
            + "\nCordialement\n{{ entity }}\n",
        ),
        "es": Text(
            "Su pedido a {{ entity }} sigue adelante",
            "Hola, {{ customer }}:\n\n"
            "el pedido siguiente, por {{ amount }} {{ currency }}, ya no está en espera:\n\n"
            + _NAMED
            + "\nUn cordial saludo\n{{ entity }}\n",
        ),
        "nl": Text(
            "Uw bestelling bij {{ entity }} gaat door",
            "Beste {{ customer }},\n\n"
            "de bestelling hieronder, van {{ amount }} {{ currency }}, wacht niet meer:\n\n"
            + _NAMED
            + "\nMet vriendelijke groet\n{{ entity }}\n",
        ),
        "pt": Text(
            "A sua encomenda à {{ entity }} segue",
            "Bom dia, {{ customer }},\n\n"
            "a encomenda abaixo, de {{ amount }} {{ currency }}, já não está à espera:\n\n"
            + _NAMED
            + "\nCom os melhores cumprimentos\n{{ entity }}\n",
        ),
    },
}


class OrderTold(NamedTuple):
    """An order that began to wait, or may go, by one hold."""

    hold_id: int
    ref: str
    currency: str
    minor: int
    state: str  # WAITS, GOES


def write_order_told(
    text: Text, order: OrderTold, *, customer: str, entity: str, today: str, locale: Locale
) -> tuple[str, str]:
    """Subject and body, as a reader's language and country write them."""
    amount = locale.money(order.minor, EXPONENTS[order.currency])
    values = {
        "customer": one_line(customer),
        "entity": one_line(entity),
        "amount": amount,
        "currency": order.currency,
        "today": today,
        "count": "1",
    }
    items = [{"number": one_line(order.ref), "open": amount}]
    return one_line(render(text.subject, values, []))[:400], render(text.body, values, items)


def never_told_of_order(
    *,
    told: str,
    now: str | None,
    barred: Reason | None,
    recipients: tuple[str, ...],
    addressed: tuple[str, ...],
) -> Reason | None:
    """Why a message of an order must not leave any more: what it tells, and what is so now.

    >>> never_told_of_order(told=WAITS, now=GOES, barred=None, recipients=(), addressed=()).code
    'order_moved'
    """
    if barred is not None:
        return barred
    if told != now:
        return MOVED
    if recipients != addressed:
        return Reason("changed", "The customer's addresses have changed since it was written.")
    return None
