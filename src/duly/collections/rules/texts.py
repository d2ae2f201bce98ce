"""The texts that come with Duly: three tones, six languages, subject and body in one."""

from typing import NamedTuple


class Text(NamedTuple):
    """A template: a subject of one line and a body."""

    subject: str
    body: str


_LINES = "{{#items}}{{ number }}   {{ due_on }}   {{ open }} {{ currency }}\n{{/items}}"

FRIENDLY = {
    "en": Text(
        "Payment reminder from {{ entity }}: {{ amount }} {{ currency }} overdue",
        "Hello {{ customer }},\n\n"
        "our records show that the invoices below are overdue. Perhaps this is only an "
        "oversight; if your payment is on its way, please take no notice of this message.\n\n"
        "Invoice, due date, open amount:\n" + _LINES + "\n\n"
        "Total: {{ amount }} {{ currency }} as of {{ today }}\n\n"
        "Is anything in the way of the payment? Please reply to this message, and we will look "
        "into it.\n\n"
        "Kind regards\n{{ entity }}\n",
    ),
    "de": Text(
        "Zahlungserinnerung von {{ entity }}: {{ amount }} {{ currency }} fällig",
        "Guten Tag {{ customer }},\n\n"
        "nach unseren Büchern sind die folgenden Rechnungen noch offen. Vielleicht ist das nur "
        "ein Versehen; ist Ihre Zahlung schon unterwegs, betrachten Sie diese Nachricht bitte als "
        "erledigt.\n\n"
        "Rechnung, Fälligkeit, offener Betrag:\n" + _LINES + "\n\n"
        "Summe: {{ amount }} {{ currency }}, Stand {{ today }}\n\n"
        "Steht der Zahlung etwas im Weg? Bitte antworten Sie auf diese Nachricht, wir kümmern uns "
        "darum.\n\n"
        "Mit freundlichen Grüßen\n{{ entity }}\n",
    ),
    "fr": Text(
        "Rappel de paiement de {{ entity }} : {{ amount }} {{ currency }} à échéance dépassée",
        "Bonjour {{ customer }},\n\n"
        "sauf erreur de notre part, les factures suivantes sont échues et nous n'avons pas encore "
        "reçu votre règlement. S'il est déjà en route, veuillez ne pas tenir compte de ce "
        "message.\n\n"
        "Facture, échéance, montant dû :\n" + _LINES + "\n\n"
        "Total : {{ amount }} {{ currency }} au {{ today }}\n\n"
        "Un obstacle empêche le paiement ? Répondez à ce message et nous nous en occuperons.\n\n"
        "Cordialement\n{{ entity }}\n",
    ),
    "es": Text(
        "Recordatorio de pago de {{ entity }}: {{ amount }} {{ currency }} vencidos",
        "Hola, {{ customer }}:\n\n"
        "según nuestros registros, las siguientes facturas han vencido. Quizá sea solo un "
        "descuido; si su pago ya está en camino, no tenga en cuenta este mensaje.\n\n"
        "Factura, vencimiento, importe pendiente:\n" + _LINES + "\n\n"
        "Total: {{ amount }} {{ currency }} a {{ today }}\n\n"
        "¿Hay algo que impida el pago? Responda a este mensaje y lo resolveremos.\n\n"
        "Un cordial saludo\n{{ entity }}\n",
    ),
    "nl": Text(
        "Betalingsherinnering van {{ entity }}: {{ amount }} {{ currency }} vervallen",
        "Beste {{ customer }},\n\n"
        "volgens onze administratie staan onderstaande facturen nog open. Misschien is dit aan uw "
        "aandacht ontsnapt; is uw betaling al onderweg, dan kunt u dit bericht als niet verzonden "
        "beschouwen.\n\n"
        "Factuur, vervaldatum, openstaand bedrag:\n" + _LINES + "\n\n"
        "Totaal: {{ amount }} {{ currency }} per {{ today }}\n\n"
        "Staat iets de betaling in de weg? Beantwoord dit bericht, dan zoeken wij het uit.\n\n"
        "Met vriendelijke groet\n{{ entity }}\n",
    ),
    "pt": Text(
        "Lembrete de pagamento de {{ entity }}: {{ amount }} {{ currency }} em atraso",
        "Bom dia, {{ customer }},\n\n"
        "segundo os nossos registos, as faturas abaixo estão vencidas. Talvez seja apenas um "
        "lapso; se o seu pagamento já está a caminho, ignore por favor esta mensagem.\n\n"
        "Fatura, vencimento, valor em aberto:\n" + _LINES + "\n\n"
        "Total: {{ amount }} {{ currency }} em {{ today }}\n\n"
        "Há algo que impeça o pagamento? Responda a esta mensagem e trataremos do assunto.\n\n"
        "Com os melhores cumprimentos\n{{ entity }}\n",
    ),
}

REMINDER = {
    "en": Text(
        "Second payment reminder from {{ entity }}: {{ amount }} {{ currency }} overdue",
        "Hello {{ customer }},\n\n"
        "we wrote to you on {{ previous_on }}. The invoices below are still open; the oldest is "
        "{{ oldest_days }} days past its due date.\n\n"
        "Invoice, due date, open amount:\n" + _LINES + "\n\n"
        "Total: {{ amount }} {{ currency }} as of {{ today }}\n\n"
        "Please pay this amount now, or reply with the day on which we will receive it, or with "
        "what you object to.\n\n"
        "Kind regards\n{{ entity }}\n",
    ),
    "de": Text(
        "Zweite Zahlungserinnerung von {{ entity }}: {{ amount }} {{ currency }} überfällig",
        "Guten Tag {{ customer }},\n\n"
        "am {{ previous_on }} haben wir Ihnen geschrieben. Die folgenden Rechnungen sind weiterhin "
        "offen; die älteste ist seit {{ oldest_days }} Tagen fällig.\n\n"
        "Rechnung, Fälligkeit, offener Betrag:\n" + _LINES + "\n\n"
        "Summe: {{ amount }} {{ currency }}, Stand {{ today }}\n\n"
        "Bitte zahlen Sie diesen Betrag jetzt, oder nennen Sie uns den Tag, an dem er eingeht, "
        "oder den Grund, der dagegen spricht.\n\n"
        "Mit freundlichen Grüßen\n{{ entity }}\n",
    ),
    "fr": Text(
        "Second rappel de paiement de {{ entity }} : {{ amount }} {{ currency }} à échéance "
        "dépassée",
        "Bonjour {{ customer }},\n\n"
        "nous vous avons écrit le {{ previous_on }}. Les factures suivantes restent impayées ; la "
        "plus ancienne est échue depuis {{ oldest_days }} jours.\n\n"
        "Facture, échéance, montant dû :\n" + _LINES + "\n\n"
        "Total : {{ amount }} {{ currency }} au {{ today }}\n\n"
        "Veuillez régler ce montant dès maintenant, ou nous indiquer la date du règlement ou ce "
        "que vous contestez.\n\n"
        "Cordialement\n{{ entity }}\n",
    ),
    "es": Text(
        "Segundo recordatorio de pago de {{ entity }}: {{ amount }} {{ currency }} vencidos",
        "Hola, {{ customer }}:\n\n"
        "le escribimos el {{ previous_on }}. Las siguientes facturas siguen pendientes; la más "
        "antigua venció hace {{ oldest_days }} días.\n\n"
        "Factura, vencimiento, importe pendiente:\n" + _LINES + "\n\n"
        "Total: {{ amount }} {{ currency }} a {{ today }}\n\n"
        "Le rogamos que pague este importe ahora, o que nos diga qué día lo recibiremos o qué "
        "objeción tiene.\n\n"
        "Un cordial saludo\n{{ entity }}\n",
    ),
    "nl": Text(
        "Tweede betalingsherinnering van {{ entity }}: {{ amount }} {{ currency }} vervallen",
        "Beste {{ customer }},\n\n"
        "op {{ previous_on }} hebben wij u geschreven. Onderstaande facturen staan nog open; de "
        "oudste is {{ oldest_days }} dagen geleden vervallen.\n\n"
        "Factuur, vervaldatum, openstaand bedrag:\n" + _LINES + "\n\n"
        "Totaal: {{ amount }} {{ currency }} per {{ today }}\n\n"
        "Wilt u dit bedrag nu betalen, of ons laten weten wanneer wij het ontvangen of waartegen "
        "u bezwaar heeft?\n\n"
        "Met vriendelijke groet\n{{ entity }}\n",
    ),
    "pt": Text(
        "Segundo lembrete de pagamento de {{ entity }}: {{ amount }} {{ currency }} em atraso",
        "Bom dia, {{ customer }},\n\n"
        "escrevemos-lhe em {{ previous_on }}. As faturas abaixo continuam em aberto; a mais antiga "
        "venceu há {{ oldest_days }} dias.\n\n"
        "Fatura, vencimento, valor em aberto:\n" + _LINES + "\n\n"
        "Total: {{ amount }} {{ currency }} em {{ today }}\n\n"
        "Pedimos que pague agora este valor, ou que nos diga em que dia o receberemos ou o que "
        "contesta.\n\n"
        "Com os melhores cumprimentos\n{{ entity }}\n",
    ),
}

BEFORE_DUE = {
    "en": Text(
        "Payment note from {{ entity }}: {{ amount }} {{ currency }} due soon",
        "Hello {{ customer }},\n\n"
        "this is a note in good time: payment of what stands below falls due on the days "
        "named, first on {{ oldest_due_on }}. If your payment is on its way, please take no "
        "notice of this message.\n\n"
        "Invoice, due date, open amount:\n" + _LINES + "\n\n"
        "Total: {{ amount }} {{ currency }} as of {{ today }}\n\n"
        "Is anything in the way of the payment? Please reply to this message, and we will "
        "look into it.\n\n"
        "Kind regards\n{{ entity }}\n",
    ),
    "de": Text(
        "Zahlungshinweis von {{ entity }}: {{ amount }} {{ currency }} bald fällig",
        "Guten Tag {{ customer }},\n\n"
        "dies ist ein Hinweis vorab: Was unten steht, wird an den genannten Tagen fällig, "
        "zuerst am {{ oldest_due_on }}. Ist Ihre Zahlung schon unterwegs, betrachten Sie "
        "diese Nachricht bitte als erledigt.\n\n"
        "Rechnung, Fälligkeit, offener Betrag:\n" + _LINES + "\n\n"
        "Summe: {{ amount }} {{ currency }}, Stand {{ today }}\n\n"
        "Steht der Zahlung etwas im Weg? Bitte antworten Sie auf diese Nachricht, wir kümmern"
        " uns darum.\n\n"
        "Mit freundlichen Grüßen\n{{ entity }}\n",
    ),
    "fr": Text(
        "Avis d'échéance de {{ entity }} : {{ amount }} {{ currency }} bientôt à échéance",
        "Bonjour {{ customer }},\n\n"
        "nous vous rappelons à l'avance que les montants ci-dessous arrivent à échéance aux "
        "dates indiquées, la première étant le {{ oldest_due_on }}. Si votre règlement est "
        "déjà en route, veuillez ne pas tenir compte de ce message.\n\n"
        "Facture, échéance, montant dû :\n" + _LINES + "\n\n"
        "Total : {{ amount }} {{ currency }} au {{ today }}\n\n"
        "Un obstacle empêche le paiement ? Répondez à ce message et nous nous en occuperons.\n\n"
        "Cordialement\n{{ entity }}\n",
    ),
    "es": Text(
        "Aviso de vencimiento de {{ entity }}: {{ amount }} {{ currency }} próximos a vencer",
        "Hola, {{ customer }}:\n\n"
        "le avisamos con antelación de que los importes siguientes vencen en las fechas "
        "indicadas, el primero el {{ oldest_due_on }}. Si su pago ya está en camino, no tenga"
        " en cuenta este mensaje.\n\n"
        "Factura, vencimiento, importe pendiente:\n" + _LINES + "\n\n"
        "Total: {{ amount }} {{ currency }} a {{ today }}\n\n"
        "¿Hay algo que impida el pago? Responda a este mensaje y lo resolveremos.\n\n"
        "Un cordial saludo\n{{ entity }}\n",
    ),
    "nl": Text(
        "Betalingsbericht van {{ entity }}: {{ amount }} {{ currency }} binnenkort te betalen",
        "Beste {{ customer }},\n\n"
        "dit is een bericht vooraf: onderstaande bedragen vervallen op de genoemde dagen, als"
        " eerste op {{ oldest_due_on }}. Is uw betaling al onderweg, dan kunt u dit bericht "
        "als niet verzonden beschouwen.\n\n"
        "Factuur, vervaldatum, openstaand bedrag:\n" + _LINES + "\n\n"
        "Totaal: {{ amount }} {{ currency }} per {{ today }}\n\n"
        "Staat iets de betaling in de weg? Beantwoord dit bericht, dan zoeken wij het uit.\n\n"
        "Met vriendelijke groet\n{{ entity }}\n",
    ),
    "pt": Text(
        "Aviso de vencimento de {{ entity }}: {{ amount }} {{ currency }} a vencer em breve",
        "Bom dia, {{ customer }},\n\n"
        "este é um aviso prévio: os valores abaixo vencem nas datas indicadas, o primeiro em "
        "{{ oldest_due_on }}. Se o seu pagamento já está a caminho, ignore por favor esta "
        "mensagem.\n\n"
        "Fatura, vencimento, valor em aberto:\n" + _LINES + "\n\n"
        "Total: {{ amount }} {{ currency }} em {{ today }}\n\n"
        "Há algo que impeça o pagamento? Responda a esta mensagem e trataremos do assunto.\n\n"
        "Com os melhores cumprimentos\n{{ entity }}\n",
    ),
}

BUILT_IN = {"friendly": FRIENDLY, "reminder": REMINDER, "before_due": BEFORE_DUE}
SPEAK_OF_OVERDUE = {"friendly", "reminder"}
