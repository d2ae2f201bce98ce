"""What goes with a statement of account by mail. It states no amount: the enclosed PDF does."""

from datetime import date

from duly.collections.rules.templates import one_line, render
from duly.collections.rules.texts import Text
from duly.kernel.locales import Locale

STATEMENT = {
    "en": Text(
        "Statement of account from {{ entity }}, {{ today }}",
        "Hello {{ customer }},\n\n"
        "enclosed is the statement of your account with us as of {{ today }}.\n\n"
        "Does anything in it differ from your books? Please reply to this message.\n\n"
        "Kind regards\n{{ entity }}\n",
    ),
    "de": Text(
        "Kontoauszug von {{ entity }}, {{ today }}",
        "Guten Tag {{ customer }},\n\n"
        "anbei erhalten Sie den Auszug Ihres Kontos bei uns, Stand {{ today }}.\n\n"
        "Weicht etwas von Ihren Büchern ab? Bitte antworten Sie auf diese Nachricht.\n\n"
        "Mit freundlichen Grüßen\n{{ entity }}\n",
    ),
    "fr": Text(
        "Relevé de compte de {{ entity }}, {{ today }}",
        "Bonjour {{ customer }},\n\n"
        "veuillez trouver ci-joint le relevé de votre compte chez nous au {{ today }}.\n\n"
        "Quelque chose diffère de vos livres ? Répondez à ce message.\n\n"
        "Cordialement\n{{ entity }}\n",
    ),
    "es": Text(
        "Extracto de cuenta de {{ entity }}, {{ today }}",
        "Hola, {{ customer }}:\n\n"
        "adjunto encontrará el extracto de su cuenta con nosotros a {{ today }}.\n\n"
        "¿Hay algo que no coincida con sus libros? Responda a este mensaje.\n\n"
        "Un cordial saludo\n{{ entity }}\n",
    ),
    "nl": Text(
        "Rekeningoverzicht van {{ entity }}, {{ today }}",
        "Beste {{ customer }},\n\n"
        "bijgaand vindt u het overzicht van uw rekening bij ons per {{ today }}.\n\n"
        "Wijkt er iets af van uw administratie? Beantwoord dan dit bericht.\n\n"
        "Met vriendelijke groet\n{{ entity }}\n",
    ),
    "pt": Text(
        "Extrato de conta de {{ entity }}, {{ today }}",
        "Bom dia, {{ customer }},\n\n"
        "segue em anexo o extrato da sua conta connosco em {{ today }}.\n\n"
        "Há algo que não coincida com os seus livros? Responda a esta mensagem.\n\n"
        "Com os melhores cumprimentos\n{{ entity }}\n",
    ),
}


def write_statement_mail(
    *, customer: str, entity: str, on: date, locale: Locale
) -> tuple[str, str]:
    """Subject and body as a reader's language and country write them."""
    text = STATEMENT[locale.language]
    values = {
        "customer": one_line(customer),
        "entity": one_line(entity),
        "today": locale.long_day(on),
    }
    return one_line(render(text.subject, values, []))[:400], render(text.body, values, [])
